#!/usr/bin/env bash
# Passes when the change log has an entry for the version that is released, with its deployment plan:
#   ## v1.4.0
#   Deployment plan: pilot on Monday, production in the maintenance window.
# CHANGE_LOG        the file, docs/change-log.md unless told otherwise
# GITHUB_REF_NAME   the tag; a runner sets it. Elsewhere, the tag of the checkout counts.
set -euo pipefail
log=${CHANGE_LOG:-docs/change-log.md}
version=${GITHUB_REF_NAME:-$(git describe --tags --exact-match)}
if [[ ! -f ${log} ]]; then
  echo "${log} is not there" >&2
  exit 1
fi
awk -v version="${version}" '
  /^## / { inside = ($2 == version); found = found || inside }
  inside && /^Deployment plan: *[^ ]/ { planned = 1 }
  END { exit !found ? 3 : !planned ? 4 : 0 }' "${log}" || {
  case $? in
  3) echo "${log} has no entry \"## ${version}\"" >&2 ;;
  *) echo "the entry of ${version} in ${log} has no line \"Deployment plan: …\"" >&2 ;;
  esac
  exit 1
}
echo "${log} has the entry and the plan of ${version}"
