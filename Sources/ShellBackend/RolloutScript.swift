import ReleaseModel
import TextLayout

/// `ops/<service>/<environment>/rollout.sh`: everything that a release does to its target, phase by phase.
struct RolloutScript {
  let plan: ReleasePlan
  let environment: EnvironmentPlan

  var common: CommonParts { CommonParts(plan: plan, environment: environment) }
  var rollout: Rollout { environment.spec.rollout }
  private var duties: ShellFunction? { Duties(plan, environment).phase }
  var notifications: NotificationFunctions { NotificationFunctions(plan, environment) }
  /// What the workflow itself tells of, in steps of its own.
  var told: [NotificationChannel.Event] { [.started, .succeeded, .failed].filter(notifications.isTold) }

  var script: ShellScript {
    let path = "ops/\(plan.service)/\(environment.name)/rollout.sh"
    return ShellScript(
      path: path,
      purpose: [
        "Releases \(plan.service) into \(environment.name), phase by phase, as the workflow does it.",
        "By hand: `all` runs every phase and takes the release back when one fails.",
      ],
      usage: usage(path),
      exitCodes: [
        (0, "the phase is done"), (1, "the release cannot go on, and says why"), (2, "called wrongly"),
        (3, "something that it needs is missing; nothing was touched"),
      ],
      constants: common.constants + constants + notifications.constants,
      variables: common.variables + [
        "PENDING", "PROBED", "FAILED", "TEXT", "SETTLE", "SCHEMA", ShellVariable("FALLBACK", "0"),
      ]
        + EvidenceRecord.variables + (CalendarFunction(environment) == nil ? [] : CalendarFunction.variables)
        + notifications.variables,
      functions: [common.setUp, common.logIn, EvidenceRecord.plainRecord] + notifications.functions
        + OperationRenderer.functions(environment.operations)
        + MetricFunctions.functions(environment.metrics)
        + CheckFunctions.functions(allChecks, conditions: environment.checkConditions)
        + watched.functions
        + environment.steps.enumerated().flatMap { index, step in
          ConditionFunctions.functions("step_\(index + 1)", step.require, saysText: true)
        }
        + ConditionFunctions.functions("stabilise", environment.stabilisation?.step.require ?? [], saysText: true)
        + (CalendarFunction(environment).map { [$0.function] } ?? []) + phases,
      main: main,
      mainNeeds: ["set_up", "log_in"] + phases.map(\.name.text))
  }

  var watched: WatchedConditions { WatchedConditions(environment: environment, ofSteps: true) }

  var probes: Bool { CheckFunctions.needAddress(allChecks) }

  private var allChecks: [NamedCheck] {
    environment.preconditions + environment.candidateChecks + environment.verify + environment.report
      + watched.checks + (environment.stabilisation?.verify ?? [])
      + (environment.database.map { [$0.compatible] } ?? [])
  }

  private func usage(_ path: String) -> [String] {
    var lines = ["\(path) preflight"]
    lines += environment.preconditions.map { "\(path) check \($0.name)" }
    if !told.isEmpty { lines.append("\(path) notify \(told.map(\.rawValue).joined(separator: "|"))") }
    if environment.spec.migration != nil { lines.append("\(path) migrate") }
    lines += ["\(path) deploy", "\(path) verify-candidate"]
    lines += environment.steps.enumerated().map { "\(path) step \($0 + 1)    # \($1.weight) % for \($1.hold)" }
    if let part = environment.stabilisation { lines.append("\(path) stabilise    # 100 % for \(part.step.hold)") }
    lines.append("\(path) finish")
    lines += environment.verify.map { "\(path) verify \($0.name)" }
    lines += environment.report.map { "\(path) report \($0.name)" }
    lines += ["\(path) complete", "\(path) record success|failure|cancelled"]
    if duties != nil { lines.append("\(path) duties success|failure|cancelled") }
    lines.append("\(path) all")
    if environment.canBeHeld {
      lines += [
        "\(path) hold      # the release that is under way stays at its weight, watched, until resume",
        "\(path) resume    # it goes on",
      ]
    }
    if environment.spec.rollback != nil { lines.append("\(path) abort [OPTION…]    # rollback.sh, with its options") }
    return lines
  }

  private var constants: [ShellConstant] {
    var constants = watched.constants
    constants.append(ShellConstant("HOLD_LIMIT", rollout.holdLimit.seconds))
    if canRest { constants.append(ShellConstant("REST_LIMIT", rollout.restLimit.seconds)) }
    return constants
  }

  // MARK: Phases

  private var phases: [ShellFunction] {
    var phases = [preflight]
    if !environment.preconditions.isEmpty { phases.append(check) }
    if !told.isEmpty { phases.append(notify(told)) }
    if let migration = environment.spec.migration { phases.append(migrate(migration)) }
    phases += [deploy, locateCandidate, verifyCandidate]
    if canRest { phases += [takeOverRest, failStep, rest] }
    phases.append(beginRelease)
    phases += environment.steps.indices.map(step)
    if let part = environment.stabilisation { phases.append(stabilise(part)) }
    phases.append(finish)
    if !environment.verify.isEmpty { phases.append(verify) }
    if !environment.report.isEmpty { phases.append(report) }
    if environment.canBeHeld { phases += [holdRelease, resumeRelease] }
    phases += [complete, recordFunction] + (duties.map { [$0] } ?? []) + [all]
    return phases
  }

  private var sequence: [Bash] {
    var calls: [Bash] = ["preflight"]
    calls += environment.preconditions.map { "check \($0.name)" }
    if told.contains(.started) { calls.append("notify started") }
    if environment.spec.migration != nil { calls.append("migrate") }
    calls += ["deploy", "verify-candidate"]
    calls += environment.steps.indices.map { "step \($0 + 1)" }
    if environment.stabilisation != nil { calls.append("stabilise") }
    calls.append("finish")
    calls += environment.verify.map { "verify \($0.name)" }
    calls += environment.report.map { "report \($0.name)" }
    calls.append("complete")
    if told.contains(.succeeded) { calls.append("notify succeeded") }
    calls.append("record success")
    if duties != nil { calls.append("duties success") }
    return calls
  }

  private var all: ShellFunction {
    ShellFunction(
      "all",
      "Every phase in order, each in a process of its own as in the workflow; takes the release back when one fails.",
      needs: ["say", "complain"],
      body: """
        local phase script="ops/${SERVICE}/${ENVIRONMENT}/rollout.sh"
        local -a words
        export LIFTLOCK_RUN=${RUN}
        trap 'complain "stopped by hand"; "ops/${SERVICE}/${ENVIRONMENT}/rollback.sh" --yes --if-needed; exit 1' INT TERM
        for phase in \(words: sequence.map(\.source)); do
          read -r -a words <<<"${phase}"
          say "== ${phase}"
          if ! "${script}" ${words[@]+"${words[@]}"}; then
            "ops/${SERVICE}/${ENVIRONMENT}/rollback.sh" --yes --if-needed || complain "the rollback needs a person, now"
            \(told.contains(.failed) ? "\"${script}\" notify failed || true" : .empty as Bash)
            "${script}" record failure || true
            \(duties == nil ? .empty : "\"${script}\" duties failure || true" as Bash)
            exit 1
          fi
        done
        """)
  }

  private var main: Bash {
    var arms: [Bash] = ["preflight) preflight ;;"]
    if !environment.preconditions.isEmpty { arms.append("check) check \"${2:-}\" ;;") }
    if !told.isEmpty { arms.append("notify) notify \"${2:-}\" ;;") }
    if environment.spec.migration != nil { arms.append("migrate) migrate ;;") }
    arms += ["deploy) deploy ;;", "verify-candidate) verify_candidate ;;"]
    arms.append(
      """
      step)
        case ${2:-} in
          \(Bash.lines(environment.steps.indices.map { "\($0 + 1)) step_\($0 + 1) ;;" }))
          *)
            usage >&2
            exit 2
            ;;
        esac
        ;;
      """)
    if environment.stabilisation != nil { arms.append("stabilise) stabilise ;;") }
    if !environment.report.isEmpty { arms.append("report) report \"${2:-}\" ;;") }
    if !environment.verify.isEmpty { arms.append("verify) verify \"${2:-}\" ;;") }
    arms += [
      "finish) finish ;;", "complete) complete ;;", "record) record \"${2:-}\" ;;", "all) all ;;",
    ]
    if duties != nil { arms.append("duties) duties \"${2:-}\" ;;") }
    if environment.canBeHeld { arms += ["hold) hold_release ;;", "resume) resume_release ;;"] }
    if environment.spec.rollback != nil {
      arms.append(
        """
        abort)
          shift
          exec "ops/${SERVICE}/${ENVIRONMENT}/rollback.sh" "$@"
          ;;
        """)
    }
    return """
      case ${1:-} in
        -h | --help)
          usage
          exit 0
          ;;
        '')
          usage >&2
          exit 2
          ;;
      esac
      set_up
      log_in
      ARTIFACT=${ARTIFACT:-}
      case $1 in
        \(Bash.lines(arms))
        *)
          usage >&2
          exit 2
          ;;
      esac
      """
  }
}
