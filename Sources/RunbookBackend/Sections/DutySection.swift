import ReleaseModel
import TextLayout

/// What people owe once it is over, by when and whose duty it is.
enum DutySection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    section(.afterRelease, .release, plan) + section(.afterHotfix, .hotfix, plan)
  }

  private static func section(
    _ heading: Heading, _ ending: EnvironmentPlan.Ending, _ plan: ReleasePlan
  ) -> [Markdown.Block] {
    let blocks = lists(ending, plan)
    if blocks.isEmpty { return [] }
    return [
      .heading(heading), .prose("Each list is opened as an issue by itself. By hand, without GitHub, it is this:"),
    ]
      + blocks
  }

  /// The checklists of one moment, each once.
  static func lists(_ ending: EnvironmentPlan.Ending, _ plan: ReleasePlan) -> [Markdown.Block] {
    let concerned = plan.environments.flatMap { $0.duties(ending).map(\.name) }
    return plan.spec.checklists.readable.filter { concerned.contains($0.name.value) }.flatMap {
      name, checklist -> [Markdown.Block] in
      let places = plan.environments.filter { $0.duties(ending).contains { $0.name == name.value } }.map(\.name)
      let role: Prose = checklist.role.map { ", \(plan.title(ofRole: $0.value))" } ?? ""
      return [
        .prose(
          "\(checklist.title ?? name.value) (\(Words.codes(places))), due within \(checklist.moment.time)\(role):"),
        .boxes(checklist.items.map { item($0, plan) }),
      ]
    }
  }

  private static func item(_ item: Checklist.Item, _ plan: ReleasePlan) -> Prose {
    switch item {
    case .text(let text): .text(text)
    case .check(let name): .text(plan.spec.checks[name.value]?.title ?? name.value)
    }
  }
}
