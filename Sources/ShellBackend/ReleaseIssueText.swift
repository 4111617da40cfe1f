import ReleaseModel
import TextLayout

/// What the release issue of an environment says. The script that opens it and the gate that reads it agree to the letter.
public enum ReleaseIssueText {
  /// The texts behind the boxes that people tick.
  public static func boxes(_ environment: EnvironmentPlan) -> [String] {
    environment.checklistsBefore.flatMap(\.checklist.items).compactMap {
      if case .text(let text) = $0 { markdown(text) } else { nil }
    }
  }

  /// A list as lines: boxes for people, and what a check answers without one.
  static func lines(_ checklist: Checklist, _ plan: ReleasePlan) -> [String] {
    checklist.items.map { item in
      switch item {
      case .text(let text): "- [ ] \(markdown(text))"
      case .check(let name):
        "- checked by the machine: \(markdown(plan.spec.checks[name.value]?.title ?? name.value))"
      }
    }
  }

  /// One line in which nothing is markup.
  static func markdown(_ text: String) -> String {
    String(Markdown([.paragraph([.text(text)])]).rendered.split(separator: "\n").joined(separator: " "))
  }
}
