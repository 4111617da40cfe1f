#!/usr/bin/env bash
# Passes when the newest backup is young enough, can be read, and has been made of this database:
#   scripts/verify_backup.sh --max-age=24h
# DATABASE_URL       the database
# BACKUP_DIRECTORY   where the dumps (*.dump, of pg_dump -Fc) are, /backups unless told otherwise
set -euo pipefail
hours=24
for argument; do
  case ${argument} in
  --max-age=*h) hours=${argument#--max-age=} && hours=${hours%h} ;;
  *) echo "unknown argument: ${argument}" >&2 && exit 1 ;;
  esac
done
newest=''
while IFS= read -r -d '' file; do
  if [[ -z ${newest} || ${file} -nt ${newest} ]]; then newest=${file}; fi
done < <(find "${BACKUP_DIRECTORY:-/backups}" -name '*.dump' -type f -mmin "-$((hours * 60))" -print0)
if [[ -z ${newest} ]]; then
  echo "no backup is younger than ${hours} hours" >&2
  exit 1
fi
saved=$(pg_restore --list "${newest}" | awk '/^;[ ]+dbname: / { print $3; exit }')
# shellcheck disable=SC2016 # bash -c reads the variable, postgres.sh sets it
wanted=$("$(dirname "$0")/postgres.sh" bash -c 'printf %s "${PGDATABASE}"')
if [[ ${saved} != "${wanted}" ]]; then
  echo "${newest} is a backup of ${saved:-nothing}, not of ${wanted}" >&2
  exit 1
fi
echo "${newest} can be restored"
