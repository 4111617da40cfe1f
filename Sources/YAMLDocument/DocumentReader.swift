public import Diagnostics

extension YAMLDocument {
  /// Reads a file. Everything that is wrong with it is reported with its place; nil is returned when there is no tree
  /// to go on with: not text, not well-formed, empty, or over a limit.
  ///
  /// A tree that is returned although errors were reported lacks what they are about.
  public static func parse(
    _ file: SourceFile, limits: YAMLLimits = .default, into sink: inout DiagnosticSink
  ) -> YAMLDocument? {
    guard file.text.count <= limits.bytes else {
      sink.report(
        .error(
          YAMLCode.limit, "this file has \(file.text.count) bytes, and \(limits.bytes) is the limit", at: Span(at: 0)))
      return nil
    }
    var problems = ProblemList(limit: limits.problems)
    let document = file.text.withUnsafeBufferPointer { bytes in
      let check = EncodingCheck(bytes, into: &problems)
      return check.isReadable ? DocumentReader.read(bytes, of: file, check, limits, into: &problems) : nil
    }
    for diagnostic in problems.diagnostics { sink.report(diagnostic) }
    return document
  }
}

/// One walk over libyaml's events.
private struct DocumentReader {
  let scanner: SourceScanner
  let contentStart: Int
  let limits: YAMLLimits
  var marks: MarkConverter
  var builder: TreeBuilder

  /// What to do after an event.
  private enum Step {
    case goOn
    case finished
    case givenUp
  }

  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, of file: SourceFile, _ check: EncodingCheck, _ limits: YAMLLimits,
    into problems: inout ProblemList
  ) -> YAMLDocument? {
    let content = UnsafeBufferPointer(rebasing: bytes[check.contentStart...])
    guard var events = EventReader(content) else {
      problems.report(.error(YAMLCode.limit, "there is not enough memory to read this file", at: Span(at: 0)))
      return nil
    }
    var reader = DocumentReader(
      scanner: SourceScanner(bytes: bytes), contentStart: check.contentStart, limits: limits,
      marks: MarkConverter(check.wideCharacters, byteCount: content.count),
      builder: TreeBuilder(byteCount: content.count))
    var documents = 0
    reading: while true {
      guard let event = events.next() else {
        problems.report(reader.syntaxProblem(events.failure))
        return nil
      }
      switch reader.take(event, documents: &documents, into: &problems) {
      case .goOn: if problems.isOverflowing { return nil }
      case .finished: break reading
      case .givenUp: return nil
      }
    }
    return reader.document(of: file, into: &problems)
  }

  private func document(of file: SourceFile, into problems: inout ProblemList) -> YAMLDocument? {
    guard let root = builder.root else {
      reportEmpty(into: &problems)
      return nil
    }
    guard root != TreeBuilder.leftOut else { return nil }
    let row = builder.nodes[Int(root)]
    if row.kind == .scalar, row.style == .plain, row.count == 0 {
      reportEmpty(into: &problems)
      return nil
    }
    return YAMLDocument(
      file: file, root: NodeID(index: root), nodes: builder.nodes, children: builder.children,
      scalarText: builder.scalarText)
  }

  private func reportEmpty(into problems: inout ProblemList) {
    problems.report(
      .error(
        YAMLCode.empty, "this file is empty", at: Span(at: contentStart),
        help: ["write the document; comments alone do not count"]))
  }

  private mutating func take(_ event: Event, documents: inout Int, into problems: inout ProblemList) -> Step {
    let start = offset(ofCharacter: event.start)
    let span = Span(start: start, end: event.end > event.start ? offset(ofCharacter: event.end) : start)
    switch event.kind {
    case .documentStart:
      documents += 1
      guard documents > 1 else { return .goOn }
      problems.report(.severalDocuments(at: documentMarker(at: start)))
      return .finished
    case .scalar(let text, let style, let properties):
      return addScalar(text, style, properties, span: span, into: &problems)
    case .alias(let name):
      return addAlias(String(cString: name), span: span, into: &problems)
    case .sequenceStart(let properties):
      return open(.sequence, properties, span: span, into: &problems)
    case .mappingStart(let properties):
      return open(.mapping, properties, span: span, into: &problems)
    case .collectionEnd:
      // Only a bracket takes room; blocks end with a token of no width at the start of what follows.
      builder.close(end: span.isEmpty ? nil : span.end, into: &problems)
      return .goOn
    case .streamEnd: return .finished
    case .other: return .goOn
    }
  }

  private mutating func addScalar(
    _ text: UnsafeBufferPointer<UInt8>, _ style: Node.Style, _ properties: Event.Properties, span: Span,
    into problems: inout ProblemList
  ) -> Step {
    var place = withoutProperties(span, properties, into: &problems)
    switch style {
    case .plain:
      if place.isEmpty, properties.areEmpty, let key = builder.keyOfNextValue {
        place = Span(at: scanner.placeBehindColon(ofKeyEndingAt: key.end))
      }
    case .block:
      place.end = scanner.trimmedEnd(place.end, notBefore: place.start)
    case .quoted:
      if text.contains(0) {
        problems.report(
          .error(
            YAMLCode.encoding, "this text contains a NUL character", at: place,
            label: "no shell or API can carry it", help: ["delete the escape `\\0` or `\\x00`"]))
      }
    }
    guard text.count <= limits.scalarBytes else {
      return refuse("this text has \(text.count) bytes, and \(limits.scalarBytes) is the limit", at: place, &problems)
    }
    builder.addScalar(text, style: style, span: place, anchor: properties.anchorName)
    return nodesLimitStep(at: place, into: &problems)
  }

  private mutating func addAlias(_ name: String, span: Span, into problems: inout ProblemList) -> Step {
    guard builder.depth + builder.height(ofAnchor: name) <= limits.depth else {
      return refuse(
        "with this alias followed, values are nested more than \(limits.depth) levels deep", at: span, &problems)
    }
    switch builder.addAlias(name, span: span) {
    case .added: return nodesLimitStep(at: span, into: &problems)
    case .cyclic:
      problems.report(
        .error(
          YAMLCode.alias, "the alias `*\(name)` stands inside the value that it repeats", at: span,
          label: "would contain itself", help: ["write the value out"]))
    case .undefined:
      let nearest = Spelling.closest(to: name, among: builder.knownAnchors)
      problems.report(
        .error(
          YAMLCode.alias, "no anchor `&\(name)` stands before this alias", at: span, label: "unknown name",
          help: [
            nearest.map { "did you mean `*\($0)`?" }
              ?? "put a text that starts with `*` into quotes, or write `&\(name)` before the value to repeat"
          ]))
    }
    return .goOn
  }

  private mutating func open(
    _ kind: NodeKind, _ properties: Event.Properties, span: Span, into problems: inout ProblemList
  ) -> Step {
    let place = withoutProperties(span, properties, into: &problems)
    guard builder.depth < limits.depth else {
      return refuse("values are nested more than \(limits.depth) levels deep", at: Span(at: place.start), &problems)
    }
    builder.open(kind, span: place, anchor: properties.anchorName)
    return nodesLimitStep(at: place, into: &problems)
  }

  /// The place of a node behind its anchor and tag. Reports the tag.
  private func withoutProperties(
    _ span: Span, _ properties: Event.Properties, into problems: inout ProblemList
  ) -> Span {
    if properties.areEmpty { return span }
    let content = scanner.content(from: span.start, to: span.end)
    if properties.hasTag {
      let tag = content.tag ?? span
      problems.report(
        .error(
          YAMLCode.tag, "tags are not part of this language", at: tag, label: "explicit tag",
          help: ["delete the tag; put a value into quotes to make it a text, also one that starts with `!`"]))
    }
    return Span(start: content.start, end: span.end)
  }

  private func nodesLimitStep(at span: Span, into problems: inout ProblemList) -> Step {
    guard builder.expandedNodes > limits.nodes else { return .goOn }
    return refuse(
      "this file has more than \(limits.nodes) values, aliases counted as what they repeat", at: span, &problems)
  }

  private func refuse(_ message: String, at span: Span, _ problems: inout ProblemList) -> Step {
    problems.report(
      .error(
        YAMLCode.limit, message, at: span, label: "over the limit here", help: ["split the file, or say it shorter"]))
    return .givenUp
  }

  private mutating func syntaxProblem(_ failure: EventReader.Failure) -> Diagnostic {
    let context = failure.contextIndex.map { offset(ofCharacter: $0) }
    let place = offset(ofCharacter: failure.problemIndex)
    return SyntaxProblem(failure, at: place, context: context, scanner: scanner).diagnostic
  }

  private func documentMarker(at start: Int) -> Span {
    let isMarker = scanner.bytes[min(start, scanner.bytes.count)...].starts(with: Array("---".utf8))
    return isMarker ? Span(start: start, end: start + 3) : scanner.word(at: start)
  }

  private mutating func offset(ofCharacter index: Int) -> Int {
    contentStart + marks.offset(ofCharacter: index)
  }
}
