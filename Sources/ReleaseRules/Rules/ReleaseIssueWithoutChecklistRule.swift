import Diagnostics
import ReleaseModel

enum ReleaseIssueWithoutChecklistRule: Rule {
  static let name = "release-issue-without-checklist"
  static let severity = Severity.error
  static let summary = "A check of the release issue is asked only where there is a release issue."
  static let rationale = """
    The release issue is made from the checklists that come before a release. Where an environment has none, nobody \
    can open the issue, and the check refuses every release. A pull request has no tag yet, so it has no release issue \
    either.
    """
  static let failingExample = ExampleSpec.with(
    ("ci: { github-checks: [test] }", "ci: { github-checks: [test] }\nissue: { release-issue: { open-for: 24h } }"),
    ("after: staging", "after: staging\nbefore: [«issue»]"))
  static let passingExample = ExampleSpec.with(
    ("ci: { github-checks: [test] }", "ci: { github-checks: [test] }\nissue: { release-issue: { open-for: 24h } }"),
    ("after: staging", "after: staging\nbefore: [issue]"),
    ("promotion:", "checklists:\n  day: { for: [prod], before: 24h, items: [Tell support.] }\npromotion:"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    func isIssue(_ name: String) -> Bool {
      if case .releaseIssue? = context.checks[name]?.kind { true } else { false }
    }
    for use in context.spec.beforeMerge?.require ?? [] where isIssue(use.value) {
      report(
        problem(
          "a pull request has no release issue", at: use.span, label: "asked before the merge",
          notes: ["the release issue belongs to a tag, and a pull request has none yet"],
          help: ["ask for it in `before` or the promotion matrix of an environment"]))
    }
    guard !context.isBroken("checklists") else { return }
    let readable = context.spec.checklists.entries.count == context.spec.checklists.readable.count
    for environment in context.plan.environments where readable && environment.checklistsBefore.isEmpty {
      // A hotfix asks what its environment asks: one cause, one report.
      if environment.isHotfix { continue }
      let written = environment.spec.before.filter { isIssue($0.value) }
      let cells = context.spec.promotion.readable.filter { isIssue($0.name.value) }.compactMap { row in
        row.value.cells[environment.name].flatMap {
          $0.value.strictness > .notApplicable ? Located(row.name.value, at: $0.span) : nil
        }
      }
      for use in written + cells { report(withoutChecklist(use, environment.name)) }
    }
  }
}

extension ReleaseIssueWithoutChecklistRule {
  private static func withoutChecklist(_ use: Located<String>, _ environment: String) -> Diagnostic {
    problem(
      "releases into \(environment) have no release issue", at: use.span,
      label: "no checklist comes before a release into \(environment)",
      notes: ["the issue is made from the checklists that come before a release, so this check would refuse each one"],
      help: ["write a checklist with `for: [\(environment)]` and `before`, or leave this check out"])
  }
}
