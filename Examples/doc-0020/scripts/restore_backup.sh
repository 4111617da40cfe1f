#!/usr/bin/env bash
# The last resort: puts the newest backup in place of the database. Everything that was written since then is lost.
#   scripts/restore_backup.sh --last
# A person types the name of the database to confirm. Stop the application first.
# DATABASE_URL       the database that is overwritten
# BACKUP_DIRECTORY   where the dumps (*.dump, of pg_dump -Fc) are, /backups unless told otherwise
set -euo pipefail
if [[ ${1:-} != --last || $# -ne 1 ]]; then
  echo "usage: $0 --last" >&2
  exit 1
fi
postgres="$(dirname "$0")/postgres.sh"
# shellcheck disable=SC2016 # bash -c reads the variable, postgres.sh sets it
database=$("${postgres}" bash -c 'printf %s "${PGDATABASE}"')
newest=''
while IFS= read -r -d '' file; do
  if [[ -z ${newest} || ${file} -nt ${newest} ]]; then newest=${file}; fi
done < <(find "${BACKUP_DIRECTORY:-/backups}" -name '*.dump' -type f -print0)
if [[ -z ${newest} ]]; then
  echo "there is no backup in ${BACKUP_DIRECTORY:-/backups}" >&2
  exit 1
fi
pg_restore --list "${newest}" >/dev/null
ls -l "${newest}"
read -r -p "This replaces the database ${database} by that backup. Type its name to go on: " answer
if [[ ${answer} != "${database}" ]]; then
  echo "nothing was changed" >&2
  exit 1
fi
"${postgres}" pg_restore --clean --if-exists --exit-on-error --single-transaction --dbname "${database}" "${newest}"
echo "restored; run scripts/verify_backup.sh, the smoke tests, and ask the service owner before traffic resumes"
