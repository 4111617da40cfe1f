internal import Diagnostics

/// Looks over the bytes before libyaml sees them: is this UTF-8, and does it say what it looks like?
struct EncodingCheck {
  /// Bytes of a byte order mark to skip.
  let contentStart: Int
  /// The characters of more than one byte, in order; indexes count from `contentStart`.
  private(set) var wideCharacters: [WideCharacter] = []
  /// Whether libyaml can read the text.
  private(set) var isReadable = true

  /// Checks a file and reports the first byte that cannot stay, and every bidirectional control character before it.
  init(_ bytes: UnsafeBufferPointer<UInt8>, into problems: inout ProblemList) {
    contentStart = UTF8Text.byteOrderMarkLength(bytes)
    if bytes.count >= 2, (bytes[0] == 0xFE && bytes[1] == 0xFF) || (bytes[0] == 0xFF && bytes[1] == 0xFE) {
      isReadable = false
      problems.report(
        .error(
          YAMLCode.encoding, "this file is UTF-16, and only UTF-8 is read", at: Span(start: 0, end: 2),
          label: "byte order mark of UTF-16", help: ["save the file as UTF-8"]))
      return
    }
    var index = contentStart
    var extraBytes = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte >= 0x20, byte < 0x7F {
        index += 1
        continue
      }
      if byte < 0x80 {
        if byte == 0x0A || byte == 0x0D || byte == 0x09 {
          index += 1
          continue
        }
        refuse(Self.controlCharacter(UInt32(byte), at: Span(start: index, end: index + 1)), into: &problems)
        return
      }
      guard let (value, length) = UTF8Text.decode(bytes, at: index) else {
        refuse(Self.notUTF8(byte, at: index), into: &problems)
        return
      }
      let span = Span(start: index, end: index + length)
      if UTF8Text.isBidirectionalControl(value) {
        problems.report(Self.bidirectionalControl(value, at: span))
      } else if (value < 0xA0 && value != 0x85) || value == 0xFFFE || value == 0xFFFF {
        refuse(Self.controlCharacter(value, at: span), into: &problems)
        return
      }
      let character = index - contentStart - extraBytes
      extraBytes += length - 1
      wideCharacters.append(WideCharacter(index: character, extraBytes: extraBytes))
      index += length
    }
  }

  private mutating func refuse(_ diagnostic: Diagnostic, into problems: inout ProblemList) {
    isReadable = false
    problems.report(diagnostic)
  }

  private static func notUTF8(_ byte: UInt8, at index: Int) -> Diagnostic {
    let digits = String(byte, radix: 16, uppercase: true)
    return .error(
      YAMLCode.encoding, "this file is not UTF-8", at: Span(start: index, end: index + 1),
      label: "the byte 0x\(digits) has no place here", help: ["save the file as UTF-8"])
  }

  private static func controlCharacter(_ value: UInt32, at span: Span) -> Diagnostic {
    let name = "U+" + hexadecimal(value)
    let isNUL = value == 0
    return .error(
      YAMLCode.encoding,
      isNUL ? "this file contains a NUL byte" : "this file contains the control character \(name)", at: span,
      label: isNUL ? "not text" : "not allowed in YAML",
      help: [
        isNUL
          ? "save the file as UTF-8 text; a NUL is a sign of UTF-16 or of a binary file"
          : "delete it, or write it as an escape in double quotes"
      ])
  }

  private static func bidirectionalControl(_ value: UInt32, at span: Span) -> Diagnostic {
    .error(
      YAMLCode.bidirectional, "the invisible character U+\(hexadecimal(value)) changes the order of text on screen",
      at: span, label: "invisible in an editor",
      notes: ["what a reviewer reads on this line is not what is compiled"], help: ["delete the character"])
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
