/// Collects the lines of a text file, each at the current indentation.
///
/// Two blank lines never follow each other, a file never starts or ends with one, and a text that is not empty ends
/// with exactly one newline, so callers may ask for a blank line wherever a section could begin.
///
/// ```swift
/// var writer = LineWriter()
/// writer.line("start() {")
/// writer.indented { $0.line("echo started") }
/// writer.line("}")
/// ```
public struct LineWriter: Sendable {
  private let unit: String
  private var lines: [String] = []
  private var depth = 0

  /// A writer without lines. `indentation` is what one level adds in front of a line.
  public init(indentation: String = "  ") {
    unit = indentation
  }

  /// Adds text at the current indentation; each line of a text with several lines is indented alike.
  public mutating func line(_ text: String) {
    for part in text.splitIntoLines() {
      if part.isEmpty {
        blank()
      } else {
        lines.append(String(repeating: unit, count: depth) + part)
      }
    }
  }

  /// Adds a blank line, unless there is one already or nothing was written yet.
  public mutating func blank() {
    if let last = lines.last, !last.isEmpty {
      lines.append("")
    }
  }

  /// Writes one level deeper for as long as `body` runs.
  public mutating func indented<Failure: Error>(
    _ body: (inout LineWriter) throws(Failure) -> Void
  ) throws(Failure) {
    depth += 1
    defer { depth -= 1 }
    try body(&self)
  }

  /// Everything written so far, ending with one newline; empty when nothing was written.
  public var text: String {
    let kept = lines.last == "" ? lines.dropLast() : lines[...]
    return kept.isEmpty ? "" : kept.joined(separator: "\n") + "\n"
  }
}
