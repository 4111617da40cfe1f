import ReleaseModel
import TextLayout

/// What people do before a release, and the issue in which they tick it.
enum ChecklistSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    let checklists = environment.checklistsBefore
    guard let first = checklists.first else { return [] }
    return [
      .heading(.checklists(environment.name)),
      .prose(
        "Open the release issue at least \(first.checklist.moment.time) before the planned start; its lists say by when "
          + "each is due. Nothing is opened twice."),
      .bash([
        "gh workflow run \(Places(plan).workflow("release-issue")) -f environment=\(environment.name) \\",
        "  -f tag=\"<tag>\" -f planned=\"<time-in-UTC>\"",
      ]),
    ] + checklists.flatMap { blocks($0, plan) }
  }

  private static func blocks(_ named: NamedChecklist, _ plan: ReleasePlan) -> [Markdown.Block] {
    let checklist = named.checklist
    let duty: Prose = checklist.role.map { " The duty of: \(plan.title(ofRole: $0.value))." } ?? ""
    let items = checklist.items.map { item -> Prose in
      switch item {
      case .text(let text): "\(text)"
      case .check(let name): "Checked by the machine: \(plan.spec.checks[name.value]?.title ?? name.value)"
      }
    }
    return [
      .prose("\(strong: named.title), \(checklist.moment.time) before the release.\(duty)"), .bullets(items),
    ]
  }
}
