import Diagnostics

/// One thing that must be true of every release spec.
///
/// A rule is a type without cases in a file of its own under `Rules/`, and one line in `RuleCatalogue.all`. Its name is
/// its code: `EmptyCellRule` is `empty-cell`.
public protocol Rule: Sendable {
  /// The code of its diagnostics, in kebab case.
  static var name: String { get }
  /// The most severe that its diagnostics are.
  static var severity: Severity { get }
  /// One sentence: what a spec without a diagnostic of this rule is proved to be.
  static var summary: String { get }
  /// Why it matters, with the outage that it prevents.
  static var rationale: String { get }
  /// A spec in which it fires where marked, and nothing else does.
  static var failingExample: RuleExample { get }
  /// The same spec, put right.
  static var passingExample: RuleExample { get }
  /// Why its errors are a judgement that a team may take differently with `# liftlock: allow`, in a sentence; `nil`, which is
  /// usual: generation cannot live with them, or they prove a mistake. Warnings can always be allowed.
  static var judgement: String? { get }
  /// Judges a spec, which may be incomplete: what could not be read is not there and has been reported already.
  static func check(_ context: RuleContext, report: (Diagnostic) -> Void)
}

extension Rule {
  public static var judgement: String? { nil }

  /// A diagnostic of this rule.
  static func problem(
    _ message: String, at span: Span, label: String? = nil, severity: Severity? = nil,
    related: [Diagnostic.Related] = [], notes: [String] = [], help: [String] = [], fixes: [Diagnostic.Fix] = []
  ) -> Diagnostic {
    Diagnostic(
      code: name, severity: severity ?? Self.severity, message: message, span: span, label: label, related: related,
      notes: notes, help: help, fixes: fixes)
  }
}
