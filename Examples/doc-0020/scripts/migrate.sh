#!/usr/bin/env bash
# Applies the migrations, and notes before which version the schema had, for scripts/rollback_migration.sh.
# DATABASE_URL   the database; dbmate reads it from the environment, so that no process list shows it
# MIGRATIONS     their folder, migrations unless told otherwise
set -euo pipefail
: "${DATABASE_URL:?the database to migrate}"
sql() { "$(dirname "$0")/postgres.sh" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1; }

# A run that follows a broken one keeps the note of the first.
sql <<'SQL'
CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(128) PRIMARY KEY);
CREATE TABLE IF NOT EXISTS release_schema (before text NOT NULL, noted timestamptz NOT NULL DEFAULT now(), done timestamptz);
INSERT INTO release_schema (before)
SELECT coalesce(max(version), '') FROM schema_migrations
WHERE NOT EXISTS (SELECT FROM release_schema WHERE done IS NULL);
SQL
dbmate --migrations-dir "${MIGRATIONS:-migrations}" --no-dump-schema up
sql <<<'UPDATE release_schema SET done = now() WHERE done IS NULL;'
