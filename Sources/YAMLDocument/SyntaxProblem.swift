internal import Diagnostics

/// Says in plain words why libyaml could not go on.
struct SyntaxProblem {
  private let failure: EventReader.Failure
  private let scanner: SourceScanner
  /// Where libyaml stopped, moved back to the last content when that is the end of the file.
  private let place: Int
  /// Where the construct began that libyaml was reading.
  private let context: Int?

  init(_ failure: EventReader.Failure, at place: Int, context: Int?, scanner: SourceScanner) {
    self.failure = failure
    self.scanner = scanner
    self.place =
      place >= scanner.bytes.count ? scanner.trimmedEnd(place, notBefore: context ?? 0) : place
    self.context = context
  }

  /// The problem as a diagnostic.
  var diagnostic: Diagnostic {
    if failure.isOutOfMemory {
      return .error(YAMLCode.limit, "there is not enough memory to read this file", at: Span(at: 0))
    }
    if let tab = scanner.indentationTab(onLineOf: place) {
      return .error(
        YAMLCode.syntax, "this line is indented with a tab", at: Span(start: tab, end: tab + 1), label: "tab",
        help: ["indent with spaces: YAML does not take tabs there"])
    }
    if isAboutTag {
      return .error(
        YAMLCode.tag, "this is read as a tag, and tags are not part of this language",
        at: scanner.word(at: context ?? place), label: "starts with `!`",
        help: ["put a text that starts with `!` into quotes"])
    }
    if failure.problem == "did not find expected <document start>", scanner.followsDocumentEnd(place) {
      return .severalDocuments(at: scanner.word(at: place))
    }
    return structureProblem ?? tokenProblem ?? other
  }

  private var isAboutTag: Bool {
    failure.context == "while scanning a tag" || failure.context == "while parsing a tag"
      || failure.problem == "found undefined tag handle"
  }

  /// Problems with lines, brackets and indentation.
  private var structureProblem: Diagnostic? {
    switch failure.problem {
    case "could not find expected ':'":
      let start = context ?? place
      return error(
        "this line is neither a key with a value nor an entry of a list",
        at: Span(start: start, end: scanner.lineEnd(of: start)), label: "no `: ` here",
        help: "write `name: value`, or `- value` in a list; a text that goes on is indented more than its key")
    case "mapping values are not allowed in this context":
      return error(
        "a value cannot start at this colon", label: "unexpected `:`",
        help: scanner.isFirstColonOnLine(place)
          ? "indent the keys of one mapping alike, and those of a nested mapping more than the key above them"
          : "put a text that contains `: ` into quotes; a nested mapping starts on a line of its own")
    case "did not find expected key", "did not find expected '-' indicator":
      return misplacedLine
    case "did not find expected ',' or ']'":
      return error(
        "a `,` or the closing `]` of this list is missing", contextLabel: "the list starts here",
        help: "separate entries with `,` and close the list with `]`")
    case "did not find expected ',' or '}'":
      return error(
        "a `,` or the closing `}` of this mapping is missing", contextLabel: "the mapping starts here",
        help: "separate entries with `,`, close with `}`, and quote texts that contain `,`, `{` or `}`")
    case "did not find expected node content":
      return error("a value is missing here", label: "expected a value", contextLabel: "the value starts here")
    case "did not find expected <document start>":
      return error(
        "the document has ended, and more text follows", label: "unexpected",
        help: "check that this line is indented like the others and that brackets and quotes are closed where meant")
    case "block sequence entries are not allowed in this context":
      return error(
        "an entry of a list cannot start here", label: "unexpected `-`",
        help: "start the list on a line of its own below the key, or put a text that starts with `- ` into quotes")
    case "mapping keys are not allowed in this context":
      return error("a key cannot start here", help: "start the mapping on a line of its own below the key")
    default:
      return nil
    }
  }

  private var misplacedLine: Diagnostic {
    let isList = failure.problem.contains("'-'")
    let contextLabel = isList ? "the list starts here" : "the mapping starts here"
    if scanner.isFirstOnLine(place) {
      return error(
        "this line does not fit into the \(isList ? "list" : "mapping") around it",
        label: isList ? "expected `- `" : "expected a key", contextLabel: contextLabel,
        help: "indent it exactly like the other \(isList ? "entries" : "keys"), with spaces")
    }
    return error(
      "there is text behind the end of a value", label: "unexpected",
      help: "put the whole text into one pair of quotes")
  }

  /// Problems inside one scalar, anchor, alias or directive.
  private var tokenProblem: Diagnostic? {
    let isQuoted = failure.context.contains("quoted scalar")
    switch failure.problem {
    case "found unexpected end of stream" where isQuoted, "found unexpected document indicator" where isQuoted:
      let quote = context ?? place
      return error(
        "this quote is never closed", at: Span(start: quote, end: quote + 1), label: "opened here",
        help: "close it; in single quotes a `'` is written `''`, in double quotes a `\"` is written `\\\"`")
    case "found unknown escape character":
      let end = min(place + 1, scanner.bytes.count)
      return error(
        "this escape is unknown", at: Span(start: place, end: scanner.word(at: end).end),
        help: "write `\\\\` for a backslash, or use single quotes, in which it needs no escape")
    case "did not find expected hexdecimal number", "found invalid Unicode character escape code":
      return error(
        "this escape does not name a character", help: "write `\\x41`, `\\u0041` or `\\U00000041` with all digits")
    case "found character that cannot start any token" where scanner.byte(at: place) == UInt8(ascii: "\t"):
      return error("a tab stands where only spaces can", label: "tab", help: "write spaces instead of the tab")
    case "found character that cannot start any token":
      let character = scanner.word(at: place)
      return error(
        "a text cannot start with \(Quotation.of(scanner.bytes[character.start..<character.end])) without quotes",
        label: "reserved by YAML", help: "put the text into quotes")
    case "did not find expected alphabetic or numeric character":
      let isAlias = failure.context.contains("alias")
      let start = context ?? place
      return error(
        "this is read as an \(isAlias ? "alias" : "anchor"), and its name is missing or wrong",
        at: Span(start: start, end: scanner.word(at: place).end),
        help: "put a text that starts with `\(isAlias ? "*" : "&")` into quotes")
    case "found unexpected ':'":
      return error("a text within brackets contains a `:`", label: "unexpected", help: "put the text into quotes")
    case "found incompatible YAML document", "found duplicate %YAML directive", "found duplicate %TAG directive",
      _ where failure.context.contains("directive"):
      return error(
        "this directive is not understood", help: "delete the line, or quote a text that starts with `%`")
    case _ where failure.context.contains("block scalar"):
      return error(
        "this block of text is not understood (\(failure.problem))", contextLabel: "the block starts here",
        help: "write `|` or `>`, then indent every line of the block with spaces")
    default:
      return nil
    }
  }

  private var other: Diagnostic {
    error("this is not well-formed YAML (\(failure.problem))", contextLabel: "while reading what starts here")
  }

  private func error(
    _ message: String, at span: Span? = nil, label: String? = nil, contextLabel: String? = nil, help: String? = nil
  ) -> Diagnostic {
    let span = span ?? scanner.word(at: place)
    var related: [Diagnostic.Related] = []
    if let contextLabel, let context, context != span.start, context < scanner.bytes.count {
      related.append(Diagnostic.Related(span: scanner.word(at: context), label: contextLabel))
    }
    return .error(
      YAMLCode.syntax, message, at: span, label: label, related: related, help: help.map { [$0] } ?? [])
  }
}

extension Diagnostic {
  /// A second document, which libyaml tells as an event behind `---` and as a syntax error behind `...`.
  static func severalDocuments(at span: Span) -> Diagnostic {
    .error(
      YAMLCode.severalDocuments, "a second document starts here", at: span, label: "not read from here on",
      help: ["keep one document, move the others into files of their own"])
  }
}
