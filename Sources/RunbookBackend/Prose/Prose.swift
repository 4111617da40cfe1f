import ReleaseModel
import TextLayout

/// A line of the runbook. What is interpolated is data: it shows exactly as it is and can never become markup.
///
/// ```swift
/// let line: Prose = "Run \(code: "ops/shop/prod/rollback.sh"), then call \(role.title)."
/// ```
struct Prose: Sendable, ExpressibleByStringInterpolation {
  private(set) var inlines: [Markdown.Inline] = []

  init() {}

  init(stringLiteral value: String) {
    inlines = [.text(value)]
  }

  init(stringInterpolation: StringInterpolation) {
    inlines = stringInterpolation.prose.inlines
  }

  static func text(_ text: String) -> Prose { "\(text)" }
  static func code(_ text: String) -> Prose { "\(code: text)" }

  var isEmpty: Bool { inlines.isEmpty }

  mutating func append(_ inline: Markdown.Inline) {
    // Neighbouring pieces of text are joined, so that they are escaped as the one text that the reader sees.
    if case .text(let new) = inline, case .text(let old)? = inlines.last {
      inlines[inlines.count - 1] = .text(old + new)
    } else {
      inlines.append(inline)
    }
  }

  static func + (left: Prose, right: Prose) -> Prose {
    var result = left
    for inline in right.inlines { result.append(inline) }
    return result
  }

  struct StringInterpolation: StringInterpolationProtocol {
    var prose = Prose()

    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { prose.append(.text(literal)) }
    }
    mutating func appendInterpolation(_ text: String) { prose.append(.text(text)) }
    mutating func appendInterpolation(_ number: Int) { prose.append(.text(String(number))) }
    mutating func appendInterpolation(_ time: TimeSpan) { prose.append(.text(Words.time(time))) }
    mutating func appendInterpolation(_ part: Prose) { prose = prose + part }
    mutating func appendInterpolation(code text: String) { prose.append(.code(text)) }
    mutating func appendInterpolation(strong text: String) { prose.append(.strong([.text(text)])) }
    mutating func appendInterpolation(to heading: Heading) {
      appendInterpolation(heading.text, to: heading)
    }
    mutating func appendInterpolation(_ text: String, to heading: Heading) {
      prose.append(.link([.text(text)], destination: "#" + heading.anchor))
    }
    mutating func appendInterpolation(_ text: String, url: String) {
      prose.append(.link([.text(text)], destination: url))
    }
    mutating func appendInterpolation(url: String) { prose.append(.link([.text(url)], destination: url)) }
  }
}

extension [Prose] {
  /// `a, b and c`
  func list(_ last: String = "and") -> Prose {
    guard let final = self.last else { return Prose() }
    if count == 1 { return final }
    return dropLast().joined(", ") + " \(last) " + final
  }

  /// One below the other in a cell of a table.
  var stacked: Prose {
    var result = Prose()
    for (index, line) in enumerated() {
      if index > 0 { result.append(.lineBreak) }
      result = result + line
    }
    return result
  }
}

extension Sequence where Element == Prose {
  func joined(_ separator: String) -> Prose {
    var result = Prose()
    for (index, part) in enumerated() { result = index == 0 ? part : result + .text(separator) + part }
    return result
  }
}

extension Markdown.Block {
  static func prose(_ prose: Prose) -> Markdown.Block { .paragraph(prose.inlines) }
  static func bullets(_ items: [Prose]) -> Markdown.Block { .bullets(items.map(\.inlines)) }
  static func numbered(_ items: [Prose]) -> Markdown.Block { .numbered(items.map(\.inlines)) }
  static func boxes(_ items: [Prose]) -> Markdown.Block {
    .checklist(items.map { Markdown.ChecklistItem($0.inlines) })
  }
  static func table(_ header: [String], _ rows: [[Prose]]) -> Markdown.Block {
    .table(header: header.map { [.text($0)] }, rows: rows.map { $0.map(\.inlines) })
  }
  static func bash(_ lines: [String]) -> Markdown.Block { .code(language: "bash", text: lines.joined(separator: "\n")) }
  static func heading(_ heading: Heading) -> Markdown.Block { .heading(heading.level, [.text(heading.text)]) }
}
