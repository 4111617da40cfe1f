import ReleaseModel
import TextLayout

/// What the release issue of an environment says. The script that opens it and the gate that reads it agree to the letter.
enum ReleaseIssueText {
  /// The texts behind the boxes that people tick.
  static func boxes(_ environment: EnvironmentPlan) -> [String] {
    environment.checklistsBefore.flatMap(\.checklist.items).compactMap {
      if case .text(let text) = $0 { issueText(text) } else { nil }
    }
  }

  /// A list as lines: boxes for people, and what a check answers without one.
  static func lines(_ checklist: Checklist, _ plan: ReleasePlan) -> [String] {
    checklist.items.map { item in
      switch item {
      case .text(let text): "- [ ] \(issueText(text))"
      case .check(let name):
        "- checked by the machine: \(issueText(plan.spec.checks[name.value]?.title ?? name.value))"
      }
    }
  }
}
