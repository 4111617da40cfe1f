#!/usr/bin/env bash
# Passes when the newest backup in the storage account is complete and young enough:
#   ops/verify-backup.sh --max-age 24h
# BACKUP_ACCOUNT     the storage account, nextgenbackups unless told otherwise
# BACKUP_CONTAINER   the container in it, postgresql
# BACKUP_BYTES       what a complete dump has at least, 1048576
set -euo pipefail
hours=24
if [[ ${1:-} == --max-age ]]; then
  hours=${2:?hours, such as 24h}
  hours=${hours%h}
fi
[[ ${hours} =~ ^[0-9]+$ ]] || {
  echo "--max-age takes hours, such as 24h" >&2
  exit 1
}
blobs=$(az storage blob list --account-name "${BACKUP_ACCOUNT:-nextgenbackups}" \
  --container-name "${BACKUP_CONTAINER:-postgresql}" --auth-mode login --num-results '*' --output json)
newest=$(jq --raw-output --argjson hours "${hours}" --argjson bytes "${BACKUP_BYTES:-1048576}" '
  [.[] | select(.name | endswith(".dump")) | select(.properties.contentLength >= $bytes)
    | { name, time: (.properties.lastModified[0:19] + "Z" | fromdateiso8601) }]
  | max_by(.time) | select(. != null and .time > now - $hours * 3600) | .name' <<<"${blobs}")
if [[ -z ${newest} ]]; then
  echo "no complete backup is younger than ${hours} hours" >&2
  exit 1
fi
echo "${newest} is younger than ${hours} hours"
