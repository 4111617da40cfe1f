#!/usr/bin/env bash
# Runs a PostgreSQL program against DATABASE_URL, with the password in the environment instead of the list of processes:
#   ops/postgres.sh psql --command 'SELECT 1'
# DATABASE_URL   postgres://user:password@host:port/name?sslmode=require, special characters percent-encoded
set -euo pipefail
: "${DATABASE_URL:?the database, as postgres://user:password@host/name}"
: "${1:?a program, such as psql}"

decoded() {
  local text=${1//\\/\\\\}
  printf '%b' "${text//%/\\x}"
}

rest=${DATABASE_URL#*://}
options=''
if [[ ${rest} == *\?* ]]; then
  options=${rest#*\?}
  rest=${rest%%\?*}
fi
credentials=''
if [[ ${rest} == *@* ]]; then
  credentials=${rest%@*}
  rest=${rest##*@}
fi
address=${rest%%/*}
PGDATABASE=$(decoded "${rest#*/}")
PGHOST=${address%%:*}
PGPORT=5432
if [[ ${address} == *:* ]]; then PGPORT=${address##*:}; fi
if [[ -n ${credentials} ]]; then
  PGUSER=$(decoded "${credentials%%:*}")
  export PGUSER
fi
if [[ ${credentials} == *:* ]]; then
  PGPASSWORD=$(decoded "${credentials#*:}")
  export PGPASSWORD
fi
if [[ "&${options}" == *'&sslmode='* ]]; then
  PGSSLMODE="&${options}"
  PGSSLMODE=${PGSSLMODE#*&sslmode=}
  export PGSSLMODE=${PGSSLMODE%%&*}
fi
export PGDATABASE PGHOST PGPORT
exec "$@"
