import Diagnostics
import ReleaseModel

enum InvertedComparisonRule: Rule {
  static let name = "inverted-comparison"
  static let severity = Severity.warning
  static let summary =
    "What is asked for is on the good side of its threshold, and what is acted on is on the bad side."
  static let rationale = """
    `better: lower` says which way is good, so a rollback on `error-rate < 0.8x baseline` takes back a version because it \
    has fewer errors, and lets one go on that has more. Nothing in such a line looks wrong, and it works: the night's \
    release was taken back within a minute, and so was its fix. Where both ends of a range are asked for, each has its \
    own comparison and nothing is reported.
    """
  static let failingExample = ExampleSpec.with(
    (
      "when: [error-rate > 3% over 5m]",
      "when: [error-rate > 3% over 5m, «error-rate < 0.8x baseline floor 0.1% over 5m»]"
    ))
  static let passingExample = ExampleSpec.with(
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m, error-rate > 2x baseline floor 0.1% over 5m]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    // Where another line proves that the sign is wrong, that has been said, with the other line.
    var reported: Set<Span> = []
    ContradictingThresholdsRule.check(context) { reported.insert($0.span) }
    func judge(_ list: [PlannedCondition], _ role: Role) {
      for planned in list {
        guard case .metric(let metric, let statement, _) = planned.subject, ConditionRange(planned) == .either,
          isTurned(metric, statement.comparison, role), !reported.contains(statement.threshold.span),
          !list.contains(where: { isOtherEnd($0, of: metric, role) }), reported.insert(planned.condition.span).inserted
        else { continue }
        report(turned(planned.condition, metric, statement.comparison, role, context.declaration(of: metric)))
      }
    }
    for environment in context.plan.environments {
      judge(environment.rollbackWhen, .rollback)
      for step in environment.heldSteps {
        judge(step.failWhen, .step)
        judge(step.require, .requirement)
      }
      judge(environment.recovered, .requirement)
      // Not those of a comparison: they lie around its target, on both sides.
      for list in context.requirements(in: environment) { judge(list, .requirement) }
    }
    for alert in context.plan.alerts {
      guard ConditionRange(alert) == .either, isTurned(alert.metric, alert.statement.comparison, .alert),
        !reported.contains(alert.statement.threshold.span)
      else { continue }
      report(
        turned(
          alert.alert.condition, alert.metric, alert.statement.comparison, .alert,
          context.declaration(of: alert.metric)))
    }
  }

  /// What a condition is for.
  private enum Role {
    case requirement
    case rollback
    case step
    case alert
  }

  /// Whether it asks for bad values, or acts on good ones.
  private static func isTurned(_ metric: NamedMetric, _ comparison: Comparison, _ role: Role) -> Bool {
    let isOnTheGoodSide = comparison.isUpward == (metric.metric.better == .higher)
    return isOnTheGoodSide != (role == .requirement)
  }

  /// Whether another condition is the right end of a range that this list is about.
  private static func isOtherEnd(_ other: PlannedCondition, of metric: NamedMetric, _ role: Role) -> Bool {
    guard role == .requirement, case .metric(let named, let statement, _) = other.subject, named.name == metric.name
    else { return false }
    return !isTurned(named, statement.comparison, role)
  }
}

extension InvertedComparisonRule {
  private static func turned(
    _ condition: Condition, _ metric: NamedMetric, _ comparison: Comparison, _ role: Role,
    _ declaration: [Diagnostic.Related]
  ) -> Diagnostic {
    let better = metric.metric.better == .lower ? "lower" : "higher"
    let right = comparison.isUpward ? "<" : ">"
    let message =
      switch role {
      case .requirement: "this asks for a bad value of `\(metric.name)`"
      case .rollback: "this takes back a version whose `\(metric.name)` is good"
      case .step: "this fails the step for a version whose `\(metric.name)` is good"
      case .alert: "this alert fires for a good value of `\(metric.name)`"
      }
    return problem(
      message, at: condition.span, label: "`\(metric.name)` is better when it is \(better)", related: declaration,
      notes: [
        role == .requirement
          ? "a version that gets better would be stopped here, and one that gets worse would pass"
          : "a version that gets worse would not be noticed here"
      ],
      help: [
        "write `\(metric.name) \(right)` and the \(role == .requirement ? "worst value that is still good" : "value from which on it is bad")",
        "or, if \(comparison.isUpward ? "more" : "less") of it is what you want, turn `better` round",
      ])
  }
}
