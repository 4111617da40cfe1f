import Synchronization

/// A place as a person names it.
public struct Position: Hashable, Comparable, Sendable {
  /// Line number, from 1.
  public var line: Int
  /// Column, from 1, counted in Unicode scalars.
  public var column: Int

  /// Makes a position.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// By line, then by column.
  public static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// The text of one file and the way from byte offsets to lines and columns.
///
/// The line table is made when the first position is asked for, so that a file without problems never pays for it.
public final class SourceFile: Sendable {
  /// The path as it is shown, normally relative to the working folder.
  public let path: String
  /// The bytes of the file.
  public let text: [UInt8]
  private let lazyLines = AtomicLazyReference<LineTable>()

  /// A file with these bytes.
  public init(path: String, text: [UInt8]) {
    self.path = path
    self.text = text
  }

  /// A file with the UTF-8 bytes of a string.
  public convenience init(path: String, text: String) {
    self.init(path: path, text: Array(text.utf8))
  }

  private var lines: LineTable {
    lazyLines.load() ?? lazyLines.storeIfNil(LineTable(text))
  }

  /// Number of lines. A file that ends in a line end has an empty line behind it.
  public var lineCount: Int { lines.starts.count }

  /// Line and column of a byte. Offsets outside the file count as its start or end; a byte of a line end counts as
  /// the place behind the line's last character; a byte order mark takes no column.
  public func position(of byteOffset: Int) -> Position {
    let offset = min(max(byteOffset, 0), text.count)
    let index = lines.index(ofLineAt: offset)
    let content = contentRange(atIndex: index)
    let end = min(offset, content.upperBound)
    var column = 1
    text.withUnsafeBufferPointer { bytes in
      var cursor = content.lowerBound
      while cursor < end {
        cursor += UTF8Text.repairingLength(bytes, at: cursor)
        column += 1
      }
    }
    return Position(line: index + 1, column: column)
  }

  /// The text of a line without its line end, or an empty string when there is no such line. Bytes that are not
  /// UTF-8 become U+FFFD.
  public func line(_ number: Int) -> String {
    text(in: span(ofLine: number))
  }

  /// Where a line's text stands, without its line end. An empty span at the end of the file when there is no such
  /// line.
  public func span(ofLine number: Int) -> Span {
    guard number >= 1, number <= lineCount else { return Span(at: text.count) }
    let range = contentRange(atIndex: number - 1)
    return Span(start: range.lowerBound, end: range.upperBound)
  }

  /// The text of a span, cut to the file. Bytes that are not UTF-8 become U+FFFD.
  public func text(in span: Span) -> String {
    let start = min(max(span.start, 0), text.count)
    let end = min(max(span.end, start), text.count)
    return String(decoding: text[start..<end], as: UTF8.self)
  }

  private func contentRange(atIndex index: Int) -> Range<Int> {
    let starts = lines.starts
    let start = starts[index]
    guard index + 1 < starts.count else { return start..<text.count }
    var end = starts[index + 1] - 1
    if end > start, text[end] == UInt8(ascii: "\n"), text[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<max(start, end)
  }
}
