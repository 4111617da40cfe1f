import ReleaseModel

/// A bound on one side of one metric.
struct Limit {
  let metric: NamedMetric
  let statement: MetricCondition
  let condition: Condition
  private let bound: PlannedCondition.Bound

  /// `nil` for conditions that are not about a metric, or that come out one way only.
  init?(_ planned: PlannedCondition) {
    guard case .metric(let metric, let statement, let bound) = planned.subject, ConditionRange(planned) == .either
    else { return nil }
    self.metric = metric
    self.statement = statement
    self.bound = bound
    condition = planned.condition
  }

  /// What an alert acts on.
  init?(_ alert: PlannedAlert) {
    guard ConditionRange(alert) == .either else { return nil }
    metric = alert.metric
    statement = alert.statement
    bound = .fixed(alert.threshold)
    condition = alert.alert.condition
  }

  /// How many times of the baseline it is, or the baseline of it where less is worse; 1 for other bounds.
  var multiple: Double {
    guard case .baseline(let factor, _, _) = bound, factor > 0 else { return 1 }
    return isUpward ? factor : 1 / factor
  }

  /// How many times laxer it is than another bound on the same metric, whichever way they look; 0 where that cannot be said.
  func ratio(to other: Limit) -> Double {
    guard metric.name == other.metric.name else { return 0 }
    let mine: Double
    let theirs: Double
    switch (bound, other.bound) {
    case (.fixed(let left), .fixed(let right)): (mine, theirs) = (left, right)
    case (.baseline(let left, 0, _), .baseline(let right, 0, _)): (mine, theirs) = (left, right)
    default: return 0
    }
    guard mine > 0, theirs > 0 else { return 0 }
    return metric.metric.better == .lower ? mine / theirs : theirs / mine
  }

  /// How many times laxer a promised value is than this fixed bound on the same metric; 0 where that cannot be said.
  func ratio(of promised: Quantity, in name: String) -> Double {
    guard metric.name == name, case .fixed(let mine) = bound, let value = promised.value(in: metric.metric.unit),
      mine > 0, value > 0
    else { return 0 }
    return metric.metric.better == .lower ? value / mine : mine / value
  }

  var isUpward: Bool { statement.comparison.isUpward }

  /// Whether both are about the same side of the same metric.
  func isComparable(with other: Limit) -> Bool { metric.name == other.metric.name && isUpward == other.isUpward }

  /// As something that is asked for: whether it lets pass more than the other. `false` where that cannot be said.
  func isLooser(than other: Limit) -> Bool {
    guard isComparable(with: other), let difference = difference(from: other) else { return false }
    return isUpward ? difference < 0 : difference > 0
  }

  /// As something that is acted on: whether it acts later than the other. `false` where that cannot be said.
  func actsLater(than other: Limit) -> Bool {
    guard isComparable(with: other), let difference = difference(from: other) else { return false }
    return isUpward ? difference > 0 : difference < 0
  }

  /// How far its bound lies above the other's; `nil` where one is fixed and the other not, or both differ in several ways.
  private func difference(from other: Limit) -> Double? {
    switch (bound, other.bound) {
    case (.fixed(let mine), .fixed(let theirs)): return mine - theirs
    case (.baseline(let mine, let offset, let floor), .baseline(let theirs, let otherOffset, let otherFloor)):
      let differences = [mine - theirs, offset - otherOffset, floor - otherFloor].filter { $0 != 0 }
      guard let first = differences.first else { return 0 }
      return differences.allSatisfy { ($0 > 0) == (first > 0) } ? first : nil
    default: return nil
    }
  }
}
