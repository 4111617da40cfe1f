import Diagnostics
import ReleaseModel
import SpecShape
import YAMLDocument

/// Reads `SUBJECT OP THRESHOLD [floor QUANTITY] [over D] [for D | for N checks] [with >= N events]`, and
/// `CHECK fails [for …]`.
struct ConditionReader {
  private struct Token {
    let text: String
    let range: Range<Int>
  }

  private struct Problem: Error {
    let message: String
    let range: Range<Int>
    /// What stands there in other words, if that can be told.
    var meant: String?
    var help: [String] = []
  }

  private let text: String
  private let node: NodeID
  private let document: YAMLDocument
  private var tokens: [Token] = []
  private var index = 0

  static let shape: Shape<Condition> = .scalar(
    Shape<Condition>(
      schema: .string(
        pattern: ConditionPattern.text,
        format: "a condition such as `error-rate > 5% over 5m` or `smoke fails for 2m`")
    ) { node, reader in
      guard let text = Shape<String>.line.read(node, &reader) else { return nil }
      return read(text, at: node, &reader)
    },
    or: .object(
      "manual condition", "A reason that only a person can judge; it stands in the runbook and in the rollback's form.",
      .required("manual", .line, "What a person has seen.", example: "A P0 path is broken.")
    ) { span, text in Condition(kind: .manual, sustained: nil, text: text, span: span) })

  static func read(_ text: String, at node: NodeID, _ reader: inout SpecReader) -> Condition? {
    var condition = ConditionReader(text: text, node: node, document: reader.document)
    condition.tokenize()
    do {
      return try condition.condition()
    } catch {
      let problem = error as? Problem ?? Problem(message: "this is not a condition", range: 0..<text.utf8.count)
      let place = reader.document.span(of: node, utf8Range: problem.range)
      reader.sink.report(
        Diagnostic(
          code: "invalid-condition", severity: .error, message: problem.message,
          span: place, label: problem.meant.map { "did you mean `\($0)`?" },
          help: problem.help.isEmpty
            ? ["a condition reads like `error-rate > 5% over 5m` or `smoke fails for 2m`"] : problem.help,
          fixes: reader.replacement(problem.meant, at: place)))
      return nil
    }
  }

  private init(text: String, node: NodeID, document: YAMLDocument) {
    self.text = text
    self.node = node
    self.document = document
  }

  private mutating func tokenize() {
    let bytes = Array(text.utf8)
    var position = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: " ") {
        position += 1
        continue
      }
      let start = position
      let isSign = { (byte: UInt8) in
        byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "=")
      }
      let signs = isSign(bytes[position])
      while position < bytes.count, bytes[position] != UInt8(ascii: " "), isSign(bytes[position]) == signs {
        position += 1
      }
      tokens.append(Token(text: String(decoding: bytes[start..<position], as: UTF8.self), range: start..<position))
    }
  }

  private var end: Range<Int> {
    let last = tokens.last?.range.upperBound ?? 0
    return max(0, last - 1)..<max(1, last)
  }

  private mutating func take(_ expected: String) throws -> Token {
    guard index < tokens.count else { throw Problem(message: "this condition ends before \(expected)", range: end) }
    defer { index += 1 }
    return tokens[index]
  }

  private var next: Token? { index < tokens.count ? tokens[index] : nil }

  private func located<Value>(_ value: Value, _ range: Range<Int>) -> Located<Value> {
    Located(value, at: document.span(of: node, utf8Range: range))
  }

  private mutating func condition() throws -> Condition {
    let subject = try take("what it is about")
    let name = located(subject.text, subject.range)
    let sign = try take("`fails` or a comparison")
    if sign.text == "fails" {
      let clauses = try clauses(of: ["for"])
      return Condition(kind: .checkFails(name), sustained: clauses.sustained, text: text, span: document.span(of: node))
    }
    guard let comparison = Comparison(rawValue: sign.text) else {
      throw Problem(
        message: "`\(sign.text)` is no comparison", range: sign.range,
        help: ["write one of `<`, `<=`, `>`, `>=`, or `fails` behind the name of a check"])
    }
    let threshold = try threshold()
    let clauses = try clauses(
      of: threshold.value.usesBaseline ? ["over", "for", "with", "floor"] : ["over", "for", "with"])
    let metric = MetricCondition(
      metric: name, comparison: comparison, threshold: threshold, over: clauses.over,
      minimumEvents: clauses.minimumEvents, baselineFloor: clauses.floor)
    return Condition(kind: .metric(metric), sustained: clauses.sustained, text: text, span: document.span(of: node))
  }

  private mutating func threshold() throws -> Located<Threshold> {
    let first = try take("a threshold")
    if let reference = Threshold.Reference(rawValue: first.text) {
      return try offset(from: reference, factor: 1, start: first)
    }
    if first.text.hasSuffix("x"), let factor = number(first.text.dropLast()), let word = next,
      let reference = Threshold.Reference(rawValue: word.text)
    {
      index += 1
      return located(
        .relative(reference, factor: factor, offset: nil), first.range.lowerBound..<word.range.upperBound)
    }
    guard let quantity = quantity(first.text) else {
      throw Problem(
        message: "`\(first.text)` is no threshold", range: first.range, meant: UnitSpelling.quantity(first.text),
        help: ["write a number with its unit (`1%`, `500ms`, `250/s`, `18`), `2x baseline` or `slo + 20%`"])
    }
    return located(.fixed(quantity), first.range)
  }

  private mutating func offset(from reference: Threshold.Reference, factor: Double, start: Token) throws -> Located<
    Threshold
  > {
    guard let sign = next, sign.text == "+" || sign.text == "-" else {
      return located(.relative(reference, factor: 1, offset: nil), start.range)
    }
    index += 1
    let amount = try take("how much more or less than the \(reference.rawValue)")
    let direction: Double = sign.text == "+" ? 1 : -1
    let range = start.range.lowerBound..<amount.range.upperBound
    if amount.text.hasSuffix("pp"), let points = number(amount.text.dropLast(2)) {
      return located(.relative(reference, factor: 1, offset: Quantity(direction * points, .percent)), range)
    }
    guard let quantity = quantity(amount.text) else {
      throw Problem(
        message: "`\(amount.text)` is no amount", range: amount.range,
        help: ["write `+ 20%` for a fifth more, `+ 10pp` for ten percentage points, or an amount such as `+ 20ms`"])
    }
    if quantity.unit == .percent {
      return located(.relative(reference, factor: 1 + direction * quantity.value / 100, offset: nil), range)
    }
    return located(.relative(reference, factor: 1, offset: Quantity(direction * quantity.value, quantity.unit)), range)
  }

  private struct Clauses {
    var over: Located<TimeSpan>?
    var sustained: Sustained?
    var minimumEvents: Int?
    var floor: Located<Quantity>?
  }

  private mutating func clauses(of allowed: [String]) throws -> Clauses {
    var clauses = Clauses()
    var seen: Set<String> = []
    while let word = next {
      index += 1
      guard allowed.contains(word.text) else {
        throw Problem(
          message: "`\(word.text)` does not belong here", range: word.range,
          meant: Spelling.closest(to: word.text, among: allowed), help: ["what may follow is \(spelledList(allowed))"])
      }
      guard seen.insert(word.text).inserted else {
        throw Problem(
          message: "`\(word.text)` stands here twice", range: word.range, help: ["leave one of the two out"])
      }
      switch word.text {
      case "floor":
        let amount = try take("the smallest baseline that counts")
        guard let floor = quantity(amount.text), floor.value > 0 else {
          throw Problem(
            message: "`\(amount.text)` is no floor for the baseline", range: amount.range,
            help: ["write a number above zero with its unit, such as `floor 0.1%`"])
        }
        clauses.floor = located(floor, amount.range)
      case "over":
        let amount = try take("the length of the window")
        clauses.over = located(try span(amount), amount.range)
      case "for":
        let amount = try take("how long")
        if let count = wholeNumber(amount.text), next?.text == "checks" || next?.text == "check" {
          index += 1
          guard (1...1000).contains(count) else {
            throw Problem(
              message: "`\(amount.text)` is no number of checks", range: amount.range, help: ["write 1 to 1000 checks"])
          }
          clauses.sustained = .checks(count)
        } else {
          clauses.sustained = .time(try span(amount))
        }
      default:
        let sign = try take("`>= N events`")
        let count = try take("how many events")
        let noun = try take("`events`")
        guard sign.text == ">=", let events = wholeNumber(count.text), (1...1_000_000_000).contains(events),
          noun.text == "events"
        else {
          throw Problem(
            message: "this clause is not `with >= N events`", range: word.range.lowerBound..<noun.range.upperBound,
            help: ["write for example `with >= 200 events`"])
        }
        clauses.minimumEvents = events
      }
    }
    return clauses
  }

  private func span(_ token: Token) throws -> TimeSpan {
    let span = TimeSpan(token.text)
    if let span, span >= .seconds(1) { return span }
    throw Problem(
      message: "`\(token.text)` is " + (span == nil ? "not a length of time" : "shorter than a second"),
      range: token.range, meant: span == nil ? TimeSpan.form(of: token.text) : nil,
      help: ["write for example `30s`, `15m` or `1h30m`"])
  }

  private func number(_ text: Substring) -> Double? { plainNumber(text) }
  private func quantity(_ text: String) -> Quantity? { QuantityText.quantity(text) }
}

/// A decimal without sign or exponent, of at most nine digits on either side of the point.
func plainNumber(_ text: Substring) -> Double? {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  guard parts.count <= 2, parts.allSatisfy({ (1...9).contains($0.count) && $0.allSatisfy { ("0"..."9").contains($0) } })
  else { return nil }
  return Double(text)
}

/// Numbers with units, as they are written in conditions and targets.
enum QuantityText {
  private static let suffixes: [(String, Double, MetricUnit)] = [
    ("%", 1, .percent), ("ms", 1, .milliseconds), ("/s", 1, .perSecond), ("GiB", 1_073_741_824, .bytes),
    ("MiB", 1_048_576, .bytes), ("KiB", 1024, .bytes), ("s", 1, .seconds), ("m", 60, .seconds),
  ]

  /// As a regular expression without anchors.
  static let pattern = "[0-9]{1,9}(\\.[0-9]{1,9})?(%|ms|s|m|/s|KiB|MiB|GiB)?"

  static func quantity(_ text: String) -> Quantity? {
    for (suffix, factor, unit) in suffixes where text.hasSuffix(suffix) {
      guard let value = plainNumber(text.dropLast(suffix.count)) else { return nil }
      return Quantity(value * factor, unit)
    }
    return plainNumber(Substring(text)).map { Quantity($0, .count) }
  }

  static let shape = Shape<Quantity>(
    schema: .quantity(pattern: "^\(pattern)$", format: "a number with its unit")
  ) { node, reader in
    guard reader.document.kind(of: node) == .scalar else {
      reader.reportWrongType(node, expected: "a number with its unit, such as `320ms`")
      return nil
    }
    let text = reader.document.string(of: node)
    if let quantity = quantity(text) { return quantity }
    let meant = UnitSpelling.quantity(text)
    let span = reader.document.span(of: node)
    reader.sink.report(
      Diagnostic(
        code: "invalid-quantity", severity: .error, message: "`\(text)` is not a number with its unit", span: span,
        label: meant.map { "did you mean `\($0)`?" },
        help: ["write for example `1%`, `320ms`, `60s`, `250/s` or `18`"], fixes: reader.replacement(meant, at: span)))
    return nil
  }
}
