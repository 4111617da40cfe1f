import Diagnostics
import ReleaseModel

enum WindowBeyondRetentionRule: Rule {
  static let name = "window-beyond-retention"
  static let severity = Severity.warning
  static let summary = "No window looks further back than samples are kept."
  static let rationale = """
    A query over 60 days on a server that keeps 15 is no error: the answer is made of the 15 days that are there. "No drill in \
    60 days" is then told of a service whose last drill was three weeks ago, or an increase that needs two months to show \
    is never seen. Prometheus keeps 15 days unless it is told otherwise.
    """
  private static let alerts = "alerts:\n  Errors: { severity: warning, when: error-rate > 1% over "
  static let failingExample = ExampleSpec.with(("promotion:", alerts + "«60d» }\npromotion:"))
  static let passingExample = ExampleSpec.with(
    (
      "prometheus: { prometheus: { url: PROMETHEUS_URL }, resolution: 15s }",
      "prometheus: { prometheus: { url: PROMETHEUS_URL }, resolution: 15s, retention: 90d }"
    ), ("promotion:", alerts + "60d }\npromotion:"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var reported: Set<Span> = []
    func judge(_ metric: NamedMetric, _ statement: MetricCondition) {
      guard let over = statement.over, let retention = metric.source.retention, over.value > retention,
        reported.insert(over.span).inserted
      else { return }
      report(
        problem(
          "this looks back over \(over.value), and samples are kept for \(retention)", at: over.span,
          label: "the answer is about \(retention) only",
          related: [.init(span: metric.source.span, label: "where they are kept")],
          notes: ["what is no longer there is left out without a word, so the value means something else"],
          help: [
            "write `over \(retention)` or less, or `retention: \(over.value)` at the source if it keeps them for so long"
          ]))
    }
    for environment in context.plan.environments {
      let ofChecks = environment.checkConditions.keys.sorted().flatMap { environment.checkConditions[$0] ?? [] }
      for planned in environment.rollbackWhen + environment.stepConditions + environment.recovered + ofChecks {
        if case .metric(let metric, let statement, _) = planned.subject { judge(metric, statement) }
      }
    }
    for alert in context.plan.alerts { judge(alert.metric, alert.statement) }
  }
}
