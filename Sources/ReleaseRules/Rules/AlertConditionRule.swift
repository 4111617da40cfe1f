import Diagnostics
import ReleaseModel

enum AlertConditionRule: Rule {
  static let name = "alert-condition"
  static let severity = Severity.error
  static let summary =
    "Every alert asks something that has an answer at any time, for the service as a whole, and not always the same."
  static let rationale = """
    A rule of Prometheus is judged day and night, not only while a release is on its way. There is no version before to \
    compare with, no check that is run, no track that takes over, and no person who looks. A condition that needs one of \
    them would never fire, or fire for the wrong reason.
    """
  static let failingExample = example("«2x baseline»")
  static let passingExample = example("3%")

  private static func example(_ threshold: String) -> RuleExample {
    ExampleSpec.with(
      ("promotion:", "alerts:\n  ErrorRate: { severity: critical, when: error-rate > \(threshold) for 5m }\npromotion:")
    )
  }

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let taken = Dictionary(
      context.plan.objectives.flatMap { objective in
        objective.alertNames(of: context.plan.service).map { ($0, objective.name) }
      }
    ) { first, _ in first }
    for (name, alert) in context.spec.alerts.readable {
      if let objective = taken[name.value] { report(sameName(name, objective)) }
      check(alert.condition, context, report: report)
    }
    for alert in context.plan.alerts {
      let declaration = context.declaration(of: alert.metric)
      switch ConditionRange(alert) {
      case .never: report(neverFires(alert, declaration))
      case .always: report(alwaysFires(alert, declaration))
      case .either: break
      }
    }
    for (_, slo) in context.spec.slos.readable {
      if let metric = context.spec.metrics[slo.metric.value] { check(slo.metric, metric, report: report) }
    }
  }

  private static func check(_ condition: Condition, _ context: RuleContext, report: (Diagnostic) -> Void) {
    guard case .metric(let statement) = condition.kind else {
      report(noMetric(condition))
      return
    }
    if statement.threshold.value.usesBaseline { report(baseline(statement)) }
    if case .checks(let count)? = condition.sustained { report(checks(count, condition)) }
    guard let metric = context.spec.metrics[statement.metric.value] else { return }
    check(statement.metric, metric, report: report)
    guard case .query = metric.reading.value else { return }
    if statement.minimumEvents != nil { report(uncounted(condition, metric)) }
    if let over = statement.over, !metric.reading.value.hasWindow { report(noWindow(over, metric)) }
  }

  /// Whether its queries can be asked of all tracks and versions together.
  private static func check(_ name: Located<String>, _ metric: Metric, report: (Diagnostic) -> Void) {
    for query in metric.reading.value.queries {
      guard case .failure(let problem) = ServiceQuery.text(query, window: .minutes(5)) else { continue }
      report(oneTrackOnly(name, problem.placeholder, metric))
      return
    }
  }
}

extension AlertConditionRule {
  private static func noMetric(_ condition: Condition) -> Diagnostic {
    problem(
      condition.isManual ? "nobody is asked before an alert fires" : "checks are run by releases and not by Prometheus",
      at: condition.span, label: "no metric",
      notes: ["a rule of Prometheus compares a metric with a value, and nothing else"],
      help: ["write a condition on a metric, such as `error-rate > 3% for 5m`"])
  }

  private static func neverFires(_ alert: PlannedAlert, _ declaration: [Diagnostic.Related]) -> Diagnostic {
    problem(
      "this alert can never fire", at: alert.statement.threshold.span,
      label: "`\(alert.metric.name)` is \(alert.metric.metric.unit.rangeText), so this never holds",
      related: declaration, notes: ["nobody would be called, however bad it gets"],
      help: ["write the value from which on somebody has to look"])
  }

  private static func alwaysFires(_ alert: PlannedAlert, _ declaration: [Diagnostic.Related]) -> Diagnostic {
    problem(
      "this alert fires all the time", at: alert.statement.threshold.span,
      label: "`\(alert.metric.name)` is \(alert.metric.metric.unit.rangeText), so this always holds",
      related: declaration, notes: ["an alert that never stops is one that nobody hears any more"],
      help: ["write the value from which on somebody has to look, and look at the sign before it"])
  }

  private static func baseline(_ statement: MetricCondition) -> Diagnostic {
    problem(
      "there is no baseline when no release is on its way", at: statement.threshold.span,
      label: "nothing to compare with",
      notes: ["alerts are judged day and night, and most of the time only one version runs"],
      help: ["write a fixed value such as `3%`, or `target` or `slo` where the metric has one"])
  }

  private static func checks(_ count: Int, _ condition: Condition) -> Diagnostic {
    problem(
      "an alert is about time and not about a number of checks", at: condition.span,
      label: "`for \(count) checks` has no length here",
      notes: ["how often rules are judged is a setting of the Prometheus server"],
      help: ["write how long it must hold, such as `for 5m`"])
  }

  private static func uncounted(_ condition: Condition, _ metric: Metric) -> Diagnostic {
    problem(
      "nobody counts the events of this metric", at: condition.span, label: "so `with >= … events` has no answer",
      related: [.init(span: metric.reading.span, label: "one query gives one number")],
      notes: ["such an alert would never fire"],
      help: ["measure it as a `ratio`, whose total is the number of events, or leave out `with >= … events`"])
  }

  private static func noWindow(_ over: Located<TimeSpan>, _ metric: Metric) -> Diagnostic {
    problem(
      "`over \(over.value)` changes nothing: the query looks back over no window", at: over.span,
      label: "nothing reads this", related: [.init(span: metric.reading.span, label: "there is no `$window` in it")],
      notes: ["the alert would look at this moment only"],
      help: ["write `for \(over.value)` if it must hold for so long, or put `$window` into the query"])
  }

  private static func oneTrackOnly(_ name: Located<String>, _ placeholder: String, _ metric: Metric) -> Diagnostic {
    problem(
      "`\(name.value)` can only be asked of one `\(placeholder)`, and an alert watches the whole service",
      at: name.span,
      related: [.init(span: metric.reading.span, label: "`\(placeholder)` is more than the value of a label here")],
      notes: ["between releases nobody fills this in"],
      help: [
        "let `\(placeholder)` be all of a matcher, such as `track=\"\(placeholder)\"`, which an alert opens to every value",
        "or declare a metric of its own for the alert",
      ])
  }

  private static func sameName(_ name: Located<String>, _ objective: String) -> Diagnostic {
    problem(
      "the objective `\(objective)` has an alert of this name already", at: name.span,
      notes: ["two rules of one name cannot be told apart by the person who is called"],
      help: ["choose another name, so that people know which of the two called them"])
  }
}
