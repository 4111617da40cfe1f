/// One word of bash source that stands for exactly this text: `it's` becomes `'it'\''s'`, `v1.2` stays `v1.2`.
///
/// - Harmless words stay bare. A leading `-` does not make a word unsafe: quotes would not keep a program from reading
///   it as an option, only a preceding `--` does.
/// - Words the shell itself would act on are quoted: reserved words (`if`, `time`), `a=b`, which in front of a command
///   is an assignment, and the empty text.
/// - Anything else is in single quotes, or in `$'…'` where single quotes would be wrong or doubtful: line breaks and
///   invisible characters (a word stays on one line, so indenting a script cannot change it), and `$` or backticks,
///   which ShellCheck takes for a forgotten expansion (SC2016, SC1003, SC1112).
///
/// A NUL cannot be in a shell word at all and must be refused where the text comes in. Should one arrive here, it
/// becomes U+FFFD: visible, and never joining two halves.
public func bashQuoted(_ text: String) -> String {
  isSafeBare(text) ? text : bashAlwaysQuoted(text)
}

/// The text in quotes even where it could stand bare. ShellCheck reads `mode=test` as a forgotten `$(…)` (SC2209), so
/// words on the right of an assignment are quoted.
func bashAlwaysQuoted(_ text: String) -> String {
  if text.unicodeScalars.first == "~" {
    // Quotes around `~/x` look like a mistake to ShellCheck (SC2088), a backslash does not.
    let rest = String(text.unicodeScalars.dropFirst())
    return "\\~" + (rest.isEmpty ? "" : bashQuoted(rest))
  }
  return needsANSIQuoting(text) ? ansiQuoted(text) : singleQuoted(text)
}

/// True for a name that may stand behind `$`: an identifier or the number of a parameter.
func isShellParameterName(_ name: String) -> Bool {
  guard let first = name.unicodeScalars.first else { return false }
  if first.isASCIIDigit {
    return name.unicodeScalars.allSatisfy(\.isASCIIDigit)
  }
  return name.unicodeScalars.allSatisfy { $0.isASCIIAlphanumeric || $0 == "_" }
}

private let reservedWords: Set<String> = [
  "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "in", "select", "then", "time",
  "until", "while",
]

private let safePunctuation = Set("_@%+=:,./-".unicodeScalars)

private func isSafeBare(_ text: String) -> Bool {
  guard !text.isEmpty, !reservedWords.contains(text) else { return false }
  guard text.unicodeScalars.allSatisfy({ $0.isASCIIAlphanumeric || safePunctuation.contains($0) }) else { return false }
  return !looksLikeAssignment(text)
}

/// `name=…` and `name+=…` assign when they stand in front of a command.
private func looksLikeAssignment(_ text: String) -> Bool {
  guard let equals = text.unicodeScalars.firstIndex(of: "=") else { return false }
  var name = text.unicodeScalars[..<equals]
  if name.last == "+" { name.removeLast() }
  guard let first = name.first, !first.isASCIIDigit else { return false }
  return name.allSatisfy { $0.isASCIIAlphanumeric || $0 == "_" }
}

private func needsANSIQuoting(_ text: String) -> Bool {
  let scalars = text.unicodeScalars
  if scalars.contains("\\"), scalars.last == "\\" || scalars.contains("'") { return true }
  return scalars.contains { $0.isControl || $0 == "$" || $0 == "`" || $0.isTypographicQuote }
}

private func singleQuoted(_ text: String) -> String {
  "'" + text.replacingScalars { $0 == "'" ? "'\\''" : nil } + "'"
}

private func ansiQuoted(_ text: String) -> String {
  let body = text.replacingScalars { scalar in
    switch scalar {
    case "\\": "\\\\"
    case "'": "\\'"
    case "\n": "\\n"
    case "\t": "\\t"
    case "\r": "\\r"
    case "\0": "\u{FFFD}"
    // Bytes in octal, not \u: what \u yields depends on the locale of the machine that runs the script.
    case let other where other.isControl: octalBytes(other)
    default: nil
    }
  }
  return "$'" + body + "'"
}

private func octalBytes(_ scalar: Unicode.Scalar) -> String {
  String(scalar).utf8.map { byte in
    let digits = String(byte, radix: 8)
    return "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }.joined()
}

extension Unicode.Scalar {
  /// ‘ ’ “ ” and their kin, which ShellCheck suspects of being mistyped quotes (SC1111, SC1112).
  var isTypographicQuote: Bool { (0x2018...0x201F).contains(value) }
}
