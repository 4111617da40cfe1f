import ReleaseModel

/// Whether a condition on a metric can come out either way, given the values that its unit allows.
enum ConditionRange {
  case always
  case never
  case either

  /// `nil` for conditions that are not about a metric.
  init?(_ planned: PlannedCondition) {
    guard case .metric(let metric, let statement, let bound) = planned.subject else { return nil }
    let unit = metric.metric.unit
    let lowest: Double
    let highest: Double
    switch bound {
    case .fixed(let value): (lowest, highest) = (value, value)
    case .baseline(let factor, let offset, _):
      // Zero times an unbounded baseline is zero, not a NaN.
      let ends = factor == 0 ? [0, 0] : [unit.least * factor, unit.most * factor]
      (lowest, highest) = (min(ends[0], ends[1]) + offset, max(ends[0], ends[1]) + offset)
    }
    self.init(unit, statement.comparison, lowest, highest)
  }

  /// What an alert compares is fixed.
  init(_ alert: PlannedAlert) {
    self.init(alert.metric.metric.unit, alert.statement.comparison, alert.threshold, alert.threshold)
  }

  /// A comparison of values of a unit with something that is between two bounds.
  init(_ unit: MetricUnit, _ comparison: Comparison, _ lowest: Double, _ highest: Double) {
    let (least, most) = (unit.least, unit.most)
    let (always, never) =
      switch comparison {
      case .less: (most < lowest, highest <= least)
      case .atMost: (most <= lowest, highest < least)
      case .more: (least > highest, lowest >= most)
      case .atLeast: (least >= highest, lowest > most)
      }
    self = always ? .always : never ? .never : .either
  }
}

extension MetricUnit {
  fileprivate var least: Double { range.least ?? -.infinity }
  fileprivate var most: Double { range.most ?? .infinity }

  /// What values there can be, for a person.
  var rangeText: String {
    switch range {
    case (let least?, let most?): "between \(spelled(least, in: self)) and \(spelled(most, in: self))"
    case (let least?, nil): "never below \(spelled(least, in: self))"
    default: "any number"
    }
  }

  /// What it is called in a sentence.
  var spoken: String {
    switch self {
    case .percent, .seconds, .bytes: rawValue
    case .milliseconds: "milliseconds"
    case .perSecond: "events per second"
    case .count: "things counted"
    case .ratio: "multiples"
    }
  }
}
