internal import Diagnostics

/// Small questions about the text around a mark, which libyaml's events do not answer.
struct SourceScanner {
  let bytes: UnsafeBufferPointer<UInt8>

  /// The byte at `offset`, nil behind the end.
  func byte(at offset: Int) -> UInt8? {
    offset < bytes.count ? bytes[offset] : nil
  }

  /// Where a node's content starts behind its anchor and tag, and where the tag stands. Looks no further than `end`.
  func content(from start: Int, to end: Int) -> (start: Int, tag: Span?) {
    var cursor = start
    var tag: Span?
    while cursor < end {
      switch bytes[cursor] {
      case UInt8(ascii: "&"):
        cursor += 1
        while cursor < end, isNameByte(bytes[cursor]) { cursor += 1 }
      case UInt8(ascii: "!") where tag == nil:
        let tagStart = cursor
        while cursor < end, !isBlankOrBreak(bytes[cursor]) { cursor += 1 }
        tag = Span(start: tagStart, end: cursor)
      default:
        return (cursor, tag)
      }
      cursor = skipBlanksAndComments(from: cursor, to: end)
    }
    return (cursor, tag)
  }

  /// The place behind the colon that follows a key, or the key's end when no colon follows.
  func placeBehindColon(ofKeyEndingAt keyEnd: Int) -> Int {
    let cursor = skipBlanksAndComments(from: keyEnd, to: bytes.count)
    return cursor < bytes.count && bytes[cursor] == UInt8(ascii: ":") ? cursor + 1 : keyEnd
  }

  /// `end` moved back over blanks and line ends, at most to `start`.
  func trimmedEnd(_ end: Int, notBefore start: Int) -> Int {
    var end = min(end, bytes.count)
    while end > start, isBlankOrBreak(bytes[end - 1]) { end -= 1 }
    return end
  }

  /// Start of the line that holds `offset`.
  func lineStart(of offset: Int) -> Int {
    var start = min(offset, bytes.count)
    while start > 0, !isBreak(bytes[start - 1]) { start -= 1 }
    return max(start, start == 0 ? UTF8Text.byteOrderMarkLength(bytes) : 0)
  }

  /// End of the line that holds `offset`, without its line end and the blanks before it.
  func lineEnd(of offset: Int) -> Int {
    var end = min(offset, bytes.count)
    while end < bytes.count, !isBreak(bytes[end]) { end += 1 }
    return trimmedEnd(end, notBefore: min(offset, end))
  }

  /// Whether the last content before `offset` is a line `...`.
  func followsDocumentEnd(_ offset: Int) -> Bool {
    let end = trimmedEnd(offset, notBefore: 0)
    return bytes[lineStart(of: end)..<end].elementsEqual(Array("...".utf8))
  }

  /// The tab in the indentation of the line that holds `offset`.
  func indentationTab(onLineOf offset: Int) -> Int? {
    var cursor = lineStart(of: offset)
    while cursor < bytes.count, isBlank(bytes[cursor]) {
      if bytes[cursor] == UInt8(ascii: "\t") { return cursor }
      cursor += 1
    }
    return nil
  }

  /// Whether only blanks stand before `offset` on its line.
  func isFirstOnLine(_ offset: Int) -> Bool {
    bytes[lineStart(of: offset)..<max(lineStart(of: offset), min(offset, bytes.count))].allSatisfy(isBlank)
  }

  /// Whether no colon stands before `offset` on its line.
  func isFirstColonOnLine(_ offset: Int) -> Bool {
    !bytes[lineStart(of: offset)..<max(lineStart(of: offset), min(offset, bytes.count))].contains(UInt8(ascii: ":"))
  }

  /// The word or single character at `offset`, empty at the end of the text.
  func word(at offset: Int) -> Span {
    guard offset < bytes.count else { return Span(at: bytes.count) }
    var end = offset
    while end < bytes.count, end - offset < 60, isNameByte(bytes[end]) { end += 1 }
    return Span(start: offset, end: max(end, offset + UTF8Text.repairingLength(bytes, at: offset)))
  }

  private func skipBlanksAndComments(from start: Int, to end: Int) -> Int {
    var cursor = start
    while cursor < end {
      if isBlankOrBreak(bytes[cursor]) {
        cursor += 1
      } else if bytes[cursor] == UInt8(ascii: "#"), cursor > start {
        while cursor < end, !isBreak(bytes[cursor]) { cursor += 1 }
      } else {
        break
      }
    }
    return cursor
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
  private func isBreak(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
  private func isBlankOrBreak(_ byte: UInt8) -> Bool { isBlank(byte) || isBreak(byte) }

  private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
