#!/usr/bin/env bash
# The schema as it is now must serve this version and the one before: the old version's contract tests run against it.
set -euo pipefail
: "${DATABASE_URL:?the database to check}"
exec python3 -m pytest tests/migrations --maxfail=1
