import ReleaseModel
import TextLayout

/// What is judged at every tick of a hold: the rollback conditions, and those that only fail a step.
struct WatchedConditions {
  let environment: EnvironmentPlan
  /// Whether the conditions of single steps are among them; a rollback in stages knows no steps.
  let ofSteps: Bool

  /// With the number of the step that they belong to, from 1 on; 0 is every step. A machine cannot judge the manual ones.
  private var entries: [(condition: PlannedCondition, step: Int)] {
    let everywhere = environment.rollbackWhen.map { ($0, 0) }
    let single = environment.steps.enumerated().flatMap { index, step in step.failWhen.map { ($0, index + 1) } }
    return (everywhere + (ofSteps ? single : [])).filter { !$0.0.condition.isManual }
  }

  var conditions: [PlannedCondition] { entries.map(\.condition) }

  var checks: [NamedCheck] {
    conditions.compactMap { if case .check(let check) = $0.subject { check } else { nil } }
  }

  var functions: [ShellFunction] { ConditionFunctions.functions("when", conditions) }
  var functionNames: [String] { conditions.indices.map { "when_\($0)" } }

  /// A probe asks the release itself, and its answer has a limit of seconds: it is asked first, and at every tick.
  private func kind(_ condition: PlannedCondition) -> String {
    switch condition.subject {
    case .check(let check): if case .probe = check.check.kind { "probe" } else { "check" }
    case .metric: "metric"
    case .manual: "check"
    }
  }

  var constants: [ShellConstant] {
    let rollout = environment.spec.rollout
    let sustained = conditions.map(\.condition.sustained)
    let patience =
      sustained.map { value -> Int in
        switch value {
        case .time(let span)?: span.seconds
        case .checks(let count)?: count * rollout.checkEvery.seconds
        case nil: 0
        }
      }.max() ?? 0
    return [
      ShellConstant("CHECK_EVERY", rollout.checkEvery.seconds),
      // One source without an answer leaves the rest of a tick to the others, so that the probes keep their pace.
      ShellConstant("WATCH_LIMIT", min(30, max(3, rollout.checkEvery.seconds - 2))),
      ShellConstant("NO_DATA_LIMIT", rollout.noDataLimit.seconds),
      ShellConstant("PATIENCE", patience + rollout.noDataLimit.seconds + 2 * rollout.checkEvery.seconds),
      ShellConstant("WHEN_TEXT", .list(conditions.map(\.condition.text))),
      ShellConstant("WHEN_STEP", .numbers(entries.map(\.step))),
      ShellConstant("WHEN_KIND", .list(conditions.map(kind))),
      ShellConstant(
        "WHEN_SECONDS", .numbers(sustained.map { if case .time(let span)? = $0 { span.seconds } else { 0 } })),
      ShellConstant("WHEN_COUNT", .numbers(sustained.map { if case .checks(let count)? = $0 { count } else { 1 } })),
    ]
  }
}
