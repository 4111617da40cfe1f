/// Text of a paragraph, a heading or a list item that shows exactly these characters: `* a_b <b>` becomes
/// `\* a_b &lt;b>`. Line breaks become spaces; a marker that would start a heading, a list, a quote or a rule is
/// escaped where it stands at the beginning.
public func markdownText(_ text: String) -> String {
  guardedLineStart(markdownInline(text))
}

/// One line of an issue or a comment on GitHub that shows exactly these characters and calls nobody: GitHub looks for `@name`
/// in what it has rendered, so that only a character in between keeps it from being one.
public func issueText(_ text: String) -> String {
  let scalars = Array(markdownText(text).unicodeScalars)
  var result = ""
  for (index, scalar) in scalars.enumerated() {
    result.unicodeScalars.append(scalar)
    guard scalar == "@", index + 1 < scalars.count, scalars[index + 1].isASCIIAlphanumeric else { continue }
    // `image@sha256:…` calls nobody, and is copied.
    let isInWord = index > 0 && (scalars[index - 1].isASCIIAlphanumeric || scalars[index - 1] == "_")
    if !isInWord { result += "&#8203;" }
  }
  return result
}

/// Text of a table cell. Escaped like a paragraph's, where pipes are escaped already.
public func markdownTableCell(_ text: String) -> String {
  markdownInline(text).trimmingSpaces()
}

/// A code span with as many backticks around it as the text needs; nothing for an empty text.
public func markdownCode(_ text: String) -> String {
  let line = text.flattened()
  guard !line.isEmpty else { return "" }
  let fence = String(repeating: "`", count: longestBacktickRun(in: line) == 0 ? 1 : shortestAbsentRun(in: line))
  let scalars = line.unicodeScalars
  let touchesBacktick = scalars.first == "`" || scalars.last == "`"
  // One space at either end is taken off again by the reader (CommonMark 6.1), so such a text gets another.
  let wouldLoseSpaces = scalars.first == " " && scalars.last == " " && scalars.contains { $0 != " " }
  let padding = touchesBacktick || wouldLoseSpaces ? " " : ""
  return fence + padding + line + padding + fence
}

/// The destination of a link. Spaces, parentheses, pipes and the like are percent-encoded; what is encoded already
/// stays as it is.
public func markdownLinkDestination(_ destination: String) -> String {
  guard !destination.isEmpty else { return "<>" }
  let encoded = percentEncoded(destination) { scalar in
    !scalar.isControl && !" <>()[]\"'\\`|{}^".unicodeScalars.contains(scalar)
  }
  return encoded.replacingEntityAmpersands()
}

/// Everything but what is special at the start of a line only.
func markdownInline(_ text: String) -> String {
  let scalars = Array(text.flattened().unicodeScalars)
  var result = ""
  for (index, scalar) in scalars.enumerated() {
    let previous = index > 0 ? scalars[index - 1] : " "
    let next = index + 1 < scalars.count ? scalars[index + 1] : " "
    switch scalar {
    // `$` starts mathematics on GitHub, `~` strikes through, `|` splits table cells.
    case "\\", "`", "*", "[", "]", "|", "~", "$": result += "\\"
    case "_" where !(previous.isASCIIAlphanumeric && next.isASCIIAlphanumeric): result += "\\"
    case "#" where next == " " && previous == " " || index + 1 == scalars.count: result += "\\"
    // GitHub links bare addresses; a link should be one that the author asked for.
    case ":" where next == "/" && index + 2 < scalars.count && scalars[index + 2] == "/": result += "\\"
    case "<":
      result += "&lt;"
      continue
    // At the end, too: what follows may continue it to an entity.
    case "&" where next.isASCIIAlphanumeric || next == "#" || index + 1 == scalars.count:
      result += "&amp;"
      continue
    default: break
    }
    result.unicodeScalars.append(scalar)
  }
  return result
}

/// The line with a backslash before a marker that would start another kind of block.
func guardedLineStart(_ line: String) -> String {
  let text = line.trimmingSpaces()
  let scalars = text.unicodeScalars
  guard let first = scalars.first else { return "" }
  if first.isASCIIDigit {
    let digits = scalars.prefix { $0.isASCIIDigit }
    let rest = scalars.dropFirst(digits.count)
    guard let delimiter = rest.first, delimiter == "." || delimiter == ")" else { return text }
    let after = rest.dropFirst().first
    return after == nil || after == " " ? String(digits) + "\\" + String(rest) : text
  }
  if first == "#" {
    let rest = scalars.drop { $0 == "#" }
    return rest.isEmpty || rest.first == " " ? "\\" + text : text
  }
  if first == ">" { return "\\" + text }
  if first == "-" || first == "+" || first == "=" {
    let rest = scalars.dropFirst()
    let isRuleOrUnderline = rest.allSatisfy { $0 == first || $0 == " " }
    return isRuleOrUnderline || rest.first == " " ? "\\" + text : text
  }
  return text
}

/// The length of the longest run of backticks in the text.
func longestBacktickRun(in text: String) -> Int {
  backtickRuns(in: text).max() ?? 0
}

private func shortestAbsentRun(in text: String) -> Int {
  let runs = Set(backtickRuns(in: text))
  var length = 1
  while runs.contains(length) { length += 1 }
  return length
}

private func backtickRuns(in text: String) -> [Int] {
  var runs: [Int] = []
  var length = 0
  for scalar in text.unicodeScalars {
    if scalar == "`" {
      length += 1
    } else if length > 0 {
      runs.append(length)
      length = 0
    }
  }
  return length > 0 ? runs + [length] : runs
}

extension String {
  /// `&copy;` in a destination is read as a character, so such an ampersand is written as an entity itself.
  fileprivate func replacingEntityAmpersands() -> String {
    let scalars = Array(unicodeScalars)
    var result = ""
    for (index, scalar) in scalars.enumerated() {
      result.unicodeScalars.append(scalar)
      guard scalar == "&" else { continue }
      let name = scalars[(index + 1)...].prefix { $0.isASCIIAlphanumeric || $0 == "#" }
      let end = index + 1 + name.count
      if !name.isEmpty, end < scalars.count, scalars[end] == ";" { result += "amp;" }
    }
    return result
  }
}
