/// Prints blocks as lines, without indentation or quote marks of what surrounds them.
enum MarkdownRenderer {
  static func lines(of blocks: [Markdown.Block]) -> [String] {
    var result: [String] = []
    var previous: Markdown.Block?
    for block in blocks {
      let lines = lines(of: block)
      guard !lines.isEmpty else { continue }
      if let previous {
        result.append("")
        // Two lists or quotes in a row would be read as one.
        if previous.wouldMerge(with: block) { result += ["<!-- -->", ""] }
      }
      result += lines
      previous = block
    }
    return result
  }

  static func lines(of block: Markdown.Block) -> [String] {
    switch block {
    case .heading(let level, let inlines):
      let text = MarkdownInlines.rendered(inlines, lineBreak: " ").trimmingSpaces()
      return text.isEmpty ? [] : [String(repeating: "#", count: min(max(level, 1), 6)) + " " + text]
    case .paragraph(let inlines):
      return MarkdownInlines.paragraph(inlines)
    case .bulletList(let items):
      return list(items.map(lines), isTight: items.allSatisfy(isTight)) { _ in "- " }
    case .numberedList(let items):
      return list(items.map(lines), isTight: items.allSatisfy(isTight)) { "\($0 + 1). " }
    case .checklist(let items):
      return items.flatMap { item in
        let text = MarkdownInlines.rendered(item.text, lineBreak: "<br>").trimmingSpaces()
        return list([[(item.isChecked ? "[x] " : "[ ] ") + text]], isTight: true) { _ in "- " }
      }
    case .table(let header, let alignments, let rows):
      return MarkdownTable(header: header, alignments: alignments, rows: rows).lines
    case .code(let language, let text):
      return fenced(text, language: language)
    case .mermaid(let text):
      return fenced(text, language: "mermaid")
    case .quote(let blocks):
      return quoted(lines(of: blocks))
    case .alert(let kind, let blocks):
      return quoted(["[!\(kind.rawValue.uppercased())]"] + lines(of: blocks))
    case .details(let summary, let blocks):
      let body = lines(of: blocks)
      let opening = ["<details>", "<summary>\(htmlText(summary.flattened().trimmingSpaces()))</summary>", ""]
      return opening + (body.isEmpty ? [] : body + [""]) + ["</details>"]
    case .comment(let text):
      return comment(text)
    case .rule:
      return ["---"]
    }
  }

  // MARK: - Lists

  /// An item may stand close to the next when it is a line, or a line with a list of such items below.
  private static func isTight(_ item: [Markdown.Block]) -> Bool {
    guard case .paragraph? = item.first else { return item.isEmpty }
    switch item.dropFirst().first {
    case nil: return true
    case .bulletList(let nested)?, .numberedList(let nested)?: return item.count == 2 && nested.allSatisfy(isTight)
    case .checklist?: return item.count == 2
    default: return false
    }
  }

  private static func list(_ items: [[String]], isTight: Bool, marker: (Int) -> String) -> [String] {
    var result: [String] = []
    for (index, lines) in items.enumerated() {
      if index > 0, !isTight { result.append("") }
      let marker = marker(index)
      let indentation = String(repeating: " ", count: marker.utf8.count)
      result.append((marker + (lines.first ?? "")).trimmingTrailing())
      for line in lines.dropFirst() where !(isTight && line.isEmpty) {
        result.append(line.isEmpty ? "" : indentation + line)
      }
    }
    return result
  }

  // MARK: - Fences, quotes, comments

  private static func fenced(_ text: String, language: String) -> [String] {
    let fence = String(repeating: "`", count: max(3, longestBacktickRun(in: text) + 1))
    let info = language.unicodeScalars.filter { $0.isASCIIAlphanumeric || "+-_.#".unicodeScalars.contains($0) }
    var body = text.replacingScalars { $0.isControl && $0 != "\n" && $0 != "\t" ? "\u{FFFD}" : nil }.splitIntoLines()
    while body.last == "" { body.removeLast() }
    return [fence + (info.isEmpty ? "text" : String(String.UnicodeScalarView(info)))] + body + [fence]
  }

  private static func quoted(_ lines: [String]) -> [String] {
    lines.map { $0.isEmpty ? ">" : "> " + $0 }
  }

  /// A comment ends at the first `-->`, and HTML allows no `--` inside, so hyphens are set apart.
  private static func comment(_ text: String) -> [String] {
    var body = ""
    for scalar in text.unicodeScalars {
      if scalar == "-", body.unicodeScalars.last == "-" { body += " " }
      if scalar == "\n" {
        body += "\n"
      } else {
        body.unicodeScalars.append(scalar.isControl ? " " : scalar)
      }
    }
    let lines = body.splitIntoLines().map { $0.trimmingTrailing() }.filter { !$0.isEmpty }
    guard let only = lines.first else { return [] }
    return lines.count == 1 ? ["<!-- \(only.trimmingSpaces()) -->"] : ["<!--"] + lines + ["-->"]
  }
}

extension Markdown.Block {
  fileprivate func wouldMerge(with next: Markdown.Block) -> Bool {
    switch (self, next) {
    case (.bulletList, .bulletList), (.bulletList, .checklist), (.checklist, .bulletList), (.checklist, .checklist):
      true
    case (.numberedList, .numberedList): true
    case (.quote, .quote), (.quote, .alert), (.alert, .quote), (.alert, .alert): true
    default: false
    }
  }
}

extension String {
  func trimmingTrailing() -> String {
    var rest = unicodeScalars[...]
    while rest.last == " " || rest.last == "\t" { rest.removeLast() }
    return String(rest)
  }
}
