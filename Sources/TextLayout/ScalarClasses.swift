extension Unicode.Scalar {
  /// True for what a reader of a source file cannot see but a program obeys: control characters, line separators,
  /// and the marks that reorder text on screen (CVE-2021-42574, "Trojan Source").
  var isControl: Bool {
    switch value {
    case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  var isASCIILetter: Bool {
    switch self {
    case "a"..."z", "A"..."Z": true
    default: false
    }
  }

  var isASCIIDigit: Bool {
    switch self {
    case "0"..."9": true
    default: false
    }
  }

  var isASCIIAlphanumeric: Bool { isASCIILetter || isASCIIDigit }

  /// The value as lower-case hexadecimal digits, padded with zeros: `"\u{1B}"` in two digits is `1b`.
  func hexadecimal(digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}

extension String {
  /// The lines between the newlines, blank ones included. Works on scalars: for `Character`, `\r\n` is one thing.
  func splitIntoLines() -> [String] {
    unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
  }

  /// The text in one line: every control character, and so every line break, becomes a space.
  func flattened() -> String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      result.append(scalar.isControl ? " " : scalar)
    }
    return String(result)
  }

  /// Without spaces at either end.
  func trimmingSpaces() -> String {
    var rest = unicodeScalars[...]
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }

  /// Scalar by scalar, with what `replacement` returns in place of a scalar and the scalar itself for `nil`.
  func replacingScalars(_ replacement: (Unicode.Scalar) -> String?) -> String {
    var result = ""
    for scalar in unicodeScalars {
      if let text = replacement(scalar) {
        result += text
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// True when `part` occurs in the text, compared scalar by scalar.
  func containsScalars(_ part: String) -> Bool {
    let whole = Array(utf8)
    let wanted = Array(part.utf8)
    guard let first = wanted.first else { return true }
    guard wanted.count <= whole.count else { return false }
    return (0...(whole.count - wanted.count)).contains { start in
      whole[start] == first && whole[start..<(start + wanted.count)].elementsEqual(wanted)
    }
  }
}
