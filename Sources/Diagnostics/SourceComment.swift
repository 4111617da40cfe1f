/// A comment of a source file.
public struct SourceComment: Hashable, Sendable {
  /// From its first sign to the last character that is no blank.
  public let span: Span
  /// What stands behind the sign, without blanks at either end.
  public let text: String
  /// Whether nothing else stands on its line.
  public let isAlone: Bool

  /// Makes a comment.
  public init(span: Span, text: String, isAlone: Bool) {
    self.span = span
    self.text = text
    self.isAlone = isAlone
  }
}
