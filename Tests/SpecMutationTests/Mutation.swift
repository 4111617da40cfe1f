/// One change of one place.
struct Mutation: Sendable {
  let operation: Operation
  let path: SpecPath
  /// What it was and what it became, for the report.
  let from: String
  let to: String
  let result: SpecTree
}

/// The kinds of changes. Each is a function of the tree: nothing here is about one example.
enum Operation: String, CaseIterable, Sendable {
  case dropKey = "drop a key"
  case dropElement = "drop an element"
  case emptyList = "empty a list"
  case repeatElement = "repeat an element"
  case scale = "scale a value"
  case changeUnit = "change a unit"
  case lengthen = "lengthen a `for` or `over`"
  case dropClause = "drop a part of a condition"
  case invert = "invert a comparison"
  case weakenCell = "weaken a cell"
  case mergeApprovals = "let one approval stand for two"
  case swapSteps = "swap two steps"
  case swapOrder = "change what an environment comes `after`"
  case openTrigger = "start an environment another way"
  case misspell = "misspell a reference"
  case mixUp = "name another one of the kind"
  case widenScope = "give a secret to one environment more"
  case moveWindow = "widen, narrow or close a window or freeze"

  func mutations(of tree: SpecTree) -> [Mutation] {
    let sites = tree.places.filter { !Words.isWords($0.path) }
    switch self {
    case .dropKey: return Dropping.keys(tree, sites)
    case .dropElement: return Dropping.elements(tree, sites)
    case .emptyList: return Dropping.lists(tree, sites)
    case .repeatElement: return Dropping.repeated(tree, sites)
    case .scale: return Scaling.values(tree, sites)
    case .changeUnit: return Scaling.units(tree, sites)
    case .lengthen: return Conditions.lengthened(tree, sites)
    case .dropClause: return Conditions.shortened(tree, sites)
    case .invert: return Conditions.inverted(tree, sites)
    case .weakenCell: return Matrix.weakened(tree, sites)
    case .mergeApprovals: return Matrix.merged(tree, sites)
    case .swapSteps: return Ordering.steps(tree, sites)
    case .swapOrder: return Ordering.environments(tree, sites)
    case .openTrigger: return Ordering.triggers(tree, sites)
    case .misspell: return References.misspelt(tree, sites)
    case .mixUp: return References.mixedUp(tree, sites)
    case .widenScope: return References.widened(tree, sites)
    case .moveWindow: return Windows.moved(tree, sites)
    }
  }
}

typealias Site = (path: SpecPath, node: SpecTree)

extension SpecTree {
  /// A change of the node at a place.
  func mutation(_ operation: Operation, _ path: SpecPath, to node: SpecTree?, _ words: String? = nil) -> Mutation {
    Mutation(
      operation: operation, path: path, from: self[path].map(\.brief) ?? "",
      to: words ?? node.map(\.brief) ?? "nothing",
      result: replacing(path, by: node))
  }

  /// On one line, for the report.
  var brief: String {
    switch self {
    case .text(let text, _): text
    case .list(let elements): "[" + elements.map(\.brief).joined(separator: ", ") + "]"
    case .map(let entries): "{ " + entries.map { "\($0.key): \($0.value.brief)" }.joined(separator: ", ") + " }"
    }
  }
}

/// What no compiler can judge and no operator touches: words for people, and facts about the world outside of the file.
/// A title, a query or the name of a cluster can be wrong, but not by anything that stands in the spec.
enum Words {
  /// Parts of the top level that are read by people only.
  private static let sections: Set<String> = [
    "liftlock", "service", "summary", "contacts", "escalation", "links", "troubleshooting", "monitoring", "backup",
    "artifact",
  ]
  private static let keys: Set<String> = [
    "title", "summary", "duty", "purpose", "without", "text", "follow-up", "record", "reason", "labels", "members",
    "reviewers", "items", "steps-of-rotation", "at-once", "emergency", "confirm", "says", "outside-windows",
    "not-applicable",
    // Facts.
    "url", "deploy", "run", "otherwise", "last-resort", "query", "ratio", "example", "resolution", "lag", "prometheus",
    "azure-log-analytics", "json", "command", "github-checks", "workflow", "artifact", "file", "healthy", "template",
    "directory", "page", "sarif", "runs-on", "paths", "migrations-text", "zone", "schedule", "destructive", "unit",
    "better",
  ]

  static func isWords(_ path: SpecPath) -> Bool {
    guard let section = path.keys.first else { return true }
    if sections.contains(section) { return true }
    if section == "rotation", path.keys.count > 1 { return path.key != "token" && path.key != "owner" }
    // `prod: { deploy: … }` may be dropped as a whole, and a metric may lose its unit; what is inside are facts.
    return path.keys.dropLast().contains { keys.contains($0) } || (keys.contains(path.key) && !isStatement(path))
  }

  /// Keys whose value is a fact while having the key is not.
  private static func isStatement(_ path: SpecPath) -> Bool {
    guard path.index == nil else { return false }
    return [
      "deploy", "url", "prometheus", "github-checks", "run", "query", "ratio", "reviewers", "zone", "destructive",
      "unit",
      "better", "schedule", "workflow", "otherwise", "sarif", "artifact", "file", "healthy",
    ].contains(path.key)
  }
}
