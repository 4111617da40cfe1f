import ReleaseModel

/// Alerts on a value: those of the spec, and those that watch an objective's value.
enum ThresholdRules {
  static func rule(_ planned: PlannedAlert, _ plan: ReleasePlan) -> AlertRule {
    let sentence = Sentence(
      metric: planned.metric, comparison: planned.statement.comparison, threshold: planned.threshold,
      window: planned.window, pending: planned.pending)
    var labels = [("severity", planned.alert.severity.rawValue), ("service", plan.service)]
    if let role = planned.alert.role { labels.append(("role", role.value)) }
    return rule(
      planned.name, sentence, events: planned.statement.minimumEvents, firesWithoutData: planned.firesWithoutData,
      labels: labels, summary: planned.alert.summary ?? "\(plan.service): \(sentence.summary)",
      runbook: planned.alert.runbook ?? Self.runbook(plan))
  }

  /// The alert of an objective that is a value and no budget.
  static func rule(_ objective: PlannedObjective, _ plan: ReleasePlan) -> AlertRule? {
    guard case .broken(let comparison, let limit) = objective.goal else { return nil }
    // A query that looks back over no window is watched for as long instead.
    let pending = objective.metric.metric.reading.value.hasWindow ? TimeSpan.zero : objective.window
    let sentence = Sentence(
      metric: objective.metric, comparison: comparison, threshold: limit, window: objective.window, pending: pending)
    return rule(
      objective.brokenName(of: plan.service), sentence, events: nil,
      firesWithoutData: !comparison.isUpward,
      labels: [("severity", Alert.Severity.warning.rawValue), ("service", plan.service)],
      summary: "\(plan.service) does not keep its objective \(objective.name): \(sentence.summary)",
      runbook: runbook(plan))
  }

  static func runbook(_ plan: ReleasePlan) -> String { "docs/runbooks/\(plan.service).md#alerts" }

  private static func rule(
    _ name: String, _ sentence: Sentence, events: Int?, firesWithoutData: Bool, labels: [(String, String)],
    summary: String, runbook: String
  ) -> AlertRule {
    let metric = sentence.metric
    let value = MetricExpression.value(metric, sentence.window, isUpward: sentence.comparison.isUpward)
    var lines = [value, "\(sentence.comparison.rawValue) \(shortNumber(sentence.threshold))"]
    if let events, let count = MetricExpression.events(metric, sentence.window) {
      lines.append("and \(count) >= \(events)")
    }
    // The value of no data is no number, and its text says so.
    if firesWithoutData { lines.append("or absent(\(value)) * NaN") }
    let unit = metric.metric.unit
    let now: Template = "\(metric.title): \(valueWith: unit.decimals)\(unit.suffix)"
    let description: Template = firesWithoutData ? now + " (NaN: there is no data)." : now + "."
    let drive = Drive(metric: metric, window: sentence.window, pending: sentence.pending, events: events)
    return AlertRule(
      name: name, expression: lines.joined(separator: "\n"), pending: sentence.pending, labels: labels,
      annotations: [("summary", Template(summary)), ("description", description), ("runbook_url", Template(runbook))],
      scenarios: drive.scenarios(sentence.comparison, sentence.threshold, firesWithoutData: firesWithoutData),
      undriven: drive.problem)
  }

  /// What an alert is about.
  private struct Sentence {
    let metric: NamedMetric
    let comparison: Comparison
    let threshold: Double
    let window: TimeSpan
    let pending: TimeSpan

    var summary: String {
      let sign =
        switch comparison {
        case .less: "below"
        case .atMost: "at most"
        case .more: "above"
        case .atLeast: "at least"
        }
      let limit = shortNumber(threshold) + metric.metric.unit.suffix
      return "\(metric.title) \(sign) \(limit)" + (pending > .zero ? " for \(pending)" : " over \(window)")
    }
  }
}

extension Template {
  static func + (left: Template, right: String) -> Template {
    var result = left
    result.append(right)
    return result
  }
}
