/// Prints the parts of a line.
enum MarkdownInlines {
  /// The lines of a paragraph, each guarded against being read as another kind of block.
  static func paragraph(_ inlines: [Markdown.Inline]) -> [String] {
    // A NUL cannot come out of `rendered`, so it marks where a line ends until each line is guarded.
    let text = rendered(trimmed(inlines), lineBreak: "\0")
    let lines = text.unicodeScalars.split(separator: "\0", omittingEmptySubsequences: true)
      .map { guardedLineStart(String($0)) }
      .filter { !$0.isEmpty }
    return lines.enumerated().map { $0 + 1 < lines.count ? $1 + "\\" : $1 }
  }

  /// The parts in one line, with `lineBreak` for line breaks.
  static func rendered(_ inlines: [Markdown.Inline], lineBreak: String, inLink: Bool = false) -> String {
    join(inlines.map { part($0, lineBreak: lineBreak, inLink: inLink) })
  }

  private static func part(_ inline: Markdown.Inline, lineBreak: String, inLink: Bool) -> String {
    switch inline {
    case .text(let text): return markdownInline(text)
    case .code(let text): return markdownCode(text)
    case .strong(let parts): return surrounded(rendered(parts, lineBreak: lineBreak, inLink: inLink), by: "**")
    case .emphasis(let parts): return surrounded(rendered(parts, lineBreak: lineBreak, inLink: inLink), by: "*")
    case .link(let parts, let destination):
      let text = rendered(parts, lineBreak: " ", inLink: true)
      return inLink ? text : "[\(text.trimmingSpaces())](\(markdownLinkDestination(destination)))"
    case .lineBreak: return lineBreak
    }
  }

  /// Puts parts side by side that must not become one mark together: `!` and a link would be a picture, two code spans
  /// one, and so would be the stars of bold and italic.
  private static func join(_ parts: [String]) -> String {
    var result = ""
    for part in parts {
      switch (result.unicodeScalars.last, part.unicodeScalars.first) {
      case ("!", "["):
        result.unicodeScalars.removeLast()
        result += "\\!"
      case ("`", "`"), ("*", "*"):
        result += "<!-- -->"
      default: break
      }
      result += part
    }
    return result
  }

  /// A cell of a table: a pipe splits cells even inside a code span, where only a backslash keeps it.
  static func tableCell(_ inlines: [Markdown.Inline]) -> String {
    let parts = inlines.map { inline in
      if case .code(let text) = inline {
        return markdownCode(text).replacingScalars { $0 == "|" ? "\\|" : nil }
      }
      return part(inline, lineBreak: "<br>", inLink: false)
    }
    return join(parts).trimmingSpaces()
  }

  /// Spaces at the edges go outside of the marks, next to which they would show the marks themselves.
  private static func surrounded(_ text: String, by mark: String) -> String {
    let inner = text.trimmingSpaces()
    guard !inner.isEmpty else { return text }
    let before = text.unicodeScalars.first == " " ? " " : ""
    let after = text.unicodeScalars.last == " " ? " " : ""
    return before + mark + inner + mark + after
  }

  private static func trimmed(_ inlines: [Markdown.Inline]) -> [Markdown.Inline] {
    var rest = inlines[...]
    while rest.last == .lineBreak { rest.removeLast() }
    return Array(rest)
  }
}
