/// The rows under a source line: carets, dashes and their labels.
///
///     1 | a: 1, b: 2, a: 3
///       | -           ^ written again
///       | |
///       | first written here
struct MarkerRows {
  /// One underlined stretch.
  struct Mark {
    /// Columns from 0; never empty.
    var columns: Range<Int>
    var label: String
    var isPrimary: Bool
  }

  /// A piece of a row with one role.
  typealias Piece = (text: String, role: TextRole)

  private let primary: TextRole
  private let marks: [Mark]

  init(marks: [Mark], severity: Severity) {
    self.marks = marks
    primary = TextRole(severity)
  }

  /// The rows from top to bottom.
  func rows() -> [[Piece]] {
    let width = marks.map(\.columns.upperBound).max() ?? 0
    var canvas = [Character](repeating: " ", count: width)
    var roles = [TextRole](repeating: .plain, count: width)
    // The primary mark is drawn last so that it wins where marks overlap.
    for mark in marks.filter({ !$0.isPrimary }) + marks.filter(\.isPrimary) {
      for column in mark.columns {
        canvas[column] = mark.isPrimary ? "^" : "-"
        roles[column] = role(of: mark)
      }
    }
    var first = Self.pieces(canvas, roles)
    // Only the label of the mark that ends the row can stand beside it.
    let beside = marks.indices.last { marks[$0].columns.upperBound == width && !marks[$0].label.isEmpty }
    if let beside {
      first.append((" " + marks[beside].label, role(of: marks[beside])))
    }
    var hanging = marks.indices.filter { $0 != beside && !marks[$0].label.isEmpty }.map { marks[$0] }
    hanging.sort { $0.columns.lowerBound < $1.columns.lowerBound }
    guard !hanging.isEmpty else { return [first] }
    var rows = [first, stems(hanging)]
    while let last = hanging.popLast() {
      let column = last.columns.lowerBound
      var row = stems(hanging.filter { $0.columns.lowerBound < column })
      let used = row.reduce(0) { $0 + $1.text.count }
      row.append((String(repeating: " ", count: column - used), .plain))
      row.append((last.label, role(of: last)))
      rows.append(row)
    }
    return rows
  }

  private func role(of mark: Mark) -> TextRole {
    mark.isPrimary ? primary : .secondary
  }

  private func stems(_ hanging: [Mark]) -> [Piece] {
    let width = (hanging.map(\.columns.lowerBound).max() ?? -1) + 1
    var canvas = [Character](repeating: " ", count: width)
    var roles = [TextRole](repeating: .plain, count: width)
    for mark in hanging {
      canvas[mark.columns.lowerBound] = "|"
      roles[mark.columns.lowerBound] = role(of: mark)
    }
    return Self.pieces(canvas, roles)
  }

  /// Joins neighbouring columns of one role.
  private static func pieces(_ canvas: [Character], _ roles: [TextRole]) -> [Piece] {
    var pieces: [Piece] = []
    for (character, role) in zip(canvas, roles) {
      if let last = pieces.last, last.role == role {
        pieces[pieces.count - 1].text.append(character)
      } else {
        pieces.append((String(character), role))
      }
    }
    return pieces
  }
}
