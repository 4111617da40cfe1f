import Diagnostics
import ReleaseModel

enum UnopenedChecklistRule: Rule {
  static let name = "unopened-checklist"
  static let severity = Severity.warning
  static let summary = "What every checklist waits for can happen in the environments that it is for."
  static let rationale = """
    A checklist for the time after a hotfix becomes an issue when a hotfix ends. Where none can begin, the issue is \
    never opened, and the postmortem that it was to ask for is held only if somebody remembers it. Nothing looks wrong \
    until the second outage of the same kind.
    """
  static let failingExample = ExampleSpec.with(
    ("promotion:", "checklists:\n  review: { for: [«prod»], after-hotfix: 24h, items: [Hold the review.] }\npromotion:")
  )
  static let passingExample = ExampleSpec.with(
    (
      "promotion:",
      "hotfix: { tag: \"hotfix-v*\", environments: { staging: {}, prod: {} } }\n"
        + "checklists:\n  review: { for: [prod], after-hotfix: 24h, items: [Hold the review.] }\npromotion:"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let ways = Set((context.spec.hotfix?.environments.entries ?? []).map(\.name.value))
    for (_, checklist) in context.spec.checklists.readable {
      for name in checklist.environments {
        guard let environment = context.environments[name.value]?.value else { continue }
        switch checklist.moment {
        case .afterHotfix where !ways.contains(name.value) && !context.isBroken("hotfix"):
          report(neverOpened(name, "no hotfix goes into \(name.value)", "add `\(name.value)` to `hotfix`"))
        case .afterRollback
        where environment.rollback == nil && !context.spec.isBroken("rollback", of: environment.span):
          report(neverOpened(name, "\(name.value) has no rollback", "add `rollback:` to `\(name.value)`"))
        default: break
        }
      }
    }
  }
}

extension UnopenedChecklistRule {
  private static func neverOpened(_ name: Located<String>, _ why: String, _ remedy: String) -> Diagnostic {
    problem(
      "this checklist is never opened for \(name.value)", at: name.span, label: why,
      notes: ["a list becomes an issue at its moment, and this moment never comes"],
      help: ["take `\(name.value)` out of `for`, or \(remedy)"])
  }
}
