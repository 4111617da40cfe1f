/// A unified diff of two texts, as `diff -u` prints it. Empty when they are the same.
public enum UnifiedDiff {
  public static func text(old: String, new: String, oldName: String, newName: String, context: Int = 3) -> String {
    if old == new { return "" }
    let edits = edits(from: lines(old), to: lines(new))
    var result = "--- \(oldName)\n+++ \(newName)\n"
    for hunk in hunks(edits, context: context) { result += render(edits, hunk) }
    return result
  }

  private enum Edit {
    case keep(Substring)
    case remove(Substring)
    case add(Substring)

    var isKept: Bool { if case .keep = self { true } else { false } }
  }

  /// Lines with their ends, so that a missing newline at the end of a file is a difference.
  private static func lines(_ text: String) -> [Substring] {
    var result: [Substring] = []
    var rest = text[...]
    while let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n")) {
      let next = rest.utf8.index(after: end)
      result.append(rest[..<next])
      rest = rest[next...]
    }
    if !rest.isEmpty { result.append(rest) }
    return result
  }

  private static func edits(from old: [Substring], to new: [Substring]) -> [Edit] {
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var edits: [Edit] = []
    var left = 0
    var right = 0
    while left < old.count || right < new.count {
      if removed.contains(left), left < old.count {
        edits.append(.remove(old[left]))
        left += 1
      } else if added.contains(right), right < new.count {
        edits.append(.add(new[right]))
        right += 1
      } else {
        edits.append(.keep(old[left]))
        left += 1
        right += 1
      }
    }
    return edits
  }

  private static func hunks(_ edits: [Edit], context: Int) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for index in edits.indices where !edits[index].isKept {
      let range = max(0, index - context)..<min(edits.count, index + context + 1)
      if let last = result.last, last.upperBound >= range.lowerBound {
        result[result.count - 1] = last.lowerBound..<range.upperBound
      } else {
        result.append(range)
      }
    }
    return result
  }

  private static func render(_ edits: [Edit], _ hunk: Range<Int>) -> String {
    func count(_ range: Range<Int>, old: Bool) -> Int {
      edits[range].count { edit in
        switch edit {
        case .keep: true
        case .remove: old
        case .add: !old
        }
      }
    }
    func place(_ old: Bool) -> String {
      let length = count(hunk, old: old)
      let before = count(0..<hunk.lowerBound, old: old)
      return "\(length == 0 ? before : before + 1),\(length)"
    }
    var result = "@@ -\(place(true)) +\(place(false)) @@\n"
    for edit in edits[hunk] {
      switch edit {
      case .keep(let line): result += mark(" ", line)
      case .remove(let line): result += mark("-", line)
      case .add(let line): result += mark("+", line)
      }
    }
    return result
  }

  private static func mark(_ sign: String, _ line: Substring) -> String {
    line.hasSuffix("\n") ? sign + line : sign + line + "\n\\ No newline at end of file\n"
  }
}
