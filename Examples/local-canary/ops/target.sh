#!/usr/bin/env bash
# What Liftlock's driver `command` calls: versions of the corner shop behind nginx, in the world that `lab up` has started.
#
# nginx is asked what it serves, never a file: a configuration that was written and not loaded must not count.
set -euo pipefail
# nginx lies in a folder of system programs, which a minimal PATH lacks.
PATH="${PATH}:/usr/local/sbin:/usr/sbin:/sbin"

readonly LAB=${LAB_FOLDER:?the folder that \`lab up\` has printed}
readonly SPLIT="${LAB}/nginx/split.conf"
readonly MARKER="${LAB}/marker.json"
readonly HISTORY="${LAB}/history"

fail() {
  printf 'target.sh: %s\n' "$*" >&2
  exit 1
}

# NAME: fails unless it can stand in a configuration and in a path.
need_name() {
  [[ $1 =~ ^[a-z0-9][a-z0-9.-]{0,62}$ ]] || fail "not the name of a version: '$1'"
}

# KEY: a port of this world.
port() {
  jq -er --arg key "$1" '.ports[$key]' "${LAB}/lab.json"
}

# METHOD PATH [BODY]: asks what runs the processes of this world.
platform() {
  curl --silent --show-error --fail-with-body --max-time 20 --unix-socket "${LAB}/platform.sock" \
    --request "$1" ${3+--data-binary "$3"} "http://platform$2"
}

# What nginx serves now: {"written": …, "shares": {VERSION: PERCENT}, "worker": PROCESS}.
split() {
  curl --silent --show-error --fail --max-time 5 "http://127.0.0.1:$(port split)/"
}

# Only one at a time changes something. Whoever is killed lets go by that.
lock() {
  exec 9>>"${LAB}/target.lock"
  flock --wait 30 9 || fail "another change takes too long"
}

# FILE: standard input becomes the file, as a whole or not at all.
write() {
  cat >"$1.$$"
  mv "$1.$$" "$1"
}

# SHARES, such as {"v2": 5, "v1": 95}: gives the versions these shares of the requests and waits until nginx does so.
serve() {
  local shares=$1 before written version address percent last
  before=$(split | jq -r .worker)
  written="${EPOCHREALTIME}-$$"
  last=$(jq -r 'to_entries | max_by(.value) | .key' <<<"${shares}")
  {
    printf '# Written by ops/target.sh.\n'
    while IFS= read -r version; do
      need_name "${version}"
      address=$(jq -er '"127.0.0.1:\(.port)"' "${LAB}/versions/${version}.json") || fail "${version} does not run"
      printf 'upstream %s {\n  server %s;\n  keepalive 16;\n}\n' "${version}" "${address}"
    done < <(jq -r 'keys[]' <<<"${shares}")
    # Every request is dealt anew. A weighted upstream would hide failures: nginx gives a server that fails less to do.
    # shellcheck disable=SC2016 # variables of nginx
    printf 'split_clients "${request_id}" $version_of_request {\n'
    while IFS=' ' read -r version percent; do
      [[ ${version} == "${last}" ]] || printf '  %s%% %s;\n' "${percent}" "${version}"
    done < <(jq -r 'to_entries[] | "\(.key) \(.value)"' <<<"${shares}")
    printf '  * %s;\n}\n' "${last}"
    # shellcheck disable=SC2016
    printf 'map "" $split {\n  default '\''%s'\'';\n}\n' \
      "$(jq -cn --arg written "${written}" --argjson shares "${shares}" '{$written, $shares, worker: "$pid"}')"
  } | write "${SPLIT}"
  nginx -p "${LAB}/nginx" -c "${LAB}/nginx/nginx.conf" -s reload 2>>"${LAB}/logs/nginx.log" ||
    fail "nginx does not take the new split; its log is ${LAB}/logs/nginx.log"
  # The reload has only been asked for. The worker before answers beside the new one, until it has been told to stop.
  for _ in {1..100}; do
    if [[ $(split | jq -r .written) == "${written}" ]] && ! accepts "${before}"; then
      return 0
    fi
    sleep 0.05
  done
  fail "nginx has not taken the new split; its log is ${LAB}/logs/nginx.log"
}

# WORKER: whether it takes requests still. One that is told to stop ends those that it has, and says so in its name.
accepts() {
  local name
  name=$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline") && [[ ${name} == *"worker process"* && ${name} != *"shutting down"* ]]
}

# The version that most requests go to, or null.
live() {
  split | jq '.shares | to_entries | max_by(.value) | .key // null'
}

# The version that was live before the one that is.
history() {
  local now
  now=$(live)
  jq -Rn --argjson live "${now}" '[inputs] | (rindex($live) // length) as $place | .[:$place] - [$live] | last' \
    < <(cat "${HISTORY}" 2>/dev/null || true)
}

# ARTIFACT RUN: starts it beside what is live. The version is called like the run, so that asking twice starts nothing twice.
deploy() {
  local artifact=$1 version
  version=$(platform GET "/images/${artifact##*@}" | jq -er '"v\(.version)"') || fail "there is no image ${artifact}"
  version="${version}-${2#gh-}"
  activate "${version}" "${artifact##*@}"
  jq -n '$version' --arg version "${version}"
}

# VERSION [IMAGE]: starts it when it does not run.
activate() {
  need_name "$1"
  platform PUT "/versions/$1" "${2-}" >/dev/null
}

ready() {
  local port
  need_name "$1"
  if port=$(jq -er '.port' "${LAB}/versions/$1.json" 2>/dev/null) &&
    curl --silent --fail --max-time 5 --output /dev/null "http://127.0.0.1:${port}/health"; then
    printf 'true\n'
  else
    printf 'false\n'
  fi
}

# VERSION: it is the only one from now on. The one before is stopped, and `activate` starts it again.
finish() {
  local other
  [[ $(split | jq --arg version "$1" '.shares == {($version): 100}') == true ]] || fail "$1 does not have all traffic"
  [[ $(tail -n 1 "${HISTORY}" 2>/dev/null) == "$1" ]] || printf '%s\n' "$1" >>"${HISTORY}"
  while IFS= read -r other; do
    [[ ${other} == "$1" ]] || platform DELETE "/versions/${other}" >/dev/null
  done < <(platform GET /versions | jq -r '.[]')
}

marker() {
  if [[ -s ${MARKER} ]]; then
    cat "${MARKER}"
  else
    printf '{}\n'
  fi
}

# KEY=VALUE…: adds them to the marker.
mark() {
  jq '. + ($ARGS.positional | map(capture("^(?<key>[^=]+)=(?<value>.*)$"; "s")) | from_entries)' --args "$@" \
    < <(marker) | write "${MARKER}"
}

verb=${1:?a verb}
shift
case ${verb} in
live) live ;;
history) history ;;
deploy) lock && deploy "$1" "$2" ;;
ready) ready "$1" ;;
address) jq '"http://127.0.0.1:\(.port)"' "${LAB}/versions/${1:?a version}.json" ;;
shift)
  lock
  serve "$(jq -cn --arg new "$1" --argjson percent "$2" --arg old "$3" \
    '{($old): (100 - $percent)} + {($new): $percent} | with_entries(select(.value > 0))')"
  ;;
weight) split | jq --arg version "$1" '.shares[$version] // 0' ;;
activate) lock && activate "$1" ;;
finish) lock && finish "$1" ;;
undo) lock && serve "$(jq -cn --arg old "$1" '{($old): 100}')" ;;
marker) marker ;;
mark) lock && mark "$@" ;;
*) fail "no such verb: ${verb}" ;;
esac
