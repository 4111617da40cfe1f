/// Something less, or something twice.
enum Dropping {
  static func keys(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.compactMap { site in
      site.path.index == nil ? tree.mutation(.dropKey, site.path, to: nil) : nil
    }
  }

  static func elements(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.compactMap { site in
      site.path.index == nil ? nil : tree.mutation(.dropElement, site.path, to: nil)
    }
  }

  static func lists(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.compactMap { site in
      site.node.elements.isEmpty ? nil : tree.mutation(.emptyList, site.path, to: .list([]))
    }
  }

  /// The element stands at the end a second time.
  static func repeated(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.compactMap { site in
      guard site.path.index != nil, let list = tree[site.path.parent] else { return nil }
      return Mutation(
        operation: .repeatElement, path: site.path, from: site.node.brief, to: "the same twice",
        result: tree.replacing(site.path.parent, by: .list(list.elements + [site.node])))
    }
  }
}
