#!/usr/bin/env bash
# The newest backup is young enough and can be read back. Restoring it is the weekly drill's part.
set -euo pipefail
limit=24
if [[ ${1:-} == --max-age ]]; then
  limit=${2%h}
fi
newest=$(find "${BACKUP_DIRECTORY:-/backups}" -name '*.dump' -mmin "-$((limit * 60))" -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2-)
if [[ -z ${newest} ]]; then
  echo "no backup is younger than ${limit} hours" >&2
  exit 1
fi
pg_restore --list "${newest}" >/dev/null
echo "${newest} can be restored"
