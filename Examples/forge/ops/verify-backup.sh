#!/usr/bin/env bash
# The newest backup is young enough and can be read back. Restoring it is the weekly drill's part.
#   ops/verify-backup.sh --max-age 24h
# BACKUP_DIRECTORY   where the dumps (*.dump, of pg_dump -Fc) are, /backups unless told otherwise
set -euo pipefail
hours=24
if [[ ${1:-} == --max-age ]]; then
  hours=${2:?hours, such as 24h}
  hours=${hours%h}
fi
newest=''
while IFS= read -r -d '' file; do
  if [[ -z ${newest} || ${file} -nt ${newest} ]]; then newest=${file}; fi
done < <(find "${BACKUP_DIRECTORY:-/backups}" -name '*.dump' -type f -mmin "-$((hours * 60))" -print0)
if [[ -z ${newest} ]]; then
  echo "no backup is younger than ${hours} hours" >&2
  exit 1
fi
pg_restore --list "${newest}" >/dev/null
echo "${newest} can be restored"
