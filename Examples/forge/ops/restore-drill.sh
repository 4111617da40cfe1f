#!/usr/bin/env bash
# Restores the newest backup into a database of its own and asks it a question: ops/restore-drill.sh --into NAME
set -euo pipefail
if [[ ${1:-} != --into || -z ${2:-} ]]; then
  echo "usage: $0 --into NAME" >&2
  exit 2
fi
target="${DATABASE_URL%/*}/$2"
newest=$(find "${BACKUP_DIRECTORY:-/backups}" -name '*.dump' -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2-)
if [[ -z ${newest} ]]; then
  echo "there is no backup" >&2
  exit 1
fi
pg_restore --clean --if-exists --no-owner --dbname "${target}" "${newest}"
rows=$(psql --no-psqlrc --no-align --tuples-only --command 'select count(*) from accounts' "${target}")
if ((rows == 0)); then
  echo "${newest} was restored, and has no accounts in it" >&2
  exit 1
fi
echo "${newest} was restored with ${rows} accounts"
