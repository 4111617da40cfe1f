import Diagnostics
import ReleaseModel

enum UncountedEventsRule: Rule {
  static let name = "uncounted-events"
  static let severity = Severity.error
  static let summary = "A number of events is only asked for where events are counted."
  static let rationale = """
    `with >= 200 events` makes the answer unknown below 200 events. Only a `ratio` counts its events; one query gives one \
    number. On such a metric the condition would be unknown for ever, which takes back every release for want of data.
    """
  static let failingExample = ExampleSpec.with(
    (
      "ratio: { bad: 'requests_total{code=~\"5..\",track=\"$track\"}', total: 'requests_total{track=\"$track\"}' }",
      "query: 'error_percent{track=\"$track\"}'"
    ),
    ("when: [error-rate > 3% over 5m]", "when: [«error-rate > 3% over 5m with >= 200 events»]"))
  static let passingExample = ExampleSpec.with(
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m with >= 200 events]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var seen: Set<Span> = []
    for environment in context.plan.environments {
      let ofChecks = environment.checkConditions.keys.sorted().flatMap { environment.checkConditions[$0] ?? [] }
      for planned in environment.rollbackWhen + environment.stepConditions + environment.recovered + ofChecks {
        guard case .metric(let metric, let statement, _) = planned.subject, statement.minimumEvents != nil,
          case .query = metric.metric.reading.value, seen.insert(planned.condition.span).inserted
        else { continue }
        report(uncounted(planned.condition, metric, context))
      }
    }
  }
}

extension UncountedEventsRule {
  private static func uncounted(
    _ condition: Condition, _ metric: NamedMetric, _ context: RuleContext
  ) -> Diagnostic {
    problem(
      "nobody counts the events of `\(metric.name)`", at: condition.span, label: "so this would always be unknown",
      related: [Diagnostic.Related(span: metric.metric.reading.span, label: "one query gives one number")],
      notes: ["unknown for longer than `no-data-limit` takes the release back"],
      help: ["measure it as a `ratio`, whose total is the number of events, or leave out `with >= … events`"])
  }
}
