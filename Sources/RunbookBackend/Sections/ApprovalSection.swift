import ReleaseModel
import TextLayout

/// Who lets a release pass, and where.
enum ApprovalSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    if environment.approvals.isEmpty { return [] }
    let rows = environment.approvals.map { approval -> [Prose] in
      [
        .text(approval.roles.map(plan.title(ofRole:)).joined(separator: " or ")),
        Words.codes(approval.reviewers.map { "@" + $0 }, "or"),
        "\(code: approval.environment)",
      ]
    }
    let distinct: Prose =
      environment.approvals.count > 1
      ? "Each approval must come from another person: the run compares the names and stops when one person gave two. "
      : ""
    return [
      .heading(.approvals(environment.name)),
      .table(["Approval of", "Given by one of", "GitHub environment"], rows),
      .prose(
        "Open the run, read the answers of the gates, choose “Review deployments”, tick the environment, approve. "
          + "\(distinct)A rejection ends the run before anything moves. A run that GitHub let through without an "
          + "approval "
          + "stops by itself."),
    ]
  }
}
