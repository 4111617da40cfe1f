#!/usr/bin/env bash
# A load like production's p50 traffic, for as long as the metrics are looked at afterwards.
set -euo pipefail
profile=production-p50
if [[ ${1:-} == --profile ]]; then
  profile=${2:?the name of a profile}
fi
exec k6 run "tests/load/${profile}.js"
