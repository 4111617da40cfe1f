import Diagnostics

/// The minimum that a platform team asks of every release spec, and the exceptions that it has granted.
public struct Policy: Sendable {
  /// Where it was read from; findings name its lines.
  public let file: SourceFile
  public let name: Located<String>
  /// Whom to ask for an exception.
  public let owner: String
  public let requirements: NamedMap<Requirement>
  public let waivers: [Waiver]

  public init(
    file: SourceFile, name: Located<String>, owner: String, requirements: NamedMap<Requirement>, waivers: [Waiver]
  ) {
    self.file = file
    self.name = name
    self.owner = owner
    self.requirements = requirements
    self.waivers = waivers
  }

  /// One thing that is asked of some environments of every service.
  public struct Requirement: Sendable {
    public let environments: [Wildcard]
    /// Whether it is asked of the hotfix way into such an environment, too.
    public let includesHotfixes: Bool
    /// Why, for people.
    public let because: String?
    public let demand: Demand
    public let span: Span

    public init(environments: [Wildcard], includesHotfixes: Bool, because: String?, demand: Demand, span: Span) {
      self.environments = environments
      self.includesHotfixes = includesHotfixes
      self.because = because
      self.demand = demand
      self.span = span
    }

    /// Whether it speaks of an environment.
    public func concerns(_ environment: EnvironmentPlan) -> Bool {
      (includesHotfixes || !environment.isHotfix) && environments.contains { $0.matches(environment.targetName) }
    }
  }

  public enum Demand: Sendable {
    /// Cells of the matrix that are at least so strict.
    case promotion([Criterion])
    /// So long live in the environment before, and blocking.
    case soak(TimeSpan)
    /// So many approvals, each of which only such reviewers can give (empty: anybody).
    case approvals(count: Int, by: [Wildcard])
    case strategies([Rollout.Strategy])
    /// Percent of the traffic that the first step of a canary may have.
    case firstStep(Int)
    /// So long at every step.
    case hold(TimeSpan)
    /// Every one of them must be there.
    case rollback([RollbackDemand])
    /// A bad version is taken back so soon, at worst.
    case detection(TimeSpan)
    /// A bad version gets so much at most, at worst, as time with all of the traffic.
    case exposure(TimeSpan)
    /// Every secret is replaced at least so often.
    case rotation(standard: TimeSpan, high: TimeSpan)
    case window(WindowDemand)
    case freezes([FreezeDemand])
    /// Events of which some channel is told.
    case notifications([NotificationChannel.Event])
  }

  public struct Criterion: Sendable {
    public let name: Wildcard
    public let atLeast: Strictness
    public init(name: Wildcard, atLeast: Strictness) {
      self.name = name
      self.atLeast = atLeast
    }
  }

  /// A condition that takes a version back.
  public struct RollbackDemand: Sendable {
    public enum Subject: Sendable {
      /// A metric of this name, unit and direction; `nil`: any.
      case metric(Wildcard?, unit: MetricUnit?, better: Metric.Direction?)
      /// A check that fails.
      case check(Wildcard)
    }
    public let subject: Subject
    /// Takes the version back at this value at the latest.
    public let limit: Quantity?
    /// As it would be said: "a metric in percent of which lower is better".
    public let words: String
    public let span: Span
    public init(subject: Subject, limit: Quantity?, words: String, span: Span) {
      self.subject = subject
      self.limit = limit
      self.words = words
      self.span = span
    }
  }

  /// A window that there must be.
  public struct WindowDemand: Sendable {
    /// The days of the week on which it may be open; empty: any.
    public let days: [ChangeWindow.Day]
    /// How long it may be open at most.
    public let atMost: TimeSpan?
    public init(days: [ChangeWindow.Day], atMost: TimeSpan?) {
      self.days = days
      self.atMost = atMost
    }
  }

  /// Days on which there must be a freeze, both ends included; both of every year, or both with their year.
  public struct FreezeDemand: Sendable {
    public let from: CalendarDay
    public let to: CalendarDay
    public init(from: CalendarDay, to: CalendarDay) {
      self.from = from
      self.to = to
    }
  }

  /// An exception: a service need not meet a requirement for a while.
  public struct Waiver: Sendable {
    public let service: Located<String>
    public let environments: [Located<Wildcard>]
    public let requirement: Located<String>
    public let owner: String
    public let reason: String
    /// The last day of it.
    public let expires: Located<CalendarDay>
    public let span: Span

    public init(
      service: Located<String>, environments: [Located<Wildcard>], requirement: Located<String>, owner: String,
      reason: String, expires: Located<CalendarDay>, span: Span
    ) {
      self.service = service
      self.environments = environments
      self.requirement = requirement
      self.owner = owner
      self.reason = reason
      self.expires = expires
      self.span = span
    }
  }
}
