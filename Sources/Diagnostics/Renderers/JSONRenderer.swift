/// Prints diagnostics for programs: one object with `version` (1) and `diagnostics`.
///
/// Lines and columns start at 1, columns count Unicode scalars, ends are exclusive. Edits also carry the byte offsets
/// `start` and `end`, so that a tool can apply them without counting. What the file allows has a member `suppressed` with the
/// `reason`.
public struct JSONRenderer: DiagnosticRenderer {
  /// Makes a renderer.
  public init() {}

  /// Prints the diagnostics as one JSON text.
  public func render(_ files: [(file: SourceFile, diagnostics: [Diagnostic])]) -> String {
    let diagnostics = files.flatMap { entry in entry.diagnostics.map { Self.value(of: $0, in: entry.file) } }
    return JSONValue.object([("version", 1), ("diagnostics", .array(diagnostics))]).text()
  }

  private static func value(of diagnostic: Diagnostic, in file: SourceFile) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("path", .string(file.path)),
      ("code", .string(diagnostic.code)),
      ("severity", .string(diagnostic.severity.rawValue)),
      ("message", .string(diagnostic.message)),
    ]
    members += place(diagnostic.span, in: file)
    members.append(("label", diagnostic.label.map(JSONValue.string) ?? .null))
    let related = diagnostic.related.map { related in
      JSONValue.object(place(related.span, in: file) + [("label", .string(related.label))])
    }
    members.append(("related", .array(related)))
    members.append(("notes", .array(diagnostic.notes.map(JSONValue.string))))
    members.append(("help", .array(diagnostic.help.map(JSONValue.string))))
    members.append(("fixes", .array(diagnostic.fixes.map { value(of: $0, in: file) })))
    if let reason = diagnostic.allowance { members.append(("suppressed", .object([("reason", .string(reason))]))) }
    return .object(members)
  }

  private static func value(of fix: Diagnostic.Fix, in file: SourceFile) -> JSONValue {
    let edits = fix.edits.map { edit in
      JSONValue.object(
        place(edit.span, in: file) + [
          ("start", .int(edit.span.start)), ("end", .int(edit.span.end)), ("replacement", .string(edit.replacement)),
        ])
    }
    return .object([("title", .string(fix.title)), ("isSafe", .bool(fix.isSafe)), ("edits", .array(edits))])
  }

  private static func place(_ span: Span, in file: SourceFile) -> [(key: String, value: JSONValue)] {
    let start = file.position(of: span.start)
    let end = file.position(of: span.end)
    return [
      ("line", .int(start.line)), ("column", .int(start.column)),
      ("endLine", .int(end.line)), ("endColumn", .int(end.column)),
    ]
  }
}
