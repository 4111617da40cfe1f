import ReleaseModel

/// A situation that an alert is tested in: what the series do, and whether it fires.
struct Scenario: Sendable {
  enum Expectation: Sendable {
    case silent
    /// It fires and shows this value; `nil`: it fires because there is no data.
    case fires(Double?)
  }

  let title: String
  let series: [(name: String, values: String)]
  /// What is expected after so many minutes.
  let moments: [(minutes: Int, Expectation)]

  /// How often the series have a sample, in seconds; short enough for every window that a spec would name.
  static let interval = 15
  static let samplesPerMinute = 60 / interval
}

/// What the series of a metric do so that it has a known value.
struct Drive {
  private enum Way {
    /// The series of the part and the rest, or the whole where that is another metric.
    case ratio(part: String, other: String, otherIsWhole: Bool, isPercent: Bool)
    case example(MetricExample, gives: Double)
  }

  let pending: TimeSpan
  let window: TimeSpan
  let events: Int?
  /// Why no series can be made up; `nil`: they can.
  let problem: String?
  private let way: Way?
  private let unit: MetricUnit

  init(metric: NamedMetric, window: TimeSpan, pending: TimeSpan, events: Int?) {
    self.window = window
    self.pending = pending
    self.events = events
    unit = metric.metric.unit
    way = Self.ratio(metric.metric) ?? Self.example(metric.metric)
    problem =
      way == nil
      ? "only what happens without data is tested: the metric \(metric.name) has no `example` of its series" : nil
  }

  /// Fires when passed, silent before it is, before its time, with too few events, and as the spec says without data.
  func scenarios(_ comparison: Comparison, _ threshold: Double, firesWithoutData: Bool) -> [Scenario] {
    let highest = unit == .percent ? 100 : Double.greatestFiniteMagnitude
    let above = clear(
      threshold == 0 ? 1 : min(threshold * 1.01, (threshold + highest) / 2), unit.decimals, upward: true)
    let below = clear(threshold * 0.99, unit.decimals, upward: false)
    let (bad, good) = comparison.isUpward ? (above, below) : (below, above)
    var scenarios: [Scenario] = []
    if comparison.holds(bad, threshold), let series = series(bad) {
      let first = firesWithoutData ? 0 : firstMinute
      let early = pending > .zero ? [(first + pending.minutes - 1, Scenario.Expectation.silent)] : []
      scenarios.append(
        Scenario(title: "fires when it is past the limit", series: series, moments: early + [(end, .fires(bad))]))
      if let events, let few = self.series(bad, eventsPerMinute: Double(events) / Double(2 * end)) {
        scenarios.append(
          Scenario(title: "is silent with too few events", series: few, moments: [(end, .silent)]))
      }
    }
    if !comparison.holds(good, threshold), let series = series(good) {
      scenarios.append(Scenario(title: "is silent just before the limit", series: series, moments: [(end, .silent)]))
    }
    let title = firesWithoutData ? "fires without data" : "is silent without data"
    scenarios.append(
      Scenario(title: title, series: [], moments: [(pending.minutes + 1, firesWithoutData ? .fires(nil) : .silent)]))
    return scenarios
  }

  /// The same for a budget that is used up `factor` times too fast, and that it is over soon after the trouble is.
  func burns(_ factor: Double, budget: Double, short: TimeSpan, isGood: Bool) -> [Scenario] {
    func part(_ bad: Double) -> Double { isGood ? 1 - bad : bad }
    let limit = factor * budget
    let bad = clear(min(limit * 1.01, (limit + 1) / 2) / budget, 2, upward: true) * budget
    var scenarios: [Scenario] = []
    if let series = ratio(part(bad), perSample: 1_000_000, samples: samples(end)) {
      scenarios.append(
        Scenario(title: "fires when it burns too fast", series: series, moments: [(end, .fires(bad / budget))]))
    }
    if let series = ratio(part(limit * 0.99), perSample: 1_000_000, samples: samples(end)) {
      scenarios.append(Scenario(title: "is silent just before that", series: series, moments: [(end, .silent)]))
    }
    let trouble = 2 * short.minutes
    let over = trouble + short.minutes + 1
    let much = (min(1, 2 * limit) * 1_000_000).rounded() / 1_000_000
    // Hours of played time are not worth it for what can wait: the expressions are the same.
    if short <= .minutes(30), much * Double(trouble) / Double(over) > limit * 1.01,
      let series = ratio(
        part(much), perSample: 1_000_000, samples: samples(trouble), then: part(0), samples(over - trouble))
    {
      scenarios.append(
        Scenario(
          title: "is over soon after the trouble is", series: series,
          moments: [(trouble, .fires(much / budget)), (over, .silent)]))
    }
    scenarios.append(Scenario(title: "is silent without data", series: [], moments: [(end, .silent)]))
    return scenarios
  }

  // MARK: - Time

  /// The minute before which the condition cannot hold; without two samples nothing has grown.
  private var firstMinute: Int {
    guard case .example(let example, _)? = way else { return 1 }
    return example.series.contains { $0.pace != .constant } ? 1 : 0
  }

  /// The minute from which on the metric has the value for certain.
  private var lead: Int {
    guard case .example(let example, _)? = way else { return 2 }
    if example.series.contains(where: { $0.pace == .perSecond }) { return window.minutes + 1 }
    if example.series.contains(where: { $0.pace == .perWindow }) { return isJump ? 3 : window.minutes + 1 }
    return 1
  }

  private var end: Int { lead + pending.minutes + 1 }

  /// Whether a growth can happen at once and stay inside the window until the end, so that days need not be played.
  private var isJump: Bool { pending + .minutes(6) <= window }

  private func samples(_ minutes: Int) -> Int { minutes * Scenario.samplesPerMinute }

  // MARK: - Series

  private func series(_ value: Double, eventsPerMinute: Double? = nil) -> [(name: String, values: String)]? {
    switch way {
    case nil: return nil
    case .ratio(_, _, _, let isPercent):
      // Twice as many as are asked for within the first minute.
      let perSample = eventsPerMinute.map { $0 / Double(Scenario.samplesPerMinute) } ?? Double(max(1000, events ?? 0))
      return ratio(isPercent ? value / 100 : value, perSample: perSample, samples: samples(end))
    case .example(let example, let gives):
      // Made up by a person, its events are not counted.
      if eventsPerMinute != nil { return nil }
      return example.series.map { self.series($0, value / gives) }
    }
  }

  private func ratio(
    _ share: Double, perSample: Double, samples: Int, then later: Double? = nil, _ laterSamples: Int = 0
  ) -> [(name: String, values: String)]? {
    guard case .ratio(let part, let other, let otherIsWhole, _)? = way else { return nil }
    func values(_ amount: (Double) -> Double) -> String {
      guard let later else { return "0+\(number(amount(share) * perSample))x\(samples)" }
      // Whole numbers, which add up exactly: a counter that seems to fall has started anew.
      let first = (amount(share) * perSample).rounded()
      let second = (amount(later) * perSample).rounded()
      let reached = first * Double(samples) + second
      return "0+\(number(first))x\(samples) \(number(reached))+\(number(second))x\(laterSamples - 1)"
    }
    return [(part, values { $0 }), (other, values { otherIsWhole ? 1 : 1 - $0 })]
  }

  private func series(_ series: MetricExample.Series, _ value: Double) -> (name: String, values: String) {
    let amount: Double
    switch series.amount {
    case .fixed(let fixed): amount = fixed
    case .value: amount = value
    }
    let count = samples(end)
    let values: String
    switch series.pace {
    case .constant: values = "\(number(amount))+0x\(count)"
    case .perSecond: values = "0+\(number(amount * Double(Scenario.interval)))x\(count)"
    case .perWindow where isJump: values = "0+0x\(Scenario.samplesPerMinute) \(number(amount))+0x\(count)"
    case .perWindow:
      let growth = amount * Double(Scenario.interval) * 1000 / Double(max(1, window.milliseconds))
      values = "0+\(number(growth))x\(count)"
    }
    return (filled(series.name, number(value)), values)
  }

  private func filled(_ name: String, _ value: String) -> String {
    let parts = name.split(separator: "$", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(String(parts[0])) { text, part in
      text + (part.hasPrefix("value") ? value + part.dropFirst("value".count) : "$" + part)
    }
  }

  /// Nine decimals, which is far below what a test looks at.
  private func number(_ value: Double) -> String { shortNumber((value * 1_000_000_000).rounded() / 1_000_000_000) }

  private static func example(_ metric: Metric) -> Way? {
    guard let example = metric.example else { return nil }
    let gives = example.gives.value
    // The one pair of units that mix.
    let scale =
      switch (gives.unit, metric.unit) {
      case (.seconds, .milliseconds): 1000.0
      case (.milliseconds, .seconds): 0.001
      default: 1.0
      }
    return .example(example, gives: gives.value * scale)
  }

  private static func ratio(_ metric: Metric) -> Way? {
    guard case .ratio(let part, let total, _) = metric.reading.value,
      case .success(let partText) = ServiceQuery.text(part, window: .minutes(5)),
      case .success(let totalText) = ServiceQuery.text(total, window: .minutes(5)),
      let part = Selector(partText), let total = Selector(totalText)
    else { return nil }
    let isPercent = metric.unit == .percent
    if part.name != total.name {
      guard let one = Selector.series(part.name, meeting: part.matchers),
        let all = Selector.series(total.name, meeting: total.matchers)
      else { return nil }
      return .ratio(part: one, other: all, otherIsWhole: true, isPercent: isPercent)
    }
    guard let one = Selector.series(part.name, meeting: total.matchers + part.matchers) else { return nil }
    let others = part.matchers.lazy.compactMap { matcher in
      Selector.series(total.name, meeting: total.matchers + [matcher.negated])
    }
    return others.first.map { .ratio(part: one, other: $0, otherIsWhole: false, isPercent: isPercent) }
  }
}
