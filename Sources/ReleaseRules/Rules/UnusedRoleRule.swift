import Diagnostics
import ReleaseModel

enum UnusedRoleRule: Rule {
  static let name = "unused-role"
  static let severity = Severity.warning
  static let summary = "Every role has something to do: an approval, a list, a drill, an alert, or a duty in words."
  static let rationale = """
    People who stand in the file under a role believe that they are asked before a release, and others believe it, \
    too. A role that nothing names is never asked. After an incident that security would have seen coming, it turns \
    out that security stood in the file and was never called.
    """
  static let failingExample = ExampleSpec.with(
    ("roles:", "roles:\n  «security»: { reviewers: [acme/security] }"))
  static let passingExample = ExampleSpec.with(
    ("roles:", "roles:\n  security: { reviewers: [acme/security] }"),
    ("approvals: { prod: [owner] }", "approvals: { prod: [owner, security] }"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    guard context.isWhole, !asksNobody(context) else { return }
    let roles = context.spec.roles
    for name in context.unused(roles.entries.map(\.name), named: context.spec.namedRoles) {
      // A duty in words stands in the runbook: that is what the role is for.
      guard let role = roles[name.value], role.duty == nil else { continue }
      report(unused(name))
    }
  }
}

extension UnusedRoleRule {
  /// Whether the approvals are missing, or a cell of theirs names nobody: that is reported, and whom it was to name is unknown.
  private static func asksNobody(_ context: RuleContext) -> Bool {
    guard !context.spec.promotion.isEmpty else { return true }
    return context.spec.promotion[approvalsCriterion]?.cells.readable.contains { cell in
      switch cell.value.value {
      case .approvals(let approvals): approvals.isEmpty
      case .notApplicable: false
      case .required, .requiredForCandidates, .recommended, .optional, .soak: true
      }
    } ?? false
  }

  private static func unused(_ name: Located<String>) -> Diagnostic {
    problem(
      "nobody asks `\(name.value)` anything", at: name.span, label: "a role without a part in any release",
      notes: ["its people look as if they approved releases, and are never asked"],
      help: [
        "name it where it takes part, such as `approvals: { ENVIRONMENT: [\(name.value)] }`",
        "or say what it does outside the machine: `duty: …`; or take it out",
      ])
  }
}
