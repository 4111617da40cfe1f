import ReleaseModel

/// The release as it will happen, before it does: what is asked when, who is waited for, how long it takes, how soon a bad
/// version is found and how much of the traffic meets it until then.
public enum PlanReport {
  /// What the release of one environment comes to, in words that every format shares.
  struct Row {
    let phase: Phase
    /// `10 %`, `approval`, `verify`.
    let name: String
    /// `15m to 30m`.
    let time: String
    /// What happens in it.
    let what: String
  }

  static func rows(_ environment: EnvironmentPlan) -> [Row] {
    environment.phases.map { phase in
      Row(phase: phase, name: name(phase), time: time(phase), what: what(phase, environment))
    }
  }

  static func name(_ phase: Phase) -> String {
    switch phase.kind {
    case .candidate: "verify the new version"
    case .step: "\(phase.weight ?? 0)%"
    case .verify: "verify the release"
    case .before: "check before"
    default: phase.kind.rawValue
    }
  }

  static func time(_ phase: Phase) -> String {
    guard let longest = phase.longest else { return "until it opens" }
    if phase.kind == .approval { return "at most \(longest)" }
    if longest == phase.shortest { return longest == .zero ? "–" : "\(longest)" }
    return phase.shortest == .zero ? "at most \(longest)" : "\(phase.shortest) to \(longest)"
  }

  private static func what(_ phase: Phase, _ environment: EnvironmentPlan) -> String {
    let checks = phase.checks.map(\.title).joined(separator: ", ")
    switch phase.kind {
    case .gates: return environment.gates.map { gate($0) }.joined(separator: ", ")
    case .approval:
      guard let approval = phase.approval else { return "" }
      return approval.roles.joined(separator: " or ") + ": " + approval.reviewers.joined(separator: ", ")
    case .window:
      let freezes = environment.freezes.map { "not from \($0.from) to \($0.to): \($0.reason)" }
      return ((environment.spec.window.map { [$0.text] } ?? []) + freezes).joined(separator: "; ")
    case .before, .candidate, .verify: return checks
    case .report: return checks + " (recorded, stops nothing)"
    case .migrate: return environment.spec.migration?.command.value.joined(separator: " ") ?? ""
    case .deploy: return "the new \(environment.operations.versionNoun) of \(environment.operations.title)"
    case .step: return judged(phase, environment)
    case .rest: return "at an earlier share, when a step says so"
    case .stabilise:
      let end = checks.isEmpty ? "" : "; then \(checks)"
      return judged(phase, environment) + end
    case .finish: return "the version before goes away, and can come back"
    }
  }

  private static func gate(_ gate: Gate) -> String {
    switch gate.requirement {
    case .required: gate.title
    case .requiredForCandidates: "\(gate.title) (for candidates)"
    case .recommended: "\(gate.title) (recommended)"
    case .optional: "\(gate.title) (optional)"
    }
  }

  /// The conditions of the rollback are the same in every step, and stand in a table of their own.
  private static func judged(_ phase: Phase, _ environment: EnvironmentPlan) -> String {
    let everywhere = Set(environment.rollbackWhen.map(\.condition.text))
    let own = phase.watched.filter { !everywhere.contains($0.condition.text) }
    let watched = phase.watched.isEmpty ? [] : ["judged every \(environment.spec.rollout.checkEvery)"]
    let fails = own.isEmpty ? [] : ["fails when \(texts(own))"]
    let required = phase.required.isEmpty ? [] : ["at the end: \(texts(phase.required))"]
    return (watched + fails + required).joined(separator: "; ")
  }

  private static func texts(_ conditions: [PlannedCondition]) -> String {
    conditions.map(\.condition.text).joined(separator: ", ")
  }

  /// `after staging`, `from a merge`: where a release into the environment comes from.
  static func origin(_ environment: EnvironmentPlan) -> String {
    if let upstream = environment.upstream { return "after \(upstream)" }
    let trigger = environment.spec.trigger
    if trigger.push != nil { return "from a merge" }
    return trigger.tags.isEmpty ? "by hand" : "from a tag"
  }
}
