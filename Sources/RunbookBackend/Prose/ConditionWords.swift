import ReleaseModel

/// Conditions as people say them.
enum ConditionWords {
  /// `Error rate above 3% over 5 min`
  static func sentence(_ condition: PlannedCondition) -> Prose {
    switch condition.subject {
    case .metric, .check: subject(condition) + " " + threshold(condition)
    case .manual: .text(condition.condition.text)
    }
  }

  /// What it is about: `Error rate`.
  static func subject(_ condition: PlannedCondition) -> Prose {
    switch condition.subject {
    case .metric(let metric, _, _): .text(metric.title)
    case .check(let check): .text(check.title)
    case .manual: .text(condition.condition.text)
    }
  }

  /// When it is met: `above 3% over 5 min`.
  static func threshold(_ condition: PlannedCondition) -> Prose {
    switch condition.subject {
    case .metric(let metric, let statement, let bound):
      var words: Prose =
        "\(comparison(statement.comparison)) \(limit(statement, bound, metric.metric.unit)) over \(condition.window)"
      if let sustained = condition.condition.sustained { words = words + ", " + duration(sustained) }
      if let floor = statement.baselineFloor {
        words = words + ", a baseline under \(Words.quantity(floor.value)) counting as that"
      }
      if let events = statement.minimumEvents { words = words + ", unknown below \(events) events" }
      return words
    case .check:
      guard let sustained = condition.condition.sustained else { return "fails" }
      return "fails " + duration(sustained)
    case .manual: return "a person decides"
    }
  }

  static func comparison(_ comparison: Comparison) -> String {
    switch comparison {
    case .less: "below"
    case .atMost: "at most"
    case .more: "above"
    case .atLeast: "at least"
    }
  }

  private static func duration(_ sustained: Sustained) -> Prose {
    switch sustained {
    case .time(let time): "for \(time) without a break"
    case .checks(let count): "for \(Words.count(count, "check", "checks in a row"))"
    }
  }

  private static func limit(
    _ statement: MetricCondition, _ bound: PlannedCondition.Bound, _ unit: MetricUnit
  ) -> String {
    switch (statement.threshold.value, bound) {
    case (.fixed(let quantity), _): Words.quantity(quantity)
    case (.relative(let reference, let factor, let offset), .fixed(let value)):
      "\(Words.quantity(Quantity(value, unit))) (\(relative(reference, factor, offset, unit)))"
    case (.relative(let reference, let factor, let offset), .baseline):
      relative(reference, factor, offset, unit)
    }
  }

  private static func relative(
    _ reference: Threshold.Reference, _ factor: Double, _ offset: Quantity?, _ unit: MetricUnit
  ) -> String {
    let name = reference == .slo ? "the SLO" : "the \(reference.rawValue)"
    let base = factor == 1 ? name : "\(shortNumber(factor))× \(name)"
    guard let offset, offset.value != 0 else { return base }
    let amount = Quantity(offset.value.magnitude, offset.unit)
    let size = unit == .percent ? "\(amount.number) percentage points" : Words.quantity(amount)
    return "\(base) \(offset.value < 0 ? "−" : "+") \(size)"
  }
}
