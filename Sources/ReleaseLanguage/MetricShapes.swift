import Diagnostics
import ReleaseModel
import SpecShape

enum SourceShape {
  private static let prometheus = Shape<MetricSource.Kind>.object(
    "prometheus", "The HTTP API of Prometheus, or of anything that speaks it.",
    .required("url", .reference, "The secret that holds its address.", example: "PROMETHEUS_URL"),
    .optional("token", .reference, "The secret that holds a bearer token.", example: "PROMETHEUS_TOKEN")
  ) { _, url, token in .prometheus(url: url, token: token) }

  private static let logAnalytics = Shape<MetricSource.Kind>.object(
    "azure-log-analytics", "Azure Monitor Logs, queried in KQL through `az`.",
    .required("workspace", .reference, "The secret that holds the workspace's id.", example: "WORKSPACE_ID")
  ) { _, workspace in .azureLogAnalytics(workspace: workspace) }

  private static let json = Shape<MetricSource.Kind>.object(
    "json",
    "An address that answers JSON. A metric's query is a jq filter over the answer, which sees `$track`, `$version` "
      + "and `$window`; anything but one number is unknown.",
    .required("url", .reference, "The secret that holds the address.", example: "GATEWAY_METRICS_URL"),
    .optional("token", .reference, "The secret that holds a bearer token.", example: "GATEWAY_TOKEN")
  ) { _, url, token in .json(url: url, token: token) }

  private static let command = Shape<MetricSource.Kind>.object(
    "command", "A program that prints one number, or nothing when it does not know.",
    .required("run", .program, "The program; the query is its last argument.", example: "ops/metric.sh")
  ) { _, program in .command(program) }

  static let shape = Shape<MetricSource>.object(
    "source", "Where metrics come from.", exactlyOneOf: [["prometheus", "azure-log-analytics", "json", "command"]],
    .optional("prometheus", prometheus, "A Prometheus server."),
    .optional("azure-log-analytics", logAnalytics, "A Log Analytics workspace."),
    .optional("json", json, "JSON over HTTP."),
    .optional("command", command, "A program of the repository."),
    .defaulted("resolution", .timeSpan, to: .seconds(15), shown: "15s", "How often there is a new sample."),
    .defaulted(
      "lag", .timeSpanOrZero, to: .zero, shown: "0s", "How late a sample can be read; windows end this long ago."),
    .optional(
      "retention", .timeSpan,
      "How long samples are kept. Without it what the source does unless it is told otherwise: 15 days for Prometheus, 30 "
        + "for Log Analytics; of the others nothing is assumed.", example: "90d")
  ) { span, prometheus, logs, json, command, resolution, lag, retention in
    let usualRetention: TimeSpan? = prometheus != nil ? .hours(15 * 24) : logs != nil ? .hours(30 * 24) : nil
    return MetricSource(
      kind: prometheus ?? logs ?? json ?? command ?? .command([]), resolution: resolution, lag: lag,
      retention: retention ?? usualRetention,
      span: span)
  }
}

enum MetricShape {
  private struct Ratio { let reading: Metric.Reading }

  private static let ratio = Shape<Metric.Reading>.object(
    "ratio", "Part of a whole. No part while there is a whole means 0; no whole means unknown.",
    exactlyOneOf: [["bad", "good"]],
    .optional(
      "bad", .query, "What counts against the version.", example: "http_requests_total{track=\"$track\",code=~\"5..\"}"),
    .optional("good", .query, "What counts for it.", example: "orders_total{track=\"$track\",outcome=\"success\"}"),
    .required("total", .query, "Everything.", example: "http_requests_total{track=\"$track\"}")
  ) { _, bad, good, total in .ratio(part: bad ?? good ?? total, total: total, isGood: good != nil) }

  static let shape = Shape<Metric?>.object(
    "metric", "Something about the running system that can be measured.", exactlyOneOf: [["ratio", "query"]],
    .optional("title", .line, "What it is called for people.", example: "Error rate"),
    .required(
      "unit", .choice(MetricUnit.allCases.map { ($0.rawValue, $0) }), "What the number counts.", example: "percent"),
    .required(
      "better", .choice([("lower", .lower), ("higher", .higher)]), "Which direction is good.", example: "lower"),
    .optional(
      "source", Shape<String>.reference.located, "The name of its source; not needed when there is only one.",
      example: "prometheus"),
    .optional("ratio", ratio.located, "A part and its whole."),
    .optional(
      "query", Shape<Word>.query.map { word, _, _ in Metric.Reading.query(word) }.located,
      "A query that gives the value, with `$track`, `$version` and `$window` filled in by the run.",
      example: "sum(rate(http_requests_total{track=\"$track\"}[$window]))"),
    .optional("target", QuantityText.shape.located, "The value that the team aims for.", example: "320ms"),
    .optional("slo", QuantityText.shape.located, "The value that the team has promised.", example: "400ms"),
    .optional(
      "example", MetricExampleShape.shape,
      "Series that give a `query` a known value; alerts on it are tested with them.")
  ) { span, title, unit, better, source, ratio, query, target, slo, example in
    // One of the two was written, but not readably: nothing can be said about such a metric.
    guard let reading = ratio ?? query else { return nil }
    return Metric(
      title: title, unit: unit, better: better, source: source, reading: reading, target: target, slo: slo,
      example: example,
      span: span)
  }.map { metric, _, _ in metric }
}
