/// A piece of bash source.
///
/// What the programmer writes is source; what is interpolated is data. A `String` becomes one quoted word, and there is
/// no way to turn a `String` into source: literals are `StaticString`s, so even `Bash(stringLiteral:)` takes no value
/// that is made at run time.
///
/// ```swift
/// let service = "it's; rm -rf /"
/// let script: Bash = "restart \(service)"      // restart 'it'\''s; rm -rf /'
/// ```
///
/// A nested `Bash` of several lines keeps the indentation of the line it is inserted in. Quoted words never span lines,
/// so this cannot change them; a here-document could be changed, so it belongs into a piece that is not indented.
public struct Bash: Sendable, Hashable, CustomStringConvertible {
  /// The source text, without a newline at the end unless a literal had one.
  public let source: String

  /// Nothing. Inserted alone on a line, it takes the line away with it.
  public static let empty = Bash(source: "")

  // Internal on purpose: the public ways in are literals and interpolation.
  init(source: String) {
    self.source = source
  }

  /// One word.
  public init(_ word: ShellWord) {
    source = word.rendered
  }

  /// Words separated by spaces.
  public static func words(_ words: [ShellWord]) -> Bash {
    Bash(source: words.map(\.rendered).joined(separator: " "))
  }

  /// The pieces one after the other, with `separator` between them.
  public static func join(_ pieces: [Bash], separator: Bash) -> Bash {
    Bash(source: pieces.map(\.source).joined(separator: separator.source))
  }

  /// The pieces, each on a line of its own. An empty piece is a blank line.
  public static func lines(_ pieces: [Bash]) -> Bash {
    Bash(source: pieces.map(\.source).joined(separator: "\n"))
  }

  /// True when there is no source at all.
  public var isEmpty: Bool { source.isEmpty }

  /// The source text.
  public var description: String { source }
}

extension Bash: ExpressibleByStringInterpolation {
  /// Source as the programmer wrote it.
  public init(stringLiteral value: StaticString) {
    source = value.description
  }

  /// Source with quoted values in it.
  public init(stringInterpolation: Interpolation) {
    source = stringInterpolation.source
  }

  /// Collects literals and quoted values.
  public struct Interpolation: StringInterpolationProtocol {
    /// `StaticString`, so that no text made at run time counts as a literal.
    public typealias StringLiteralType = StaticString

    fileprivate var source = ""
    private var dropsNextNewline = false

    /// Starts an empty piece.
    public init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    /// Adds source as written.
    public mutating func appendLiteral(_ literal: StaticString) {
      let text = literal.description
      if dropsNextNewline, text.unicodeScalars.first == "\n" {
        source.unicodeScalars.append(contentsOf: text.unicodeScalars.dropFirst())
      } else {
        source += text
      }
      dropsNextNewline = false
    }

    /// Inserts the text as one quoted word.
    public mutating func appendInterpolation(_ text: String) {
      append(isAssigning ? bashQuotedAfterEquals(text) : bashQuoted(text))
    }

    /// Inserts one word.
    public mutating func appendInterpolation(_ word: ShellWord) {
      if word.variables.isEmpty, isAssigning {
        append(bashQuotedAfterEquals(word.parts.literalText))
      } else {
        append(word.rendered)
      }
    }

    /// Inserts the digits of a number.
    public mutating func appendInterpolation(_ number: Int) {
      append(String(number))
    }

    /// Inserts source, its lines indented like the line it is inserted in.
    public mutating func appendInterpolation(_ bash: Bash) {
      if bash.isEmpty {
        dropLineIfBlank()
        return
      }
      let indentation = currentIndentation
      for (index, line) in bash.source.splitIntoLines().enumerated() {
        if index > 0 { source += line.isEmpty ? "\n" : "\n" + indentation }
        source += line
      }
      dropsNextNewline = false
    }

    /// Inserts quoted words separated by spaces; nothing for no words.
    public mutating func appendInterpolation(words: [String]) {
      append(words.map(bashQuoted).joined(separator: " "))
    }

    /// Inserts words separated by spaces; nothing for no words.
    public mutating func appendInterpolation(words: [ShellWord]) {
      append(words.map(\.rendered).joined(separator: " "))
    }

    /// Inserts text behind a `#` that the source already has: in one line, invisible characters as spaces. A text that
    /// would be an instruction to ShellCheck is put in quotes, which it does not obey; an empty one leaves no space behind.
    public mutating func appendInterpolation(comment: String) {
      let text = comment.replacingScalars { $0.isControl || $0.properties.isWhitespace ? " " : nil }.trimmingSpaces()
      if text.isEmpty {
        while source.unicodeScalars.last == " " { source.unicodeScalars.removeLast() }
      }
      append(text.lowercased().hasPrefix("shellcheck") ? "\"\(text)\"" : text)
    }

    private mutating func append(_ text: String) {
      source += text
      dropsNextNewline = false
    }

    /// The spaces in front of the line being written.
    private var currentIndentation: String {
      let start = lineStart
      return String(source.unicodeScalars[start...].prefix { $0 == " " })
    }

    private var lineStart: String.Index {
      let scalars = source.unicodeScalars
      guard let newline = scalars.lastIndex(of: "\n") else { return scalars.startIndex }
      return scalars.index(after: newline)
    }

    private mutating func dropLineIfBlank() {
      let start = lineStart
      guard source.unicodeScalars[start...].allSatisfy({ $0 == " " }) else { return }
      source.unicodeScalars.removeSubrange(start...)
      dropsNextNewline = true
    }

    /// True behind `name=`.
    private var isAssigning: Bool {
      guard source.unicodeScalars.last == "=" else { return false }
      var name = source.unicodeScalars.dropLast()
      if name.last == "+" { name.removeLast() }
      let identifier = name.reversed().prefix { $0.isASCIIAlphanumeric || $0 == "_" }
      guard let first = identifier.last, !first.isASCIIDigit else { return false }
      guard let before = name.dropLast(identifier.count).last else { return true }
      return " \n;&|({".unicodeScalars.contains(before)
    }
  }
}

extension [ShellWord.Part] {
  /// The fixed text of a word that has no variables.
  var literalText: String {
    map { part in
      switch part {
      case .literal(let text): text
      case .variable(let name): "${\(name)}"
      }
    }.joined()
  }
}

/// A number may stand bare behind `name=`; a word gets quotes.
private func bashQuotedAfterEquals(_ text: String) -> String {
  let isNumber = !text.isEmpty && text.unicodeScalars.allSatisfy(\.isASCIIDigit)
  return isNumber ? text : bashAlwaysQuoted(text)
}
