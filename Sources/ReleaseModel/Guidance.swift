import Diagnostics

/// What people need to know beside what machines do: it stands in the runbook, in the place where it is needed.
public struct Guidance: Sendable {
  public struct Contact: Sendable {
    public let who: String
    public let reach: String
    public let what: String?
    public init(who: String, reach: String, what: String?) {
      self.who = who
      self.reach = reach
      self.what = what
    }
  }

  /// Who is called when nobody before has answered.
  public struct Escalation: Sendable {
    public let after: TimeSpan
    public let to: String
    public init(after: TimeSpan, to: String) {
      self.after = after
      self.to = to
    }
  }

  public struct Trouble: Sendable {
    public let issue: String
    /// The environment, or `nil`: anywhere.
    public let environment: Located<String>?
    public let symptoms: [String]
    /// Command lines that show what is wrong.
    public let look: [String]
    public let causes: [String]
    public let resolve: [String]
    public let span: Span
    public init(
      issue: String, environment: Located<String>?, symptoms: [String], look: [String], causes: [String],
      resolve: [String], span: Span
    ) {
      self.issue = issue
      self.environment = environment
      self.symptoms = symptoms
      self.look = look
      self.causes = causes
      self.resolve = resolve
      self.span = span
    }
  }

  /// Who watches a new version, and for how long.
  public struct Watch: Sendable {
    public let until: TimeSpan
    public let by: String
    public let what: String
    public init(until: TimeSpan, by: String, what: String) {
      self.until = until
      self.by = by
      self.what = what
    }
  }

  public struct Link: Sendable {
    public let title: String
    public let address: String
    public init(title: String, address: String) {
      self.title = title
      self.address = address
    }
  }

  public var contacts: [Contact]
  public var escalation: [Escalation]
  public var troubleshooting: [Trouble]
  public var watches: [Watch]
  public var links: [Link]

  public init(
    contacts: [Contact] = [], escalation: [Escalation] = [], troubleshooting: [Trouble] = [], watches: [Watch] = [],
    links: [Link] = []
  ) {
    self.contacts = contacts
    self.escalation = escalation
    self.troubleshooting = troubleshooting
    self.watches = watches
    self.links = links
  }
}
