#!/usr/bin/env bash
# Migrations in stages: `expand` only adds, so that the version before keeps working; `contract` comes a release later.
#   ops/migrate.sh --stage expand
# Notes before which version the schema had, for ops/rollback-database.sh.
# DATABASE_URL   the database; dbmate reads it from the environment, so that no process list shows it
set -euo pipefail
: "${DATABASE_URL:?the database to migrate}"
stage='expand'
if [[ ${1:-} == --stage ]]; then
  stage=${2:?expand or contract}
fi
sql() { "$(dirname "$0")/postgres.sh" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1; }

# A run that follows a broken one keeps the note of the first.
sql <<'SQL'
CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(128) PRIMARY KEY);
CREATE TABLE IF NOT EXISTS release_schema (before text NOT NULL, noted timestamptz NOT NULL DEFAULT now(), done timestamptz);
INSERT INTO release_schema (before)
SELECT coalesce(max(version), '') FROM schema_migrations
WHERE NOT EXISTS (SELECT FROM release_schema WHERE done IS NULL);
SQL
dbmate --migrations-dir "migrations/${stage}" --no-dump-schema up
sql <<<'UPDATE release_schema SET done = now() WHERE done IS NULL;'
