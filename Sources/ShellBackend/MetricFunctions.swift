import ReleaseModel
import TextLayout

/// `sample_…` functions and settings: how each metric is asked for.
enum MetricFunctions {
  static func functions(_ metrics: [NamedMetric]) -> [ShellFunction] { metrics.flatMap { [timing($0), sample($0)] } }

  /// The names of the functions that measuring the metric needs.
  static func needs(_ metric: NamedMetric) -> [String] {
    [ShellName("source_of", of: metric.name).text, ShellName("sample", of: metric.name).text]
  }

  private static func timing(_ metric: NamedMetric) -> ShellFunction {
    ShellFunction(
      ShellName("source_of", of: metric.name),
      "Where \(metric.title) comes from, how often it has a new sample, and how late it can be read.",
      body: """
        SOURCE=\(identity(metric.source.kind))
        RESOLUTION=\(metric.source.resolution.seconds)
        LAG=\(metric.source.lag.seconds)
        """)
  }

  /// What falls silent as one: the secret that holds its address, or the program.
  private static func identity(_ kind: MetricSource.Kind) -> String {
    switch kind {
    case .prometheus(let url, _), .json(let url, _): url
    case .azureLogAnalytics(let workspace): workspace
    case .command(let program): program.joined(separator: " ")
    }
  }

  static func tools(_ metrics: [NamedMetric]) -> [String] {
    metrics.contains { if case .azureLogAnalytics = $0.source.kind { true } else { false } } ? ["az"] : []
  }

  private static func sample(_ metric: NamedMetric) -> ShellFunction {
    let comment = "TIME: \(metric.title), in \(metric.metric.unit.rawValue): VALUE, and EVENTS where they are counted."
    let name = ShellName("sample", of: metric.name)
    let source = needs(of: metric.source.kind)
    switch metric.metric.reading.value {
    case .query(let query):
      return ShellFunction(
        name, comment, needs: source, body: ask(metric.source.kind, valueQuery(query, metric.source.kind)))
    case .ratio(let part, let total, let isGood):
      let scale = metric.metric.unit == .percent ? 100 : 1
      return ShellFunction(
        name, comment, needs: source + ["ratio"],
        body: """
          local part total
          part=$(\(ask(metric.source.kind, countQuery(part, metric.source.kind)))) || return
          total=$(\(ask(metric.source.kind, countQuery(total, metric.source.kind)))) || return
          ratio \(isGood ? "good" : "bad") "${part}" "${total}" \(scale)
          """)
    }
  }

  private static func needs(of kind: MetricSource.Kind) -> [String] {
    switch kind {
    case .prometheus: ["prometheus"]
    case .azureLogAnalytics: ["log_analytics"]
    case .json: ["json_value"]
    case .command: ["remote"]
    }
  }

  private static func ask(_ kind: MetricSource.Kind, _ query: Word) -> Bash {
    let word = OperationRenderer.shellWord(query)
    switch kind {
    case .prometheus(let url, let token):
      let tokenWord: Bash = token.map { "\"${\(ShellName($0).bash):-}\"" } ?? "''"
      return "prometheus \"${\(ShellName(url).bash):-}\" \(tokenWord) \(word) \"$1\""
    case .azureLogAnalytics(let workspace):
      return "log_analytics \"${\(ShellName(workspace).bash):-}\" \(word)"
    case .json(let url, let token):
      // The filter sees what the run knows as jq variables: text of the target never becomes part of a program.
      let tokenWord: Bash = token.map { "\"${\(ShellName($0).bash):-}\"" } ?? "''"
      return "json_value \"${\(ShellName(url).bash):-}\" \(tokenWord) \(filter(query))"
    case .command(let program):
      var words = program
      if let path = words.first { words[0] = "./" + path }
      return "remote \(words: words) \(word)"
    }
  }

  /// The query's text as it was written, `$track` and all.
  private static func filter(_ query: Word) -> String {
    query.parts.map { part in
      switch part {
      case .literal(let text): text
      case .variable(let variable): "$" + variable.filterName
      }
    }.joined()
  }

  private static func valueQuery(_ query: Word, _ kind: MetricSource.Kind) -> Word { query }

  /// A part or a whole of a ratio is a selector (Prometheus) or a table (Log Analytics): this counts it over the window.
  private static func countQuery(_ query: Word, _ kind: MetricSource.Kind) -> Word {
    switch kind {
    case .prometheus: Word("sum(increase(") + query + "[" + Word(.window) + "]))"
    case .azureLogAnalytics: query + " | summarize value = count()"
    case .json, .command: query
    }
  }
}
