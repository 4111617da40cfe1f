import ReleaseModel
import TextLayout

/// What a person types and is asked, and what the target answers to `--status`.
extension RollbackScript {
  var readOptions: ShellFunction {
    let more: Bash = .lines(
      (stages == nil ? [] : ["--staged) STAGED=yes ;;"])
        + (database == nil ? [] : ["--keep-schema) KEEP_SCHEMA=yes ;;"]))
    return ShellFunction(
      "read_options", "Reads the command line.",
      body: """
        while (($# > 0)); do
          case $1 in
            --yes | -y) YES=yes ;;
            --if-needed) IF_NEEDED=yes ;;
            --dry-run) DRY_RUN=yes ;;
            --take-over) TAKE_OVER=yes ;;
            --status) STATUS=yes ;;
            \(more)
            --to | --reason)
              if (($# < 2)) || [[ -z $2 ]]; then
                usage >&2
                exit 2
              fi
              if [[ $1 == --to ]]; then
                TO=$2
              else
                REASON=$2
              fi
              shift
              ;;
            -h | --help)
              usage
              exit 0
              ;;
            *)
              usage >&2
              exit 2
              ;;
          esac
          shift
        done
        """)
  }

  var status: ShellFunction {
    ShellFunction(
      "status", "What the target says now.",
      needs: ["read_marker", "target_find_live", "target_live_weight", "die", "is_led_by_another", "now"],
      body: """
        read_marker || die 1 "the marker on ${TARGET_TITLE} cannot be read"
        target_find_live || die 1 "the live version of ${TARGET_TITLE} cannot be read"
        printf 'target:         %s\\n' "${TARGET_TITLE}"
        printf 'live:           %s\\n' "${PREVIOUS}"
        printf 'last release:   %s (run %s)\\n' "${MARKER_STATE:-none that Liftlock made}" "${MARKER_RUN:-none}"
        printf 'its commit:     %s\\n' "${MARKER_COMMIT:-none}"
        printf 'its version:    %s\\n' "${MARKER_CANDIDATE:-none}"
        printf 'its weight:     %s %%\\n' "${MARKER_WEIGHT:-0}"
        printf 'version before: %s\\n' "${MARKER_PREVIOUS:-none}"
        printf 'incident:       %s\\n' "${MARKER_INCIDENT:-none}"
        if [[ -n ${MARKER_HOLD} ]]; then
          printf 'held by:        %s\\n' "${MARKER_HOLD}"
        fi
        if is_led_by_another; then
          printf 'taken back by:  run %s, believed to be alive for %ss more\\n' "${MARKER_RUN}" "$((MARKER_LEASE - $(now)))"
        fi
        CANDIDATE=${MARKER_CANDIDATE}
        if [[ -n ${CANDIDATE} ]]; then
          printf 'weight now:     %s %%\\n' "$(target_live_weight)"
        fi
        """)
  }

  var confirm: ShellFunction {
    ShellFunction(
      "confirm", "Asks a person; without one, --yes has to stand for the answer.", needs: ["die"],
      body: #"""
        local reply=''
        if [[ -n ${YES} || -n ${DRY_RUN} ]]; then
          return 0
        fi
        [[ -t 0 ]] || die 2 "nobody to ask: add --yes"
        printf 'All traffic of %s goes back to %s. Type yes to go on: ' "${TARGET_TITLE}" "${PREVIOUS}"
        # The end of the input is an answer, too: no.
        read -r reply || true
        [[ ${reply} == yes ]] || die 2 "not confirmed; nothing was touched"
        """#)
  }
}
