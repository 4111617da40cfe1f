import TextLayout

extension ShellLibrary {
  static let judging: [ShellFunction] = [
    ShellFunction(
      "judge_rollback_conditions",
      "Asks every rollback condition once. Ends the release when one is met for as long as it has to be, or is unknown for",
      "longer than the release may be blind. Sets PENDING when one is met but not yet for long enough, or unknown.",
      "Those of a step (WHEN_STEP) are asked in that step only, and fail the step.",
      needs: ["now", "stop_release", "fail_step", "note"],
      body: #"""
        local index outcome at
        PENDING=''
        for ((index = 0; index < ${#WHEN_TEXT[@]}; index++)); do
          if ((WHEN_STEP[index] != 0 && WHEN_STEP[index] != STEP)); then
            continue
          fi
          if [[ ${WHEN_KIND[index]} == metric ]] && (($(now) - CHANGED_AT < SETTLE)); then
            continue
          fi
          outcome=0
          "when_${index}" || outcome=$?
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
              UNKNOWN_SINCE[index]=${UNKNOWN_SINCE[index]:-${at}}
              if ((at - UNKNOWN_SINCE[index] > NO_DATA_LIMIT)); then
                ((WHEN_STEP[index] == 0)) || fail_step "no data for $((at - UNKNOWN_SINCE[index]))s: ${WHEN_TEXT[index]}"
                stop_release "no data for $((at - UNKNOWN_SINCE[index]))s: ${WHEN_TEXT[index]}"
              fi
              PENDING=yes
              note unknown "${WHEN_TEXT[index]}: unknown since $((at - UNKNOWN_SINCE[index]))s"
              ;;
          esac
        done
        """#),
    ShellFunction(
      "fail_step", "REASON: what this step asks for is not so. There is no earlier weight to fall back to.",
      needs: ["stop_release"], body: #"stop_release "$1""#),
  ]

  static let holding: [ShellFunction] = [
    ShellFunction(
      "watch_until",
      "TIME: judges the rollback conditions at every tick until then. Ticks are counted from the start, so that slow answers",
      "do not stretch the hold; a condition that is met but not yet for long enough is watched to its end.",
      needs: ["judge_rollback_conditions", "still_watched", "now", "stop_release"],
      body: #"""
        local until=$1 started tick=0 due
        started=$(now)
        while true; do
          [[ -z ${WATCHED} ]] || still_watched
          judge_rollback_conditions
          if (($(now) >= until)) && [[ -z ${PENDING} ]]; then
            return 0
          fi
          if (($(now) >= until + PATIENCE)); then
            stop_release "still undecided ${PATIENCE}s after the hold: a rollback condition keeps coming and going, or is unknown"
          fi
          tick=$((tick + 1))
          due=$((started + tick * CHECK_EVERY))
          while ((due <= $(now))); do
            tick=$((tick + 1))
            due=$((started + tick * CHECK_EVERY))
          done
          if ((due > until && until > $(now))); then
            due=${until}
          fi
          sleep "$((due - $(now)))"
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
      "hold",
      "START SECONDS PREFIX COUNT: holds the weight so long from START on, then judges what is required. Unknown extends the",
      "hold once.",
      needs: ["watch_until", "require_all", "fail_step", "note", "now"],
      body: #"""
        local start=$1 seconds=$2 prefix=$3 count=$4 extension outcome=0
        watch_until "$((start + seconds))"
        require_all "${prefix}" "${count}" || outcome=$?
        if ((outcome == 2)); then
          extension=$((seconds < 900 ? seconds : 900))
          note extended "${FAILED}; holding ${extension}s longer, once"
          watch_until "$(($(now) + extension))"
          outcome=0
          require_all "${prefix}" "${count}" || outcome=$?
        fi
        if ((outcome != 0)); then
          fail_step "${FAILED}"
        fi
        """#),
  ]
}
