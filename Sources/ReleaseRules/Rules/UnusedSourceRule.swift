import Diagnostics
import ReleaseModel

enum UnusedSourceRule: Rule {
  static let name = "unused-source"
  static let severity = Severity.warning
  static let summary = "Every declared source gives a metric."
  static let rationale = """
    A source that no metric comes from is what remains after a move to another monitoring system, or a metric that \
    reads from the wrong one. The second kind is dangerous: both systems answer, the old one with numbers that have \
    not changed since the move, and every release looks as quiet as the day that it was switched off.
    """
  static let failingExample = ExampleSpec.with(
    ("error-rate:", "error-rate:\n  source: prometheus"),
    ("sources:", "sources:\n  «gauges»: { command: { run: ops/gauges.sh }, resolution: 30s }"))
  static let passingExample = ExampleSpec.with(
    (
      "error-rate:",
      "queue:\n  { source: gauges, unit: count, better: lower, query: queue }\nerror-rate:\n  source: prometheus"
    ),
    ("sources:", "sources:\n  gauges: { command: { run: ops/gauges.sh }, resolution: 30s }"),
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m, queue > 100 over 5m]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let sources = context.spec.sources
    let metrics = context.spec.metrics.readable
    if context.isBroken("metrics") || context.spec.metrics.entries.contains(where: { $0.value == nil }) { return }
    // Of several sources, a metric that names none is reported already, and may have meant this one.
    if !metrics.isEmpty, metrics.contains(where: { $0.value.source == nil }) { return }
    let named = metrics.compactMap(\.value.source)
    for name in context.unused(sources.entries.map(\.name), named: named) { report(unused(name)) }
  }
}

extension UnusedSourceRule {
  private static func unused(_ name: Located<String>) -> Diagnostic {
    problem(
      "no metric comes from `\(name.value)`", at: name.span, label: "declared and never asked",
      notes: ["its secrets are asked for and rotated all the same"],
      help: ["write `source: \(name.value)` at the metrics that it has, or take it out"])
  }
}
