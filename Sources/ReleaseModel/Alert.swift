import Diagnostics

/// What people are called for while the service runs: a rule of Prometheus, judged all the time and not only in releases.
public struct Alert: Sendable {
  public enum Severity: String, Sendable {
    /// Somebody looks at it in working hours.
    case warning
    /// Somebody is called now.
    case critical
  }

  public let severity: Severity
  public let condition: Condition
  /// What it says in one line; `nil`: the condition in words.
  public let summary: String?
  /// Who is called; a label by which Alertmanager can route.
  public let role: Located<String>?
  /// An https address or a page of the repository, perhaps with an anchor; `nil`: the alerts in the service's own runbook.
  public let runbook: String?
  /// Whether no data at all fires, too; `nil`: it does where the condition is about too little.
  public let firesWithoutData: Bool?
  public let span: Span

  public init(
    severity: Severity, condition: Condition, summary: String? = nil, role: Located<String>? = nil,
    runbook: String? = nil, firesWithoutData: Bool? = nil, span: Span
  ) {
    self.severity = severity
    self.condition = condition
    self.summary = summary
    self.role = role
    self.runbook = runbook
    self.firesWithoutData = firesWithoutData
    self.span = span
  }
}

/// What has been promised of the service over a long time.
public struct ServiceLevelObjective: Sendable {
  public enum Goal: Sendable {
    /// The share of good events, in percent: what is missing to 100 is the error budget.
    case objective(Located<Quantity>)
    /// A metric that stays below, or above, a value.
    case below(Located<Quantity>)
    case above(Located<Quantity>)

    /// The value that is not to be passed; none for an objective.
    public var limit: Located<Quantity>? {
      switch self {
      case .objective: nil
      case .below(let value), .above(let value): value
      }
    }
  }

  public let goal: Goal
  public let metric: Located<String>
  /// The time over which it is kept; `nil`: 30 days for an objective, an hour for a value.
  public let over: Located<TimeSpan>?
  public let span: Span

  public init(goal: Goal, metric: Located<String>, over: Located<TimeSpan>?, span: Span) {
    self.goal = goal
    self.metric = metric
    self.over = over
    self.span = span
  }
}

/// An alert with everything that is needed to print it; only conditions that Prometheus can judge are planned.
public struct PlannedAlert: Sendable {
  public let name: String
  public let alert: Alert
  public let metric: NamedMetric
  public let statement: MetricCondition
  /// The threshold in the metric's own unit.
  public let threshold: Double
  /// The window of the query.
  public let window: TimeSpan
  /// How long the condition must hold without a break before it fires.
  public let pending: TimeSpan
  public let firesWithoutData: Bool

  public init(
    name: String, alert: Alert, metric: NamedMetric, statement: MetricCondition, threshold: Double, window: TimeSpan,
    pending: TimeSpan, firesWithoutData: Bool
  ) {
    self.name = name
    self.alert = alert
    self.metric = metric
    self.statement = statement
    self.threshold = threshold
    self.window = window
    self.pending = pending
    self.firesWithoutData = firesWithoutData
  }
}

/// An objective with its defaults filled in.
public struct PlannedObjective: Sendable {
  public enum Goal: Sendable {
    /// The share of events that may be bad, 0…1.
    case budget(Double)
    /// What breaks the promise, in the metric's own unit.
    case broken(when: Comparison, Double)
  }

  public let name: String
  public let metric: NamedMetric
  public let goal: Goal
  /// The time over which it is kept.
  public let window: TimeSpan

  public init(name: String, metric: NamedMetric, goal: Goal, window: TimeSpan) {
    self.name = name
    self.metric = metric
    self.goal = goal
    self.window = window
  }

  /// How fast its budget may be used up; none for a value.
  public var burnRates: [BurnRate] {
    guard case .budget(let budget) = goal else { return [] }
    return BurnRate.all(period: window, budget: budget)
  }

  /// The alert for one speed, such as `ForgeApiAvailabilityBurn1h`.
  public func alertName(of service: String, _ rate: BurnRate) -> String { prefix(service) + "Burn\(rate.long)" }

  /// The alert for a value that is passed, such as `ForgeApiLatencyBroken`.
  public func brokenName(of service: String) -> String { prefix(service) + "Broken" }

  /// Every alert of this objective.
  public func alertNames(of service: String) -> [String] {
    if case .broken = goal { return [brokenName(of: service)] }
    return burnRates.map { alertName(of: service, $0) }
  }

  private func prefix(_ service: String) -> String { Self.joined(service) + Self.joined(name) }

  /// `p95-latency` as `P95Latency`. Different names stay different: a part that starts with a digit, or is empty, keeps
  /// its hyphen as `_`.
  private static func joined(_ name: String) -> String {
    name.split(separator: "-", omittingEmptySubsequences: false).enumerated().map { index, part in
      guard let first = part.first, first.isLetter else { return (index == 0 ? "" : "_") + part }
      return first.uppercased() + part.dropFirst()
    }.joined()
  }
}

/// One of the alerts that watch an error budget: it fires when so much of the budget would be gone within the long window,
/// and is still going in the short one.
public struct BurnRate: Sendable {
  public let severity: Alert.Severity
  public let long: TimeSpan
  public let short: TimeSpan
  /// How many times as fast as sustainable the budget is used up.
  public let factor: Double

  /// Two pages and two tickets: 2 % of the budget in 1 h, 5 % in 6 h, 10 % in 1 d and 10 % in 3 d; for 30 days that is
  /// 14.4, 6, 3 and 1 times what is sustainable. A rate that could never be reached with this budget is left out.
  /// Source: The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
  public static func all(period: TimeSpan, budget: Double) -> [BurnRate] {
    let days = TimeSpan.hours(24)
    let table: [(Alert.Severity, TimeSpan, TimeSpan, Double)] = [
      (.critical, .hours(1), .minutes(5), 2), (.critical, .hours(6), .minutes(30), 5),
      (.warning, days, .hours(2), 10), (.warning, days * 3, .hours(6), 10),
    ]
    return table.compactMap { severity, long, short, percent in
      guard long <= period else { return nil }
      let factor = percent * Double(period.milliseconds) / Double(long.milliseconds * 100)
      // Below 1 the budget would last: nothing to call anybody for.
      let rounded = max(1, (factor * 100).rounded() / 100)
      return rounded * budget < 1 ? BurnRate(severity: severity, long: long, short: short, factor: rounded) : nil
    }
  }
}
