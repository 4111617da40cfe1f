import Foundation

/// Values of another size: a slip of the decimal point or of the unit.
enum Scaling {
  /// A number and its unit, `15m`, `0.5%`, `500ms`, `2x`.
  struct Value {
    let number: Decimal
    let unit: String

    init?(_ text: String) {
      guard let match = text.wholeMatch(of: /([0-9]+(?:\.[0-9]+)?)([A-Za-z%\/]*)/),
        let number = Decimal(string: String(match.1))
      else { return nil }
      self.number = number
      unit = String(match.2)
    }
  }

  private static let factors: [Decimal] = [10, 100, Decimal(string: "0.1")!, 0]
  /// Each unit and those that are taken for it.
  private static let slips: [String: [String]] = [
    "ms": ["s", ""], "s": ["ms", "m", ""], "m": ["s", "h", ""], "h": ["m", "d"], "d": ["h", "m"], "%": ["", "ms"],
    "pp": ["%"], "/s": ["%"], "x": ["%"], "": ["%"],
  ]

  static func values(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.flatMap { site in
      replacements(site) { value in
        factors.compactMap { factor in
          let scaled = value.number * factor
          return scaled == value.number ? nil : "\(scaled)\(value.unit)"
        }
      }.map { tree.mutation(.scale, site.path, to: $0) }
    }
  }

  static func units(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.flatMap { site in
      replacements(site) { value in (slips[value.unit] ?? []).map { "\(value.number)\($0)" } }
        .map { tree.mutation(.changeUnit, site.path, to: $0) }
    }
  }

  /// The scalar with one of its values replaced, for each of them. In a condition every word is looked at, but for the
  /// times behind `over` and `for`, which have an operator of their own.
  private static func replacements(_ site: Site, _ change: (Value) -> [String]) -> [SpecTree] {
    guard case .text(let text, let isPlain) = site.node else { return [] }
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    return words.indices.flatMap { index -> [SpecTree] in
      guard let value = Value(words[index]) else { return [] }
      if index > 0, ["over", "for"].contains(words[index - 1]) { return [] }
      return change(value).map { replacement in
        var words = words
        words[index] = replacement
        return .text(words.joined(separator: " "), isPlain: isPlain)
      }
    }
  }
}
