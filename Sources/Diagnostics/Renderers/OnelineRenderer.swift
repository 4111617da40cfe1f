/// Prints one line a diagnostic, as editors and `grep` like it: `release.yaml:52:30: error[vacuous-gate]: message`.
public struct OnelineRenderer: DiagnosticRenderer {
  /// Makes a renderer.
  public init() {}

  /// Prints the diagnostics, one a line.
  public func render(_ files: [(file: SourceFile, diagnostics: [Diagnostic])]) -> String {
    files.flatMap { entry in
      entry.diagnostics.map { diagnostic in
        let position = entry.file.position(of: diagnostic.span.start)
        let place = "\(VisibleText.line(entry.file.path)):\(position.line):\(position.column)"
        let kind = "\(diagnostic.severity.rawValue)[\(VisibleText.line(diagnostic.code))]"
        return "\(place): \(kind): \(VisibleText.line(diagnostic.message))\n"
      }
    }.joined()
  }
}
