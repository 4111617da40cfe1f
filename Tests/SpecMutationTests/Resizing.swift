import Foundation

/// How many times larger a value has become, and what it is for.
struct Resizing {
  /// What a larger value does.
  enum Role {
    /// More is watched, waited for or proved.
    case safer
    /// More is let through, or it is noticed later.
    case laxer
    /// It takes longer or less long, and nothing else comes of it.
    case indifferent

    var isLaxerWhenLarger: Bool? {
      switch self {
      case .safer: false
      case .laxer: true
      case .indifferent: nil
      }
    }
  }

  let result: (factor: Double, role: Role)

  init?(_ mutation: Mutation) {
    let (old, new) = (Self.words(mutation.from), Self.words(mutation.to))
    guard old.count == new.count, let index = old.indices.first(where: { old[$0] != new[$0] }),
      let before = Self.size(old[index]), let after = Self.size(new[index]), before > 0
    else { return nil }
    result = (after / before, Self.role(index, old, mutation.path))
  }

  private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  /// In the smallest unit of its kind.
  private static func size(_ word: String) -> Double? {
    guard let value = Scaling.Value(word) else { return nil }
    let units: [String: Double] = [
      "ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "": 1, "%": 1, "pp": 1, "x": 1, "/s": 1,
    ]
    return units[value.unit].map { NSDecimalNumber(decimal: value.number).doubleValue * $0 }
  }

  private static func role(_ index: Int, _ words: [String], _ path: SpecPath) -> Role {
    if Conditions.comparisons.contains(words.dropFirst().first ?? "") || words.contains("fails") {
      return conditionRole(index, words, path)
    }
    if words.first.map({ ["GET", "POST", "HEAD"].contains($0) }) == true { return .laxer }
    switch path.key {
    case "hold", "watch", "soak", "notice", "open-for": return .safer
    case "at-least": return .safer
    case "to": return .laxer
    case "check-every", "no-data-limit", "rest-limit", "rotate", "max-age", "critical", "high", "medium", "low":
      return .laxer
    case "within": return path.pattern.hasPrefix("promotion") ? .indifferent : .laxer
    case "required", "recommended": return .safer
    case "objective", "above": return .safer
    case "below", "slo": return .laxer
    case "target": return .indifferent
    // Deadlines of people: a reminder that comes sooner or later.
    case "before", "after", "after-rollback", "after-hotfix": return .indifferent
    default: return .indifferent
    }
  }

  private static func conditionRole(_ index: Int, _ words: [String], _ path: SpecPath) -> Role {
    let acts = ["when", "fail-when"].contains(path.key)
    switch words[index - 1] {
    case "for": return acts ? .laxer : .indifferent
    case "over": return acts ? .laxer : .indifferent
    default: break
    }
    if words.contains("with"), index > (words.firstIndex(of: "with") ?? 0) { return .indifferent }
    let isUpward = words[1].hasPrefix(">")
    return acts == isUpward ? .laxer : .safer
  }
}
