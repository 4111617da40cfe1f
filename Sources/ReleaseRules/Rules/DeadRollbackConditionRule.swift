import Diagnostics
import ReleaseModel

enum DeadRollbackConditionRule: Rule {
  static let name = "dead-rollback-condition"
  static let severity = Severity.error
  static let summary = "Every rollback condition can be met, and none is met all the time."
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
    for environment in context.plan.environments {
      for planned in environment.rollbackWhen {
        guard case .metric(let metric, let statement, _) = planned.subject else { continue }
        let declaration = context.declaration(of: metric)
        switch ConditionRange(planned) {
        case .never: report(neverMet(statement, metric, declaration, in: environment.name))
        case .always: report(alwaysMet(statement, metric, declaration, in: environment.name))
        case .either, nil: break
        }
      }
    }
  }
}

extension DeadRollbackConditionRule {
  private static func neverMet(
    _ statement: MetricCondition, _ metric: NamedMetric, _ declaration: [Diagnostic.Related], in environment: String
  ) -> Diagnostic {
    problem(
      "this condition can never take a version back", at: statement.threshold.span,
      label: "`\(metric.name)` is \(metric.metric.unit.rangeText), so this never holds", related: declaration,
      notes: ["\(environment) would be watched for something that cannot happen, however bad the version is"],
      help: ["write the value from which on the version before is the better one"])
  }

  private static func alwaysMet(
    _ statement: MetricCondition, _ metric: NamedMetric, _ declaration: [Diagnostic.Related], in environment: String
  ) -> Diagnostic {
    problem(
      "this condition takes back every version", at: statement.threshold.span,
      label: "`\(metric.name)` is \(metric.metric.unit.rangeText), so this always holds", related: declaration,
      notes: ["no release could ever stay in \(environment)"],
      help: ["write the value from which on the version before is the better one, and look at the sign before it"])
  }
}
