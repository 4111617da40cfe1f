/// What has to be looked after between releases, by a workflow that runs by the clock.
public enum HousekeepingTask: String, Sendable, CaseIterable {
  /// Runs that wait for an approval for longer than the spec lets them are cancelled.
  case expire
  /// Runs that stopped because the window was closed are started again when it is open.
  case reopen
  /// A window with a notice period is announced.
  case announce

  /// The tasks that a release has.
  public static func needed(by plan: ReleasePlan) -> [HousekeepingTask] {
    allCases.filter { !$0.environments(of: plan).isEmpty }
  }

  /// The environments that it is done for.
  public func environments(of plan: ReleasePlan) -> [EnvironmentPlan] {
    plan.environments.filter { environment in
      switch self {
      case .expire: environment.approvals.contains { $0.within != nil }
      case .reopen: environment.spec.window != nil || !environment.freezes.isEmpty
      case .announce: environment.spec.window?.notice != nil
      }
    }
  }

  /// What it does, in a few words.
  public var purpose: String {
    switch self {
    case .expire: "cancels runs that have waited too long for an approval"
    case .reopen: "starts runs again that stopped because the window was closed"
    case .announce: "announces the next window"
    }
  }
}

extension EnvironmentPlan {
  /// What people do before a release, the longest lead time first; lists of the same time stay in the order of the spec.
  public var checklistsBefore: [NamedChecklist] {
    let before = checklists.filter { if case .before = $0.checklist.moment { true } else { false } }
    return before.enumerated().sorted { left, right in
      let (one, other) = (left.element.checklist.moment.time, right.element.checklist.moment.time)
      return one == other ? left.offset < right.offset : one > other
    }.map(\.element)
  }
}

extension ReleasePlan {
  /// The environments before whose releases people have something to do.
  public var withReleaseIssue: [EnvironmentPlan] { environments.filter { !$0.checklistsBefore.isEmpty } }
}
