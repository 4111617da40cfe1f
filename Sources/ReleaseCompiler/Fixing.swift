import Diagnostics

extension ReleaseCompiler {
  /// A spec with its safe fixes applied, and what they were.
  public struct Fixed: Sendable {
    public let file: SourceFile
    /// The titles of the fixes, in the order in which they were applied.
    public let applied: [String]
  }

  /// Applies every fix that cannot change what a spec means. Comments and the form of the rest stay as they are.
  ///
  /// A fix can bring to light what it hid, so it goes on until nothing is left to fix.
  public static func fix(_ file: SourceFile) -> Fixed {
    var fixed = Fixed(file: file, applied: [])
    // More rounds than a spec has parts inside each other would be fixes that undo each other.
    for _ in 0..<20 {
      let fixes = check(fixed.file).diagnostics.compactMap { $0.fixes.first { $0.isSafe } }
      let chosen = disjoint(fixes)
      if chosen.isEmpty { break }
      fixed = Fixed(
        file: SourceFile(path: file.path, text: apply(chosen.flatMap(\.edits), to: fixed.file.text)),
        applied: fixed.applied + chosen.map(\.title))
    }
    return fixed
  }

  /// Those that can be applied together: of two that touch the same place the first.
  private static func disjoint(_ fixes: [Diagnostic.Fix]) -> [Diagnostic.Fix] {
    var taken: [Span] = []
    return fixes.filter { fix in
      let spans = fix.edits.map(\.span)
      if spans.contains(where: { span in taken.contains { $0.start < span.end && span.start < $0.end || $0 == span } })
      {
        return false
      }
      taken += spans
      return true
    }
  }

  private static func apply(_ edits: [Diagnostic.Edit], to text: [UInt8]) -> [UInt8] {
    var bytes = text
    for edit in edits.sorted(by: { $0.span.start > $1.span.start }) {
      bytes.replaceSubrange(edit.span.start..<edit.span.end, with: edit.replacement.utf8)
    }
    return bytes
  }
}
