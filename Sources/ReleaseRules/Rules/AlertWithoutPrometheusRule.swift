import Diagnostics
import ReleaseModel

enum AlertWithoutPrometheusRule: Rule {
  static let name = "alert-without-prometheus"
  static let severity = Severity.error
  static let summary = "Every alert and every objective is about a metric that Prometheus has."
  static let rationale = """
    Alerts become rules of Prometheus, which can only ask itself. An alert on a metric that is kept elsewhere would be a \
    line in a file and a call that never comes. Nobody notices an alert that is missing until the night it is missed.
    """
  static let failingExample = example(source: "logs")
  static let passingExample = example(source: "prometheus")

  private static func example(source: String) -> RuleExample {
    let metric = source == "logs" ? "«queue-lag»" : "queue-lag"
    return ExampleSpec.with(
      ("metrics:", source == "logs" ? "  logs: { command: { run: ops/metric.sh } }\nmetrics:" : "metrics:"),
      ("better: lower", "better: lower\nsource: prometheus"),
      ("checks:", "  queue-lag: { unit: s, better: lower, source: \(source), query: queue_lag_seconds }\nchecks:"),
      ("promotion:", "alerts:\n  QueueLag: { severity: warning, when: \(metric) > 60s for 15m }\npromotion:"))
  }

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let spec = context.spec
    let alerts = spec.alerts.readable.compactMap { $0.value.condition.metric?.metric }
    for name in alerts + spec.slos.readable.map(\.value.metric) {
      guard let metric = spec.metrics[name.value] else { continue }
      // Without a name the only source is meant; none or several have been reported.
      let only = spec.sources.entries.count == 1 ? spec.sources.readable.first?.value : nil
      guard let source = metric.source.map({ spec.sources[$0.value] }) ?? only else { continue }
      if case .prometheus = source.kind { continue }
      report(elsewhere(name, metric, source))
    }
  }
}

extension AlertWithoutPrometheusRule {
  private static func elsewhere(_ name: Located<String>, _ metric: Metric, _ source: MetricSource) -> Diagnostic {
    problem(
      "`\(name.value)` is nothing that Prometheus has, so it can call nobody for it", at: name.span,
      label: "measured elsewhere", related: [.init(span: metric.source?.span ?? source.span, label: "here")],
      notes: ["alerts become rules of Prometheus, which asks itself only"],
      help: [
        "name a metric whose source is `prometheus`, or set up this alert where the metric is kept and take it out here"
      ])
  }
}
