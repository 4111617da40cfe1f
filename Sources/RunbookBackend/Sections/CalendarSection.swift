import ReleaseModel
import TextLayout

/// When a release may run: the windows and the freezes of all environments, and what they do not hold for.
enum CalendarSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let usual = plan.environments.filter { !$0.isHotfix }
    let freezes = plan.spec.freezes.readable
    if freezes.isEmpty, usual.allSatisfy({ $0.spec.window == nil }) { return [] }
    return [
      .heading(.calendar),
      .table(["Environment", "A release may start", "Announced"], usual.map(row)),
    ] + table(of: freezes.map { ($0.name.value, $0.value) }) + [.bullets(exemptions(plan))]
  }

  private static func row(_ environment: EnvironmentPlan) -> [Prose] {
    guard let window = environment.spec.window else { return ["\(code: environment.name)", "at any time", "–"] }
    return [
      "\(code: environment.name)",
      "\(CalendarWords.window(window)): see \("the latest start", to: .window(environment.name))",
      window.notice.map { "\($0) before" } ?? "–",
    ]
  }

  private static func table(of freezes: [(name: String, freeze: Freeze)]) -> [Markdown.Block] {
    if freezes.isEmpty { return [] }
    let rows = freezes.map { name, freeze -> [Prose] in
      [
        "\(code: name)", .text(CalendarWords.freeze(freeze)), .text(freeze.reason),
        Words.codes(freeze.environments.map(\.value)),
      ]
    }
    return [
      .prose("On these days no release starts, the last day included:"),
      .table(["Freeze", "Days", "Why", "Where"], rows),
    ]
  }

  private static func exemptions(_ plan: ReleasePlan) -> [Prose] {
    var lines: [Prose] = [
      "A rollback is never bound to any of this. Take a release \("back", to: .emergency) at any time.",
      "Outside, a release stops before it touches anything, and says what stopped it.",
    ]
    guard let hotfix = plan.spec.hotfix else { return lines }
    lines.append(
      hotfix.outsideWindows.map {
        "A \("hotfix", to: .hotfix) is not bound to it, either: \(Words.sentence($0))"
      } ?? "A \("hotfix", to: .hotfix) is bound to it, too.")
    return lines
  }
}
