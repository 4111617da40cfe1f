import Diagnostics

/// A whole spec that shows one thing, made from `ExampleSpec.base`.
public struct RuleExample: Sendable {
  /// Every check knows all examples by their findings, and shows none: an example is made when somebody looks at it.
  private let text: @Sendable () -> MarkedText

  /// Takes what gives the text.
  init(_ text: @escaping @Sendable () -> MarkedText) { self.text = text }

  /// The spec.
  public var source: String { text().source }
  /// The places in `source` that a diagnostic points at, in file order.
  public var marks: [Span] { text().marks }
  /// The lines that matter, under the keys that they belong to, with a comment of carets under each marked place.
  public var excerpt: String { text().excerpt }
}

/// A spec with marks in it.
struct MarkedText {
  let source: String
  let marks: [Span]
  /// Whether each line of `source` is one that the example is about.
  private let isShown: [Bool]

  /// Takes a text in which `«…»` stands around each place that is pointed at, and which of its lines matter.
  init(_ marked: String, changedLines: Set<Int>) {
    var source = String.UnicodeScalarView()
    var offset = 0
    var open: [Int] = []
    var marks: [Span] = []
    for scalar in marked.unicodeScalars {
      switch scalar {
      case "«": open.append(offset)
      case "»": if let start = open.popLast() { marks.append(Span(start: start, end: offset)) }
      default:
        source.append(scalar)
        offset += scalar.utf8.count
      }
    }
    self.source = String(source)
    self.marks = marks.sorted()
    isShown = Self.shown(of: self.source.split(separator: "\n", omittingEmptySubsequences: false), changedLines)
  }

  var excerpt: String {
    var text = ""
    var start = 0
    for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let end = start + line.utf8.count
      if isShown[index] {
        text += line + "\n"
        text += carets(from: start, to: end)
      }
      start = end + 1
    }
    return text
  }

  private func carets(from start: Int, to end: Int) -> String {
    let here = marks.filter { $0.start >= start && $0.start <= end }
    guard let last = here.map(\.end).max() else { return "" }
    // The examples are ASCII, so that bytes are columns.
    var row = [Character](repeating: " ", count: max(2, min(last, end) - start))
    for mark in here { for column in mark.start..<min(mark.end, end) { row[column - start] = "^" } }
    // It stays a comment, so that the example can be pasted into a file; a mark in the first column is cut there.
    row[0] = "#"
    return String(row) + "\n"
  }

  /// A line is shown when it changed or when a changed line belongs to it.
  private static func shown(of lines: [Substring], _ changed: Set<Int>) -> [Bool] {
    var shown = lines.map { _ in false }
    for index in changed.sorted() where lines.indices.contains(index) {
      shown[index] = true
      var indent = indentation(of: lines[index])
      for above in lines[..<index].indices.reversed() where indent > 0 {
        let other = indentation(of: lines[above])
        guard other < indent, !lines[above].isEmpty else { continue }
        shown[above] = true
        indent = other
      }
    }
    return shown
  }

  /// An element of a list belongs to the key above it, which is where its own keys stand, too.
  private static func indentation(of line: Substring) -> Int { line.prefix { $0 == " " }.count }
}
