import Diagnostics
import ReleaseModel

enum ApprovalOutlivesPlatformRule: Rule {
  static let name = "approval-outlives-platform"
  static let severity = Severity.error
  static let summary = "A run waits for its approvals for less time than GitHub lets it."
  static let rationale = """
    GitHub ends a job that has waited 30 days for an approval. A longer `within` is never reached: the run fails as if \
    the release had gone wrong, the message that an approval has expired is never sent, and whoever planned the \
    release for day forty finds nothing to approve.
    """
  static let failingExample = ExampleSpec.with(
    ("approvals: { prod: [owner] }", "approvals: { prod: { approvals: [owner], within: «60d» } }"))
  static let passingExample = ExampleSpec.with(
    ("approvals: { prod: [owner] }", "approvals: { prod: { approvals: [owner], within: 14d } }"))

  /// Source: GitHub's docs, "Reviewing deployments": "If a job is not approved within 30 days, it will automatically fail."
  private static let longest = TimeSpan.hours(24) * 30

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for cell in context.spec.promotion[approvalsCriterion]?.cells.readable ?? [] {
      guard case .approvals(let approvals) = cell.value.value,
        let within = approvals.lazy.compactMap(\.within).first, within.value >= longest
      else { continue }
      report(tooLong(within))
    }
  }
}

extension ApprovalOutlivesPlatformRule {
  private static func tooLong(_ within: Located<TimeSpan>) -> Diagnostic {
    problem(
      "no run can wait \(within.value) for an approval", at: within.span, label: "GitHub gives up after 30 days",
      notes: [
        "\"If a job is not approved within 30 days, it will automatically fail\", says GitHub's \"Reviewing deployments\""
      ],
      help: ["write less than 30 days, such as `within: 14d`; what takes longer is a new release by then"])
  }
}
