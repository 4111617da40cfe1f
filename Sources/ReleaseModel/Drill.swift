import Diagnostics

/// An exercise of what must work when it is needed, on a schedule and on demand.
public struct Drill: Sendable {
  public enum Exercise: String, Sendable, CaseIterable {
    /// Back to the version before, checked, and forward again: real traffic moves.
    case rollBack = "roll-back"
    /// The rollback and verification hooks of a webhook target are called with `"drill": true`.
    case callHooks = "call-hooks"
    /// Everything up to the first change: the target answers, the version before is known and its checks pass.
    case dryRun = "dry-run"
  }

  public enum Kind: Sendable {
    /// What is exercised in each environment, in order.
    case environments([(name: Located<String>, exercise: Exercise)])
    /// A program of the repository, such as a restore of last night's backup.
    case program(Located<[String]>, secrets: [Located<String>], environment: Located<String>, timeout: TimeSpan)
  }

  public let title: String
  public let kind: Kind
  /// Five fields of cron, in UTC.
  public let schedule: Located<String>
  public let owner: Located<String>
  /// Labels of the issue that a drill with something to attend to opens.
  public let labels: [String]
  public let span: Span

  public init(
    title: String, kind: Kind, schedule: Located<String>, owner: Located<String>, labels: [String], span: Span
  ) {
    self.title = title
    self.kind = kind
    self.schedule = schedule
    self.owner = owner
    self.labels = labels
    self.span = span
  }
}

/// Evidence that other workflows have left, without which the service is not ready for a release.
public struct Readiness: Sendable {
  public struct Evidence: Sendable {
    public let title: String
    /// The name of the artifact of GitHub Actions.
    public let artifact: String
    /// The JSON file in it.
    public let file: String
    /// A jq filter over the file that must give `true`.
    public let healthy: Located<String>
    public let maximumAge: TimeSpan?
    public let span: Span

    public init(
      title: String, artifact: String, file: String, healthy: Located<String>, maximumAge: TimeSpan?, span: Span
    ) {
      self.title = title
      self.artifact = artifact
      self.file = file
      self.healthy = healthy
      self.maximumAge = maximumAge
      self.span = span
    }
  }

  public let evidence: NamedMap<Evidence>
  /// Five fields of cron, in UTC; `nil`: only on demand.
  public let schedule: Located<String>?
  public let span: Span

  public init(evidence: NamedMap<Evidence>, schedule: Located<String>?, span: Span) {
    self.evidence = evidence
    self.schedule = schedule
    self.span = span
  }
}
