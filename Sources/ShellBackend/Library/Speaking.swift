import TextLayout

extension ShellLibrary {
  static let speaking: [ShellFunction] = [
    ShellFunction("now", "Seconds since 1970.", body: "date +%s"),
    ShellFunction(
      "say", "One line for whoever watches.",
      body: #"printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*" >&2"#),
    ShellFunction(
      "complain", "One line that must not be overlooked; on GitHub it is an annotation of the run.", needs: ["say"],
      body: #"""
        say "ERROR: $*"
        if [[ ${GITHUB_ACTIONS:-} == true ]]; then
          local text="$*"
          text=${text//'%'/%25}
          text=${text//$'\r'/%0D}
          text=${text//$'\n'/%0A}
          printf '::error title=%s::%s\n' "${SERVICE} ${PLACE}" "${text}" >&2
        fi
        """#),
    ShellFunction(
      "die", "CODE MESSAGE…: complains and ends.", needs: ["complain"],
      body: #"""
        local code=$1
        shift
        complain "$*"
        exit "${code}"
        """#),
    ShellFunction(
      "need_tools", "TOOL…: ends unless every one of them is installed.", needs: ["die"],
      body: #"""
        local tool missing=''
        for tool in "$@"; do
          command -v "${tool}" >/dev/null || missing="${missing} ${tool}"
        done
        if [[ -n ${missing} ]]; then
          die 3 "not installed:${missing}"
        fi
        # One of these bounds every call: see limited.
        command -v timeout >/dev/null || command -v gtimeout >/dev/null || command -v perl >/dev/null ||
          die 3 "not installed: timeout, gtimeout or perl"
        """#),
    ShellFunction(
      "need_values",
      "NAME…: ends unless every one of these environment variables has a value; names all that have none.",
      needs: ["die"],
      body: #"""
        local name missing=''
        for name in "$@"; do
          [[ -n ${!name:-} ]] || missing="${missing} ${name}"
        done
        if [[ -n ${missing} ]]; then
          die 3 "no value for:${missing} (secrets of the GitHub environment, or variables of this shell)"
        fi
        """#),
  ]

  static let calling: [ShellFunction] = [
    ShellFunction(
      "remote",
      "COMMAND…: runs it with a time limit, and again after a pause when it fails. Passes its output on only when it",
      "succeeded, so that half an answer is never taken for a whole one. In a watch once and briefly: see brief.",
      needs: ["limited", "say"],
      body: #"""
        local attempt=1 attempts=${CALL_ATTEMPTS} status output
        if [[ -n ${BRIEF:-} ]]; then
          attempts=1
        fi
        while true; do
          status=0
          output=$(limited "${BRIEF:-${CALL_LIMIT}}" "$@") || status=$?
          if ((status == 0)); then
            [[ -z ${output} ]] || printf '%s\n' "${output}"
            return 0
          fi
          if ((attempt >= attempts)); then
            say "gave up after ${attempt} attempts, last exit code ${status}: $1 ${2-} ${3-}"
            return "${status}"
          fi
          say "attempt ${attempt} of ${attempts} failed with exit code ${status}: $1 ${2-} ${3-}"
          sleep "$((attempt * 2))"
          attempt=$((attempt + 1))
        done
        """#),
    ShellFunction(
      "change", "COMMAND…: changes the target. In a dry run it only shows the command.", needs: ["remote", "say"],
      body: #"""
        if [[ -n ${DRY_RUN:-} ]]; then
          printf ' '
          printf ' %q' "$@"
          printf '\n'
          return 0
        fi
        say "+ $*"
        remote "$@" >/dev/null
        """#),
    ShellFunction(
      "answer", "FILTER [JQ OPTION…] -- COMMAND…: what jq makes of the JSON that the command prints.",
      needs: ["remote", "say"],
      body: #"""
        local filter=$1 json
        local -a options=()
        shift
        while [[ $1 != -- ]]; do
          options+=("$1")
          shift
        done
        shift
        json=$(remote "$@") || return 1
        jq -r ${options[@]+"${options[@]}"} "${filter}" <<<"${json}" || {
          say "the answer of $1 ${2-} ${3-} is not what it should be"
          return 1
        }
        """#),
    ShellFunction(
      "expect", "MESSAGE FILTER [JQ OPTION…] -- COMMAND…: fails with the message unless the filter gives true.",
      needs: ["answer", "complain"],
      body: #"""
        local message=$1 verdict
        shift
        verdict=$(answer "$@") || {
          complain "cannot tell: ${message}"
          return 1
        }
        if [[ ${verdict} != true ]]; then
          complain "${message}"
          return 1
        fi
        """#),
    ShellFunction(
      "await", "SECONDS WHAT FILTER [JQ OPTION…] -- COMMAND…: asks until the filter gives true.",
      needs: ["answer", "complain", "now", "say"],
      body: #"""
        local limit=$1 what=$2 started verdict
        shift 2
        if [[ -n ${DRY_RUN:-} ]]; then
          printf '  (wait at most %ss until %s)\n' "${limit}" "${what}"
          return 0
        fi
        started=$(now)
        say "waiting until ${what}"
        while true; do
          verdict=$(answer "$@") || verdict=unknown
          [[ ${verdict} != true ]] || return 0
          "${WHILE_WAITING:-:}"
          if (($(now) - started >= limit)); then
            complain "waited ${limit}s, and still not: ${what}"
            return 1
          fi
          sleep 5
        done
        """#),
  ]

  static let numbers: [ShellFunction] = [
    ShellFunction(
      "is_number", "TEXT: whether it is a finite decimal number.",
      body: #"[[ $1 =~ ^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?$ ]]"#),
    ShellFunction(
      "compare", "A SIGN B: whether it holds (0) or not (1); unknown (2) when one of the two is no number.",
      needs: ["is_number"],
      body: #"""
        if ! is_number "$1" || ! is_number "$3"; then
          return 2
        fi
        awk -v a="$1" -v sign="$2" -v b="$3" 'BEGIN {
          if (sign == "<") holds = a + 0 < b + 0
          else if (sign == "<=") holds = a + 0 <= b + 0
          else if (sign == ">") holds = a + 0 > b + 0
          else holds = a + 0 >= b + 0
          exit !holds
        }'
        """#),
  ]

  static let stateFiles: [ShellFunction] = [
    ShellFunction(
      "name_run",
      "Sets RUN. By hand every run has a name of its own, else one would find the issues, notes and leases of another, months",
      "old. LIFTLOCK_RUN hands it down to the phases of the same run.",
      body: #"""
        if [[ -n ${GITHUB_RUN_ID:-} ]]; then
          RUN="${GITHUB_RUN_ID}-${GITHUB_RUN_ATTEMPT:-1}"
        else
          RUN=${LIFTLOCK_RUN:-by-hand-$(id -un)-$(date -u +%Y%m%d%H%M%S)-$$}
        fi
        export RUN
        """#),
    ShellFunction(
      "note", "EVENT TEXT…: one line in the journal of this release, and one for whoever watches.",
      needs: ["json_text", "say"],
      body: #"""
        local event=$1
        shift
        say "$*"
        mkdir -p "${STATE}"
        printf '{"at":"%s","run":%s,"event":%s,"text":%s}\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(json_text "${RUN}")" \
          "$(json_text "${event}")" "$(json_text "$*")" >>"${STATE}/journal.jsonl"
        """#),
    ShellFunction(
      "stop_release", "REASON…: the release cannot go on; keeps the reason for the rollback and ends.",
      needs: ["complain", "note"],
      body: #"""
        note stopped "$*"
        printf '%s\n' "$*" >"${STATE}/reason-${RUN}"
        complain "$*"
        exit 1
        """#),
  ]
}
