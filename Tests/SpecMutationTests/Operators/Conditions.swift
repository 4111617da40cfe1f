import Foundation

/// Conditions that look the other way, later or less closely.
enum Conditions {
  static let comparisons = ["<", "<=", ">", ">="]

  /// Whether a scalar is a condition on a metric or a check.
  static func isCondition(_ site: Site) -> Bool {
    ["require", "when", "fail-when", "recovered"].contains(site.path.key) && words(site).count > 1
  }

  static func words(_ site: Site) -> [String] { (site.node.string ?? "").split(separator: " ").map(String.init) }

  static func inverted(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    let opposite = ["<": ">", "<=": ">=", ">": "<", ">=": "<="]
    return edits(tree, .invert, sites) { words in
      guard words.count > 2, let other = opposite[words[1]] else { return [] }
      return [[words[0], other] + words[2...]]
    }
  }

  /// Ten and sixty times as long.
  static func lengthened(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    edits(tree, .lengthen, sites) { words in
      words.indices.dropFirst().flatMap { index -> [[String]] in
        guard ["over", "for"].contains(words[index - 1]), let value = Scaling.Value(words[index]) else { return [] }
        return [10, 60].map { (factor: Decimal) -> [String] in
          var words = words
          words[index] = "\(value.number * factor)\(value.unit)"
          return words
        }
      }
    }
  }

  /// Without its window, its time, its number of events or its floor.
  static func shortened(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    edits(tree, .dropClause, sites) { words in
      words.indices.dropFirst().compactMap { index in
        let length = ["over": 2, "floor": 2, "with": 4, "for": words.last == "checks" ? 3 : 2][words[index]] ?? 0
        guard length > 0, index + length <= words.count else { return nil }
        return Array(words[..<index] + words[(index + length)...])
      }
    }
  }

  private static func edits(
    _ tree: SpecTree, _ operation: Operation, _ sites: [Site], _ change: ([String]) -> [[String]]
  ) -> [Mutation] {
    sites.filter(isCondition).flatMap { site in
      change(words(site)).map {
        tree.mutation(operation, site.path, to: .text($0.joined(separator: " "), isPlain: true))
      }
    }
  }
}
