import Diagnostics

/// What there is to know about one code.
public struct Explanation: Sendable {
  /// The code.
  public let name: String
  /// The most severe that its diagnostics are.
  public let severity: Severity
  /// One sentence: what is proved, or what was found.
  public let summary: String
  /// Why it matters.
  public let rationale: String
  /// A spec that is reported where marked.
  public let failing: RuleExample
  /// The same spec, put right.
  public let passing: RuleExample
  /// Why its errors can be allowed by a comment; `nil`: they cannot, or there are none.
  public var judgement: String?
}
