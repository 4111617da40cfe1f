#!/usr/bin/env bash
# API integration and end-to-end tests against the environment that the release has just reached.
set -euo pipefail
exec python3 -m pytest tests/integration tests/e2e --maxfail=1
