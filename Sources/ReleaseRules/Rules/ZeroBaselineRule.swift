import Diagnostics
import ReleaseModel

enum ZeroBaselineRule: Rule {
  static let name = "zero-baseline"
  static let severity = Severity.error
  static let summary = "Every comparison with the baseline has an answer when the baseline is zero."
  static let rationale = """
    A healthy version has no errors at all for minutes, and nothing is twice as much as nothing. Without an answer for \
    that case the comparison is unknown, and unknown for long enough takes the release back: the better the version \
    before, the fewer releases get through. `floor 0.1%` says from where on a difference counts.
    """
  static let failingExample = ExampleSpec.with(
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > «2x baseline» over 5m]"))
  static let passingExample = ExampleSpec.with(
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 2x baseline floor 0.1% over 5m]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var reported: Set<Span> = []
    for environment in context.plan.environments {
      // Where both versions are measured as one, no share can be told from the rest, and a rollback has no baseline at all.
      // Both are `driver-capability`'s to say.
      let isApart = environment.spec.target.capabilities.separateTracks
      if !isApart, environment.steps.contains(where: { $0.weight < 100 }) { continue }
      let ofRollback = isApart ? [] : Set(environment.rollbackVerify.map(\.name))
      let ofChecks = context.spec.checks.ordered(Set(environment.checkConditions.keys))
        .filter { !ofRollback.contains($0) }.flatMap { environment.checkConditions[$0] ?? [] }
      let recovered = isApart ? environment.recovered : []
      for planned in environment.rollbackWhen + environment.stepConditions + recovered + ofChecks {
        // With an amount on top (`baseline + 10pp`) zero is a number like any other.
        guard case .metric(let metric, let statement, .baseline(_, let offset, let floor)) = planned.subject,
          floor == 0, offset == 0, statement.baselineFloor == nil,
          reported.insert(statement.threshold.span).inserted
        else { continue }
        report(noFloor(statement, metric))
      }
    }
  }
}

extension ZeroBaselineRule {
  private static func noFloor(_ statement: MetricCondition, _ metric: NamedMetric) -> Diagnostic {
    problem(
      "nothing says what this means when the baseline is zero", at: statement.threshold.span,
      label: "unknown while `\(metric.name)` of the version before is 0",
      notes: [
        "unknown for longer than `no-data-limit` takes the release back, so a perfect baseline would stop every one"
      ],
      help: ["say from where on a difference counts, such as `2x baseline floor \(metric.metric.unit.example)`"])
  }
}
