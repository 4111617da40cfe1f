#!/usr/bin/env bash
# Scans the image that is being released and writes a SARIF report; the release counts the findings in it.
#   ops/security-scan.sh --output build/security.sarif
# ARTIFACT   the image with its digest; the release sets it
set -euo pipefail
output=build/security.sarif
if [[ ${1:-} == --output ]]; then
  output=${2:?a file}
fi
: "${ARTIFACT:?the image with its digest}"
mkdir -p "$(dirname "${output}")"
# A report of an earlier image must not speak for this one.
rm -f "${output}"
exec trivy image --format sarif --output "${output}" "${ARTIFACT}"
