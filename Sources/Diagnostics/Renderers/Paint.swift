/// What a piece of terminal text is, from which its colour follows.
enum TextRole: Hashable {
  case plain
  case error
  case warning
  case emphasis
  case gutter
  case secondary

  init(_ severity: Severity) {
    switch severity {
    case .error: self = .error
    case .warning: self = .warning
    }
  }

  /// The ANSI "select graphic rendition" parameters; nil for none.
  var parameters: String? {
    switch self {
    case .plain: nil
    case .error: "1;31"
    case .warning: "33"
    case .emphasis: "1"
    case .gutter, .secondary: "34"
    }
  }
}

/// Adds colour to text, or leaves it as it is.
struct Paint {
  var color: Bool

  func callAsFunction(_ text: String, _ role: TextRole) -> String {
    guard color, !text.isEmpty, let parameters = role.parameters else { return text }
    return "\u{1B}[\(parameters)m\(text)\u{1B}[0m"
  }
}
