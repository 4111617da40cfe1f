import ReleaseModel
import TextLayout

/// What is measured, and the query to type.
enum MetricSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    var metrics: [NamedMetric] = []
    for name in plan.spec.metrics.names {
      let watched = plan.alerts.map(\.metric) + plan.objectives.map(\.metric)
      let found = (plan.environments.flatMap(\.metrics) + watched).first { $0.name == name }
      if let found { metrics.append(found) }
    }
    if metrics.isEmpty { return [] }
    return [.heading(.metrics)] + placeholders(plan, metrics) + metrics.flatMap { blocks($0, plan) }
  }

  private static func placeholders(_ plan: ReleasePlan, _ metrics: [NamedMetric]) -> [Markdown.Block] {
    let used = Set(metrics.flatMap(\.metric.reading.value.queries).flatMap(\.parts))
    var lines: [Prose] = []
    if used.contains(.variable(.track)) {
      let tracks = plan.environments.map { environment -> Prose in
        let tracks = environment.operations.tracks
        return tracks.candidate == tracks.stable
          ? "\(code: tracks.stable) in \(code: environment.name)"
          : "\(code: tracks.candidate) (new version) or \(code: tracks.stable) (previous version) in "
            + "\(code: environment.name)"
      }
      lines.append("\(code: RuntimeVariable.track.placeholder): \(tracks.list()).")
    }
    if used.contains(.variable(.version)) {
      let nouns = plan.environments.map(\.operations.versionNoun).reduce(into: [String]()) { found, noun in
        if !found.contains(noun) { found.append(noun) }
      }
      lines.append(
        "\(code: RuntimeVariable.version.placeholder): the \(nouns.map(Prose.text).list("or")) that you ask about.")
    }
    let asksForWindow = metrics.contains { wholeRatio($0) != nil }
    if used.contains(.variable(.window)) || asksForWindow {
      lines.append(
        "\(code: RuntimeVariable.window.placeholder): how far back to look, in seconds, such as \(code: "300s").")
    }
    return lines.isEmpty ? [] : [.prose("In the queries, fill in:"), .bullets(lines)]
  }

  private static func blocks(_ named: NamedMetric, _ plan: ReleasePlan) -> [Markdown.Block] {
    let metric = named.metric
    let users = plan.environments.filter { $0.metrics.contains { $0.name == named.name } }.map(\.name)
    var facts: Prose =
      "\(strong: named.title) (\(UnitWords.name(metric.unit)), \(metric.better.rawValue) is better). Asked of "
      + "\(SourceWords.name(named.source)), for \(users.isEmpty ? "\("the alerts", to: .alerts)" : Words.codes(users))."
    if let target = metric.target { facts = facts + " Target \(Words.quantity(target.value))." }
    if let slo = metric.slo { facts = facts + " SLO \(Words.quantity(slo.value))." }
    if named.source.lag > .zero { facts = facts + " Samples arrive up to \(named.source.lag) late." }
    return [.heading(.metric(named.name)), .prose(facts)] + queries(named)
  }

  private static func queries(_ named: NamedMetric) -> [Markdown.Block] {
    let language = SourceWords.language(named.source)
    func code(_ word: Word) -> Markdown.Block { .code(language: language, text: HandCommand().plain(word)) }
    switch named.metric.reading.value {
    case .query(let word): return [code(word)]
    case .ratio(let part, let total, let isGood):
      if let whole = wholeRatio(named) { return [whole] }
      let counts: Prose = isGood ? "The good ones:" : "The bad ones:"
      let times: Prose = named.metric.unit == .percent ? "100 times the first" : "The first"
      return [
        .prose(counts), code(counted(part, named.source)), .prose("Out of all:"), code(counted(total, named.source)),
        .prose("\(times), divided by the second, is the value."),
      ]
    }
  }

  /// A ratio in one expression, where the language has one: what a person pastes to see the very number that is judged.
  private static func wholeRatio(_ named: NamedMetric) -> Markdown.Block? {
    guard case .prometheus = named.source.kind, case .ratio(let part, let total, _) = named.metric.reading.value else {
      return nil
    }
    func count(_ selector: Word) -> String {
      HandCommand().plain("sum(increase(" + selector + "[" + Word(.window) + "]))")
    }
    let factor = named.metric.unit == .percent ? "100 * " : ""
    // No part while there is a whole is 0.
    return .code(
      language: SourceWords.language(named.source), text: "\(factor)(\(count(part)) or vector(0))\n/ \(count(total))")
  }

  /// A table of Log Analytics is counted; elsewhere the query gives the number itself.
  private static func counted(_ query: Word, _ source: MetricSource) -> Word {
    if case .azureLogAnalytics = source.kind { return query + " | summarize value = count()" }
    return query
  }
}

enum UnitWords {
  static func name(_ unit: MetricUnit) -> String {
    switch unit {
    case .percent: "percent"
    case .milliseconds: "milliseconds"
    case .seconds: "seconds"
    case .perSecond: "events per second"
    case .bytes: "bytes"
    case .count: "count"
    case .ratio: "ratio"
    }
  }
}

enum SourceWords {
  static func name(_ source: MetricSource) -> Prose {
    switch source.kind {
    case .prometheus(let url, _): "Prometheus (\(code: url))"
    case .azureLogAnalytics(let workspace): "Azure Log Analytics (workspace \(code: workspace))"
    case .json(let url, _): "JSON over HTTP (\(code: url))"
    case .command(let words): "\(code: words.joined(separator: " "))"
    }
  }

  static func language(_ source: MetricSource) -> String {
    switch source.kind {
    case .prometheus: "promql"
    case .azureLogAnalytics: "kusto"
    case .json: "jq"
    case .command: "text"
    }
  }
}
