/// Names that lead somewhere else.
enum References {
  /// Declarations that are named elsewhere, by their section.
  static let kinds = ["metrics", "checks", "roles", "environments", "secrets", "sources"]

  static func names(_ kind: String, in tree: SpecTree) -> [String] { tree[kind]?.entries.map(\.key) ?? [] }

  /// The kind that a scalar of this spec refers to, with the word that is the reference.
  private static func reference(_ site: Site, in tree: SpecTree) -> (kind: String, name: String)? {
    guard let word = Conditions.isCondition(site) ? Conditions.words(site).first : site.node.string else { return nil }
    let found = kinds.filter { names($0, in: tree).contains(word) }
    // A check may be called like a metric or a role: the place decides.
    let key = site.path.key
    let isRole = ["by", "owner", "role", "approvals", "any-of", "to"].contains(key)
    let isMetric = Conditions.isCondition(site) && !Conditions.words(site).contains("fails") || key.hasPrefix("metric")
    let kind = found.first { ($0 == "roles") == isRole && ($0 == "metrics") == isMetric } ?? found.first
    return kind.map { ($0, word) }
  }

  static func misspelt(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.flatMap { site -> [Mutation] in
      guard let (_, name) = reference(site, in: tree) else { return [] }
      return [String(name.dropLast()), name + "s"].map {
        tree.mutation(.misspell, site.path, to: renamed(site, to: $0))
      }
    }
  }

  /// The next one and the one after it in the order of their declarations.
  static func mixedUp(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.flatMap { site -> [Mutation] in
      guard let (kind, name) = reference(site, in: tree) else { return [] }
      let all = names(kind, in: tree)
      guard let index = all.firstIndex(of: name) else { return [] }
      return [1, 2].map { all[(index + $0) % all.count] }.filter { $0 != name }
        .map { tree.mutation(.mixUp, site.path, to: renamed(site, to: $0)) }
    }
  }

  private static func renamed(_ site: Site, to name: String) -> SpecTree {
    guard case .text(let text, let isPlain) = site.node else { return site.node }
    let rest = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).dropFirst()
    return .text(
      ([Substring(name)] + (Conditions.isCondition(site) ? rest : [])).joined(separator: " "), isPlain: isPlain)
  }

  static func widened(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    let environments = names("environments", in: tree)
    return sites.flatMap { site -> [Mutation] in
      guard site.path.pattern == "secrets.*.in" else { return [] }
      let here = site.node.elements.compactMap(\.string)
      return environments.filter { !here.contains($0) }.map {
        tree.mutation(.widenScope, site.path, to: .list(site.node.elements + [.text($0, isPlain: true)]))
      }
    }
  }
}
