import Diagnostics
import ReleaseModel

enum UnknownPlaceholderRule: Rule {
  static let name = "unknown-placeholder"
  static let severity = Severity.error
  static let summary = "Every `$name` in a query is one that a run fills in."
  static let rationale = """
    `track="$trak"` is a fine matcher: it asks for series whose label says `$trak`, and there are none. No bad requests out of \
    all of them are an error rate of 0 %, so every gate passes and no rollback ever acts, and nothing in any log looks \
    wrong.
    """
  private static let bad =
    "ratio: { bad: 'requests_total{code=~\"5..\",track=\"$track\"}', total: 'requests_total{track=\"$track\"}' }"
  static let failingExample = ExampleSpec.with(
    (
      bad,
      "ratio: «{ bad: 'requests_total{code=~\"5..\",track=\"$trak\"}', total: 'requests_total{track=\"$track\"}' }»"
    ))
  static let passingExample = ExampleSpec.with(
    (
      bad,
      "ratio: { bad: 'requests_total{code=~\"5..\",version=\"$version\"}', total: 'requests_total{version=\"$version\"}' }"
    ))

  private static let known = ["track", "version", "window"]

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (_, metric) in context.spec.metrics.readable {
      let sources = context.spec.sources.readable
      let source =
        metric.source.flatMap { context.spec.sources[$0.value] } ?? (sources.count == 1 ? sources[0].value : nil)
      for word in metric.reading.value.queries.flatMap(unknown) {
        let closest = Spelling.closest(to: word, among: known)
        // Other languages have names of their own with a `$`; PromQL has none.
        if closest == nil, !isPrometheus(source) { continue }
        report(
          problem(
            "`$\(word)` is nothing that a run fills in", at: metric.reading.span, label: "asked for as it stands",
            notes: ["no series has such a label, and no bad ones out of all are an error rate of zero"],
            help: [
              closest.map { "did you mean `$\($0)`?" } ?? "write `$track`, `$version` or `$window`, or the value itself"
            ]))
      }
    }
  }

  private static func isPrometheus(_ source: MetricSource?) -> Bool {
    if case .prometheus? = source?.kind { return true }
    return false
  }

  /// The names behind a `$` that were left as text.
  private static func unknown(_ query: Word) -> [String] {
    query.parts.flatMap { part -> [String] in
      guard case .literal(let text) = part else { return [] }
      return text.split(separator: "$", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        return name.first?.isLetter == true ? String(name) : nil
      }
    }
  }
}
