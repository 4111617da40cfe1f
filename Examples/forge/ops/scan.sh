#!/usr/bin/env bash
# Scans the image that is being released and writes a SARIF report.
set -euo pipefail
output=build/trivy.sarif
if [[ ${1:-} == --output ]]; then
  output=${2:?a file}
fi
mkdir -p "$(dirname "${output}")"
exec trivy image --format sarif --output "${output}" "${ARTIFACT:?the image with its digest}"
