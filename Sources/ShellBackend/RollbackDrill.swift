import ReleaseModel
import TextLayout

/// `rollback.sh --drill EXERCISE`: what of a rollback can be tried while nothing is wrong. Only in scripts of environments that
/// a drill names.
struct RollbackDrill {
  let plan: ReleasePlan
  let environment: EnvironmentPlan

  private var exercises: [Drill.Exercise] {
    let named = plan.exercises(in: environment).map(\.exercise)
    return Drill.Exercise.allCases.filter(named.contains)
  }
  private var isEmpty: Bool { exercises.isEmpty }

  func usage(_ path: String) -> [String] {
    exercises.map { "\(path) --drill \($0.rawValue)    # tries that; leaves the version live that is live" }
  }

  var variables: [ShellVariable] {
    isEmpty ? [] : ["DRILL", "KEEP", "LIVE", "BEFORE"] + (exercises.contains(.callHooks) ? ["DRILL_CALL"] : [])
  }

  /// What is not empty in a drill, in which no rollback fails.
  var asked: Bash { isEmpty ? .empty : "${DRILL}" }

  /// Read before the other options.
  var option: Bash {
    isEmpty
      ? .empty
      : """
      if [[ ${1:-} == --drill && -n ${2:-} ]]; then
        DRILL=$2
        shift 2
      fi
      """
  }

  var branch: Bash {
    isEmpty
      ? .empty
      : """
      elif [[ -n ${DRILL} ]]; then
        drill
      """
  }

  /// What a rollback leaves over is the live version while a drill is half-way.
  var cleanUp: Bash {
    let complaint: Bash = #"complain "what the release left over could not be taken away; the traffic is safe""#
    return isEmpty ? "target_clean_up || \(complaint)" : "[[ -n ${KEEP} ]] || target_clean_up || \(complaint)"
  }

  var needs: [String] { isEmpty ? [] : ["drill"] }

  var functions: [ShellFunction] {
    if isEmpty { return [] }
    var functions = [begin, drill]
    if exercises.contains(where: { $0 == .dryRun || $0 == .rollBack }) { functions += [isBackAlready, dryRun] }
    if exercises.contains(.rollBack) { functions += [backAndForward, moveTo, restoreMarker] }
    if exercises.contains(.callHooks) { functions += callHooks }
    return functions
  }

  private func name(_ exercise: Drill.Exercise) -> ShellName { ShellName("drill", of: exercise.rawValue) }

  private var drill: ShellFunction {
    let cases: [Bash] = exercises.map { "\($0.rawValue)) \(name($0).bash) ;;" }
    return ShellFunction(
      "drill", "The exercise that was asked for. Outcomes are kept apart from those of releases.",
      needs: ["begin_drill"] + exercises.map { name($0).text },
      body: """
        STATE="${STATE}/drill"
        rm -rf "${STATE}"
        mkdir -p "${STATE}"
        case ${DRILL} in
          \(Bash.lines(cases))
          *)
            usage >&2
            exit 2
            ;;
        esac
        """)
  }

  private var begin: ShellFunction {
    ShellFunction(
      "begin_drill", "Sets LIVE. A release that is under way, or was left half-way, is no time for a drill.",
      needs: ["read_marker", "is_unfinished", "target_find_live", "die", "keep_outcome"],
      body: """
        read_marker || die 1 "the marker on ${TARGET_TITLE} cannot be read"
        if is_unfinished; then
          die 1 "refused: run ${MARKER_RUN} has left a release unfinished on ${TARGET_TITLE} (${MARKER_STATE})"
        fi
        target_find_live || die 1 "the live version of ${TARGET_TITLE} cannot be read"
        LIVE=${PREVIOUS}
        [[ -n ${LIVE} && ${LIVE} != unknown ]] || die 1 "nobody knows which version of ${TARGET_TITLE} is live"
        if [[ ${MARKER_STATE} == rolled-back && ${LIVE} == "${MARKER_CANDIDATE}" && ${LIVE} != "${MARKER_PREVIOUS}" ]]; then
          die 1 "refused: ${LIVE} was taken back by run ${MARKER_RUN}, and is live again"
        fi
        keep_outcome live "${LIVE}"
        """)
  }

  private var isBackAlready: ShellFunction {
    ShellFunction(
      "is_back_already", "Whether the live version is what the last rollback went back to.",
      body: #"[[ ${MARKER_STATE} == rolled-back && ${LIVE} == "${MARKER_PREVIOUS}" ]]"#)
  }

  private var dryRun: ShellFunction {
    ShellFunction(
      name(.dryRun),
      "Everything up to the first change, and the checks of a rollback on the live version. After a rollback in earnest the way",
      "is planned to the version that was taken back: nothing moves, and there is no other.",
      needs: [
        "begin_drill", "is_back_already", "choose_previous", "mark_going_back", "move_traffic", "verify_previous",
        "die",
        "keep_outcome", "say", "now",
      ],
      body: """
        local started
        started=$(now)
        begin_drill
        if is_back_already; then
          BEFORE=${MARKER_CANDIDATE}
          PREVIOUS=${BEFORE}
        else
          choose_previous
          BEFORE=${PREVIOUS}
        fi
        keep_outcome before "${BEFORE}"
        CANDIDATE=${LIVE}
        BAD=${LIVE}
        DRY_RUN=yes
        if [[ -z ${BEFORE} || ${BEFORE} == unknown ]]; then
          say "the last release was taken back before it had a version of its own: there is nothing to go back to"
        else
          say "a rollback would do this:"
          mark_going_back
          move_traffic || die 1 "the way back to ${BEFORE} cannot be planned"
        fi
        PREVIOUS=${LIVE}
        verify_previous || die 1 "the live version does not pass the checks of a rollback"
        DRY_RUN=''
        keep_outcome seconds "$(($(now) - started))"
        """)
  }

  private var backAndForward: ShellFunction {
    ShellFunction(
      name(.rollBack),
      "Really back, and forward again, with the checks of a rollback both times. It ends with a verified version live, and says",
      "which; when it cannot, the target stays marked as unfinished, so that no release starts on it.",
      needs: [
        "begin_drill", "choose_previous", "confirm", "target_activate_previous", "target_clean_up", "move_to",
        "restore_marker", "write_marker", "die", "complain", "note", "say", "keep_outcome", "now", "is_back_already",
        name(.dryRun).text,
      ],
      body: """
        local started went_back=''
        begin_drill
        if is_back_already; then
          say "the last release was taken back: nothing moves to what was bad, so the way is only planned"
          \(name(.dryRun).bash)
          return 0
        fi
        choose_previous
        BEFORE=${PREVIOUS}
        keep_outcome before "${BEFORE}"
        case ${MARKER_SCHEMA} in
          '' | compatible | restored) ;;
          *) die 1 "refused: the schema is ${MARKER_SCHEMA}, and ${BEFORE} may not be able to work with it" ;;
        esac
        [[ ${BEFORE} != "${LIVE}" ]] || die 1 "the version before is the live one: there is nothing to go back to"
        confirm
        note drill "back to ${BEFORE} and forward to ${LIVE} again"
        keep_outcome rollbackState failed
        # Nothing is wrong now, so nothing moves unless the version before can serve.
        CANDIDATE=${LIVE}
        if ! target_activate_previous; then
          CANDIDATE=${BEFORE}
          PREVIOUS=${LIVE}
          target_clean_up || complain "what was brought up for the drill could not be taken away"
          die 1 "${BEFORE} cannot be made able to serve; no traffic was moved"
        fi
        started=$(now)
        KEEP=yes
        if move_to "${BEFORE}" "${LIVE}"; then
          went_back=yes
          keep_outcome rollbackState succeeded
          keep_outcome seconds "$(($(now) - started))"
        else
          complain "the way back to ${BEFORE} did not work; going forward to ${LIVE} again"
        fi
        KEEP=''
        started=$(now)
        if move_to "${LIVE}" "${BEFORE}"; then
          keep_outcome forwardSeconds "$(($(now) - started))"
          keep_outcome liveAfter "${LIVE}"
          restore_marker || die 1 "${LIVE} is live again, but the note on ${TARGET_TITLE} cannot be written: run ops/${SERVICE}/${ENVIRONMENT}/rollback.sh --to ${LIVE}"
          note drill "${LIVE} is live again and passes its checks"
          [[ -n ${went_back} ]] || die 1 "the way back to ${BEFORE} did not work; ${LIVE} is live and passes its checks"
          return 0
        fi
        if [[ -n ${went_back} ]]; then
          complain "the way forward to ${LIVE} did not work; ${BEFORE} passed its checks, so it gets the traffic"
          KEEP=yes
          if move_to "${BEFORE}" "${LIVE}"; then
            keep_outcome liveAfter "${BEFORE}"
            write_marker state=rolled-back "run=${RUN}" "previous=${BEFORE}" "candidate=${LIVE}" weight=0 ||
              complain "the marker could not be written"
            die 1 "${BEFORE} is live and passes its checks; ${LIVE}, which was live before this drill, does not"
          fi
        fi
        die 1 "NEITHER ${LIVE} NOR ${BEFORE} COULD BE VERIFIED. Do it by hand, now: docs/runbooks/${SERVICE}.md"
        """)
  }

  private var moveTo: ShellFunction {
    ShellFunction(
      "move_to", "VERSION OTHER: gives all traffic to the version and checks it.",
      needs: ["mark_going_back", "move_traffic", "verify_previous"],
      body: """
        PREVIOUS=$1
        CANDIDATE=$2
        BAD=$2
        mark_going_back || true
        move_traffic && verify_previous
        """)
  }

  private var restoreMarker: ShellFunction {
    let fields: [Bash] = MarkerField.allCases.map { field in
      "\(ShellWord(.literal(field.rawValue + "="), .variable(field.variable)))"
    }
    return ShellFunction(
      "restore_marker", "What stood on the target before: the next real rollback must not take a drill for a release.",
      needs: ["write_marker"],
      body: """
        write_marker \\
          \(Bash.join(fields, separator: " \\\n"))
        """)
  }

  private var callHooks: [ShellFunction] {
    func webhooks(_ actions: [Action]) -> [Action] {
      actions.filter { if case .webhook = $0 { true } else { false } }
    }
    let operations = environment.operations
    return [
      OperationRenderer.function(
        "target_call_rollback", "Calls the rollback webhook.", webhooks(operations.undo)),
      OperationRenderer.function(
        "target_call_verification", "Calls the verification webhook.", webhooks(operations.confirmUndo)),
      ShellFunction(
        name(.callHooks),
        "Calls both webhooks with \"drill\": true. One that is not there is not exercised, so nobody can rely on it.",
        needs: [
          "begin_drill", "target_call_rollback", "target_call_verification", "keep_outcome", "complain", "die", "now",
        ],
        body: """
          local started key failed=''
          started=$(now)
          begin_drill
          BEFORE=${MARKER_PREVIOUS}
          keep_outcome before "${BEFORE}"
          CANDIDATE=${LIVE}
          PREVIOUS=${BEFORE}
          DRILL_CALL=yes
          target_call_rollback || complain "the rollback webhook was not exercised"
          target_call_verification || complain "the verification webhook was not exercised"
          DRILL_CALL=''
          keep_outcome seconds "$(($(now) - started))"
          for key in rollbackState rollbackCallbackState; do
            grep -q "^${key}=succeeded$" "${STATE}/outcomes" || failed="${failed:+${failed} and }${key}"
          done
          [[ -z ${failed} ]] || die 1 "not succeeded: ${failed}"
          """),
    ]
  }
}
