import Diagnostics

/// Where a version runs, how it gets there and how it leaves again.
public struct EnvironmentSpec: Sendable {
  public let summary: String?
  public let after: Located<String>?
  public let trigger: Trigger
  /// Where its users reach it.
  public let url: Located<String>?
  public let runsOn: [String]
  public let window: ChangeWindow?
  /// Checks that must pass before anything is touched, whatever the matrix says.
  public let before: [Located<String>]
  public let migration: Migration?
  public let target: DeployTarget
  public let deploySpan: Span
  public let rollout: Rollout
  /// Checks that are run in the environment after the whole rollout; what they found is recorded for later promotions.
  public let verify: [Located<String>]
  /// Checks that are run and recorded as those of `verify`, but stop nothing: what a later promotion recommends.
  public let report: [Located<String>]
  public let decision: Decision?
  public let rollback: Rollback?
  /// The environment that this one is the hotfix way into; its target is that one's.
  public var hotfixOf: String?
  public let span: Span

  public init(
    summary: String?, after: Located<String>?, trigger: Trigger, url: Located<String>?, runsOn: [String],
    window: ChangeWindow?, before: [Located<String>], migration: Migration?,
    target: DeployTarget, deploySpan: Span, rollout: Rollout, verify: [Located<String>], report: [Located<String>],
    decision: Decision?,
    rollback: Rollback?, span: Span
  ) {
    self.summary = summary
    self.after = after
    self.trigger = trigger
    self.url = url
    self.runsOn = runsOn
    self.window = window
    self.before = before
    self.migration = migration
    self.target = target
    self.deploySpan = deploySpan
    self.rollout = rollout
    self.verify = verify
    self.report = report
    self.decision = decision
    self.rollback = rollback
    self.span = span
  }
}

/// What starts a release into an environment. Several of the three may be there.
public struct Trigger: Sendable {
  public struct Push: Sendable {
    public let branches: [Located<String>]
    public let paths: [String]
    public let span: Span
    public init(branches: [Located<String>], paths: [String], span: Span) {
      self.branches = branches
      self.paths = paths
      self.span = span
    }
  }

  public let push: Push?
  public let tags: [Located<TagPattern>]
  public let manual: Manual?
  public let span: Span

  public struct Manual: Sendable {
    /// Which tags it may be started from; empty: any ref that the environment's policy lets through.
    public let tags: [Located<TagPattern>]
    public let span: Span
    public init(tags: [Located<TagPattern>], span: Span) {
      self.tags = tags
      self.span = span
    }
  }

  public init(push: Push?, tags: [Located<TagPattern>], manual: Manual?, span: Span) {
    self.push = push
    self.tags = tags
    self.manual = manual
    self.span = span
  }
}

/// When a change may start, and by when it must be done.
public struct ChangeWindow: Sendable {
  public enum Day: Int, Sendable, CaseIterable {
    case mon = 1
    case tue, wed, thu, fri, sat, sun
  }
  /// Minutes since midnight.
  public struct Clock: Sendable, Comparable, CustomStringConvertible {
    public let minutes: Int
    public init(minutes: Int) { self.minutes = minutes }
    public static func < (left: Clock, right: Clock) -> Bool { left.minutes < right.minutes }
    public var description: String {
      let hours = minutes / 60
      let rest = minutes % 60
      return "\(hours < 10 ? "0" : "")\(hours):\(rest < 10 ? "0" : "")\(rest)"
    }
  }

  /// Which days of the week; all of them for a window of a month.
  public let days: [Day]
  /// Only the first (1) … fourth (4) or last (5) of these days in a month.
  public let week: Int?
  /// How long before it opens it is announced.
  public let notice: TimeSpan?
  public let from: Clock
  public let to: Clock
  /// A name of the time zone database.
  public let zone: String
  public let span: Span

  public init(
    days: [Day], week: Int? = nil, notice: TimeSpan? = nil, from: Clock, to: Clock, zone: String, span: Span
  ) {
    self.days = days
    self.week = week
    self.notice = notice
    self.from = from
    self.to = to
    self.zone = zone
    self.span = span
  }

  /// From opening to closing; a window may run past midnight.
  public var length: TimeSpan {
    .minutes(to.minutes > from.minutes ? to.minutes - from.minutes : 24 * 60 - from.minutes + to.minutes)
  }

  public var text: String {
    (week.map { Self.weeks[$0 - 1] + " " } ?? "") + days.map { "\($0)" }.joined(separator: ", ")
      + (week == nil ? "" : " of the month,") + " \(from)–\(to) \(zone)"
  }

  /// How the weeks of a month are written, from 1 on.
  public static let weeks = ["first", "second", "third", "fourth", "last"]
}

/// A change of the database that goes before the version that needs it.
public struct Migration: Sendable {
  public let command: Located<[String]>
  public let secrets: [Located<String>]
  public let isDestructive: Bool
  public let timeout: TimeSpan
  public let span: Span

  public init(
    command: Located<[String]>, secrets: [Located<String>], isDestructive: Bool, timeout: TimeSpan, span: Span
  ) {
    self.command = command
    self.secrets = secrets
    self.isDestructive = isDestructive
    self.timeout = timeout
    self.span = span
  }
}

/// A go or no-go that a person records after an environment has proved a version.
public struct Decision: Sendable {
  public let role: Located<String>
  public let text: String
  public init(role: Located<String>, text: String) {
    self.role = role
    self.text = text
  }
}

/// How traffic reaches the new version.
public struct Rollout: Sendable {
  public enum Strategy: String, Sendable, CaseIterable {
    case canary, rolling
    /// The candidate comes up complete beside the previous version; then one switch moves all traffic.
    case blueGreen = "blue-green"

    /// Whether the candidate is verified before it has any traffic.
    public var verifiesBeforeTraffic: Bool { self != .rolling }
  }

  public let strategy: Strategy
  public let checkEvery: TimeSpan
  /// No metric is judged before this long after a change of weight.
  public let settle: TimeSpan
  public let noDataLimit: TimeSpan
  /// How long the candidate may take until it can serve.
  public let readyWithin: TimeSpan
  /// Checks that the candidate must pass before it gets traffic.
  public let verify: [Located<String>]
  public let steps: [Step]
  /// How long a rollout may rest at an earlier weight without a decision before it goes to 0 %.
  public var restLimit: TimeSpan = .hours(1)
  /// How long a person may hold the release at a weight, in all, before it is taken back.
  public var holdLimit: TimeSpan = .minutes(30)
  /// Held at 100 %, with everything that the release leaves behind still there, before the old version goes away.
  public var stabilisation: Stabilisation?
  public let span: Span

  public struct Stabilisation: Sendable {
    public let hold: Located<TimeSpan>
    public let require: [Condition]
    /// Checks of the whole release while the old version can still come back at once.
    public let verify: [Located<String>]
    public let span: Span

    public init(hold: Located<TimeSpan>, require: [Condition], verify: [Located<String>], span: Span) {
      self.hold = hold
      self.require = require
      self.verify = verify
      self.span = span
    }
  }

  public struct Step: Sendable {
    /// Percent.
    public let weight: Located<Int>
    public let hold: Located<TimeSpan>
    public let require: [Condition]
    /// Judged at every tick of this step, as the rollback conditions are; one that is met fails the step.
    public let failWhen: [Condition]
    /// The weight that the candidate falls back to when this step fails; 0 is the rollback.
    public let onFailure: Located<Int>?
    public let span: Span

    public init(
      weight: Located<Int>, hold: Located<TimeSpan>, require: [Condition], failWhen: [Condition] = [],
      onFailure: Located<Int>? = nil, span: Span
    ) {
      self.failWhen = failWhen
      self.onFailure = onFailure
      self.weight = weight
      self.hold = hold
      self.require = require
      self.span = span
    }
  }

  public init(
    strategy: Strategy, checkEvery: TimeSpan, settle: TimeSpan, noDataLimit: TimeSpan, verify: [Located<String>],
    steps: [Step], span: Span, readyWithin: TimeSpan = .minutes(10)
  ) {
    self.strategy = strategy
    self.checkEvery = checkEvery
    self.settle = settle
    self.noDataLimit = noDataLimit
    self.readyWithin = readyWithin
    self.verify = verify
    self.steps = steps
    self.span = span
  }
}

/// When and how a version is taken back.
public struct Rollback: Sendable {
  public let when: [Condition]
  public let verify: [Located<String>]
  /// What must be true again afterwards.
  public let recovered: [Condition]
  /// What happens to the database, for people.
  public let migrations: String?
  public let incident: Incident?
  /// What becomes of the database when what decides is a check; `nil`: only the words above.
  public var database: DatabaseBranch?
  /// How a person takes back what was fully promoted, a share of the traffic at a time.
  public var stages: Stages?
  /// The longest that a bad version may be live before what watches the release takes it back.
  public var detectionBudget: Located<TimeSpan>?
  /// The most that a bad version may be exposed: time with all of the traffic, so that 30 s at 10 % count 3 s.
  public var exposureBudget: Located<TimeSpan>?
  public let span: Span

  /// The way back of the database, decided before it is changed.
  public struct DatabaseBranch: Sendable {
    /// The check that tells whether the version before can work with the schema after.
    public let compatible: Located<String>
    /// The program that takes the schema back when it cannot.
    public let otherwise: Located<[String]>
    /// What a person runs when that fails, too: a point-in-time restore.
    public let lastResort: Located<[String]>?
    public let secrets: [Located<String>]
    public let timeout: TimeSpan
    public let span: Span

    public init(
      compatible: Located<String>, otherwise: Located<[String]>, lastResort: Located<[String]>?,
      secrets: [Located<String>], timeout: TimeSpan, span: Span
    ) {
      self.compatible = compatible
      self.otherwise = otherwise
      self.lastResort = lastResort
      self.secrets = secrets
      self.timeout = timeout
      self.span = span
    }
  }

  /// A reverse rollout: shares of the version before, each watched.
  public struct Stages: Sendable {
    /// Rising percents of the version before, ending at 100.
    public let weights: [Located<Int>]
    public let watch: TimeSpan
    public let span: Span

    public init(weights: [Located<Int>], watch: TimeSpan, span: Span) {
      self.weights = weights
      self.watch = watch
      self.span = span
    }
  }

  public struct Incident: Sendable {
    public let labels: [String]
    public let followUp: String
    public init(labels: [String], followUp: String) {
      self.labels = labels
      self.followUp = followUp
    }
  }

  public init(
    when: [Condition], verify: [Located<String>], recovered: [Condition], migrations: String?, incident: Incident?,
    span: Span
  ) {
    self.when = when
    self.verify = verify
    self.recovered = recovered
    self.migrations = migrations
    self.incident = incident
    self.span = span
  }
}
