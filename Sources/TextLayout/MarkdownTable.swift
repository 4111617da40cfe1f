/// A table whose columns line up in the source as well.
struct MarkdownTable {
  private let rows: [[String]]
  private let alignments: [Markdown.Alignment]
  private let widths: [Int]

  init(header: [[Markdown.Inline]], alignments: [Markdown.Alignment], rows: [[[Markdown.Inline]]]) {
    let count = max(header.count, rows.map(\.count).max() ?? 0)
    let cells = ([header] + rows).map { row in
      (0..<count).map { $0 < row.count ? MarkdownInlines.tableCell(row[$0]) : "" }
    }
    self.rows = cells
    self.alignments = (0..<count).map { $0 < alignments.count ? alignments[$0] : .none }
    // A delimiter needs three characters to look like one, with colons at both ends five.
    widths = (0..<count).map { column in max(3, cells.map { displayWidth($0[column]) }.max() ?? 0) }
  }

  /// Header, delimiter row and rows; nothing without columns.
  var lines: [String] {
    guard !widths.isEmpty, let header = rows.first else { return [] }
    return [line(header), delimiter] + rows.dropFirst().map(line)
  }

  private func line(_ cells: [String]) -> String {
    let padded = zip(cells, zip(widths, alignments)).map { cell, column in
      let free = column.0 - displayWidth(cell)
      let before =
        switch column.1 {
        case .none, .left: 0
        case .center: free / 2
        case .right: free
        }
      return String(repeating: " ", count: before) + cell + String(repeating: " ", count: free - before)
    }
    return "| " + padded.joined(separator: " | ") + " |"
  }

  private var delimiter: String {
    let cells = zip(widths, alignments).map { width, alignment in
      switch alignment {
      case .none: String(repeating: "-", count: width)
      case .left: ":" + String(repeating: "-", count: width - 1)
      case .center: ":" + String(repeating: "-", count: width - 2) + ":"
      case .right: String(repeating: "-", count: width - 1) + ":"
      }
    }
    return "| " + cells.joined(separator: " | ") + " |"
  }
}

/// How many columns the text takes in a terminal or an editor: most characters one, East Asian and emoji two.
public func displayWidth(_ text: String) -> Int {
  text.reduce(0) { $0 + displayWidth($1) }
}

private func displayWidth(_ character: Character) -> Int {
  guard let scalar = character.unicodeScalars.first else { return 0 }
  let isEmoji =
    scalar.properties.isEmojiPresentation || character.unicodeScalars.dropFirst().first?.value == 0xFE0F
  if isEmoji { return 2 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format, .control: return 0
  default: break
  }
  // The blocks that Unicode's EastAsianWidth.txt calls wide or fullwidth.
  switch scalar.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x1B000...0x1B2FF, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    return 2
  default:
    return 1
  }
}
