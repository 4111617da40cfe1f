/// Reading UTF-8 byte by byte, shared by the targets of this package.
package enum UTF8Text {
  /// 3 when the text starts with the UTF-8 byte order mark, otherwise 0.
  package static func byteOrderMarkLength(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
  }

  /// The scalar that starts at `index` and its length in bytes, or nil when the bytes there are not UTF-8 (wrong or
  /// missing continuation, overlong form, surrogate, beyond U+10FFFF).
  package static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (value: UInt32, length: Int)? {
    let first = bytes[index]
    let length: Int
    let minimum: UInt32
    var value: UInt32
    switch first {
    case 0x00...0x7F: return (UInt32(first), 1)
    case 0xC2...0xDF: (length, minimum, value) = (2, 0x80, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, minimum, value) = (3, 0x800, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, minimum, value) = (4, 0x10000, UInt32(first & 0x07))
    default: return nil
    }
    guard index + length <= bytes.count else { return nil }
    for offset in 1..<length {
      let next = bytes[index + offset]
      guard next & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(next & 0x3F)
    }
    guard value >= minimum, value <= 0x10FFFF, !(0xD800...0xDFFF).contains(value) else { return nil }
    return (value, length)
  }

  /// Length of the scalar at `index`, 1 for a byte that is not UTF-8.
  package static func repairingLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    bytes[index] < 0x80 ? 1 : decode(bytes, at: index)?.length ?? 1
  }

  /// Whether a scalar is one of the controls that reorder text on screen (U+202A to U+202E, U+2066 to U+2069), with
  /// which a line can be made to look different from what it says (CVE-2021-42574).
  package static func isBidirectionalControl(_ value: UInt32) -> Bool {
    (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
  }
}
