import ReleaseModel
import TextLayout

/// A step that fails and does not go to 0 %: the release rests at an earlier weight until a person decides.
///
/// A rest is watched as a step is, by the job whose step it is. There is no way up out of it: a person takes the release
/// back, or the limit does, or the end of the job. What is tried again is a release of its own, from its first step.
extension RolloutScript {
  /// The steps at whose weights a release can rest.
  private var restingPlaces: [(index: Int, step: PlannedStep)] {
    let weights = Set(environment.steps.map(\.onFailure))
    return environment.steps.enumerated().filter { weights.contains($0.element.weight) }.map { ($0.offset, $0.element) }
  }

  /// Replaces the library's, which knows no earlier weight.
  var failStep: ShellFunction {
    ShellFunction(
      "fail_step", "REASON: what this step asks for is not so: back to the weight that it falls back to, else the end.",
      needs: ["stop_release", "rest", "now"],
      body: """
        if ((FALLBACK == 0)); then
          stop_release "$1"
        fi
        rest "$1" "$(($(now) + REST_LIMIT))"
        """)
  }

  var rest: ShellFunction {
    let places: [Bash] = restingPlaces.map { index, step in
      """
      \(step.weight))
        seconds=\(step.hold.seconds) prefix=\(ShellName("step_\(index + 1)").bash) count=\(step.require.count)
        SETTLE=\(step.settle.seconds)
        ;;
      """
    }
    return ShellFunction(
      "rest",
      "REASON UNTIL: goes back to the weight FALLBACK and stays there, watched, until somebody else takes the target over or",
      "the time is over. It always ends the release.",
      needs: [
        "write_marker", "stop_release", "target_shift", "target_live_weight", "note", "complain", "now", "moment",
        "hold", "watch_until",
      ] + notifications.needs(.resting)
        + restingPlaces.flatMap { index, step in step.require.indices.map { "step_\(index + 1)_\($0)" } },
      body: """
        local reason=$1 until=$2 live seconds=0 prefix='' count=0
        [[ ${until} =~ ^[0-9]+$ ]] || until=0
        WEIGHT=${FALLBACK}
        \(shiftsRemainder ? "REMAINDER=$((100 - WEIGHT))" : .empty as Bash)
        # Whatever fails from here on is a reason to take the release back.
        FALLBACK=0
        STEP=0
        TRUE_SINCE=()
        TRUE_COUNT=()
        UNKNOWN_SINCE=()
        note falling-back "back to ${WEIGHT} %, because: ${reason}"
        write_marker state=resting "weight=${WEIGHT}" "reason=${reason:0:200}" "rest-until=${until}" stage= ||
          stop_release "the marker could not be written"
        target_shift || stop_release "the traffic could not be shifted back to ${WEIGHT} %"
        CHANGED_AT=$(now)
        live=$(target_live_weight) || stop_release "the traffic split cannot be read"
        if [[ ${live} != "${WEIGHT}" ]]; then
          stop_release "asked for ${WEIGHT} %, and the target has ${live} %"
        fi
        note resting "resting at ${WEIGHT} % until $(moment "${until}"), because: ${reason}"
        complain "resting at ${WEIGHT} %: ${reason}. Nobody decides before $(moment "${until}")? Then it is taken back"
        if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
          printf 'Rested at %s %%, because: %s\\n' "${WEIGHT}" "${reason}" >>"${GITHUB_STEP_SUMMARY}"
        fi
        \(notifications.tell(.resting, "\"${WEIGHT} % until $(moment \"${until}\"), because: ${reason}\""))
        WATCHED='resting '
        case ${WEIGHT} in
          \(Bash.lines(places))
        esac
        if ((seconds > until - CHANGED_AT)); then
          seconds=$((until - CHANGED_AT))
        fi
        if ((seconds > 0)); then
          hold "${CHANGED_AT}" "${seconds}" "${prefix}" "${count}"
          note held "${WEIGHT} % held; the release still rests"
        fi
        watch_until "${until}"
        stop_release "rested at ${WEIGHT} % until $(moment "${until}"), and nobody decided; it had fallen back because: ${reason}"
        """)
  }

  /// The rest of another run, when a new release begins.
  var takeOverRest: ShellFunction {
    let schema: Bash =
      hasDatabaseBranch
      ? """
      if [[ ${MARKER_SCHEMA} != '' && ${MARKER_SCHEMA} != compatible ]]; then
        die 3 "run ${MARKER_RUN} rests and has changed the database; take it back first: ops/${SERVICE}/${ENVIRONMENT}/rollback.sh"
      fi
      """ : .empty
    return ShellFunction(
      "take_over_rest",
      "The resting version of another run goes to 0 %. Its run sees the new marker and stops by itself.",
      needs: [
        "note", "die", "stop_release", "complain", "target_activate_previous", "target_undo", "target_is_undone",
        "target_clean_up",
      ],
      body: """
        local undone
        \(schema)
        note taking-over "run ${MARKER_RUN} rests at ${MARKER_WEIGHT} %; its version goes to 0 % first"
        PREVIOUS=${MARKER_PREVIOUS}
        CANDIDATE=${MARKER_CANDIDATE}
        target_activate_previous || stop_release "${PREVIOUS} is not ready; nothing was touched"
        target_undo || stop_release "the resting version could not be brought to 0 %"
        undone=$(target_is_undone) || undone=unknown
        [[ ${undone} == true ]] || stop_release "the resting version still has traffic"
        target_clean_up || complain "what the resting release left over could not be taken away"
        CANDIDATE=''
        """)
  }
}
