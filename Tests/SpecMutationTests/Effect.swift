import Foundation

/// What a mutation does to the meaning of a spec. Decided from the two trees and the reader alone: no rule is asked, so that
/// the share that the rules find is a finding and not a definition.
///
/// A spec is what a team wants, so "another value" is not by itself a mistake. It is one when what is left no longer fits
/// together, or is off by what nobody means:
///
/// - **worse: unreadable.** A word, a unit, a number or a name that does not exist. The reader's own business, and counted
///   apart, because it is the easy part.
/// - **worse: idle.** Something that stays in the file has lost its effect: it is declared and no longer named, stands in a
///   list twice, judges nothing, opens never.
/// - **worse: at odds.** Two places that agreed no longer do: a later promotion asks less than an earlier one, a later step
///   less than an earlier one, a cell calls optional what has stopped the release before, a migration has no way back.
/// - **worse: around.** There is a way around a promotion, or an environment comes after the wrong one.
/// - **worse: turned.** A comparison looks to the other side than `better` says.
/// - **worse: slip.** A value is ten times as lax or more (a decimal point, a unit). Teams tune by halves, not by tens.
///
/// The lines between worse and choice were first drawn before any run, and some were moved after survivors had been looked at
/// (empty lists, holds and watches, other ways of starting by hand or by tag, windows turned round, roles with a duty,
/// approvals twice, `settle`). The figures are those of the definition as it stands here, not of one fixed beforehand.
///
/// It is **neutral** when the release is guarded at least as well: stricter values, longer holds, defaults that are as safe,
/// failing sooner, more people told.
///
/// It is a **choice** when less is asked, and what is asked fits together: another team writes exactly that and means it. Only
/// a policy can call it wrong. A shorter hold, a window that is open longer, a checklist less, a check that is not run.
enum Effect: Hashable, Sendable {
  case unreadable
  case worse(String)
  case choice
  case neutral

  static let idle = "idle"
  static let atOdds = "at odds"
  static let around = "around"
  static let turned = "turned"
  static let slip = "slip"

  var isWorse: Bool {
    switch self {
    case .unreadable, .worse: true
    case .choice, .neutral: false
    }
  }
}

extension Effect {
  /// `isReadable`: whether the reader has nothing against the result. `unusedBefore`: what the original declares and never
  /// names.
  init(of mutation: Mutation, in original: SpecTree, unusedBefore: Set<String>, isReadable: Bool) {
    if !isReadable {
      self = .unreadable
    } else if !Uses.unused(in: mutation.result).isSubset(of: unusedBefore) {
      self = .worse(Self.idle)
    } else {
      self = Self.kind(of: mutation, original)
    }
  }

  private static func kind(of mutation: Mutation, _ original: SpecTree) -> Effect {
    switch mutation.operation {
    case .dropKey: dropped(mutation, original)
    case .dropElement: droppedElement(mutation, original)
    // An empty list and none are the same, where the language takes an empty one.
    case .emptyList: dropped(mutation, original)
    // Two approvals by one role are two people.
    case .repeatElement: isApproval(mutation.path) ? .neutral : .worse(idle)
    case .scale, .changeUnit, .lengthen: resized(mutation, original)
    case .dropClause: clause(mutation)
    case .invert: .worse(turned)
    case .weakenCell: weakened(mutation, original)
    case .mergeApprovals: approvals(mutation, original)
    case .swapSteps: .worse(atOdds)
    case .swapOrder: .worse(around)
    // What is started by hand or by a tag still has to have been released before; a push to a branch is a new version.
    case .openTrigger:
      original[mutation.path.parent]?["after"] != nil && mutation.result[mutation.path]?["push"] != nil
        ? .worse(around) : .choice
    case .misspell: .unreadable
    case .mixUp: .choice
    case .widenScope: .worse(idle)
    case .moveWindow: window(mutation)
    }
  }

  // MARK: - Less

  private static func isApproval(_ path: SpecPath) -> Bool {
    path.key == "approvals" || (path.keys.starts(with: ["promotion", "approvals"]) && path.key != "any-of")
  }

  private static func dropped(_ mutation: Mutation, _ original: SpecTree) -> Effect { dropped(mutation.path, original) }

  private static func dropped(_ path: SpecPath, _ original: SpecTree) -> Effect {
    switch path.pattern {
    case "environments.*.after": return .worse(around)
    case "environments.*.rollback": return .worse(atOdds)
    case "environments.*.verify":
      // What comes after it takes its word that a version is proved.
      let comesBefore = original["environments"]?.entries.contains { $0.value["after"]?.string == path.keys[1] } == true
      return comesBefore ? .worse(atOdds) : .choice
    case "environments.*.rollback.migrations":
      return original[path.parent.parent]?["migrate"] == nil ? .choice : .worse(atOdds)
    case "environments.*.migrate":
      // A branch that decides about a migration that is not there.
      return original[path.parent]?["rollback"]?["migrations"]?["compatible"] == nil ? .choice : .worse(idle)
    case "environments.*.rollout.canary.steps[].require": return droppedRequirement(path, original)
    case "promotion.*.*", "secrets.*.rotate", "secrets.*.without": return .worse(atOdds)
    default: break
    }
    return hasSafeDefault(path) ? .neutral : .choice
  }

  /// A step that others ask something before, and that goes on to a larger share without asking.
  private static func droppedRequirement(_ path: SpecPath, _ original: SpecTree) -> Effect {
    let steps = original[path.parent.parent]?.elements ?? []
    let index = path.parent.index ?? 0
    let othersAsk = steps.indices.contains { $0 != index && steps[$0]["require"] != nil }
    return othersAsk && index < steps.count - 1 ? .worse(atOdds) : .choice
  }

  /// Keys without which the language takes something that is as safe, or that say where something does not hold.
  private static func hasSafeDefault(_ path: SpecPath) -> Bool {
    [
      "settle", "check-every", "no-data-limit", "ready-within", "rest-limit", "timeout", "warm-up", "on-failure", "in",
      "optional", "paths", "bearer", "of", "over", "outside-windows", "identity", "url",
    ].contains(path.key)
  }

  private static func droppedElement(_ mutation: Mutation, _ original: SpecTree) -> Effect {
    let path = mutation.path
    let list = original[path.parent]?.elements ?? []
    if path.pattern == "secrets.*.in[]" { return .worse(atOdds) }
    if list.count == 1 { return dropped(path.parent, original) }
    switch path.pattern {
    case "environments.*.rollout.canary.steps[]":
      return path.index == list.count - 1 ? .worse(atOdds) : .choice
    case "environments.*.rollback.stages.to[]":
      return path.index == list.count - 1 ? .worse(atOdds) : .choice
    case "environments.*.rollback.when[]": return .choice
    case "promotion.approvals.*[]": return approvals(mutation, original)
    default: return .choice
    }
  }

  // MARK: - Other values

  private static func resized(_ mutation: Mutation, _ original: SpecTree) -> Effect {
    guard let (factor, role) = Resizing(mutation)?.result else { return .neutral }
    let isLaxer = role.isLaxerWhenLarger.map { ($0 && factor > 1) || (!$0 && factor < 1) } ?? false
    if !isLaxer { return .neutral }
    // How long to look is what teams differ in most; the language has no opinion while all that is judged fits in.
    if ["hold", "watch"].contains(mutation.path.key) { return .choice }
    return factor >= 10 || factor <= 0.1 ? .worse(slip) : .choice
  }

  private static func clause(_ mutation: Mutation) -> Effect {
    // Without `for` it acts at once, without `over` it looks at the default window, without events it looks at all. Only a
    // baseline of zero needs its floor.
    mutation.from.contains(" floor ") && !mutation.to.contains(" floor ") ? .worse(idle) : .neutral
  }

  private static func window(_ mutation: Mutation) -> Effect {
    switch mutation.to {
    case "one minute": .worse(idle)
    // A freeze of one day is one; a window that closes when it opens is none.
    case "to = from": mutation.path.keys[0] == "freezes" ? .choice : .worse(idle)
    default: .choice
    }
  }

  // MARK: - The matrix

  private static func strength(_ cell: SpecTree?) -> Int {
    switch cell {
    case .text("required", _): 4
    case .text("recommended", _): 2
    case .text: 1
    case .list: 4
    case .map?:
      cell?["required"] != nil || cell?["approvals"] != nil
        ? 4 : cell?["required-for"] != nil ? 3 : cell?["recommended"] != nil ? 2 : 0
    case nil: 0
    }
  }

  private static func weakened(_ mutation: Mutation, _ original: SpecTree) -> Effect {
    let (criterion, environment) = (mutation.path.keys[1], mutation.path.keys[2])
    let before = upstream(of: environment, original)
    let now = strength(mutation.result[mutation.path])
    if criterion == "approvals", now > 0 { return .worse(idle) }
    let stricter = before.contains { strength(original["promotion"]?[criterion]?[$0]) > now }
    if stricter { return .worse(atOdds) }
    // What has stopped the release into the environment before cannot be advice here.
    let stops = before.first.map { Uses.stops(criterion, in: $0, original) } ?? false
    return stops && now > 0 ? .worse(atOdds) : .choice
  }

  private static func upstream(of environment: String, _ tree: SpecTree) -> [String] {
    var found: [String] = []
    var current = tree["environments"]?[environment]?["after"]?.string
    while let name = current, !found.contains(name) {
      found.append(name)
      current = tree["environments"]?[name]?["after"]?.string
    }
    return found
  }

  /// Fewer approvals than an environment before asks for.
  private static func approvals(_ mutation: Mutation, _ original: SpecTree) -> Effect {
    guard mutation.path.keys.count > 2, mutation.path.keys[0] == "promotion" else { return .choice }
    let cell = SpecPath(parts: Array(mutation.path.parts.prefix(3)))
    let roles = { (node: SpecTree?) -> Set<String> in
      let list = node?.elements.isEmpty == false ? node?.elements : node?["approvals"]?.elements
      return Set((list ?? []).compactMap(\.string))
    }
    let before = upstream(of: cell.key, original).map { roles(original["promotion"]?["approvals"]?[$0]) }
    return before.contains { !$0.isSubset(of: roles(mutation.result[cell])) } ? .worse(atOdds) : .choice
  }
}

/// Who names what.
enum Uses {
  private static let kinds = ["metrics", "checks", "roles", "secrets", "sources"]

  /// Declarations that nothing outside of their section names, as `section.name`.
  static func unused(in tree: SpecTree) -> Set<String> {
    var words: [String: Set<String>] = [:]
    for entry in tree.entries where !people.contains(entry.key) {
      var found: Set<String> = []
      collect(entry.value, &found)
      // The rows of the matrix are named after checks.
      if entry.key == "promotion" { found.formUnion(entry.value.entries.map(\.key)) }
      words[entry.key] = found
    }
    var unused: Set<String> = []
    for kind in kinds {
      let names = References.names(kind, in: tree)
      // A single source needs no name, and the login of a driver is called by a fixed one.
      if kind == "sources", names.count == 1 { continue }
      // Checks and metrics name what they need in their own sections as well.
      let others = words.filter { $0.key != kind || kind == "metrics" || kind == "checks" }.values
      for name in names
      where !fixed.contains(name) && !isForPeople(kind, name, tree) && !others.contains(where: { $0.contains(name) }) {
        unused.insert("\(kind).\(name)")
      }
    }
    return unused
  }

  /// A role with a duty stands in the runbook, whoever else names it.
  private static func isForPeople(_ kind: String, _ name: String, _ tree: SpecTree) -> Bool {
    kind == "roles" && tree[kind]?[name]?["duty"] != nil
  }

  /// Every word of every text that can name something.
  private static func collect(_ node: SpecTree, _ words: inout Set<String>) {
    switch node {
    case .text(let text, _):
      for word in text.utf8.split(whereSeparator: { $0 == UInt8(ascii: " ") }) { words.insert(String(Substring(word))) }
    case .list(let elements): for element in elements { collect(element, &words) }
    case .map(let entries): for entry in entries where !prose.contains(entry.key) { collect(entry.value, &words) }
    }
  }

  private static let fixed: Set<String> = [
    "KUBECONFIG", "AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID",
  ]

  private static let prose: Set<String> = [
    "title", "summary", "duty", "purpose", "without", "text", "follow-up", "requests", "query", "ratio", "in", "labels",
  ]
  private static let people: Set<String> = [
    "contacts", "troubleshooting", "links", "escalation", "monitoring", "service", "summary",
  ]

  /// Whether a check stops the release into an environment, for good: it is verified there, or asked of the commit before.
  static func stops(_ check: String, in environment: String, _ tree: SpecTree) -> Bool {
    guard let environment = tree["environments"]?[environment] else { return false }
    let isOfCommit = tree["checks"]?[check]?["github-checks"] != nil || tree["checks"]?[check]?["signed-tag"] != nil
    let verified = environment["verify"]?.elements.compactMap(\.string) ?? []
    let asked = environment["before"]?.elements.compactMap(\.string) ?? []
    return verified.contains(check) || (isOfCommit && asked.contains(check))
  }
}
