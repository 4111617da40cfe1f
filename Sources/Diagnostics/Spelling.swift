/// "Did you mean": finds the known name that a misspelt one was meant to be.
public enum Spelling {
  /// The candidate nearest to `name`, or nil when none is near.
  ///
  /// Distance is Damerau-Levenshtein (optimal string alignment) and may be a third of the name's length, at least
  /// one and at most three. Case and `_` against `-` cost less than one letter. Among equally near candidates the
  /// first wins. When nothing is near, the only candidate that starts with `name` is taken.
  ///
  ///     Spelling.closest(to: "enviroments", among: ["environments", "evidence"])  // "environments"
  ///     Spelling.closest(to: "env", among: ["environments", "evidence"])          // "environments"
  public static func closest(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = normalized(name)
    // Longer names are prose or an attack, not a slip of the keyboard.
    guard !wanted.isEmpty, wanted.count <= 128 else { return nil }
    let limit = wanted.count < 3 ? 0 : min(3, max(1, wanted.count / 3))
    var best: (candidate: String, distance: Int)?
    var longer: [String] = []
    for candidate in candidates {
      if candidate == name { return candidate }
      let other = normalized(candidate)
      if let distance = distance(wanted, other, limit: limit), distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
      if wanted.count >= 3, other.count > wanted.count, other.starts(with: wanted), !longer.contains(candidate) {
        longer.append(candidate)
      }
    }
    if let best { return best.candidate }
    return longer.count == 1 ? longer[0] : nil
  }

  /// Whether one name is the other but for capitals and for `_` instead of `-`: `Check_Every` is `check-every`. Writing
  /// the right one changes nothing that anybody could have meant.
  public static func isSame(_ name: String, as other: String) -> Bool { normalized(name) == normalized(other) }

  private static func normalized(_ name: String) -> [Unicode.Scalar] {
    name.lowercased().unicodeScalars.map { $0 == "_" ? "-" : $0 }
  }

  /// Optimal string alignment distance, or nil when it is above `limit`.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], limit: Int) -> Int? {
    guard abs(left.count - right.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      current.reserveCapacity(right.count + 1)
      for (column, other) in right.enumerated() {
        var cost = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    let result = last[right.count]
    return result <= limit ? result : nil
  }
}
