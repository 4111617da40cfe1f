import ReleaseModel
import TextLayout

/// Who does what.
enum RoleSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let rows = plan.spec.roles.readable.map { name, role -> [Prose] in
      [
        .text(role.title ?? name.value), role.duty.map(Prose.text) ?? "–",
        Words.codes(role.reviewers.map { "@" + $0.value }), decisions(name.value, plan),
      ]
    }
    if rows.isEmpty { return [] }
    return [.heading(.roles), .table(["Role", "Duty", "People", "Approves or decides"], rows)]
  }

  private static func decisions(_ role: String, _ plan: ReleasePlan) -> Prose {
    var parts: [Prose] = []
    for environment in plan.environments {
      for approval in environment.approvals where approval.roles.contains(role) {
        parts.append("release into \(code: environment.name)")
      }
      if let decision = environment.spec.decision, decision.role.value == role { parts.append("\(decision.text)") }
    }
    return parts.isEmpty ? "–" : parts.stacked
  }
}
