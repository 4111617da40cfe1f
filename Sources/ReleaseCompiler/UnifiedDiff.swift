/// A unified diff of two texts, as `diff -u` prints it. Empty when they are the same.
public enum UnifiedDiff {
  public static func text(old: String, new: String, oldName: String, newName: String, context: Int = 3) -> String {
    if old.utf8.elementsEqual(new.utf8) { return "" }
    let edits = edits(from: lines(old), to: lines(new))
    var result = "--- \(oldName)\n+++ \(newName)\n"
    for hunk in hunks(edits, context: context) { result += render(edits, hunk) }
    return result
  }

  /// A line with its end. Lines are the same when their bytes are: two spellings of one letter are a difference, and a
  /// carriage return belongs to its line.
  private struct Line: Equatable {
    let text: Substring

    static func == (left: Line, right: Line) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
  }

  private enum Edit {
    case keep(Line)
    case remove(Line)
    case add(Line)

    var isKept: Bool { if case .keep = self { true } else { false } }
  }

  /// Lines with their ends, so that a missing newline at the end of a file is a difference.
  private static func lines(_ text: String) -> [Line] {
    var result: [Line] = []
    var rest = text[...]
    while let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n")) {
      let next = rest.utf8.index(after: end)
      result.append(Line(text: rest[..<next]))
      rest = rest[next...]
    }
    if !rest.isEmpty { result.append(Line(text: rest)) }
    return result
  }

  private static func edits(from old: [Line], to new: [Line]) -> [Edit] {
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

  private static func mark(_ sign: String, _ line: Line) -> String {
    let isEnded = line.text.utf8.last == UInt8(ascii: "\n")
    return sign + line.text + (isEnded ? "" : "\n\\ No newline at end of file\n")
  }
}
