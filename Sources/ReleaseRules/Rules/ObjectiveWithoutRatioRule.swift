import Diagnostics
import ReleaseModel

enum ObjectiveWithoutRatioRule: Rule {
  static let name = "objective-without-ratio"
  static let severity = Severity.error
  static let summary = "Every error budget is counted in events, good ones and bad ones."
  static let rationale = """
    An objective such as 99.9 % leaves a budget of bad events, and the alerts say how fast it is used up over an hour and \
    over three days. A query gives one number, which may be a share already averaged over something; nobody can add such \
    numbers up to a month. A `ratio` has both counts.
    """
  static let failingExample = ExampleSpec.with(
    (
      "ratio: { bad: 'requests_total{code=~\"5..\",track=\"$track\"}', total: 'requests_total{track=\"$track\"}' }",
      "query: 'error_percent{track=\"$track\"}'"
    ),
    ("promotion:", "slos:\n  availability: { objective: 99.9%, metric: «error-rate» }\npromotion:"))
  static let passingExample = ExampleSpec.with(
    ("promotion:", "slos:\n  availability: { objective: 99.9%, metric: error-rate }\npromotion:"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (_, slo) in context.spec.slos.readable {
      guard case .objective = slo.goal, let metric = context.spec.metrics[slo.metric.value],
        case .query = metric.reading.value
      else { continue }
      report(
        problem(
          "nobody counts the events of `\(slo.metric.value)`", at: slo.metric.span, label: "so it has no error budget",
          related: [.init(span: metric.reading.span, label: "one query gives one number")],
          notes: ["a budget is a number of events, and shares cannot be added up"],
          help: ["measure it as a `ratio`, or promise a value with `below` or `above`"]))
    }
  }
}
