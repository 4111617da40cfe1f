import ReleaseModel

/// Whether a condition on a metric can come out either way, given the values that its unit allows.
enum ConditionRange {
  case always
  case never
  case either

  /// `nil` for conditions that are not about a metric.
  init?(_ planned: PlannedCondition) {
    guard case .metric(let metric, let statement, let bound) = planned.subject else { return nil }
    let range = metric.metric.unit.range
    let least = range.least ?? -.infinity
    let most = range.most ?? .infinity
    let lowest: Double
    let highest: Double
    switch bound {
    case .fixed(let value): (lowest, highest) = (value, value)
    case .baseline(let factor, let offset, _):
      // Zero times an unbounded baseline is zero, not a NaN.
      let ends = factor == 0 ? [0, 0] : [least * factor, most * factor]
      (lowest, highest) = (min(ends[0], ends[1]) + offset, max(ends[0], ends[1]) + offset)
    }
    let (always, never) =
      switch statement.comparison {
      case .less: (most < lowest, highest <= least)
      case .atMost: (most <= lowest, highest < least)
      case .more: (least > highest, lowest >= most)
      case .atLeast: (least >= highest, lowest > most)
      }
    self = always ? .always : never ? .never : .either
  }
}

extension MetricUnit {
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
