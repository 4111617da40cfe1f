/// Makes text safe to show: what a terminal would obey, or what would hide or reorder text, is shown as `\u{…}`.
enum VisibleText {
  /// Whether a scalar must not reach a terminal as it is. Zero-width joiners are left to the caller, who knows
  /// whether they join an emoji.
  static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value < 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  /// `\u{1B}` for an escape character.
  static func escape(_ scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  }

  /// One line of safe text: line ends become spaces, everything else unsafe is escaped.
  static func line(_ text: String) -> String {
    paragraph(text).joined(separator: " ")
  }

  /// The safe lines of a text.
  static func paragraph(_ text: String) -> [String] {
    var lines = [""]
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        lines.append("")
      } else if isUnsafe(scalar) {
        lines[lines.count - 1] += escape(scalar)
      } else {
        lines[lines.count - 1].unicodeScalars.append(scalar)
      }
    }
    return lines
  }
}
