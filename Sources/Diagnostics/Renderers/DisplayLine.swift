/// A source line as a terminal shows it: what is printed for each scalar and how many columns that takes.
struct DisplayLine {
  private struct Cell {
    var text: String
    var width: Int
    /// Offset in the file of the scalar's first byte.
    var offset: Int
  }

  /// Columns that a printed source line may take.
  static let columnLimit = 120
  /// Bytes looked at on each side of the place of interest. A line may be the whole of a large file.
  private static let reach = 1_000

  private var cells: [Cell] = []
  private var width = 0

  /// What is printed.
  var text: String { cells.map(\.text).joined() }

  /// The part of a line that is shown when `focus` has to be seen. `line` is the span of the line without its end.
  init(of file: SourceFile, line: Span, focus: Span) {
    let start = max(line.start, min(focus.start, line.end) - Self.reach)
    let end = min(line.end, max(focus.start, line.start) + Self.reach)
    file.text.withUnsafeBufferPointer { bytes in
      read(bytes, from: start, to: end, startsInsideLine: start > line.start)
    }
    cut(around: focus, isCutBefore: start > line.start, isCutBehind: end < line.end)
  }

  /// The columns, from 0, that a span takes on this line; at least one column.
  func columns(of span: Span) -> Range<Int> {
    let start = min(column(of: span.start), max(width, 0))
    return start..<max(start + 1, min(column(of: span.end), width))
  }

  private func column(of offset: Int) -> Int {
    var column = 0
    for cell in cells {
      if cell.offset >= offset { return column }
      column += cell.width
    }
    return column
  }

  private mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, startsInsideLine: Bool
  ) {
    var cursor = start
    // The reach may have ended inside a scalar.
    while startsInsideLine, cursor < end, bytes[cursor] & 0xC0 == 0x80, cursor - start < 3 { cursor += 1 }
    var joins = false
    while cursor < end {
      guard let (value, length) = UTF8Text.decode(bytes, at: cursor), let scalar = Unicode.Scalar(value) else {
        append("\u{FFFD}", width: 1, offset: cursor)
        cursor += 1
        joins = false
        continue
      }
      let isJoiner = scalar.value == 0x200D && (cells.last?.width ?? 0) != 1 && !cells.isEmpty
      if isJoiner {
        append("\u{200D}", width: 0, offset: cursor)
      } else if scalar == "\t" {
        append("    ", width: 4, offset: cursor)
      } else if VisibleText.isUnsafe(scalar) {
        let escaped = VisibleText.escape(scalar)
        append(escaped, width: escaped.utf8.count, offset: cursor)
      } else {
        append(String(Character(scalar)), width: joins ? 0 : Self.width(of: scalar), offset: cursor)
      }
      joins = isJoiner
      cursor += length
    }
  }

  private mutating func append(_ text: String, width cellWidth: Int, offset: Int) {
    cells.append(Cell(text: text, width: cellWidth, offset: offset))
    width += cellWidth
  }

  /// Keeps the columns around the focus and puts `…` where something was left out.
  private mutating func cut(around focus: Span, isCutBefore: Bool, isCutBehind: Bool) {
    guard width > Self.columnLimit || isCutBefore || isCutBehind else { return }
    let room = Self.columnLimit - 2
    let from = column(of: focus.start)
    let shown = min(max(1, column(of: focus.end) - from), room - 20)
    let low = max(0, min(from - (room - shown) / 2, width - room))
    var kept: [Cell] = []
    var position = 0
    for cell in cells {
      if position >= low, position + cell.width <= low + room { kept.append(cell) }
      position += cell.width
    }
    let isFirstKept = kept.first?.offset == cells.first?.offset && !isCutBefore
    let isLastKept = kept.last?.offset == cells.last?.offset && !isCutBehind
    if !isFirstKept, let first = kept.first {
      kept.insert(Cell(text: "…", width: 1, offset: first.offset - 1), at: 0)
    }
    if !isLastKept, let last = kept.last {
      kept.append(Cell(text: "…", width: 1, offset: last.offset + 1))
    }
    cells = kept
    width = kept.reduce(0) { $0 + $1.width }
  }

  /// Columns of a scalar: 0 for marks that sit on the one before, 2 for East Asian wide ones and emoji.
  private static func width(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    if (0x1F3FB...0x1F3FF).contains(scalar.value) || scalar.properties.isEmojiPresentation { return 2 }
    return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// The blocks that Unicode's EastAsianWidth.txt gives as W or F.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
