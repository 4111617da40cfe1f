import Diagnostics

/// A statement about the running system that is met, not met, or unknown.
public struct Condition: Sendable {
  public enum Kind: Sendable {
    case metric(MetricCondition)
    /// `smoke fails for 2m`
    case checkFails(Located<String>)
    /// Only a person can tell.
    case manual
  }

  public let kind: Kind
  /// How long it must hold without a break; `nil`: once is enough.
  public let sustained: Sustained?
  /// As written, for people.
  public let text: String
  public let span: Span

  public init(kind: Kind, sustained: Sustained?, text: String, span: Span) {
    self.kind = kind
    self.sustained = sustained
    self.text = text
    self.span = span
  }

  public var metric: MetricCondition? {
    if case .metric(let condition) = kind { return condition }
    return nil
  }

  public var isManual: Bool {
    if case .manual = kind { return true }
    return false
  }
}

/// `error-rate > 2x baseline over 5m with >= 200 events`
public struct MetricCondition: Sendable {
  public let metric: Located<String>
  public let comparison: Comparison
  public let threshold: Located<Threshold>
  /// The window of the query; `nil`: the whole hold for a requirement, the metric's shortest useful window otherwise.
  public let over: Located<TimeSpan>?
  /// Below this many events the answer is unknown.
  public let minimumEvents: Int?
  /// What a lower baseline counts as, in the metric's unit as written. Without one a baseline of zero is unknown.
  public let baselineFloor: Located<Quantity>?

  public init(
    metric: Located<String>, comparison: Comparison, threshold: Located<Threshold>, over: Located<TimeSpan>?,
    minimumEvents: Int?, baselineFloor: Located<Quantity>? = nil
  ) {
    self.metric = metric
    self.comparison = comparison
    self.threshold = threshold
    self.over = over
    self.minimumEvents = minimumEvents
    self.baselineFloor = baselineFloor
  }
}

public enum Comparison: String, Sendable {
  case less = "<"
  case atMost = "<="
  case more = ">"
  case atLeast = ">="

  /// Whether larger values meet it.
  public var isUpward: Bool { self == .more || self == .atLeast }

  public func holds(_ left: Double, _ right: Double) -> Bool {
    switch self {
    case .less: left < right
    case .atMost: left <= right
    case .more: left > right
    case .atLeast: left >= right
    }
  }
}

public enum Threshold: Sendable {
  case fixed(Quantity)
  /// `reference × factor + offset`, such as `2x baseline`, `baseline + 10pp`, `slo + 20%` (factor 1.2).
  /// The offset is in a unit of the metric's dimension; percentage points are `.percent`.
  case relative(Reference, factor: Double, offset: Quantity?)

  public enum Reference: String, Sendable {
    /// The stable version at the same time, or before the first shift where there is none.
    case baseline
    case target
    case slo
  }

  public var usesBaseline: Bool {
    if case .relative(.baseline, _, _) = self { return true }
    return false
  }
}

public enum Sustained: Hashable, Sendable {
  case time(TimeSpan)
  case checks(Int)
}
