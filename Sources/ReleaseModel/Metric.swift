import Diagnostics

/// Something about the running system that can be measured.
public struct Metric: Sendable {
  public enum Direction: String, Sendable { case lower, higher }

  public let title: String?
  public let unit: MetricUnit
  public let better: Direction
  /// The name of the source; `nil`: the only one that is declared.
  public let source: Located<String>?
  public let reading: Located<Reading>
  public let target: Located<Quantity>?
  public let slo: Located<Quantity>?
  /// Series by which rules made from its query are tested.
  public let example: MetricExample?
  public let span: Span

  public init(
    title: String?, unit: MetricUnit, better: Direction, source: Located<String>?, reading: Located<Reading>,
    target: Located<Quantity>?, slo: Located<Quantity>?, example: MetricExample? = nil, span: Span
  ) {
    self.title = title
    self.unit = unit
    self.better = better
    self.source = source
    self.reading = reading
    self.target = target
    self.slo = slo
    self.example = example
    self.span = span
  }

  /// How its value is asked for. Query text may hold `$track`, `$version` and `$window`.
  public enum Reading: Sendable {
    /// One query that gives the value in the metric's unit.
    case query(Word)
    /// Part of a whole, in percent or as a ratio. No part while there is a whole is 0; no whole is unknown.
    case ratio(part: Word, total: Word, isGood: Bool)
  }
}

/// Where metrics come from.
public struct MetricSource: Sendable {
  public enum Kind: Sendable {
    /// The HTTP API of Prometheus; its address and, if needed, a bearer token are secrets.
    case prometheus(url: String, token: String?)
    /// Azure Monitor Logs through `az monitor log-analytics query`; the workspace id is a secret.
    case azureLogAnalytics(workspace: String)
    /// An address that answers JSON; the query is a jq filter over it, which sees `$track`, `$version` and `$window`.
    /// Address and bearer token are secrets.
    case json(url: String, token: String?)
    /// A program of the repository that prints a number; the query is passed as its last argument.
    case command([String])

    public var secrets: [String] {
      switch self {
      case .prometheus(let url, let token), .json(let url, let token): [url] + (token.map { [$0] } ?? [])
      case .azureLogAnalytics(let workspace): [workspace]
      case .command: []
      }
    }
  }

  public let kind: Kind
  /// How often it has a new sample.
  public let resolution: TimeSpan
  /// How late a sample can be read.
  public let lag: TimeSpan
  /// How long samples are kept; `nil`: not known.
  public let retention: TimeSpan?
  public let span: Span

  public init(kind: Kind, resolution: TimeSpan, lag: TimeSpan, retention: TimeSpan?, span: Span) {
    self.kind = kind
    self.resolution = resolution
    self.lag = lag
    self.retention = retention
    self.span = span
  }
}
