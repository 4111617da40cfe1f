public import Diagnostics

extension YAMLDocument {
  /// The comments of the file in order. A `#` in a text, quoted or in a block, is a part of that text and no comment.
  public var comments: [SourceComment] { CommentScanner(self).comments }
}

/// Finds what is left of the file when its texts are taken out: comments are no events of libyaml's.
private struct CommentScanner {
  private(set) var comments: [SourceComment] = []
  private let bytes: [UInt8]

  init(_ document: YAMLDocument) {
    bytes = document.file.text
    // Nodes come in the order in which they start.
    let texts = document.nodes.filter { $0.kind == .scalar && !$0.isAlias }
    var cursor = 0
    var next = 0
    while cursor < bytes.count {
      while next < texts.count, texts[next].start < cursor { next += 1 }
      if next < texts.count, texts[next].start == cursor {
        let text = texts[next]
        next += 1
        // Behind the sign of a block, `|` or `>`, the rest of the line can have a comment.
        if text.style == .block { scanLine(from: cursor) }
        cursor = max(cursor, Int(text.end))
      } else if isComment(at: cursor) {
        cursor = take(at: cursor)
      } else {
        cursor += 1
      }
    }
  }

  private mutating func scanLine(from start: Int) {
    var cursor = start
    while cursor < bytes.count, !isBreak(bytes[cursor]) {
      cursor = isComment(at: cursor) ? take(at: cursor) : cursor + 1
    }
  }

  /// By YAML 1.2.2, section 6.6, a comment is separated from what stands before it by white space.
  private func isComment(at index: Int) -> Bool {
    guard bytes[index] == UInt8(ascii: "#") else { return false }
    return index == 0 || isBlank(bytes[index - 1]) || isBreak(bytes[index - 1])
  }

  /// Notes the comment and returns the end of its line.
  private mutating func take(at start: Int) -> Int {
    var lineEnd = start
    while lineEnd < bytes.count, !isBreak(bytes[lineEnd]) { lineEnd += 1 }
    var end = lineEnd
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    var first = start + 1
    while first < end, isBlank(bytes[first]) { first += 1 }
    var before = start
    while before > 0, isBlank(bytes[before - 1]) { before -= 1 }
    comments.append(
      SourceComment(
        span: Span(start: start, end: end), text: String(decoding: bytes[min(first, end)..<end], as: UTF8.self),
        isAlone: before == 0 || isBreak(bytes[before - 1])))
    return lineEnd
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
  private func isBreak(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
}
