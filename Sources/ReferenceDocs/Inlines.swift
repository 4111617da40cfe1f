import TextLayout

/// Text in which backticks stand around what is to be typed, as documentation is written: "one of `a` and `b`".
func inlines(_ text: String) -> [Markdown.Inline] {
  let parts = text.split(separator: "`", omittingEmptySubsequences: false)
  // Without a partner the last backtick is only a character.
  guard parts.count % 2 == 1 else { return [.text(text)] }
  return parts.enumerated().compactMap { index, part in
    if part.isEmpty { return nil }
    if index % 2 == 0 { return .text(String(part)) }
    // A space at the edge of a code span cannot be seen, between quotation marks it can.
    return part.hasPrefix(" ") || part.hasSuffix(" ") ? .text("\"\(part)\"") : .code(String(part))
  }
}

/// A link inside the same page.
func link(_ text: String, to anchor: String) -> Markdown.Inline {
  .link(inlines(text), destination: "#" + anchor)
}
