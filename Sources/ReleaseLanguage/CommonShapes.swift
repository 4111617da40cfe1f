import Diagnostics
import ReleaseModel
import SpecShape
import YAMLDocument

/// A length of time as a regular expression without anchors; the lookahead asks for one part at least.
let timeSpanPattern = "(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?"

extension Shape where Value == TimeSpan {
  /// `30s`, `15m`, `1h30m`, `90d`: a second or more, for what is waited for, held or asked again. Nothing that takes a
  /// release through an environment is counted in less, so that `5ms` is `5m` with a slip of the finger.
  static let timeSpan = Shape(
    schema: .string(pattern: "^(?=.*\(secondOrMore))\(timeSpanPattern)$", format: "a length of time")
  ) { node, reader in
    guard let span = timeSpanOrZero.read(node, &reader) else { return nil }
    if span >= .seconds(1) { return span }
    let text = reader.document.string(of: node)
    reader.sink.report(
      Diagnostic(
        code: "out-of-range", severity: .error, message: "`\(text)` is shorter than a second",
        span: reader.document.span(of: node),
        help: [
          span == .zero
            ? "write how long it is, `1s` at least" : "write `1s` or more: `ms` are milliseconds, and a minute is `1m`"
        ]))
    return nil
  }

  /// A part of a length of time that makes it a second or more.
  private static let secondOrMore = "([1-9][0-9]*(m(?!s)|[dhs])|[1-9][0-9]{3,}ms)"

  /// The same, or less: for what can also be left out, such as a delay of `0s`.
  static let timeSpanOrZero = Shape(
    // A number without a unit is refused, so it is no number for the schema either.
    schema: .string(pattern: "^\(timeSpanPattern)$", format: "a length of time")
  ) { node, reader in
    guard reader.document.kind(of: node) == .scalar else {
      reader.reportWrongType(node, expected: "a length of time, such as `15m`")
      return nil
    }
    let text = reader.document.string(of: node)
    if let span = TimeSpan(text) { return span }
    let span = reader.document.span(of: node)
    let meant = TimeSpan.form(of: text)
    let advice =
      Int(text) != nil
      ? "say in which unit: `\(text)s`, `\(text)m`, `\(text)h` or `\(text)d`"
      : "write whole numbers with `ms`, `s`, `m`, `h` or `d`, larger units first, such as `15m` or `1h30m`"
    reader.sink.report(
      Diagnostic(
        code: "invalid-duration", severity: .error, message: "`\(text)` is not a length of time", span: span,
        label: meant.map { "did you mean `\($0)`?" }, help: [meant.map { "write `\($0)`" } ?? advice],
        fixes: reader.replacement(meant, at: span, isSafe: true)))
    return nil
  }
}

/// A whole number without a sign, which `Int` would take.
func wholeNumber(_ text: some StringProtocol) -> Int? {
  text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
}

extension Shape where Value == Int {
  /// `0%` … `100%`, whole percents, because that is what routers take.
  static let percentage = Shape(schema: .string(pattern: "^0*([0-9]{1,2}|100)%$", format: "whole percents")) {
    node, reader in
    guard reader.document.kind(of: node) == .scalar else {
      reader.reportWrongType(node, expected: "a share of the traffic, such as `10%`")
      return nil
    }
    let text = reader.document.string(of: node)
    if text.hasSuffix("%"), let value = wholeNumber(text.dropLast()), (0...100).contains(value) { return value }
    // Nothing but percents is written here, so that a number alone can only mean them.
    let bare = wholeNumber(text).flatMap { (0...100).contains($0) && !text.isEmpty ? $0 : nil }
    reader.sink.report(
      Diagnostic(
        code: "invalid-weight", severity: .error, message: "`\(text)` is not a share of the traffic in whole percents",
        span: reader.document.span(of: node),
        help: bare == nil ? ["write for example `10%`, at most `100%`"] : [],
        fixes: bare.map {
          [
            .init(
              title: "write `\($0)%`", isSafe: true,
              edits: [.init(span: reader.document.span(of: node), replacement: "\($0)%")])
          ]
        } ?? []))
    return nil
  }
}

extension Shape where Value == [String] {
  /// A program of the repository with its arguments, on one line, without any shell syntax in it.
  static let program = Shape<String>.line.map { text, node, reader -> [String]? in
    let words = text.split(separator: " ").map(String.init)
    let special = Set("|&;<>()$`\\\"'*?[]#~!{}")
    if let bad = text.first(where: { special.contains($0) }) {
      reader.sink.report(
        Diagnostic(
          code: "invalid-program", severity: .error,
          message: "`\(bad)` is shell syntax, and this is not run by a shell",
          span: reader.document.span(of: node),
          help: ["put the commands into a script of the repository and name it here, such as `ops/check.sh --all`"]))
      return nil
    }
    guard let path = words.first, isRepositoryPath(path) else {
      reader.sink.report(
        Diagnostic(
          code: "invalid-program", severity: .error,
          message: "`\(words.first ?? text)` is not the path of a program inside the repository",
          span: reader.document.span(of: node), help: ["write for example `ops/check.sh --all`"]))
      return nil
    }
    return words
  }.called(
    "a program of the repository with its arguments",
    pattern: "^(?![-/])(?!([^ ]*/)?\\.\\.(/| |$))(?![^ ]*/(/| |$))[A-Za-z0-9._@+/-]+"
      + "( [^|&;<>()$`\\\\\"'*?\\[\\]#~!{}]*)?$")
}

extension Shape where Value == Located<String> {
  /// The name of a secret that is declared under `secrets`.
  static let secretReference = Shape<String>.text.called("the name of a secret").located
}

extension Shape where Value == Word {
  /// A query in the language of the metric's source, with `$track`, `$version` and `$window` where the run fills in.
  static let query = Shape<String>.text.map { text, node, reader -> Word? in
    var parts: [Word.Part] = []
    var rest = Substring(text)
    let names: [(String, RuntimeVariable)] = [("track", .track), ("version", .version), ("window", .window)]
    var literal = ""
    while let character = rest.popFirst() {
      if character == "$", let (name, variable) = names.first(where: { rest.hasPrefix($0.0) }) {
        rest = rest.dropFirst(name.count)
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = ""
        parts.append(.variable(variable))
      } else {
        literal.append(character)
      }
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
    return Word(parts: parts)
  }.called("a query")
}
