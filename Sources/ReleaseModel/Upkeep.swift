import Diagnostics

/// How secrets are replaced, and what watches that they are.
public struct Rotation: Sendable {
  public let owner: Located<String>
  /// The secret with a token that may read when secrets were written: the workflow's own token may not.
  public let token: Located<String>
  /// Five fields of cron, in UTC.
  public let schedule: Located<String>
  public let labels: [String]
  /// When a secret is replaced at once, whatever its age.
  public let atOnce: [String]
  public let steps: [String]
  public let emergency: [String]
  public let span: Span

  public init(
    owner: Located<String>, token: Located<String>, schedule: Located<String>, labels: [String], atOnce: [String],
    steps: [String], emergency: [String], span: Span
  ) {
    self.owner = owner
    self.token = token
    self.schedule = schedule
    self.labels = labels
    self.atOnce = atOnce
    self.steps = steps
    self.emergency = emergency
    self.span = span
  }
}

/// How the data is saved and brought back: for the runbook. The checks and drills that prove it are declared as such.
public struct Backup: Sendable {
  public struct Procedure: Sendable {
    public let title: String
    public let steps: [Step]
    public init(title: String, steps: [Step]) {
      self.title = title
      self.steps = steps
    }
  }

  public enum Step: Sendable {
    case text(String)
    /// A command line that a person types, with `<placeholders>`.
    case command(String)
  }

  /// What is saved, such as `PostgreSQL`.
  public let what: String
  public let owner: Located<String>
  public let policy: [String]
  /// How long backups are kept, by environment.
  public let retention: [(environment: Located<String>, time: TimeSpan)]
  /// The check that proves a backup to be there and restorable.
  public let check: Located<String>?
  /// The drill that restores it.
  public let drill: Located<String>?
  public let backup: [Step]
  public let restore: [Step]
  public let span: Span

  public init(
    what: String, owner: Located<String>, policy: [String], retention: [(environment: Located<String>, time: TimeSpan)],
    check: Located<String>?, drill: Located<String>?, backup: [Step], restore: [Step], span: Span
  ) {
    self.what = what
    self.owner = owner
    self.policy = policy
    self.retention = retention
    self.check = check
    self.drill = drill
    self.backup = backup
    self.restore = restore
    self.span = span
  }
}
