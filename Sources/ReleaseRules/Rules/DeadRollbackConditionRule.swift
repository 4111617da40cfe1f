import Diagnostics
import ReleaseModel

enum DeadRollbackConditionRule: Rule {
  static let name = "dead-rollback-condition"
  static let severity = Severity.error
  static let summary =
    "Every condition that takes a version back or fails a step can be met, and none is met all the time."
  static let rationale = """
    A condition such as `error-rate > 100%` reads like a safety net and never triggers: an error rate of 100 % is a \
    total outage, and still not above it. One that always holds takes back every release as soon as it is judged. Both \
    are slips of a sign or a unit that no test run notices, because a good version behaves the same with and without \
    them.
    """
  static let failingExample = ExampleSpec.with(
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m, error-rate > «100%» over 1m]"))
  static let passingExample = ExampleSpec.with(
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m, error-rate > 50% over 1m]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    // An alias repeats the same words in several steps, and a hotfix takes the usual ones.
    var seen: Set<Span> = []
    for environment in context.plan.environments {
      for planned in environment.rollbackWhen {
        judge(planned, .rollback, context, in: environment.name, report: report)
      }
      for planned in environment.heldSteps.flatMap(\.failWhen) where seen.insert(planned.condition.span).inserted {
        judge(planned, .step, context, in: environment.name, report: report)
      }
    }
  }

  /// What a condition does when it is met.
  private enum Effect {
    case rollback
    case step
  }

  private static func judge(
    _ planned: PlannedCondition, _ effect: Effect, _ context: RuleContext, in environment: String,
    report: (Diagnostic) -> Void
  ) {
    if case .manual = planned.subject, effect == .step { report(neverAsked(planned.condition)) }
    guard case .metric(let metric, let statement, _) = planned.subject else { return }
    let declaration = context.declaration(of: metric)
    switch ConditionRange(planned) {
    case .never: report(neverMet(statement, metric, effect, declaration, in: environment))
    case .always: report(alwaysMet(statement, metric, effect, declaration, in: environment))
    case .either, nil: break
    }
  }
}

extension DeadRollbackConditionRule {
  private static func neverAsked(_ condition: Condition) -> Diagnostic {
    problem(
      "this condition can never fail a step", at: condition.span, label: "nobody is asked here",
      notes: ["a machine judges every check of a step, and does not wait for anybody"],
      help: [
        "put it under `rollback: { when: […] }`, where it stands in the form with which people take a version back"
      ])
  }

  private static func neverMet(
    _ statement: MetricCondition, _ metric: NamedMetric, _ effect: Effect, _ declaration: [Diagnostic.Related],
    in environment: String
  ) -> Diagnostic {
    problem(
      effect == .step ? "this condition can never fail a step" : "this condition can never take a version back",
      at: statement.threshold.span,
      label: "`\(metric.name)` is \(metric.metric.unit.rangeText), so this never holds", related: declaration,
      notes: ["\(environment) would be watched for something that cannot happen, however bad the version is"],
      help: ["write the value from which on the version before is the better one"])
  }

  private static func alwaysMet(
    _ statement: MetricCondition, _ metric: NamedMetric, _ effect: Effect, _ declaration: [Diagnostic.Related],
    in environment: String
  ) -> Diagnostic {
    problem(
      effect == .step ? "this condition fails the step for every version" : "this condition takes back every version",
      at: statement.threshold.span,
      label: "`\(metric.name)` is \(metric.metric.unit.rangeText), so this always holds", related: declaration,
      notes: ["no release could ever stay in \(environment)"],
      help: ["write the value from which on the version before is the better one, and look at the sign before it"])
  }
}
