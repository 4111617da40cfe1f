/// One word of a command, made of fixed text and shell variables.
///
/// Whatever the values are at run time, it stays one word: `ShellWord(.literal("app:"), .variable("TAG"))` renders as
/// `"app:${TAG}"`.
public struct ShellWord: Sendable, Hashable {
  /// A piece of a word.
  public enum Part: Sendable, Hashable {
    /// Text that stands for itself.
    case literal(String)
    /// The value of a variable or of a numbered parameter. A name that bash would not take as one (`x}; rm`) expands
    /// nothing: `${name}` is then the literal text.
    case variable(String)
  }

  /// The pieces, in order.
  public var parts: [Part]

  /// A word of these pieces; without any, the empty word.
  public init(_ parts: Part...) {
    self.parts = parts
  }

  /// A word of these pieces; without any, the empty word.
  public init(parts: [Part]) {
    self.parts = parts
  }

  /// A word that is fixed text.
  public static func literal(_ text: String) -> ShellWord { ShellWord(.literal(text)) }

  /// A word that is the value of a variable.
  public static func variable(_ name: String) -> ShellWord { ShellWord(.variable(name)) }

  /// The names of the variables in it, in order of appearance.
  public var variables: [String] {
    parts.compactMap { part in
      if case .variable(let name) = part, isShellParameterName(name) { name } else { nil }
    }
  }

  /// The word as bash source.
  public var rendered: String {
    if variables.isEmpty { return bashQuoted(parts.literalText) }
    var writer = DoubleQuoteWriter()
    for part in parts {
      switch part {
      case .literal(let text): writer.append(literal: text)
      case .variable(let name) where isShellParameterName(name): writer.append(raw: "${\(name)}")
      case .variable(let name): writer.append(literal: "${\(name)}")
      }
    }
    return writer.finished()
  }
}

/// Writes inside double quotes, and leaves them for what they cannot hold safely: invisible characters, typographic
/// quotes, a tilde at the start (SC2088), and `!`, which an interactive shell expands even there.
private struct DoubleQuoteWriter {
  private var result = ""
  private var isOpen = false

  mutating func append(raw: String) {
    if !isOpen {
      result += "\""
      isOpen = true
    }
    result += raw
  }

  mutating func append(literal: String) {
    var outside = ""
    for scalar in literal.unicodeScalars {
      let isLeadingTilde = scalar == "~" && result.isEmpty && outside.isEmpty
      if scalar == "!" || isLeadingTilde || scalar.isControl || scalar.isTypographicQuote {
        outside.unicodeScalars.append(scalar)
        continue
      }
      flush(&outside)
      let needsBackslash = scalar == "\\" || scalar == "\"" || scalar == "$" || scalar == "`"
      append(raw: (needsBackslash ? "\\" : "") + String(scalar))
    }
    flush(&outside)
  }

  mutating func finished() -> String {
    close()
    return result
  }

  private mutating func flush(_ outside: inout String) {
    guard !outside.isEmpty else { return }
    close()
    result += bashQuoted(outside)
    outside = ""
  }

  private mutating func close() {
    if isOpen {
      result += "\""
      isOpen = false
    }
  }
}
