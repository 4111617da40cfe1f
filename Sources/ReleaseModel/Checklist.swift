import Diagnostics

/// What people do at one moment of a release. Before it, the items stand in the release issue; afterwards, in an issue of
/// their own with the time by which they are due.
public struct Checklist: Sendable {
  public enum Moment: Sendable, Hashable {
    /// Done this long before the release.
    case before(TimeSpan)
    /// Done within this time after a release has succeeded.
    case after(TimeSpan)
    /// Done within this time after a version was taken back.
    case afterRollback(TimeSpan)
    /// Done within this time after a hotfix, whatever became of it.
    case afterHotfix(TimeSpan)

    public var time: TimeSpan {
      switch self {
      case .before(let time), .after(let time), .afterRollback(let time), .afterHotfix(let time): time
      }
    }
  }

  public enum Item: Sendable {
    /// A person confirms it.
    case text(String)
    /// A check answers it: it stands in the list for people and is a gate for the machine.
    case check(Located<String>)
  }

  public let title: String?
  public let environments: [Located<String>]
  public let moment: Moment
  public let items: [Item]
  /// Whose duty it is.
  public let role: Located<String>?
  /// Labels of the issue.
  public let labels: [String]
  public let span: Span

  public init(
    title: String?, environments: [Located<String>], moment: Moment, items: [Item], role: Located<String>?,
    labels: [String], span: Span
  ) {
    self.title = title
    self.environments = environments
    self.moment = moment
    self.items = items
    self.role = role
    self.labels = labels
    self.span = span
  }
}

extension EnvironmentPlan {
  /// What there is to do something after.
  public enum Ending: Sendable { case release, rollback, hotfix }

  /// The checklists that become issues after this.
  public func duties(_ ending: Ending) -> [NamedChecklist] {
    checklists.filter { list in
      switch (list.checklist.moment, ending) {
      case (.after, .release), (.afterRollback, .rollback), (.afterHotfix, .hotfix): true
      default: false
      }
    }
  }
}
