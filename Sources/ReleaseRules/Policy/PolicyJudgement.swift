import Diagnostics
import ReleaseModel

/// A spec judged by the minimum that a policy asks.
///
/// A spec can be stricter than the policy, and weaker only with a waiver that the policy itself grants, for as long as that
/// lasts. The day comes from outside, so that the same files and day give the same findings.
public struct PolicyJudgement: Sendable {
  /// In the spec, in file order.
  public let inSpec: [Diagnostic]
  /// In the policy file: waivers of this service that are of no use.
  public let inPolicy: [Diagnostic]

  /// `unreadable` are the places of what reading the spec has reported as errors: what is missing there is nobody's news.
  public init(_ spec: ReleaseSpec, _ plan: ReleasePlan, by policy: Policy, on today: CalendarDay, unreadable: [Span]) {
    let judge = PolicyJudge(spec: spec, plan: plan, policy: policy, today: today, unreadable: unreadable)
    var waivers = WaiverBook(policy, service: spec.service.value, today: today)
    var sink = DiagnosticSink()
    for (name, requirement) in policy.requirements.readable {
      var found: [Found] = []
      for environment in plan.environments where requirement.concerns(environment) {
        for shortfall in judge.shortfalls(of: requirement.demand, in: environment) {
          let waiver = waivers.use(for: name.value, in: environment)
          if let waiver, !waivers.isExpired(waiver) { continue }
          Self.add(shortfall, environment, waiver, to: &found)
        }
      }
      for group in found { sink.report(Self.diagnostic(group, name, requirement, policy, waivers)) }
    }
    inSpec = sink.sorted()
    inPolicy = unreadable.isEmpty ? waivers.unused : []
  }

  /// All that is found in the spec, in file order. Where a rule and the policy find the same interval too long, that is one
  /// cause, and the policy tells it: a comment can allow the rule's finding, and what a policy asks it cannot.
  public func joined(with others: [Diagnostic]) -> [Diagnostic] {
    let places = Set(inSpec.filter { $0.code == PolicyCodes.secrets }.map(\.span))
    var sink = DiagnosticSink()
    for diagnostic in others {
      let isTold = diagnostic.code == SecretRotationRule.name && places.contains(diagnostic.span)
      if !isTold { sink.report(diagnostic) }
    }
    for diagnostic in inSpec { sink.report(diagnostic) }
    return sink.sorted()
  }

  /// The same shortfall at one place, with all environments that have it.
  private struct Found {
    let shortfall: Shortfall
    var environments: [EnvironmentPlan]
    /// A waiver that would hold if it had not expired.
    let waiver: Int?
  }

  private static func add(
    _ shortfall: Shortfall, _ environment: EnvironmentPlan, _ waiver: Int?, to found: inout [Found]
  ) {
    let index = found.firstIndex {
      $0.shortfall.span == shortfall.span && $0.shortfall.subject == shortfall.subject && $0.waiver == waiver
    }
    if let index {
      found[index].environments.append(environment)
    } else {
      found.append(Found(shortfall: shortfall, environments: [environment], waiver: waiver))
    }
  }

  private static func diagnostic(
    _ found: Found, _ name: Located<String>, _ requirement: Policy.Requirement, _ policy: Policy, _ waivers: WaiverBook
  ) -> Diagnostic {
    let shortfall = found.shortfall
    // A hotfix goes into the same target: it is named where it is the only one.
    let usual = found.environments.filter { !$0.isHotfix }.map(\.name)
    let environments = found.environments.filter { !$0.isHotfix || !usual.contains($0.targetName) }.map(\.name)
    var message = shortfall.message(spelled(environments))
    var notes: [String] = []
    var help = [shortfall.help]
    let line = policy.file.position(of: name.span.start).line
    if let index = found.waiver {
      let waiver = policy.waivers[index]
      message = "a waiver has expired: " + message
      notes.append("the waiver \(waivers.age(index)) (\(policy.file.path):\(waivers.line(index)))")
      help.append("or ask \(waiver.owner), who owns the waiver, and \(policy.owner), who can renew it")
    } else {
      help.append("or ask \(policy.owner) for a waiver of `\(name.value)`")
    }
    notes.append("`\(name.value)` of the policy `\(policy.name.value)` asks it (\(policy.file.path):\(line))")
    if let because = requirement.because { notes.append("its reason: \(because)") }
    return .error(
      found.waiver == nil ? shortfall.code : PolicyCodes.waiverExpired, message, at: shortfall.span,
      label: shortfall.label, related: shortfall.related, notes: notes, help: help)
  }
}

/// Which waivers a service has, and which of them were needed.
private struct WaiverBook {
  private let policy: Policy
  private let service: String
  private let today: CalendarDay
  private var used: Set<Int> = []

  init(_ policy: Policy, service: String, today: CalendarDay) {
    self.policy = policy
    self.service = service
    self.today = today
  }

  /// The waiver of a requirement in an environment, noted as needed: one that holds, or else one that has expired.
  mutating func use(for requirement: String, in environment: EnvironmentPlan) -> Int? {
    let fitting = policy.waivers.indices.filter { index in
      let waiver = policy.waivers[index]
      return waiver.service.value == service && waiver.requirement.value == requirement
        && waiver.environments.contains { $0.value.matches(environment.targetName) }
    }
    guard let index = fitting.first(where: { !isExpired($0) }) ?? fitting.first else { return nil }
    used.insert(index)
    return index
  }

  func isExpired(_ index: Int) -> Bool { policy.waivers[index].expires.value.number < today.number }

  /// Since when it holds no more: "ended on 2026-10-01, 51 days ago".
  func age(_ index: Int) -> String {
    let expires = policy.waivers[index].expires.value
    let days = today.number1970 - expires.number1970
    return "ended on \(expires), \(days == 1 ? "a day" : "\(days) days") ago"
  }

  func line(_ index: Int) -> Int { policy.file.position(of: policy.waivers[index].span.start).line }

  /// The waivers of this service that nothing needs, in file order.
  var unused: [Diagnostic] {
    policy.waivers.indices.filter { policy.waivers[$0].service.value == service && !used.contains($0) }.map { index in
      let waiver = policy.waivers[index]
      let requirement = waiver.requirement.value
      if isExpired(index) {
        return .error(
          PolicyCodes.waiverExpired, "this waiver \(age(index)), and nothing needs it any more",
          at: waiver.expires.span, label: "its last day",
          notes: ["`\(service)` meets `\(requirement)` where the waiver speaks of it"], help: ["delete the waiver"])
      }
      return .warning(
        PolicyCodes.waiverUnused, "this waiver waives nothing: `\(service)` meets `\(requirement)`",
        at: waiver.requirement.span, label: "is met without it",
        notes: [
          "left here, it would let `\(service)` fall below the minimum again without anybody's having decided it"
        ],
        help: ["delete the waiver, or see whether `in` names the environment that is meant"])
    }
  }
}
