import ReleaseModel
import TextLayout

/// Who lets a release pass, and where.
enum ApprovalSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    if environment.approvals.isEmpty { return [] }
    let isTimed = environment.approvals.contains { $0.within != nil }
    let rows = environment.approvals.map { approval -> [Prose] in
      let within: [Prose] = isTimed ? [approval.within.map { "\($0)" } ?? "no limit"] : []
      return [
        .text(approval.roles.map(plan.title(ofRole:)).joined(separator: " or ")),
        Words.codes(approval.reviewers.map { "@" + $0 }, "or"),
        "\(code: approval.environment)",
      ] + within
    }
    let distinct: Prose =
      environment.approvals.count > 1
      ? "Each approval must come from another person: the run compares the names and stops when one person gave two. "
      : ""
    return [
      .heading(.approvals(environment.name)),
      .table(["Approval of", "Given by one of", "GitHub environment"] + (isTimed ? ["Within"] : []), rows),
      .prose(
        "Open the run, read the answers of the gates, choose “Review deployments”, tick the environment, approve. "
          + "\(distinct)A rejection ends the run before anything moves. A run that GitHub let through without an "
          + "approval "
          + "stops by itself."),
    ] + (isTimed ? timeout(plan) : []) + escalation(plan)
  }

  private static func timeout(_ plan: ReleasePlan) -> [Markdown.Block] {
    [
      .prose(
        "The time counts from the start of the run. An approval that is not there by then counts as a rejection: "
          + "\(code: Places(plan).workflow("housekeeping")) cancels the run within half an hour, and an approval that is given "
          + "all the same lets nothing pass. Nothing was touched; start the release again.")
    ]
  }

  private static func escalation(_ plan: ReleasePlan) -> [Markdown.Block] {
    if plan.spec.guidance.escalation.isEmpty { return [] }
    return [
      .prose("Nobody answers? Call, in this order:"),
      .numbered(plan.spec.guidance.escalation.map { "after \($0.after): \($0.to)" }),
    ]
  }
}
