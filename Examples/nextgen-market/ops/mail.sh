#!/usr/bin/env bash
# Sends what it reads as a mail; the release gives it the message and, last, the name of the event:
#   ops/mail.sh --to stakeholders@nextgen.example succeeded <message.txt
# SMTP_URL    smtps://user:password@mail.nextgen.example:465; without it, nothing is sent
# MAIL_FROM   the sender, releases@nextgen.example unless told otherwise
set -euo pipefail
to=''
if [[ ${1:-} == --to ]]; then
  to=${2:?an address}
  shift 2
fi
: "${to:?say --to ADDRESS}"
event=${1:?the event}
if [[ -z ${SMTP_URL:-} ]]; then
  echo "SMTP_URL is not set: no mail to ${to}" >&2
  exit 0
fi
from=${MAIL_FROM:-releases@nextgen.example}
mail=$(mktemp "${TMPDIR:-/tmp}/mail.XXXXXX")
trap 'rm -f "${mail}"' EXIT
{
  printf 'From: %s\nTo: %s\nSubject: nextgen-market: %s\n' "${from}" "${to}" "${event}"
  printf 'Date: %s\nMIME-Version: 1.0\n' "$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S +0000')"
  printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
  cat
} | awk '{ sub(/\r$/, ""); printf "%s\r\n", $0 }' >"${mail}"
# The address holds the password, so it is given as a file and not as an argument that others can see.
address=${SMTP_URL//\\/\\\\}
printf 'url = "%s"\n' "${address//\"/\\\"}" |
  curl --silent --show-error --fail --ssl-reqd --max-time 60 --config - \
    --mail-from "${from}" --mail-rcpt "${to}" --upload-file "${mail}"
