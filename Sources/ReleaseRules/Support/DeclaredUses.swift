import Diagnostics
import ReleaseModel

extension ReleaseSpec {
  /// Every place that asks a check, whatever comes of it.
  func namedChecks(_ context: RuleContext) -> [Located<String>] {
    let ofEnvironments = environments.readable.flatMap { _, environment in
      context.checkUses(in: environment) + (environment.rollback?.database.map { [$0.compatible] } ?? [])
    }
    let ofLists = checklists.readable.flatMap { _, list in
      list.items.compactMap { item in
        if case .check(let name) = item { return name }
        return nil as Located<String>?
      }
    }
    let ofHotfix = (hotfix?.environments.readable ?? []).flatMap { ($0.value.verify ?? []) + ($0.value.before ?? []) }
    return ofEnvironments + ofLists + ofHotfix + promotion.entries.map(\.name) + (beforeMerge?.require ?? [])
      + (backup?.check.map { [$0] } ?? [])
  }

  /// Every place that measures something, in a check that nobody asks as well: that check is what is wrong then.
  var namedMetrics: [Located<String>] {
    let ofEnvironments = environments.readable.flatMap { _, environment -> [Condition] in
      let rollout = environment.rollout
      return rollout.steps.flatMap { $0.require + $0.failWhen } + (rollout.stabilisation?.require ?? [])
        + (environment.rollback?.when ?? []) + (environment.rollback?.recovered ?? [])
    }
    var compared: [Located<String>] = []
    var ofChecks: [Condition] = []
    for (_, check) in checks.readable {
      switch check.kind {
      case .require(let conditions): ofChecks += conditions
      case .run(let program): compared += program.comparison?.metrics ?? []
      default: break
      }
    }
    let conditions = ofEnvironments + ofChecks + alerts.readable.map(\.value.condition)
    return compared + conditions.compactMap(\.metric?.metric) + slos.readable.map(\.value.metric)
  }

  /// Every place that gives a role something to do.
  var namedRoles: [Located<String>] {
    var roles: [Located<String>] = []
    for (_, row) in promotion.readable {
      for cell in row.cells.readable {
        if case .approvals(let approvals) = cell.value.value { roles += approvals.flatMap(\.anyOf) }
      }
    }
    for (_, way) in hotfix?.environments.readable ?? [] { roles += way.approvals.flatMap(\.anyOf) }
    for (_, check) in checks.readable { if case .comment(_, let role) = check.kind { roles.append(role) } }
    roles += environments.readable.compactMap(\.value.decision?.role) + alerts.readable.compactMap(\.value.role)
    roles += checklists.readable.compactMap(\.value.role) + drills.readable.map(\.value.owner)
    return roles + [rotation?.owner, backup?.owner].compactMap { $0 }
  }
}

extension RuleContext {
  /// The declared names that nothing names, nor can have meant. Where something could not be read, only those that stand
  /// nowhere else in the file, nor anything like them: what could not be read may be what names them.
  func unused(_ declared: [Located<String>], named: [Located<String>]) -> [Located<String>] {
    let used = Set(named.map(\.value)).union(intended(by: named, among: declared.map(\.value)))
    let unnamed = declared.filter { !used.contains($0.value) }
    if isWhole || unnamed.isEmpty { return unnamed }
    let words = words
    let others = Set(words.keys).subtracting(declared.map(\.value))
    return unnamed.filter { name in
      words[name.value] == 1 && !others.contains { Spelling.closest(to: $0, among: [name.value]) != nil }
    }
  }

  /// How often each word stands in the keys and texts of the file.
  private var words: [String: Int] {
    var words: [String: Int] = [:]
    for scalar in scalars {
      let parts = scalar.value.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")) }
      for part in parts { words[String(part), default: 0] += 1 }
    }
    return words
  }
}
