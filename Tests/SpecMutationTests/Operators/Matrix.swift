/// A matrix that asks less.
enum Matrix {
  private static func word(_ text: String) -> SpecTree { .text(text, isPlain: true) }

  static func weakened(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.flatMap { site -> [Mutation] in
      guard site.path.pattern == "promotion.*.*" else { return [] }
      return weaker(site.node).map { tree.mutation(.weakenCell, site.path, to: $0) }
    }
  }

  private static func weaker(_ cell: SpecTree) -> [SpecTree] {
    let none = SpecTree.map([.init(key: "not-applicable", value: word("Not now."))])
    if let time = cell["required"] { return [.map([.init(key: "recommended", value: time)]), none] }
    switch cell {
    case .text("required", _): return [word("recommended"), word("optional"), none]
    case .text("recommended", _): return [word("optional"), none]
    case .text: return [none]
    default: return [word("recommended"), word("optional"), none]
    }
  }

  /// `[owner, product]` becomes `[any-of: [owner, product]]`.
  static func merged(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.compactMap { site in
      guard site.node.elements.count > 1, ["promotion.approvals.*", "approvals"].contains(where: site.path.isApprovals)
      else { return nil }
      let roles = site.node.elements.flatMap { $0["any-of"]?.elements ?? [$0] }
      let distinct = roles.reduce(into: [SpecTree]()) { if !$0.contains($1) { $0.append($1) } }
      return tree.mutation(
        .mergeApprovals, site.path, to: .list([.map([.init(key: "any-of", value: .list(distinct))])]))
    }
  }
}

extension SpecPath {
  fileprivate func isApprovals(_ word: String) -> Bool {
    index == nil && (key == word || keys.starts(with: ["promotion", "approvals"]))
  }
}
