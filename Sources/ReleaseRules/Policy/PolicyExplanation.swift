import Diagnostics

/// A policy and a spec that show one thing together.
public struct PolicyExample: Sendable {
  public let policy: RuleExample
  public let spec: RuleExample
  /// The day on which it is judged.
  public static let day = "2026-11-21"

  private static let head = """
    liftlock-policy: 1
    name: acme
    owner: Platform team
    """

  /// `lines` follow the head of the policy; `«…»` marks a place that a diagnostic points at.
  init(_ lines: String, _ spec: RuleExample) {
    policy = RuleExample {
      let first = Self.head.split(separator: "\n").count
      let text = Self.head + "\n" + lines + "\n"
      return MarkedText(text, changedLines: Set(first..<text.split(separator: "\n").count))
    }
    self.spec = spec
  }

  /// The lines that matter of both files.
  public var excerpt: String { "# policy.yaml\n\(policy.excerpt)\n# release.yaml\n\(spec.excerpt)" }
}

/// What there is to know about one code of policies.
public struct PolicyExplanation: Sendable {
  public let name: String
  public let severity: Severity
  /// One sentence: what was found.
  public let summary: String
  public let rationale: String
  /// Reported where marked, and nowhere else.
  public let failing: PolicyExample
  public let passing: PolicyExample
}
