import Diagnostics

/// An atom that ends pass, fail or unknown.
public struct Check: Sendable {
  public let title: String?
  public let kind: Kind
  public let timeout: TimeSpan
  public let span: Span
  /// The place of the key that says what kind it is.
  public let kindSpan: Span

  public init(title: String?, kind: Kind, timeout: TimeSpan, span: Span, kindSpan: Span) {
    self.title = title
    self.kind = kind
    self.timeout = timeout
    self.span = span
    self.kindSpan = kindSpan
  }

  public enum Kind: Sendable {
    case gitHubChecks([Located<String>])
    case noOpenIssues(labels: [Located<String>])
    case stableFor(environment: Located<String>, atLeast: TimeSpan)
    case pullRequestReviews(atLeast: Located<Int>)
    /// A box in the pull request's description that a person ticks.
    case confirm(String)
    case signedTag(immutable: Bool)
    /// The release issue of the tag has all its boxes ticked, and was opened this long ago.
    case releaseIssue(openFor: TimeSpan?)
    /// Somebody with the role has written this on the commit's pull request or on the release issue.
    case comment(text: String, by: Located<String>)
    /// The newest run of a workflow on the default branch succeeded, within this time.
    case workflowRun(file: String, within: TimeSpan)
    case probe(Probe)
    case require([Condition])
    case run(ProgramCheck)
  }

  /// Who can answer: GitHub at any time, or only something that runs against an environment.
  public enum Venue: Sendable { case gitHub, pullRequest, environment }

  public var venue: Venue {
    switch kind {
    case .gitHubChecks, .noOpenIssues, .stableFor, .signedTag, .releaseIssue, .comment, .workflowRun: .gitHub
    case .pullRequestReviews, .confirm: .pullRequest
    case .probe, .require, .run: .environment
    }
  }

  /// Secrets that it needs where it runs, besides those of the metrics that it names.
  public var secrets: [Located<String>] {
    switch kind {
    case .probe(let probe): [probe.addresses, probe.bearer].compactMap { $0 }
    case .run(let program): program.secrets
    default: []
    }
  }

  /// What must hold for it to pass, in a few words, where that says more than its title: `no critical findings`.
  public var limit: String? {
    switch kind {
    case .gitHubChecks: return "green"
    case .stableFor(_, let time): return "for \(time)"
    case .releaseIssue(let time?): return "opened \(time) ago"
    case .workflowRun(_, let time): return "within \(time)"
    case .pullRequestReviews(let count): return "at least \(count.value)"
    case .run(let program):
      if let comparison = program.comparison {
        let names = comparison.metrics.map(\.value).joined(separator: " and ")
        return "\(names) within ±\(shortNumber(comparison.within.value))% of \(comparison.reference.rawValue)"
      }
      return program.findings.map { findings in
        findings.limits.map { limit in
          limit.atMost.value == 0
            ? "no \(limit.severity.rawValue) findings"
            : "at most \(limit.atMost.value) \(limit.severity.rawValue) findings"
        }.joined(separator: ", ")
      }
    default: return nil
    }
  }
}

/// HTTP requests that must all be answered as written.
public struct Probe: Sendable {
  public struct Request: Sendable {
    public let method: String
    public let path: String
    public let status: Int
    /// The answer must take less than this.
    public let within: TimeSpan?
    public let text: String

    public init(method: String, path: String, status: Int, within: TimeSpan?, text: String) {
      self.method = method
      self.path = path
      self.status = status
      self.within = within
      self.text = text
    }
  }

  /// How long one answer is waited for. Source: a decision of this project; a health endpoint that takes longer is down.
  public static let patience = TimeSpan.seconds(10)

  public let requests: [Located<Request>]
  /// Requests of the same kind that are sent first and not judged.
  public let warmUp: Int
  /// The secret whose value is sent as a bearer token.
  public let bearer: Located<String>?
  /// The secret that holds a comma-separated list of whole addresses, each asked by `GET` and answered with 200, besides
  /// the requests.
  public let addresses: Located<String>?

  public init(
    requests: [Located<Request>], warmUp: Int, bearer: Located<String>?, addresses: Located<String>? = nil
  ) {
    self.addresses = addresses
    self.requests = requests
    self.warmUp = warmUp
    self.bearer = bearer
  }
}

/// A program of the repository that passes with exit code 0, and what must hold after it.
public struct ProgramCheck: Sendable {
  public let command: Located<[String]>
  public let secrets: [Located<String>]
  public let comparison: MetricComparison?
  public let findings: Findings?

  public init(
    command: Located<[String]>, secrets: [Located<String>], comparison: MetricComparison?, findings: Findings?
  ) {
    self.command = command
    self.secrets = secrets
    self.comparison = comparison
    self.findings = findings
  }
}

/// Metrics that must be near a reference value.
public struct MetricComparison: Sendable {
  public let metrics: [Located<String>]
  /// Percent.
  public let within: Located<Double>
  public let reference: Threshold.Reference
  public let over: TimeSpan
  public let span: Span

  public init(
    metrics: [Located<String>], within: Located<Double>, reference: Threshold.Reference, over: TimeSpan, span: Span
  ) {
    self.metrics = metrics
    self.within = within
    self.reference = reference
    self.over = over
    self.span = span
  }
}

/// A SARIF report and how many findings of each severity it may have.
public struct Findings: Sendable {
  public enum Severity: String, Sendable, CaseIterable { case critical, high, medium, low }
  public struct Limit: Sendable {
    public let severity: Severity
    public let atMost: Located<Int>
    public init(severity: Severity, atMost: Located<Int>) {
      self.severity = severity
      self.atMost = atMost
    }
  }

  public let sarif: String
  public let limits: [Limit]
  public let span: Span

  public init(sarif: String, limits: [Limit], span: Span) {
    self.sarif = sarif
    self.limits = limits
    self.span = span
  }
}
