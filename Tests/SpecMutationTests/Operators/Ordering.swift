/// Another order, and other ways in.
enum Ordering {
  private static func word(_ text: String) -> SpecTree { .text(text, isPlain: true) }

  /// Every pair of steps or stages changes places.
  static func steps(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.flatMap { site -> [Mutation] in
      guard site.path.pattern.hasSuffix(".canary.steps") || site.path.pattern.hasSuffix(".stages.to") else { return [] }
      let steps = site.node.elements
      return steps.indices.flatMap { first in
        steps.indices[(first + 1)...].map { second in
          var swapped = steps
          swapped.swapAt(first, second)
          return tree.mutation(.swapSteps, site.path, to: .list(swapped), "\(first + 1) and \(second + 1) swapped")
        }
      }
    }
  }

  /// Every environment after every other one, and after itself.
  static func environments(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    let all = tree["environments"]?.entries ?? []
    return all.flatMap { entry -> [Mutation] in
      let path = SpecPath(parts: [.key("environments"), .key(entry.key)])
      return all.compactMap { other in
        if entry.value["after"]?.string == other.key { return nil }
        let rest = entry.value.entries.filter { $0.key != "after" }
        return Mutation(
          operation: .swapOrder, path: path + .key("after"), from: entry.value["after"]?.string ?? "nothing",
          to: other.key,
          result: tree.replacing(path, by: .map([.init(key: "after", value: word(other.key))] + rest)))
      }
    }
  }

  /// What starts any environment starts this one as well, or a push to `main` does.
  static func triggers(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    let all = tree["environments"]?.entries ?? []
    let push = SpecTree.map([
      .init(key: "push", value: .map([.init(key: "branches", value: .list([word("main")]))]))
    ])
    let every = SpecTree.map([.init(key: "tag", value: .text("**", isPlain: false))])
    return all.flatMap { entry -> [Mutation] in
      let path = SpecPath(parts: [.key("environments"), .key(entry.key), .key("on")])
      var others = all.compactMap { $0.value["on"] } + [push, every, .map([.init(key: "manual", value: word("true"))])]
      others = others.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
      return others.filter { $0 != entry.value["on"] }.map { tree.mutation(.openTrigger, path, to: $0) }
    }
  }
}
