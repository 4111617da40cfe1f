#!/usr/bin/env bash
# Passes when every active job of pg_cron has succeeded within the last 25 hours: the rarest ones run once a day.
# DATABASE_URL   the database that the jobs run in
set -euo pipefail
ask() {
  "$(dirname "$0")/postgres.sh" psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 <<'SQL'
SELECT job.jobname FROM cron.job AS job
WHERE job.active AND NOT EXISTS (
  SELECT FROM cron.job_run_details AS run
  WHERE run.jobid = job.jobid AND run.status = 'succeeded' AND run.end_time > now() - interval '25 hours');
SQL
}

late=$(ask)
if [[ -n ${late} ]]; then
  printf 'has not succeeded for 25 hours: %s\n' "${late}" >&2
  exit 1
fi
echo "every scheduled job has run"
