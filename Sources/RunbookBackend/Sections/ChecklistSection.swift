import ReleaseModel
import TextLayout

/// What people do before a release, and the issue in which they tick it.
enum ChecklistSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    let checklists = environment.checklistsBefore
    guard let first = checklists.first else { return [] }
    let lists = first.checklist.moment.time
    // A gate that wants the issue to have been open for longer than the lists take decides.
    let earliest = max(lists, openFor(environment) ?? .zero)
    let why: Prose =
      earliest > lists ? " \(to: .gates(environment.name)) wants it to have been open for that long." : ""
    return [
      .heading(.checklists(environment.name)),
      .prose(
        "Open the release issue at least \(earliest) before the planned start; its lists say by when each is due.\(why) "
          + "Nothing is opened twice."),
      .bash([
        "gh workflow run \(Places(plan).workflow("release-issue")) -f environment=\(environment.name) \\",
        "  -f tag=\"<tag>\" -f planned=\"<time-in-UTC>\"",
      ]),
    ] + checklists.flatMap { blocks($0, plan) }
  }

  /// The longest that a gate asks the release issue to have been open.
  private static func openFor(_ environment: EnvironmentPlan) -> TimeSpan? {
    environment.gates.compactMap { gate -> TimeSpan? in
      guard case .check(let check) = gate.question, case .releaseIssue(let time) = check.check.kind else { return nil }
      return time
    }.max()
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
