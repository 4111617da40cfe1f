/// The source lines that a diagnostic shows, with the marks under them.
struct Excerpt {
  /// A row of the excerpt.
  enum Row {
    /// A source line.
    case source(number: Int, text: String)
    /// What stands under a source line.
    case marks([MarkerRows.Piece])
    /// Lines were left out.
    case omission
  }

  private struct Annotation {
    var span: Span
    var label: String
    var isPrimary: Bool
  }

  /// The rows from top to bottom.
  private(set) var rows: [Row] = []
  /// Digits of the largest line number shown.
  private(set) var numberWidth = 1

  init(_ diagnostic: Diagnostic, in file: SourceFile) {
    var annotations = [Annotation(span: diagnostic.span, label: diagnostic.label ?? "", isPrimary: true)]
    annotations += diagnostic.related.map { Annotation(span: $0.span, label: $0.label, isPrimary: false) }
    let byLine = Dictionary(grouping: annotations) { file.position(of: $0.span.start).line }
    var previous: Int?
    for number in byLine.keys.sorted() {
      if let previous, number == previous + 2 {
        show(previous + 1, of: file, annotations: [], severity: diagnostic.severity)
      } else if let previous, number > previous + 2 {
        rows.append(.omission)
      }
      show(number, of: file, annotations: byLine[number] ?? [], severity: diagnostic.severity)
      numberWidth = String(number).count
      previous = number
    }
  }

  private mutating func show(_ number: Int, of file: SourceFile, annotations: [Annotation], severity: Severity) {
    let line = file.span(ofLine: number)
    let focus = annotations.first?.span ?? Span(at: line.start)
    let display = DisplayLine(of: file, line: line, focus: focus)
    rows.append(.source(number: number, text: display.text))
    guard !annotations.isEmpty else { return }
    let marks = annotations.map { annotation in
      MarkerRows.Mark(
        columns: display.columns(of: Self.visiblePart(of: annotation.span, in: file, line: line)),
        label: VisibleText.line(annotation.label), isPrimary: annotation.isPrimary)
    }
    rows += MarkerRows(marks: marks, severity: severity).rows().map(Row.marks)
  }

  /// A span that goes on to further lines is marked up to the last character of its first line.
  private static func visiblePart(of span: Span, in file: SourceFile, line: Span) -> Span {
    guard span.end > line.end, span.start < line.end else { return span }
    var end = line.end
    while end > span.start + 1, file.text[end - 1] == UInt8(ascii: " ") || file.text[end - 1] == UInt8(ascii: "\t") {
      end -= 1
    }
    return Span(start: span.start, end: end)
  }
}
