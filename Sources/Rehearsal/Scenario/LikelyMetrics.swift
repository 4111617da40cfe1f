import ReleaseModel

/// A good value for every metric that a release asks for: one that every requirement accepts and no rollback condition is
/// met by; and the rules by which the stand-ins answer its queries.
struct LikelyMetrics {
  private let environment: EnvironmentPlan
  private let chosen: [String: Double]

  init(_ environment: EnvironmentPlan) throws {
    self.environment = environment
    var bounds: [String: Bounds] = [:]
    func narrow(_ condition: PlannedCondition, mustHold: Bool) {
      guard case .metric(let metric, let asked, .fixed(let bound)) = condition.subject else { return }
      bounds[metric.name, default: Bounds()].add(asked.comparison, bound, mustHold: mustHold)
    }
    for condition in environment.rollbackWhen + environment.heldSteps.flatMap(\.failWhen) {
      narrow(condition, mustHold: false)
    }
    let required = environment.heldSteps.flatMap(\.require) + environment.recovered
    for condition in required + environment.checkConditions.values.flatMap({ $0 }) { narrow(condition, mustHold: true) }
    var chosen: [String: Double] = [:]
    for metric in environment.metrics { chosen[metric.name] = (bounds[metric.name] ?? Bounds()).value(metric.metric) }
    self.chosen = chosen
    for metric in environment.metrics {
      guard case .json = metric.source.kind else { continue }
      for query in metric.metric.reading.value.queries where JSONPath(query) == nil {
        throw RehearsalProblem(
          "no answer can be invented for the metric \(metric.name): its filter is more than a path such as .a.b")
      }
    }
  }

  /// By metric, in its own unit.
  var values: JSON { .object(chosen.mapValues { .number($0) }) }

  /// Enough that every condition with a smallest number of events can be judged at the smallest share.
  var requestsPerSecond: Double {
    let share = Double(environment.steps.map(\.weight).min() ?? 100) / 100
    let wanted = environment.conditions.compactMap { condition -> Double? in
      guard case .metric(_, let asked, _) = condition.subject, let events = asked.minimumEvents else { return nil }
      return 4 * Double(events) / (share * Double(max(condition.window.seconds, 1)))
    }
    return max(250, (wanted.max() ?? 0).rounded(.up))
  }

  /// What a value may be between.
  private struct Bounds {
    var low = -Double.infinity
    var high = Double.infinity

    mutating func add(_ comparison: Comparison, _ bound: Double, mustHold: Bool) {
      if comparison.isUpward == mustHold { low = max(low, bound) } else { high = min(high, bound) }
    }

    func value(_ metric: Metric) -> Double {
      let usual = metric.target.flatMap { $0.value.value(in: metric.unit) } ?? Self.usual(metric)
      let value: Double
      if low < usual, usual < high {
        value = usual
      } else if low.isFinite, high.isFinite {
        value = (low + high) / 2
      } else if high.isFinite {
        value = high > 0 ? high / 2 : high
      } else {
        value = metric.unit == .percent ? (low + 100) / 2 : low > 0 ? low * 1.5 : low + 1
      }
      guard metric.unit == .count else { return value }
      let whole = value.rounded(.down)
      return whole > low || value == whole ? whole : value.rounded(.up)
    }

    private static func usual(_ metric: Metric) -> Double {
      switch (metric.unit, metric.better) {
      case (.percent, .lower): 0.1
      case (.percent, .higher): 99.9
      case (.milliseconds, .lower): 80
      case (.milliseconds, .higher): 1000
      case (.seconds, .lower): 1
      case (.seconds, .higher): 60
      case (.perSecond, _): 50
      case (.bytes, _): 1_048_576
      case (.count, .lower): 0
      case (.count, .higher): 10
      case (.ratio, .lower): 0.1
      case (.ratio, .higher): 1
      }
    }
  }

  // MARK: - Answers

  /// How the stand-ins answer each query.
  var queries: [JSON] {
    environment.metrics.flatMap { metric -> [JSON] in
      if case .json = metric.source.kind { return [] }
      switch metric.metric.reading.value {
      case .query(let query):
        return [rule(Pattern(query, metric.source.kind, counts: false), value(metric, query), metric)]
      case .ratio(let part, let total, _):
        var own = rule(Pattern(part, metric.source.kind, counts: true), "share:\(metric.name)", metric)
        // The stand-ins know percents.
        if metric.metric.unit == .ratio { own["scale"] = 100 }
        return [own, rule(Pattern(total, metric.source.kind, counts: true), "requests", metric)]
      }
    }
  }

  /// A mean over the window, or, for what is no mean, the worst of now.
  private func value(_ metric: NamedMetric, _ query: Word) -> String {
    let isMean = metric.metric.unit != .count && ServiceQuery.hasWindow(query) || metric.metric.better == .higher
    return (isMean ? "mean:" : "metric:") + metric.name
  }

  private func rule(_ pattern: Pattern, _ value: String, _ metric: NamedMetric) -> JSON {
    var rule: JSON = ["match": .string(pattern.text)]
    if pattern.hasTrack { rule["track"] = "$1" }
    if case .azureLogAnalytics = metric.source.kind {
      rule["columns"] = ["value": .string(value)]
      rule["lag"] = .string("\(metric.source.lag.seconds)s")
    } else {
      rule["value"] = .string(value)
    }
    return rule
  }

  /// A query as the scripts send it, as a regular expression.
  private struct Pattern {
    private(set) var text = ""
    private(set) var hasTrack = false

    /// `counts`: a part or a whole of a ratio, which the scripts count over the window.
    init(_ query: Word, _ kind: MetricSource.Kind, counts: Bool) {
      var isPrometheus = false
      var isKusto = false
      if case .prometheus = kind { isPrometheus = true }
      if case .azureLogAnalytics = kind { isKusto = true }
      text = "^" + (counts && isPrometheus ? escaped("sum(increase(") : "")
      for part in query.parts {
        switch part {
        case .literal(let literal): text += escaped(literal)
        case .variable(.track), .variable(.version):
          text += hasTrack ? "[^\"']*" : "([^\"']*)"
          hasTrack = true
        case .variable: text += "[^\\]\"']*?"
        }
      }
      if counts, isPrometheus { text += "\\[[^\\]]*\\]\\)\\)" }
      if counts, isKusto { text += escaped(" | summarize value = count()") }
      text += "\\s*$"
    }
  }

  /// The documents behind addresses that answer JSON.
  func documents(_ secrets: [String: String], service: String) -> [JSON] {
    var documents: [String: JSON] = [:]
    for metric in environment.metrics {
      guard case .json(let url, _) = metric.source.kind, let address = secrets[url] else { continue }
      for query in metric.metric.reading.value.queries {
        guard let path = JSONPath(query) else { continue }
        documents[address, default: [:]].set(path.keys[...], .string("$metric:\(metric.name)"))
      }
    }
    return documents.sorted { $0.key < $1.key }.map { address, document in
      ["host": .string("^\(escaped(host(of: address)))$"), "service": .string(service), "json": document]
    }
  }
}

/// A jq filter that is a path: `.callbacks.failed`.
private struct JSONPath {
  let keys: [String]

  init?(_ query: Word) {
    let text = query.parts.map { part -> String in
      if case .literal(let text) = part { text } else { "$" }
    }.joined()
    guard text.hasPrefix(".") else { return nil }
    keys = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let isName = keys.allSatisfy { key in
      !key.isEmpty && key.allSatisfy { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
    if !isName { return nil }
  }
}

extension JSON {
  /// Puts a value at a path of keys, and makes the objects on the way.
  fileprivate mutating func set(_ keys: ArraySlice<String>, _ value: JSON) {
    guard let first = keys.first else {
      self = value
      return
    }
    var inner = self[first]
    inner.set(keys.dropFirst(), value)
    self[first] = inner
  }
}
