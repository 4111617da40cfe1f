#!/usr/bin/env bash
# Migrations in stages: `expand` only adds, so that the version before keeps working; `contract` comes a release later.
# dbmate reads DATABASE_URL from the environment, so that no process list shows it.
set -euo pipefail
: "${DATABASE_URL:?the database to migrate}"
stage='expand'
if [[ ${1:-} == --stage ]]; then
  stage=${2:?expand or contract}
fi
exec dbmate --migrations-dir "migrations/${stage}" --no-dump-schema up
