/// Prints diagnostics as GitHub Actions workflow commands, which GitHub shows beside the changed lines.
///
///     ::error file=release.yaml,line=52,col=30,endLine=52,endColumn=37,title=vacuous-gate::this gate can never fail
///     1 error, 0 warnings
///
/// GitHub shows the first ten of each kind only; when there are more, the total is an annotation, too.
public struct GitHubAnnotationRenderer: DiagnosticRenderer {
  private static let shownOfEachKind = 10

  /// Makes a renderer.
  public init() {}

  /// Prints the commands and a line with the totals, or nothing when there are no diagnostics.
  public func render(_ files: [(file: SourceFile, diagnostics: [Diagnostic])]) -> String {
    let all = files.flatMap(\.diagnostics)
    guard !all.isEmpty else { return "" }
    let commands = files.flatMap { entry in entry.diagnostics.map { Self.command(for: $0, in: entry.file) } }
    return (commands + [Self.total(of: all)]).map { $0 + "\n" }.joined()
  }

  private static func command(for diagnostic: Diagnostic, in file: SourceFile) -> String {
    let start = file.position(of: diagnostic.span.start)
    let end = file.position(of: diagnostic.span.end)
    // The runner drops columns, with a complaint, when an annotation covers several lines.
    let place =
      start.line == end.line
      ? "line=\(start.line),col=\(start.column),endLine=\(end.line),endColumn=\(end.column)"
      : "line=\(start.line),endLine=\(end.line)"
    var text = [diagnostic.message + (diagnostic.label.map { ": " + $0 } ?? "")]
    text += diagnostic.notes.map { "note: " + $0 } + diagnostic.help.map { "help: " + $0 }
    let properties = "file=\(escape(property: file.path)),\(place),title=\(escape(property: diagnostic.code))"
    return "::\(diagnostic.severity.rawValue) \(properties)::\(escape(data: text.joined(separator: "\n")))"
  }

  private static func total(of diagnostics: [Diagnostic]) -> String {
    let errors = diagnostics.count { $0.severity == .error }
    let warnings = diagnostics.count - errors
    let total = "\(errors) \(errors == 1 ? "error" : "errors"), \(warnings) \(warnings == 1 ? "warning" : "warnings")"
    guard max(errors, warnings) > shownOfEachKind else { return total }
    return "::notice title=total::\(total); GitHub shows \(shownOfEachKind) of each kind, the log has all"
  }

  /// Percent, CR and LF as in `escapeData` of actions/toolkit; what a terminal would obey is made visible.
  private static func escape(data: String) -> String {
    data.unicodeScalars.map { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      case "\t": "\t"
      case _ where VisibleText.isUnsafe(scalar): VisibleText.escape(scalar)
      default: String(Character(scalar))
      }
    }.joined()
  }

  /// As `escapeProperty` of actions/toolkit: colon and comma would end a property.
  private static func escape(property: String) -> String {
    escape(data: property).unicodeScalars.map { scalar in
      switch scalar {
      case ":": "%3A"
      case ",": "%2C"
      default: String(Character(scalar))
      }
    }.joined()
  }
}
