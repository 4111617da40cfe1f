import ReleaseModel
import TextLayout

/// Who does what.
enum RoleSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let rows = plan.spec.roles.readable.map { name, role -> [Prose] in
      [
        .text(role.title ?? name.value), role.duty.map(Prose.text) ?? "–",
        people(role), decisions(name.value, plan),
      ]
    }
    if rows.isEmpty { return [] }
    return [.heading(.roles), .table(["Role", "Duty", "People", "Approves, decides, owns"], rows)]
  }

  private static func people(_ role: Role) -> Prose {
    let reviewers = Words.codes(role.reviewers.map { "@" + $0.value })
    if role.members.isEmpty { return reviewers }
    return "\(reviewers) with \(Words.codes(role.members.map { "@" + $0.value }))"
  }

  private static func decisions(_ role: String, _ plan: ReleasePlan) -> Prose {
    var parts: [Prose] = []
    for environment in plan.environments {
      let count = environment.approvals.count { $0.roles.contains(role) }
      if count > 0 {
        let people: Prose = count > 1 ? ", \(count) different people" : ""
        parts.append("release into \(code: environment.name)\(people)")
      }
      // A hotfix takes its decision over from what it goes into.
      if !environment.isHotfix, let decision = environment.spec.decision, decision.role.value == role {
        parts.append("\(decision.text)")
      }
    }
    parts += duties(role, plan)
    return parts.isEmpty ? "–" : parts.stacked
  }

  /// What is the role's beside releases.
  private static func duties(_ role: String, _ plan: ReleasePlan) -> [Prose] {
    let spec = plan.spec
    var parts = spec.checklists.readable.filter { $0.value.role?.value == role }.map { name, list in
      Prose("checklist “\(list.title ?? name.value)”")
    }
    parts += spec.drills.readable.filter { $0.value.owner.value == role }.map { Prose("drill “\($0.value.title)”") }
    parts += spec.alerts.readable.filter { $0.value.role?.value == role }.map { Prose("alert \(code: $0.name.value)") }
    if spec.backup?.owner.value == role { parts.append("backups") }
    if spec.rotation?.owner.value == role { parts.append("rotation of secrets") }
    return parts
  }
}
