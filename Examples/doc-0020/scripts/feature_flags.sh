#!/usr/bin/env bash
# Passes when every feature flag has the value that this version expects; a flag that nobody lists is free.
# FLAGS_TOKEN   reads the flags
# FLAGS_URL     answers with {"flag": true, …}, https://flags.doc0020.example/v1/flags unless told otherwise
# FLAGS_FILE    what is expected, config/feature-flags.json: {"flag": true, …}
set -euo pipefail
: "${FLAGS_TOKEN:?the token that reads the flags}"
expected=${FLAGS_FILE:-config/feature-flags.json}
# The token goes in as a file: arguments are visible to everybody on the machine.
actual=$(printf 'header = "Authorization: Bearer %s"\n' "${FLAGS_TOKEN}" |
  curl --silent --show-error --fail --max-time 30 --config - \
    "${FLAGS_URL:-https://flags.doc0020.example/v1/flags}")
different=$(jq --raw-output --argjson actual "${actual}" '
  to_entries[] | select($actual[.key] != .value)
  | "\(.key) is \($actual[.key] | tojson), expected is \(.value | tojson)"' "${expected}")
if [[ -n ${different} ]]; then
  printf '%s\n' "${different}" >&2
  exit 1
fi
echo "the feature flags are as expected"
