/// Prints diagnostics for a person at a terminal.
///
///     error[vacuous-gate]: this gate can never fail
///       --> release.yaml:52:30
///        |
///     52 |   security: { at-most: { critical: 1000000 } }
///        |                                    ^^^^^^^ no scan reports a million critical findings
///        |
///        = help: write `at-most: { critical: 0 }` to block every critical finding
///        = docs: liftlock explain vacuous-gate
public struct TextRenderer: DiagnosticRenderer {
  private let paint: Paint
  private let links: FileLinks?
  private let explainCommand: String?

  /// Makes a renderer. `color` adds ANSI colours, `links` make places lead to their files; `explainCommand` is what the last
  /// line tells to run for a code, nil leaves that line out.
  public init(color: Bool, links: FileLinks? = nil, explainCommand: String? = "liftlock explain") {
    paint = Paint(color: color)
    self.links = links
    self.explainCommand = explainCommand
  }

  /// Prints the diagnostics with an empty line between two.
  public func render(_ files: [(file: SourceFile, diagnostics: [Diagnostic])]) -> String {
    files.flatMap { entry in entry.diagnostics.map { render($0, in: entry.file) } }.joined(separator: "\n")
  }

  private func render(_ diagnostic: Diagnostic, in file: SourceFile) -> String {
    let excerpt = Excerpt(diagnostic, in: file)
    let margin = String(repeating: " ", count: excerpt.numberWidth)
    let position = file.position(of: diagnostic.span.start)
    let kind = "\(diagnostic.severity.rawValue)[\(VisibleText.line(diagnostic.code))]"
    let place = "\(VisibleText.line(file.path)):\(position.line):\(position.column)"
    var lines = [
      paint(kind, TextRole(diagnostic.severity)) + paint(": " + VisibleText.line(diagnostic.message), .emphasis),
      margin + paint("-->", .gutter) + " " + (links?.link(place, to: file.path) ?? place),
      margin + paint(" |", .gutter),
    ]
    lines += excerpt.rows.map { render($0, margin: margin) }
    let footer = footer(of: diagnostic)
    if !footer.isEmpty { lines.append(margin + paint(" |", .gutter)) }
    for (kind, text) in footer {
      let indent = margin + String(repeating: " ", count: kind.count + 5)
      for (index, line) in VisibleText.paragraph(text).enumerated() {
        let start = margin + paint(" =", .gutter) + paint(" \(kind):", .emphasis) + " "
        lines.append((index == 0 ? start : indent) + line)
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func render(_ row: Excerpt.Row, margin: String) -> String {
    switch row {
    case .omission:
      return paint("...", .gutter)
    case .source(let number, let text):
      let digits = String(number)
      let padding = String(repeating: " ", count: margin.count - digits.count)
      return paint("\(padding)\(digits) |", .gutter) + (text.isEmpty ? "" : " " + text)
    case .marks(let pieces):
      return margin + paint(" |", .gutter) + " " + pieces.map { paint($0.text, $0.role) }.joined()
    }
  }

  private func footer(of diagnostic: Diagnostic) -> [(kind: String, text: String)] {
    var footer = diagnostic.notes.map { (kind: "note", text: $0) }
    footer += diagnostic.help.map { (kind: "help", text: $0) }
    footer += diagnostic.fixes.filter { !diagnostic.help.contains($0.title) }.map { (kind: "help", text: $0.title) }
    if let explainCommand {
      footer.append((kind: "docs", text: "\(explainCommand) \(diagnostic.code)"))
    }
    return footer
  }
}
