#!/usr/bin/env bash
# Sends requests at a steady rate and judges the answers (https://github.com/rakyll/hey):
#   ops/load-test.sh --rate 10000
# Passes when at least 95 % of the rate was answered well, with a p99 of at most P99_LIMIT.
# BASE_URL    where to, https://staging-api.nextgen.example unless told otherwise
# DURATION    seconds, 60
# P99_LIMIT   seconds, 0.5
set -euo pipefail
rate=''
while (($#)); do
  case $1 in
  --rate) rate=${2:?requests per second} && shift 2 ;;
  *) echo "unknown argument: $1" >&2 && exit 1 ;;
  esac
done
: "${rate:?say --rate N, in requests per second}"
base=${BASE_URL:-https://staging-api.nextgen.example}
duration=${DURATION:-60}
# One connection sends at most 50 requests a second, so that no answer waits behind many others.
workers=$(((rate + 49) / 50))

answers=$(mktemp "${TMPDIR:-/tmp}/load.XXXXXX")
trap 'rm -f "${answers}"' EXIT
hey -z "${duration}s" -c "${workers}" -q 50 -o csv "${base}/api/invoices" >"${answers}"

# Columns 1 and 7: seconds, and the status.
good=$(awk -F , 'NR > 1 && $7 >= 200 && $7 < 400 { count += 1 } END { print count + 0 }' "${answers}")
p99=$(awk -F , 'NR > 1 { print $1 }' "${answers}" | sort -n |
  awk '{ time[NR] = $1 } END { if (NR) print time[int((NR * 99 + 99) / 100)] }')
if [[ -z ${p99} ]]; then
  echo "no request was answered" >&2
  exit 1
fi
echo "${good} good answers in ${duration} s, p99 ${p99} s"
awk -v good="${good}" -v wanted="$((rate * duration))" -v p99="${p99}" -v limit="${P99_LIMIT:-0.5}" \
  'BEGIN { exit !(good >= 0.95 * wanted && p99 <= limit) }' || {
  echo "wanted: $((rate * duration)) answers (95 % of them will do), p99 at most ${P99_LIMIT:-0.5} s" >&2
  exit 1
}
