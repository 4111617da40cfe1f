#!/usr/bin/env bash
# Restores the newest backup into a database of its own beside staging's, looks at what is in it, and drops it again.
# DATABASE_URL       a database of the server to restore on, with the right to create others
# BACKUP_DIRECTORY   where the dumps (*.dump, of pg_dump -Fc) are, /backups unless told otherwise
# CRITICAL_TABLES    must have rows, "accounts transactions" unless told otherwise
set -euo pipefail
postgres="$(dirname "$0")/postgres.sh"
scratch=restore_drill
newest=''
while IFS= read -r -d '' file; do
  if [[ -z ${newest} || ${file} -nt ${newest} ]]; then newest=${file}; fi
done < <(find "${BACKUP_DIRECTORY:-/backups}" -name '*.dump' -type f -print0)
if [[ -z ${newest} ]]; then
  echo "there is no backup in ${BACKUP_DIRECTORY:-/backups}" >&2
  exit 1
fi
ask() {
  "${postgres}" psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "${scratch}" --command "$1"
}
drop() { "${postgres}" dropdb --if-exists "${scratch}"; }

drop
trap drop EXIT
"${postgres}" createdb --template template0 "${scratch}"
"${postgres}" pg_restore --exit-on-error --no-owner --dbname "${scratch}" "${newest}"
version=$(ask "SELECT coalesce(max(version), 'none') FROM schema_migrations")
for table in ${CRITICAL_TABLES:-accounts transactions}; do
  rows=$(ask "SELECT count(*) FROM \"${table}\"")
  echo "${table}: ${rows} rows"
  if [[ ${rows} == 0 ]]; then
    echo "${table} is empty in ${newest}" >&2
    exit 1
  fi
done
if [[ $(ask "SELECT count(*) FROM pg_constraint WHERE NOT convalidated") != 0 ]]; then
  echo "${newest} has constraints that were not validated" >&2
  exit 1
fi
echo "${newest} was restored, its schema has version ${version}"
