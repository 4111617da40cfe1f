/// A query of Prometheus, asked of the whole service: all tracks and versions together.
public enum ServiceQuery {
  /// Why a query cannot be asked so.
  public struct Problem: Error, Sendable {
    /// The placeholder that is in the way.
    public let placeholder: String
  }

  /// The text with `$window` filled in. A matcher such as `track="$track"` becomes `track=~".*"`, which every series meets;
  /// anywhere else a track or a version has no meaning for the whole service.
  public static func text(_ query: Word, window: TimeSpan) -> Result<String, Problem> {
    var text = ""
    for (index, part) in query.parts.enumerated() {
      switch part {
      case .literal(let literal): text += literal
      case .variable(.window): text += window.description
      case .variable(let variable):
        let placeholder = "$" + variable.rawValue.lowercased()
        guard case .literal(let next)? = query.parts.dropFirst(index + 1).first, let opened = opened(text, by: next)
        else { return .failure(Problem(placeholder: placeholder)) }
        text = opened + ".*"
      }
    }
    return .success(text)
  }

  /// The text up to the opening quote, when it ends with a matcher for equality whose quote `next` closes at once.
  private static func opened(_ text: String, by next: String) -> String? {
    guard let quote = text.last, quote == "\"" || quote == "'", next.first == quote else { return nil }
    var matcher = text.dropLast()
    while matcher.last == " " { matcher.removeLast() }
    if matcher.hasSuffix("=~") { return text }
    guard matcher.last == "=" else { return nil }
    let label = matcher.dropLast()
    guard let end = label.last(where: { $0 != " " }), end == "_" || (end.isASCII && (end.isLetter || end.isNumber))
    else { return nil }
    return label + "=~" + String(quote)
  }

  /// Whether the query looks back over a window at all.
  public static func hasWindow(_ query: Word) -> Bool { query.parts.contains(.variable(.window)) }
}

extension Metric.Reading {
  /// The queries that it consists of.
  public var queries: [Word] {
    switch self {
    case .query(let query): [query]
    case .ratio(let part, let total, _): [part, total]
    }
  }

  /// Whether the length of a window changes the answer.
  public var hasWindow: Bool {
    switch self {
    case .query(let query): ServiceQuery.hasWindow(query)
    case .ratio: true
    }
  }
}
