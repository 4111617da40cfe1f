/// A selector of series, such as `http_requests_total{code=~"5.."}`: the one piece of Prometheus' language that is read here,
/// to make up series that it selects.
struct Selector {
  struct Matcher {
    enum Sign: String {
      case equal = "="
      case notEqual = "!="
      case like = "=~"
      case unlike = "!~"
    }

    let label: String
    let sign: Sign
    let value: String

    func accepts(_ text: String) -> Bool {
      switch sign {
      case .equal: text == value
      case .notEqual: text != value
      case .like: isMatch(text)
      case .unlike: !isMatch(text)
      }
    }

    var negated: Matcher {
      let other: Sign =
        switch sign {
        case .equal: .notEqual
        case .notEqual: .equal
        case .like: .unlike
        case .unlike: .like
        }
      return Matcher(label: label, sign: other, value: value)
    }

    /// Prometheus' expressions always mean the whole value.
    private func isMatch(_ text: String) -> Bool {
      guard let expression = try? Regex(value) else { return false }
      return (try? expression.wholeMatch(in: text)) != nil
    }

    /// A value that an expression of the usual sort would match; whether it does is tried afterwards.
    var instance: String {
      if sign == .equal || sign == .notEqual { return value }
      if value == ".*" { return "any" }
      var result = ""
      var rest = Substring(value)
      while let character = rest.popFirst() {
        switch character {
        case "|": return result
        case ".":
          if rest.first == "*" || rest.first == "+" { rest.removeFirst() }
          result += "0"
        case "\\": if let next = rest.popFirst() { result += next == "d" ? "0" : String(next) }
        case "[":
          if let first = rest.first { result.append(first) }
          rest = rest.drop { $0 != "]" }.dropFirst()
        case "(", ")", "^", "$", "+", "*", "?", ":": continue
        default: result.append(character)
        }
      }
      return result
    }
  }

  let name: String
  let matchers: [Matcher]

  /// `nil` for anything that is more than a name with matchers.
  init?(_ text: String) {
    var rest = Substring(text).trimmed
    name = String(rest.prefix { $0.isPartOfName || $0 == ":" })
    rest = rest.dropFirst(name.count).trimmed
    guard let first = name.first, !first.isNumber else { return nil }
    var matchers: [Matcher] = []
    if rest.popFirst() == "{" {
      guard rest.popLast() == "}" else { return nil }
      rest = rest.trimmed
      while !rest.isEmpty {
        guard let matcher = Self.matcher(&rest) else { return nil }
        matchers.append(matcher)
        rest = rest.trimmed
        if rest.isEmpty { break }
        guard rest.popFirst() == "," else { return nil }
        rest = rest.trimmed
      }
    } else if !rest.isEmpty || text.trimmed.count != name.count {
      return nil
    }
    self.matchers = matchers
  }

  private static func matcher(_ rest: inout Substring) -> Matcher? {
    let label = rest.prefix { $0.isPartOfName }
    rest = rest.dropFirst(label.count).trimmed
    let signText = rest.prefix { "=!~".contains($0) }
    rest = rest.dropFirst(signText.count).trimmed
    guard !label.isEmpty, let sign = Matcher.Sign(rawValue: String(signText)), let quote = rest.popFirst(),
      quote == "\"" || quote == "'"
    else { return nil }
    var value = ""
    while let character = rest.popFirst() {
      if character == quote { return Matcher(label: String(label), sign: sign, value: value) }
      if character == "\\" {
        // `\\.` in a text is `\.` in the expression; other escapes are nothing that a label has.
        guard let next = rest.popFirst(), next == "\\" || next == "\"" || next == "'" else { return nil }
        value.append(next)
      } else {
        value.append(character)
      }
    }
    return nil
  }

  /// A series that meets all these matchers, labels in order of their first mention; `nil` when none was found.
  static func series(_ name: String, meeting matchers: [Matcher]) -> String? {
    var labels: [String] = []
    for matcher in matchers where !labels.contains(matcher.label) { labels.append(matcher.label) }
    var pairs: [String] = []
    for label in labels {
      let own = matchers.filter { $0.label == label }
      // A label without a value is a label that is not there.
      let candidates = own.map(\.instance) + ["other", "200", "500", "0", ""]
      guard let value = candidates.first(where: { text in own.allSatisfy { $0.accepts(text) } }) else { return nil }
      if !value.isEmpty { pairs.append("\(label)=\"\(escaped(value))\"") }
    }
    return pairs.isEmpty ? name : "\(name){\(pairs.joined(separator: ","))}"
  }

  private static func escaped(_ value: String) -> String {
    value.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
  }
}

extension StringProtocol {
  var trimmed: Substring {
    var rest = Substring(self)
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return rest
  }
}

extension Character {
  fileprivate var isPartOfName: Bool { isASCII && (isLetter || isNumber) || self == "_" }
}
