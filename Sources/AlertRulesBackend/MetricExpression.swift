import ReleaseModel

/// What Prometheus is asked for a metric of the whole service. Each expression has at most one result, without labels.
enum MetricExpression {
  /// The metric in its own unit. Of several results of a query the one counts that is furthest on the alert's side.
  static func value(_ metric: NamedMetric, _ window: TimeSpan, isUpward: Bool) -> String {
    switch metric.metric.reading.value {
    case .query(let query): return "\(isUpward ? "max" : "min")(\(text(query, window)))"
    case .ratio(let part, let total, _):
      let share = share(part, total, window)
      return metric.metric.unit == .percent ? "100 * \(share)" : share
    }
  }

  /// The share of bad events, 0…1, of a ratio.
  static func badShare(_ metric: NamedMetric, _ window: TimeSpan) -> String? {
    guard case .ratio(let part, let total, let isGood) = metric.metric.reading.value else { return nil }
    let share = share(part, total, window)
    return isGood ? "1 - \(share)" : share
  }

  /// No part while there is a whole is 0; no whole is no answer.
  private static func share(_ part: Word, _ total: Word, _ window: TimeSpan) -> String {
    "(sum(rate(\(text(part, window))[\(window)])) or vector(0))\n/ sum(rate(\(text(total, window))[\(window)]))"
  }

  /// How many events there were; only a ratio counts them.
  static func events(_ metric: NamedMetric, _ window: TimeSpan) -> String? {
    guard case .ratio(_, let total, _) = metric.metric.reading.value else { return nil }
    return "sum(increase(\(text(total, window))[\(window)]))"
  }

  /// Only metrics whose queries can be asked of the whole service are planned.
  private static func text(_ query: Word, _ window: TimeSpan) -> String {
    switch ServiceQuery.text(query, window: window) {
    case .success(let text): text
    case .failure(let problem): problem.placeholder
    }
  }
}
