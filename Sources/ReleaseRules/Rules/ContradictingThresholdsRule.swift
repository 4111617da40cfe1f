import Diagnostics
import ReleaseModel

enum ContradictingThresholdsRule: Rule {
  static let name = "contradicting-thresholds"
  static let severity = Severity.error
  static let summary = "No requirement lets pass what the rollback would have taken back by then."
  static let rationale = """
    When a step is passed with an error rate under 10 % and the rollback acts above 5 %, the two disagree about what a \
    good version is. The stricter one wins without anybody having decided it: the requirement never has a say, and \
    whoever reads the step is told that 8 % is fine. In an incident that is the sentence that people argue about.
    """
  static let failingExample = ExampleSpec.with(
    (
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }",
      "- { to: 10%, hold: 15m, require: [error-rate < «10%» over 5m] }"
    ), ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m]"))
  static let passingExample = ExampleSpec.with(
    (
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }",
      "- { to: 10%, hold: 15m, require: [error-rate < 2% over 5m] }"
    ), ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var reported: Set<Span> = []
    for environment in context.plan.environments {
      let limits = bounds(environment.rollbackWhen, checkEvery: environment.spec.rollout.checkEvery)
      guard !limits.isEmpty else { continue }
      // Each list is an AND: what one of its bounds lets pass, a tighter one may still stop.
      let lists =
        environment.steps.map(\.require) + [environment.recovered]
        + context.spec.checks.names.compactMap { environment.checkConditions[$0] }
      for list in lists {
        for requirement in tightest(bounds(list, checkEvery: .zero)) {
          guard let limit = limits.first(where: { $0.rejects(requirement) }) else { continue }
          // An alias repeats the same words in several steps.
          guard reported.insert(requirement.statement.threshold.span).inserted else { continue }
          report(contradiction(requirement, limit, in: environment.name))
        }
      }
    }
  }

  /// A condition on a metric with a fixed bound in the metric's unit.
  private struct Bound {
    let metric: NamedMetric
    let statement: MetricCondition
    let condition: Condition
    let value: Double
    let window: TimeSpan

    /// Whether this rollback condition is met by a value that the requirement lets pass, and sees it as soon.
    func rejects(_ requirement: Bound) -> Bool {
      guard metric.name == requirement.metric.name, window <= requirement.window else { return false }
      let (mine, theirs) = (statement.comparison, requirement.statement.comparison)
      guard mine.isUpward != theirs.isUpward else { return false }
      if value == requirement.value { return mine.holds(value, value) && theirs.holds(value, value) }
      return mine.isUpward ? value < requirement.value : value > requirement.value
    }
  }

  /// The fixed bounds of some conditions. How long one must hold makes its window longer. One that is always or never
  /// met has been reported as such.
  private static func bounds(_ conditions: [PlannedCondition], checkEvery: TimeSpan) -> [Bound] {
    conditions.compactMap { planned in
      guard case .metric(let metric, let statement, .fixed(let value)) = planned.subject,
        ConditionRange(planned) == .either
      else { return nil }
      let sustained = planned.condition.sustained?.length(checkedEvery: checkEvery) ?? .zero
      return Bound(
        metric: metric, statement: statement, condition: planned.condition, value: value,
        window: max(planned.window, sustained))
    }
  }

  /// Of several bounds on one side of one metric, the one that decides.
  private static func tightest(_ bounds: [Bound]) -> [Bound] {
    struct Side: Hashable {
      let metric: String
      let isUpward: Bool
    }
    var best: [Side: Int] = [:]
    for (index, bound) in bounds.enumerated() {
      let side = Side(metric: bound.metric.name, isUpward: bound.statement.comparison.isUpward)
      guard let other = best[side] else {
        best[side] = index
        continue
      }
      if side.isUpward ? bound.value > bounds[other].value : bound.value < bounds[other].value { best[side] = index }
    }
    return best.values.sorted().map { bounds[$0] }
  }
}

extension ContradictingThresholdsRule {
  private static func contradiction(_ requirement: Bound, _ limit: Bound, in environment: String) -> Diagnostic {
    let isUpward = limit.statement.comparison.isUpward
    let value = spelled(limit.value, in: limit.metric.metric.unit)
    return problem(
      "this lets pass what takes a version back in \(environment)", at: requirement.statement.threshold.span,
      label: "`\(requirement.condition.text)` also holds for values \(isUpward ? "above" : "below") \(value)",
      related: [
        .init(span: limit.statement.threshold.span, label: "the rollback acts on `\(limit.condition.text)`")
      ],
      notes: [
        "the rollback looks at the same metric over no longer a time, so it acts first and this is never decisive"
      ],
      help: [
        "ask for \(isUpward ? "less" : "more") than \(value) here, or let the rollback act "
          + "\(isUpward ? "above" : "below") \(spelled(requirement.value, in: requirement.metric.metric.unit)) only"
      ])
  }
}
