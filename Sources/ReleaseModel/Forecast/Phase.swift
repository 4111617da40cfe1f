/// One part of a release into an environment, in the order in which they happen.
public struct Phase: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case gates, approval, window, before, migrate, deploy, candidate, step, rest, stabilise, finish, verify, report
  }

  public let kind: Kind
  /// The share of the traffic that the new version has in it, in percent; `nil` where none is meant.
  public let weight: Int?
  public let shortest: TimeSpan
  /// `nil`: nothing ends the wait but a person or the calendar.
  public let longest: TimeSpan?
  /// Checks that are asked, once each.
  public let checks: [NamedCheck]
  /// Conditions that are judged at every tick: those of the rollback, and of the step.
  public let watched: [PlannedCondition]
  /// Conditions that must hold at its end.
  public let required: [PlannedCondition]
  /// Who is waited for.
  public let approval: Approval?

  init(
    _ kind: Kind, weight: Int? = nil, shortest: TimeSpan = .zero, longest: TimeSpan?, checks: [NamedCheck] = [],
    watched: [PlannedCondition] = [], required: [PlannedCondition] = [], approval: Approval? = nil
  ) {
    self.kind = kind
    self.weight = weight
    self.shortest = shortest
    self.longest = longest
    self.checks = checks
    self.watched = watched
    self.required = required
    self.approval = approval
  }
}

extension EnvironmentPlan {
  /// How long GitHub keeps a run that waits for somebody's approval.
  /// Source: GitHub's docs, "Reviewing deployments": a job that is not approved within 30 days fails.
  public static let longestApproval = TimeSpan.hours(30 * 24)

  /// What happens in a release, in order. `phases` and `worstCase` count the same times.
  public var phases: [Phase] {
    var phases: [Phase] = []
    let asked = gates.compactMap { gate -> NamedCheck? in
      if case .check(let check) = gate.question { return check }
      return nil
    }
    if !gates.isEmpty { phases.append(Phase(.gates, longest: asked.timeouts, checks: asked)) }
    phases += approvals.map { Phase(.approval, longest: $0.within ?? Self.longestApproval, approval: $0) }
    if spec.window != nil || !freezes.isEmpty { phases.append(Phase(.window, longest: nil)) }
    if !preconditions.isEmpty { phases.append(Phase(.before, longest: preconditions.timeouts, checks: preconditions)) }
    if let migration = spec.migration { phases.append(Phase(.migrate, longest: migration.timeout)) }
    phases.append(Phase(.deploy, longest: platformTime))
    if !candidateChecks.isEmpty {
      phases.append(Phase(.candidate, longest: candidateChecks.timeouts, checks: candidateChecks))
    }
    for step in steps { phases.append(phase(of: step)) }
    if canRest { phases.append(Phase(.rest, longest: spec.rollout.restLimit, watched: watchedEverywhere)) }
    if let part = stabilisation {
      let step = part.step
      phases.append(
        Phase(
          .stabilise, weight: 100, shortest: step.hold,
          longest: step.hold + step.longestExtension + part.verify.timeouts,
          checks: part.verify, watched: watchedEverywhere, required: step.require))
    }
    // Its time is in what the platform needs.
    if !operations.finish.isEmpty { phases.append(Phase(.finish, weight: 100, longest: .zero)) }
    if !verify.isEmpty { phases.append(Phase(.verify, weight: 100, longest: verify.timeouts, checks: verify)) }
    if !report.isEmpty { phases.append(Phase(.report, weight: 100, longest: report.timeouts, checks: report)) }
    return phases
  }

  /// From the first write on the target to the last word, when nothing is slow.
  public var bestCase: TimeSpan { holdTotal }

  private func phase(of step: PlannedStep) -> Phase {
    let shift = operations.shift.pauses
    return Phase(
      .step, weight: step.weight, shortest: step.hold, longest: shift + step.hold + step.longestExtension,
      watched: watchedEverywhere + step.failWhen, required: step.require)
  }

  private var watchedEverywhere: [PlannedCondition] { rollbackWhen.filter { !$0.condition.isManual } }

  /// What the platform may need to bring a version up, to switch, and to tidy up after it.
  var platformTime: TimeSpan {
    // A rolling update is waited for where others shift traffic.
    let ready = strategy == .rolling ? operations.shift.waits : operations.ready.waits
    return .minutes(10) + max(.minutes(10), ready)
  }
}

extension [NamedCheck] {
  /// When all of them have timed out, one after the other.
  var timeouts: TimeSpan { reduce(.zero) { $0 + $1.check.timeout } }
}
