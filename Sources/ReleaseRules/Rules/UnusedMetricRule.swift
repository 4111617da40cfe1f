import Diagnostics
import ReleaseModel

enum UnusedMetricRule: Rule {
  static let name = "unused-metric"
  static let severity = Severity.warning
  static let summary = "Every declared metric is judged somewhere."
  static let rationale = """
    A metric is declared because somebody wants to know when it goes wrong. Where no condition, objective or alert \
    names it, nobody will: the rollout goes on while the queue that it was written for fills up. Often the condition \
    was there once and went away with a step or a check.
    """
  static let failingExample = ExampleSpec.with(
    ("metrics:", "metrics:\n  «queue-lag»: { unit: s, better: lower, query: max(queue_lag_seconds) }"))
  static let passingExample = ExampleSpec.with(
    ("metrics:", "metrics:\n  queue-lag: { unit: s, better: lower, query: max(queue_lag_seconds) }"),
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m, queue-lag > 60s over 5m]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let metrics = context.spec.metrics
    for name in context.unused(metrics.entries.map(\.name), named: context.spec.namedMetrics) {
      guard let metric = metrics[name.value] else { continue }
      report(unused(name, metric))
    }
  }
}

extension UnusedMetricRule {
  private static func unused(_ name: Located<String>, _ metric: Metric) -> Diagnostic {
    let sign = metric.better == .lower ? ">" : "<"
    return problem(
      "nothing judges `\(name.value)`", at: name.span, label: "declared and never looked at",
      notes: ["no release is stopped and nobody is called when it goes wrong"],
      help: [
        "write what is too much of it where it matters, such as `\(name.value) \(sign) …` under `rollback: { when: […] }`",
        "or take it out",
      ])
  }
}
