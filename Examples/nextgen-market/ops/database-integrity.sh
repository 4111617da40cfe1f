#!/usr/bin/env bash
# Passes when the database has nothing half-made: constraints that were never validated, indexes that failed to build,
# pages with wrong checksums, payments without their invoice.
# DATABASE_URL   the database
set -euo pipefail
ask() {
  "$(dirname "$0")/postgres.sh" psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 <<'SQL'
SELECT 'constraint ' || conname || ' is not validated' FROM pg_constraint WHERE NOT convalidated
UNION ALL
SELECT 'index ' || indexrelid::regclass || ' is not valid' FROM pg_index WHERE NOT indisvalid
UNION ALL
SELECT checksum_failures || ' pages have wrong checksums'
FROM pg_stat_database WHERE datname = current_database() AND checksum_failures > 0
UNION ALL
SELECT 'payment ' || payments.id || ' has no invoice'
FROM payments LEFT JOIN invoices ON invoices.id = payments.invoice_id WHERE invoices.id IS NULL;
SQL
}

faults=$(ask)
if [[ -n ${faults} ]]; then
  printf '%s\n' "${faults}" >&2
  exit 1
fi
echo "the database is consistent"
