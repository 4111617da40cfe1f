import ReleaseModel
import TextLayout

extension ShellLibrary {
  /// The marker stands on the target itself: what a lost runner takes with it must not be what tells how to go back.
  static let markerFunctions: [ShellFunction] = [
    ShellFunction(
      "write_marker", "FIELD=VALUE…: notes on the target what this release is doing.",
      needs: ["target_write_marker"],
      body: #"""
        local field
        local -a fields=()
        for field in "$@"; do
          fields+=("${MARKER_PREFIX}${field}")
        done
        target_write_marker ${fields[@]+"${fields[@]}"}
        """#),
    ShellFunction(
      "take_up_run",
      "By hand, phases called one by one: goes on under the name of the release that was begun here, if the marker is still its.",
      body: #"""
        if [[ -z ${GITHUB_RUN_ID:-}${LIFTLOCK_RUN:-} && -n ${MARKER_RUN} && -s ${STATE:-}/begun ]]; then
          if [[ ${MARKER_RUN} == "$(<"${STATE}/begun")" ]]; then
            RUN=${MARKER_RUN}
          fi
        fi
        """#),
    ShellFunction(
      "read_marker",
      "Sets MARKER_STATE and the other fields of the marker.",
      needs: ["target_read_marker", "is_unfinished", "take_up_run"],
      body: """
        local text name
        text=$(target_read_marker) || return 1
        # Empty fields at the end leave fewer lines than names; those names become empty.
        for name in \(words: MarkerField.allCases.map(\.variable)); do
          read -r "${name?}" || true
        done <<<"${text}"
        if is_unfinished; then
          take_up_run
        fi
        """),
    ShellFunction(
      "is_unfinished", "Whether the marker is that of a release which neither finished nor was taken back.",
      body: #"""
        case ${MARKER_STATE} in
          deploying | rolling-out | resting | verifying | rolling-back) return 0 ;;
          *) return 1 ;;
        esac
        """#),
    ShellFunction(
      "own_release",
      "[or-resting]: takes up this run's own release from the marker. Ends when another run, or a rollback, has taken the",
      "target over, or when the release rests and the caller does not know how to.",
      needs: ["read_marker", "stop_release", "die", "target_identify"],
      body: #"""
        target_identify || die 3 "cannot find ${TARGET_TITLE}"
        read_marker || stop_release "the marker on ${TARGET_TITLE} cannot be read, so nobody knows whose release this is"
        if [[ ${MARKER_RUN} != "${RUN}" ]]; then
          stop_release "${TARGET_TITLE} now belongs to run ${MARKER_RUN:-of nobody} (${MARKER_STATE:-no state}); this run stops"
        fi
        case ${MARKER_STATE} in
          deploying | rolling-out | verifying) ;;
          resting)
            [[ ${1:-} == or-resting ]] || stop_release "this release rests at ${MARKER_WEIGHT} % (${MARKER_REASON}); it cannot go on"
            ;;
          *) stop_release "this release is ${MARKER_STATE}; it cannot go on" ;;
        esac
        CANDIDATE=${MARKER_CANDIDATE}
        PREVIOUS=${MARKER_PREVIOUS}
        """#),
    ShellFunction(
      "still_watched",
      "Ends when the marker no longer says what this watch is of: somebody else has taken the target over.",
      needs: ["brief", "read_marker", "stop_release", "say"],
      body: #"""
        if ! brief "${WATCH_LIMIT}" read_marker; then
          say "the marker on ${TARGET_TITLE} cannot be read; going on"
          return 0
        fi
        if [[ ${MARKER_RUN} != "${RUN}" || "${MARKER_STATE} ${MARKER_STAGE}" != "${WATCHED}" ]]; then
          stop_release "${TARGET_TITLE} now belongs to run ${MARKER_RUN:-of nobody} (${MARKER_STATE:-no state}); this one stops"
        fi
        """#),
  ]
}
