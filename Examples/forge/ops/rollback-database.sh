#!/usr/bin/env bash
# Takes back what ops/migrate.sh applied last. Nothing happens when that is done already.
# DATABASE_URL   the database; dbmate reads it from the environment, so that no process list shows it
# The stage is `expand`, unless it is called with `--stage contract`.
set -euo pipefail
: "${DATABASE_URL:?the database whose schema goes back}"
stage='expand'
if [[ ${1:-} == --stage ]]; then
  stage=${2:?expand or contract}
fi
ask() { "$(dirname "$0")/postgres.sh" psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --command "$1"; }

if [[ $(ask "SELECT count(*) FROM release_schema") == 0 ]]; then
  echo "ops/migrate.sh has never run here" >&2
  exit 1
fi
while [[ $(ask "SELECT EXISTS (SELECT FROM schema_migrations WHERE version >
    (SELECT before FROM release_schema ORDER BY noted DESC LIMIT 1))") == t ]]; do
  dbmate --migrations-dir "migrations/${stage}" --no-dump-schema rollback
done
# Whoever migrates next begins anew.
ask "UPDATE release_schema SET done = now() WHERE done IS NULL"
echo "the schema is as it was before the last migration"
