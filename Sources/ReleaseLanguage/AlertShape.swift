import Diagnostics
import ReleaseModel
import SpecShape

enum AlertShape {
  private static let page = Shape<String>.matching(
    "^(https://[A-Za-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._~@+/-]+|(?!/)(?!.*\\.\\.)[A-Za-z0-9._@+/-]+)(#[A-Za-z0-9_-]+)?$",
    "a page of the repository or an https address, perhaps with `#` and an anchor"
  ) { text in
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let page = String(parts[0])
    return (isRepositoryPath(page) || isAddressOfPage(page))
      && parts.dropFirst().allSatisfy { anchor in
        !anchor.isEmpty && anchor.allSatisfy { isPlain($0) || $0 == "-" || $0 == "_" }
      }
  }

  /// `https://HOST[:PORT]/PAGE`, without credentials or query.
  private static func isAddressOfPage(_ text: String) -> Bool {
    guard text.hasPrefix("https://") else { return false }
    let parts = text.dropFirst(8).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let authority = parts[0].split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, authority.count <= 2, let host = authority.first else { return false }
    let port = authority.dropFirst().first.map { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } } ?? true
    return port && !host.isEmpty && host.allSatisfy { isPlain($0) || $0 == "." || $0 == "-" }
      && !parts[1].isEmpty && parts[1].allSatisfy { isPlain($0) || "._~@+/-".contains($0) }
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
  }

  static let shape = Shape<Alert>.object(
    "alert", "What people are called for while the service runs; it becomes a rule of Prometheus with its own tests.",
    .required(
      "severity", .choice([("warning", .warning), ("critical", .critical)]),
      "`critical` calls somebody now, `warning` can wait for working hours.", example: "critical"),
    .required(
      "when", ConditionReader.shape,
      "What fires it. `over` is the window of the query (without it 5 minutes, or the time behind `for` where that is "
        + "shorter), `for` how long it must hold before it fires.", example: "error-rate > 3% for 5m"),
    .optional(
      "summary", .line, "What it says in one line; without it, the condition in words.",
      example: "More than 3 % of the requests fail."),
    .optional("role", Shape<String>.reference.located, "Who is called; a label of the alert.", example: "owner"),
    .optional(
      "runbook", page,
      "The page that says what to do: `runbook_url` of the alert. Write its whole https address where a pager has to link to "
        + "it: a page of the repository stands there as its path, for the spec does not say where the repository is. "
        + "Without it, it is the path of the alerts in the service's runbook.",
      example: "ops/runbooks/queue.md#lag"),
    .optional(
      "no-data", .choice([("fires", true), ("silent", false)]),
      "What no data at all means. Without it, an alert about too little (`<`, `<=`) fires and one about too much is "
        + "silent.", example: "fires")
  ) { span, severity, condition, summary, role, runbook, firesWithoutData in
    Alert(
      severity: severity, condition: condition, summary: summary, role: role, runbook: runbook,
      firesWithoutData: firesWithoutData, span: span)
  }
}

enum MetricExampleShape {
  private static let series = Shape<String>.line.map { text, node, reader -> MetricExample.Series? in
    if let series = MetricExample.Series(text) { return series }
    reader.sink.report(
      Diagnostic(
        code: "invalid-text", severity: .error, message: "`\(text)` is not a series and how it behaves",
        span: reader.document.span(of: node),
        help: [
          "write the series, a space, then `$value` or a number, perhaps with `/s` or `/window` behind it, such as "
            + "`connections{service=\"shop\"} $value` or `orders_total{service=\"shop\"} $value/s`"
        ]))
    return nil
  }.called("a series and how it behaves, such as `orders_total{service=\"shop\"} $value/s`")

  static let shape = Shape<MetricExample>.object(
    "metric example", "Series that give the query a known value, in proportion to `$value`.",
    .required(
      "gives", QuantityText.shape.located, "What the metric is when `$value` is 1; twice that when it is 2.",
      example: "1%"),
    .required(
      "series", series.list(atLeast: 1),
      "Each series, a space, and how it behaves: a number or `$value`, with `/s` when it grows so much every second, with "
        + "`/window` when it grows so much within the window of the query. `$value` may stand in a label, too.",
      example: "['connections{service=\"shop\"} $value', 'connections_limit{service=\"shop\"} 100']")
  ) { _, gives, series in MetricExample(gives: gives, series: series) }.map { example, node, reader in
    let problem =
      example.gives.value.value <= 0
      ? "in proportion to nothing there is nothing" : example.series.contains(where: \.isVaried) ? nil : "no `$value`"
    guard let problem else { return example }
    // What could not be read has been reported, and may be what follows the value.
    let span = reader.document.span(of: node)
    if reader.broken.contains(where: { span.contains($0.object) }) { return nil }
    reader.sink.report(
      Diagnostic(
        code: "invalid-text", severity: .error, message: "this example gives only one value",
        span: span, label: problem,
        help: ["let at least one series follow `$value`, and say what the metric is when `$value` is 1"]))
    return nil
  }
}
