/// Prints diagnostics in one output format. Renderers are pure: same diagnostics, same text.
public protocol DiagnosticRenderer: Sendable {
  /// Prints the diagnostics of several files, files and diagnostics in the order given. Every line of the result
  /// ends in a line feed; no diagnostics may give an empty string.
  func render(_ files: [(file: SourceFile, diagnostics: [Diagnostic])]) -> String
}

extension DiagnosticRenderer {
  /// Prints the diagnostics of one file.
  public func render(_ diagnostics: [Diagnostic], in file: SourceFile) -> String {
    render([(file: file, diagnostics: diagnostics)])
  }
}
