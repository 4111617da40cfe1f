/// How one YAML scalar is written so that every reader takes it for the same string.
enum YAMLScalar {
  /// The text as a plain, single-quoted or double-quoted scalar.
  static func quotedAsNeeded(_ text: String, inFlow: Bool = false) -> String {
    if isPlain(text, inFlow: inFlow) { return text }
    if text.unicodeScalars.contains(where: \.isControl) { return doubleQuoted(text) }
    let prefersDouble = text.unicodeScalars.contains("'") && !text.unicodeScalars.contains { $0 == "\"" || $0 == "\\" }
    return prefersDouble ? doubleQuoted(text) : singleQuoted(text)
  }

  static func doubleQuoted(_ text: String) -> String {
    let body = text.replacingScalars { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case let other where other.isControl && other.value < 0x100: "\\x" + other.hexadecimal(digits: 2)
      case let other where other.isControl: "\\u" + other.hexadecimal(digits: 4)
      default: nil
      }
    }
    return "\"" + body + "\""
  }

  static func singleQuoted(_ text: String) -> String {
    "'" + text.replacingScalars { $0 == "'" ? "''" : nil } + "'"
  }

  /// True when the text means itself without quotes to readers of YAML 1.1 and 1.2 alike. Refuses more than it must:
  /// quotes too many are harmless.
  static func isPlain(_ text: String, inFlow: Bool) -> Bool {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, let last = scalars.last else { return false }
    if scalars.contains(where: \.isControl) || first == " " || last == " " || last == ":" { return false }
    if indicators.contains(first) || text.hasPrefix("---") || text.hasPrefix("...") { return false }
    if first == "-", scalars.count == 1 || scalars.dropFirst().first == " " { return false }
    if text.containsScalars(": ") || text.containsScalars(" #") { return false }
    if inFlow, scalars.contains(where: { flowIndicators.contains($0) }) { return false }
    return !words.contains(text.lowercased()) && !looksLikeNumberOrDate(text)
  }

  private static let indicators = Set("?:,[]{}#&*!|>'\"%@`=<".unicodeScalars)
  private static let flowIndicators = Set(",[]{}:?".unicodeScalars)

  /// What YAML 1.1 (yaml.org/type) or the core schema of 1.2 reads as null or as a boolean.
  private static let words: Set<String> = ["~", "null", "y", "n", "yes", "no", "on", "off", "true", "false"]

  /// Numbers of either version (`0o17`, `0b1`, `1_000`, `.5`, `1e3`), base-60 numbers (`1:30`), dates and times. All
  /// consist of these characters and start with a digit, a sign or a dot.
  private static func looksLikeNumberOrDate(_ text: String) -> Bool {
    let lowered = text.lowercased()
    var rest = lowered.unicodeScalars[...]
    if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
    guard let first = rest.first, first.isASCIIDigit || first == "." else { return false }
    if [".inf", ".nan"].contains(String(rest)) { return true }
    return rest.allSatisfy { $0.isASCIIDigit || "abcdefox_.:+- tz".unicodeScalars.contains($0) }
  }
}

/// A literal block: what stands behind `|` and the lines below it.
struct YAMLBlock {
  /// `|`, `|-`, `|+`, with an indentation indicator where the first line starts with a space.
  let header: String
  /// The lines without indentation; a blank line is empty.
  let lines: [String]
  /// True when the lines end with blank lines that belong to the text, so that no other blank line may follow.
  var keepsTrailingLines: Bool { header.hasSuffix("+") }

  /// `nil` when a block cannot hold the text, or not so that people and editors leave it alone: control characters,
  /// nothing but white space, or lines of mere spaces at the start or the end.
  init?(_ text: String) {
    guard !text.unicodeScalars.contains(where: { $0.isControl && $0 != "\n" && $0 != "\t" }) else { return nil }
    var lines = text.splitIntoLines()
    let trailing = lines.reversed().prefix { $0.isEmpty }.count
    lines.removeLast(trailing)
    let firstInked = lines.first { !$0.isEmpty }
    guard let firstInked, let last = lines.last, !firstInked.isOnlyWhiteSpace, !last.isOnlyWhiteSpace else {
      return nil
    }
    let needsIndicator = lines.first?.unicodeScalars.first.map { $0 == " " } ?? true
    let chomping = trailing == 0 ? "-" : trailing == 1 ? "" : "+"
    header = "|" + (needsIndicator || firstInked.hasPrefix(" ") ? "2" : "") + chomping
    self.lines = lines + Array(repeating: "", count: max(0, trailing - 1))
  }
}

extension String {
  fileprivate var isOnlyWhiteSpace: Bool {
    unicodeScalars.allSatisfy { $0 == " " || $0 == "\t" }
  }
}
