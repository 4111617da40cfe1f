internal import Diagnostics

/// What was found in one document, up to a limit: a file with a hundred problems has one problem.
struct ProblemList {
  private(set) var diagnostics: [Diagnostic] = []
  /// Whether more was found than the limit lets through.
  private(set) var isOverflowing = false
  private let limit: Int

  init(limit: Int) {
    self.limit = max(limit, 1)
  }

  /// Reports a problem; a problem with the same code inside its span was the same one and is taken back.
  mutating func reportOutermost(_ diagnostic: Diagnostic) {
    if let last = diagnostics.last, last.code == diagnostic.code, diagnostic.span.contains(last.span) {
      diagnostics.removeLast()
    }
    report(diagnostic)
  }

  mutating func report(_ diagnostic: Diagnostic) {
    guard !isOverflowing else { return }
    if diagnostics.count < limit {
      diagnostics.append(diagnostic)
    } else {
      isOverflowing = true
      diagnostics.append(
        .error(
          YAMLCode.limit, "this file has more than \(limit) problems, reading stops here", at: diagnostic.span,
          help: ["put right what is reported, then run again"]))
    }
  }
}
