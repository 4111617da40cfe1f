/// What a SARIF log says about a code.
public struct SARIFRule: Hashable, Sendable {
  /// What the rule finds, in a sentence.
  public var summary: String
  /// Why it matters and what to do, in markdown; shown by code scanning beside the finding.
  public var helpMarkdown: String

  /// Makes a rule description.
  public init(summary: String, helpMarkdown: String) {
    self.summary = summary
    self.helpMarkdown = helpMarkdown
  }
}

/// Prints diagnostics as a SARIF 2.1.0 log, which GitHub code scanning reads.
public struct SARIFRenderer: DiagnosticRenderer {
  private let toolName: String
  private let toolVersion: String?
  private let informationURI: String?
  private let folder: String?
  private let limit: Int
  private let rule: @Sendable (String) -> SARIFRule?

  /// Makes a renderer. `rule` tells what a code means; a code it does not know is listed by its name only. Absolute paths in
  /// `folder` are written relative to it. Of more findings than `limit` the errors come first: code scanning refuses a log
  /// with more than 25,000.
  public init(
    toolName: String = "liftlock", toolVersion: String? = nil, informationURI: String? = nil, folder: String? = nil,
    limit: Int = 25_000, rule: @escaping @Sendable (String) -> SARIFRule?
  ) {
    self.toolName = toolName
    self.toolVersion = toolVersion
    self.informationURI = informationURI
    self.folder = folder
    self.limit = limit
    self.rule = rule
  }

  /// Prints one log with one run. Rules are listed by code.
  public func render(_ all: [(file: SourceFile, diagnostics: [Diagnostic])]) -> String {
    let (files, omitted) = withinLimit(all)
    let codes = Set(files.flatMap(\.diagnostics).map(\.code)).sorted()
    let ruleIndexes = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($0.element, $0.offset) })
    var fingerprints = SARIFFingerprints()
    let saysSuppressions = files.contains { $0.diagnostics.contains { $0.allowance != nil } }
    var results: [JSONValue] = []
    for (file, diagnostics) in files {
      for diagnostic in diagnostics {
        let fingerprint = fingerprints.fingerprint(of: diagnostic, in: file)
        results.append(
          result(
            for: diagnostic, in: file, ruleIndex: ruleIndexes[diagnostic.code] ?? 0, fingerprint: fingerprint,
            saysSuppressions: saysSuppressions))
      }
    }
    var driver: [(key: String, value: JSONValue)] = [("name", .string(toolName))]
    if let toolVersion { driver.append(("version", .string(toolVersion))) }
    if let informationURI { driver.append(("informationUri", .string(informationURI))) }
    driver.append(("rules", .array(codes.map(description))))
    var run: [(key: String, value: JSONValue)] = [
      ("tool", .object([("driver", .object(driver))])),
      ("columnKind", "unicodeCodePoints"),
      ("results", .array(results)),
    ]
    if omitted > 0 {
      let notice = JSONValue.object([
        ("level", "warning"), ("message", Self.message("\(omitted) findings more are left out; fix these first")),
      ])
      run.append(
        (
          "invocations",
          .array([.object([("executionSuccessful", true), ("toolExecutionNotifications", .array([notice]))])])
        ))
    }
    return JSONValue.object([
      ("$schema", "https://json.schemastore.org/sarif-2.1.0.json"),
      ("version", "2.1.0"),
      ("runs", .array([.object(run)])),
    ]).text()
  }

  /// As many findings as a log may have, errors before warnings, in the order given; and how many are left out.
  private func withinLimit(
    _ files: [(file: SourceFile, diagnostics: [Diagnostic])]
  ) -> (files: [(file: SourceFile, diagnostics: [Diagnostic])], omitted: Int) {
    let count = files.reduce(0) { $0 + $1.diagnostics.count }
    guard count > limit else { return (files, 0) }
    let errors = files.reduce(0) { $0 + $1.diagnostics.count { $0.severity == .error } }
    var room: [Severity: Int] = [.error: min(errors, limit), .warning: limit - min(errors, limit)]
    let kept = files.map { entry in
      let diagnostics = entry.diagnostics.filter { diagnostic in
        guard let left = room[diagnostic.severity], left > 0 else { return false }
        room[diagnostic.severity] = left - 1
        return true
      }
      return (file: entry.file, diagnostics: diagnostics)
    }
    return (kept, count - limit)
  }

  private func description(of code: String) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [("id", .string(code))]
    if let rule = rule(code) {
      members.append(("shortDescription", .object([("text", .string(rule.summary))])))
      members.append(("fullDescription", .object([("text", .string(rule.helpMarkdown))])))
      members.append(
        ("help", .object([("text", .string(rule.helpMarkdown)), ("markdown", .string(rule.helpMarkdown))])))
    }
    return .object(members)
  }

  private func result(
    for diagnostic: Diagnostic, in file: SourceFile, ruleIndex: Int, fingerprint: String, saysSuppressions: Bool
  ) -> JSONValue {
    var text = [diagnostic.message + (diagnostic.label.map { ": " + $0 } ?? "")]
    text += diagnostic.notes.map { "note: " + $0 } + diagnostic.help.map { "help: " + $0 }
    var members: [(key: String, value: JSONValue)] = [
      ("ruleId", .string(diagnostic.code)),
      ("ruleIndex", .int(ruleIndex)),
      ("level", .string(diagnostic.severity.rawValue)),
      ("message", Self.message(text.joined(separator: "\n"))),
      ("locations", .array([.object([physicalLocation(diagnostic.span, in: file)])])),
    ]
    if !diagnostic.related.isEmpty {
      let related = diagnostic.related.enumerated().map { index, related in
        let place = [("id", JSONValue.int(index + 1)), physicalLocation(related.span, in: file)]
        return JSONValue.object(related.label.isEmpty ? place : place + [("message", Self.message(related.label))])
      }
      members.append(("relatedLocations", .array(related)))
    }
    members.append(("partialFingerprints", .object([(SARIFFingerprints.name, .string(fingerprint))])))
    if !diagnostic.fixes.isEmpty {
      members.append(("fixes", .array(diagnostic.fixes.map { self.fix($0, in: file) })))
    }
    // In one run either all results say what suppresses them, or none does (SARIF 2.1.0, section 3.27.23).
    if saysSuppressions {
      let suppressions = diagnostic.allowance.map { reason in
        [JSONValue.object([("kind", "inSource"), ("justification", .string(reason))])]
      }
      members.append(("suppressions", .array(suppressions ?? [])))
    }
    return .object(members)
  }

  private func fix(_ fix: Diagnostic.Fix, in file: SourceFile) -> JSONValue {
    let replacements = fix.edits.map { edit in
      JSONValue.object([
        ("deletedRegion", Self.region(edit.span, in: file)),
        ("insertedContent", .object([("text", .string(edit.replacement))])),
      ])
    }
    return .object([
      ("description", Self.message(fix.title)),
      (
        "artifactChanges",
        .array([
          .object([
            ("artifactLocation", SARIFLocation.artifact(file.path, in: folder)), ("replacements", .array(replacements)),
          ])
        ])
      ),
    ])
  }

  private func physicalLocation(_ span: Span, in file: SourceFile) -> (key: String, value: JSONValue) {
    (
      "physicalLocation",
      .object([
        ("artifactLocation", SARIFLocation.artifact(file.path, in: folder)), ("region", Self.region(span, in: file)),
      ])
    )
  }

  private static func region(_ span: Span, in file: SourceFile) -> JSONValue {
    let start = file.position(of: span.start)
    let end = file.position(of: span.end)
    return .object([
      ("startLine", .int(start.line)), ("startColumn", .int(start.column)),
      ("endLine", .int(end.line)), ("endColumn", .int(end.column)),
    ])
  }

  private static func message(_ text: String) -> JSONValue {
    .object([("text", .string(text))])
  }
}
