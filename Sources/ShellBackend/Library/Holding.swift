import TextLayout

extension ShellLibrary {
  static let judging: [ShellFunction] = [
    ShellFunction(
      "brief",
      "SECONDS COMMAND…: runs it in a watch. Whatever it asks is asked once, and has so many seconds to answer: the next tick asks",
      "again, and a source that hangs must not keep the others from being heard.",
      body: #"""
        local BRIEF=$1
        shift
        "$@"
        """#),
    ShellFunction(
      "judge_rollback_conditions",
      "NEXT: asks every rollback condition once. Probes come first, and again when it takes until the next tick, which is at NEXT.",
      "Then PROBED is that moment. Sets PENDING when one is met but not yet for long enough, or unknown.",
      needs: ["ask_all_again", "judge_probes", "judge", "now"],
      body: #"""
        local index at next=$1
        PENDING=''
        PROBED=''
        ask_all_again
        judge_probes
        for ((index = 0; index < ${#WHEN_TEXT[@]}; index++)); do
          [[ ${WHEN_KIND[index]} != probe ]] || continue
          at=$(now)
          if ((at >= next)); then
            PROBED=${at}
            judge_probes
            next=$((at + CHECK_EVERY))
            at=$(now)
          fi
          judge "${index}" "$((next - at))"
        done
        """#),
    ShellFunction(
      "judge_probes", "Asks what the release itself answers.", needs: ["judge"],
      body: #"""
        local index
        for ((index = 0; index < ${#WHEN_TEXT[@]}; index++)); do
          [[ ${WHEN_KIND[index]} != probe ]] || judge "${index}" "${WATCH_LIMIT}"
        done
        """#),
    ShellFunction(
      "judge",
      "INDEX SECONDS: asks this rollback condition, with so many seconds until the next tick. Ends the release when it is met for",
      "as long as it has to be, or is unknown for longer than the release may be blind. One of a step (WHEN_STEP) is asked in that",
      "step only, and fails the step.",
      needs: ["brief", "now", "stop_release", "fail_step", "note"],
      body: #"""
        local index=$1 limit=$2 outcome=0 at asked
        if ((WHEN_STEP[index] != 0 && WHEN_STEP[index] != STEP)); then
          return 0
        fi
        # Unknown from the moment of the question: the wait for an answer is time without one.
        asked=$(now)
        if [[ ${WHEN_KIND[index]} == metric ]] && ((asked - CHANGED_AT < SETTLE)); then
          return 0
        fi
        limit=$((limit < WATCH_LIMIT ? limit : WATCH_LIMIT))
        limit=$((limit > 3 ? limit : 3))
        brief "${limit}" "when_${index}" || outcome=$?
        at=$(now)
        case ${outcome} in
          0)
            TRUE_SINCE[index]=${TRUE_SINCE[index]:-${at}}
            TRUE_COUNT[index]=$((${TRUE_COUNT[index]:-0} + 1))
            UNKNOWN_SINCE[index]=''
            if ((at - TRUE_SINCE[index] >= WHEN_SECONDS[index] && TRUE_COUNT[index] >= WHEN_COUNT[index])); then
              ((WHEN_STEP[index] == 0)) || fail_step "this step fails: ${WHEN_TEXT[index]}"
              stop_release "rollback condition met: ${WHEN_TEXT[index]}"
            fi
            PENDING=yes
            note pending "${WHEN_TEXT[index]}: true since $((at - TRUE_SINCE[index]))s"
            ;;
          1)
            TRUE_SINCE[index]=''
            TRUE_COUNT[index]=0
            UNKNOWN_SINCE[index]=''
            ;;
          *)
            # Unknown is neither good nor bad: it resets no count, and too long of it is a reason of its own.
            UNKNOWN_SINCE[index]=${UNKNOWN_SINCE[index]:-${asked}}
            if ((at - UNKNOWN_SINCE[index] > NO_DATA_LIMIT)); then
              ((WHEN_STEP[index] == 0)) || fail_step "no data for $((at - UNKNOWN_SINCE[index]))s: ${WHEN_TEXT[index]}"
              stop_release "no data for $((at - UNKNOWN_SINCE[index]))s: ${WHEN_TEXT[index]}"
            fi
            PENDING=yes
            note unknown "${WHEN_TEXT[index]}: unknown since $((at - UNKNOWN_SINCE[index]))s"
            ;;
        esac
        """#),
    ShellFunction(
      "fail_step", "REASON: what this step asks for is not so. There is no earlier weight to fall back to.",
      needs: ["stop_release"], body: #"stop_release "$1""#),
  ]

  static let holding: [ShellFunction] = [
    ShellFunction(
      "watch_until",
      "TIME: judges the rollback conditions at every tick until then. Ticks are counted from the start, so that slow answers",
      "do not stretch the hold; one that is late begins at once. A condition that is met but not yet for long enough is watched to",
      "its end.",
      needs: ["judge_rollback_conditions", "still_watched", "now", "stop_release"],
      body: #"""
        local until=$1 started tick=0 due at
        started=$(now)
        while true; do
          [[ -z ${WATCHED} ]] || still_watched
          tick=$((tick + 1))
          due=$((started + tick * CHECK_EVERY))
          judge_rollback_conditions "${due}"
          at=$(now)
          if ((at >= until)) && [[ -z ${PENDING} ]]; then
            return 0
          fi
          if ((at >= until + PATIENCE)); then
            stop_release "still undecided ${PATIENCE}s after the hold: a rollback condition keeps coming and going, or is unknown"
          fi
          if [[ -n ${PROBED} ]]; then
            # The pace goes on from there, so that two looks are never closer than they should be.
            started=${PROBED}
            tick=1
            due=$((started + CHECK_EVERY))
          fi
          if ((due <= at)); then
            tick=$(((at - started) / CHECK_EVERY))
            continue
          fi
          if ((due > until && until > at)); then
            due=${until}
          fi
          sleep "$((due - at))"
        done
        """#),
    ShellFunction(
      "require_all", "PREFIX COUNT: judges the requirements PREFIX_0 … together: met (0), not met (1) or unknown (2).",
      needs: ["note"],
      body: #"""
        local prefix=$1 count=$2 index outcome worst=0
        FAILED=''
        for ((index = 0; index < count; index++)); do
          outcome=0
          "${prefix}_${index}" || outcome=$?
          case ${outcome} in
            0) note met "${TEXT} (is ${MEASURED:-so})" ;;
            1)
              note unmet "${TEXT} is not so (is ${MEASURED:-not})"
              FAILED=${FAILED:-"required, but not so: ${TEXT} (is ${MEASURED:-not})"}
              worst=1
              ;;
            *)
              note unknown "${TEXT}: unknown"
              if ((worst == 0)); then
                FAILED="required, but unknown: ${TEXT}"
                worst=2
              fi
              ;;
          esac
        done
        return "${worst}"
        """#),
    ShellFunction(
      "ask_all_again", "No source counts as silent any more: of SILENT the first space is left.",
      body: #"SILENT=${SILENT:0:1}"#),
    ShellFunction(
      "require_held",
      "PREFIX COUNT: require_all in a watch. A source that gives no answer now is asked once more, a tick later.",
      needs: ["ask_all_again", "brief", "require_all", "watch_until", "now"],
      body: #"""
        local outcome=0
        ask_all_again
        brief "${WATCH_LIMIT}" require_all "$1" "$2" || outcome=$?
        if ((outcome == 2)); then
          watch_until "$(($(now) + CHECK_EVERY))"
          outcome=0
          ask_all_again
          brief "${WATCH_LIMIT}" require_all "$1" "$2" || outcome=$?
        fi
        return "${outcome}"
        """#),
    ShellFunction(
      "stay_held",
      "ALLOWANCE: stays at this weight, watched, while a person holds the release, at most for the ALLOWANCE in seconds and for",
      "HOLD_LIMIT in all. Nobody lets it go on by forgetting it: after that it is taken back.",
      needs: ["brief", "moment", "note", "now", "read_marker", "say", "stop_release", "watch_until"],
      body: #"""
        local allowance=$1 used=0 started until
        if ((allowance == 0)); then
          return 0
        fi
        read_marker || stop_release "the marker on ${TARGET_TITLE} cannot be read, so nobody knows whether the release is held"
        if [[ -z ${MARKER_HOLD} ]]; then
          return 0
        fi
        if [[ -s ${STATE}/held-${RUN} ]]; then
          used=$(<"${STATE}/held-${RUN}")
        fi
        started=$(now)
        until=$((started + (allowance < HOLD_LIMIT - used ? allowance : HOLD_LIMIT - used)))
        note held-by "${MARKER_HOLD} holds the release at ${WEIGHT} %, until $(moment "${until}") at the latest"
        while [[ -n ${MARKER_HOLD} ]]; do
          if (($(now) >= until)); then
            stop_release "held at ${WEIGHT} % by ${MARKER_HOLD} until $(moment "$(now)"), and nobody let it go on"
          fi
          watch_until "$(($(now) + CHECK_EVERY < until ? $(now) + CHECK_EVERY : until))"
          # Unknown is no leave to go on.
          brief "${WATCH_LIMIT}" read_marker || say "the marker on ${TARGET_TITLE} cannot be read; still held"
          if [[ ${MARKER_RUN} != "${RUN}" ]]; then
            stop_release "${TARGET_TITLE} now belongs to run ${MARKER_RUN:-of nobody} (${MARKER_STATE:-no state}); this one stops"
          fi
        done
        printf '%s\n' "$((used + $(now) - started))" >"${STATE}/held-${RUN}"
        note let-go "the release goes on after $(($(now) - started))s"
        """#),
    ShellFunction(
      "hold",
      "START SECONDS PREFIX COUNT [ALLOWANCE]: holds the weight so long from START on, and while a person says so, at most for",
      "the ALLOWANCE; then judges what is required. Unknown extends the hold once.",
      needs: ["watch_until", "stay_held", "require_held", "fail_step", "note", "now"],
      body: #"""
        local start=$1 seconds=$2 prefix=$3 count=$4 extension outcome=0
        watch_until "$((start + seconds))"
        stay_held "${5:-0}"
        require_held "${prefix}" "${count}" || outcome=$?
        if ((outcome == 2)); then
          extension=$((seconds < 900 ? seconds : 900))
          note extended "${FAILED}; holding ${extension}s longer, once"
          watch_until "$(($(now) + extension))"
          outcome=0
          require_held "${prefix}" "${count}" || outcome=$?
        fi
        if ((outcome != 0)); then
          fail_step "${FAILED}"
        fi
        """#),
  ]
}
