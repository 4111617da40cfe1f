import Diagnostics
import ReleaseModel

enum EmptyCellRule: Rule {
  static let name = "empty-cell"
  static let severity = Severity.error
  static let summary = "Every criterion of the promotion matrix says something about every environment."
  static let rationale = """
    An empty cell can mean "we decided that it does not matter" or "nobody thought of it", and at three in the morning \
    nobody can tell which. A criterion that was added for staging and forgotten for prod lets a version that failed \
    its security scan reach customers, with every workflow green. Silence is no policy: write what is asked, or that \
    it does not apply and why.
    """
  static let failingExample = ExampleSpec.with(
    ("ci: { prod: required }", "ci: { staging: required, prod: required }"),
    ("smoke: { prod: required }", "«smoke»: { prod: required }"),
    ("approvals: { prod: [owner] }", "«approvals»: { prod: [owner] }"))
  static let passingExample = ExampleSpec.with(
    ("ci: { prod: required }", "ci: { staging: required, prod: required }"),
    ("smoke: { prod: required }", "smoke: { staging: { not-applicable: nothing runs before it }, prod: required }"),
    (
      "approvals: { prod: [owner] }",
      "approvals: { staging: { not-applicable: only synthetic data is there }, prod: [owner] }"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let spec = context.spec
    if spec.promotion.isEmpty {
      reportMissingMatrix(context, report: report)
      return
    }
    // What a hotfix does not say about a row is as usual, so nothing is missing there.
    let columns = spec.environments.entries.filter { entry in
      entry.value?.hotfixOf == nil && (entry.value?.after != nil || context.columns.contains(entry.name.value))
    }
    for (criterion, row) in spec.promotion.readable {
      let written = Set(row.cells.names)
      let intended = context.intended(by: row.cells.entries.map(\.name), among: spec.environments.names)
      for column in columns where !written.contains(column.name.value) && !intended.contains(column.name.value) {
        report(emptyCell(criterion, column.name, spec))
      }
    }
  }

  private static func reportMissingMatrix(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let promoted = context.spec.environments.readable.compactMap { entry in
      entry.value.after.map { (name: entry.name, after: $0) }
    }
    guard let first = promoted.first, !context.isBroken("promotion") else { return }
    let written = context.spec.promotion.span
    report(missingMatrix(at: written.isEmpty ? first.after.span : written, into: promoted.map(\.name)))
  }
}

extension EmptyCellRule {
  private static func emptyCell(
    _ criterion: Located<String>, _ environment: Located<String>, _ spec: ReleaseSpec
  ) -> Diagnostic {
    let name = environment.value
    let role = spec.roles.names.first ?? "owner"
    let words =
      criterion.value == approvalsCriterion
      ? "the roles that approve, such as `\(name): [\(role)]`"
      : "`\(name): required`, `\(name): recommended` or `\(name): optional`"
    return problem(
      "`\(criterion.value)` says nothing about `\(name)`", at: criterion.span, label: "no cell for `\(name)`",
      related: [.init(span: environment.span, label: "versions are promoted into it")],
      notes: ["an empty cell is no policy: nobody can tell whether it was waived or forgotten"],
      help: ["write \(words)", "where it does not apply, say why: `\(name): { not-applicable: … }`"])
  }

  private static func missingMatrix(at span: Span, into environments: [Located<String>]) -> Diagnostic {
    let names = spelled(environments.map(\.value))
    return problem(
      "nothing says what a version must have proved before it is promoted into \(names)", at: span,
      label: "a promotion without criteria",
      related: environments.map { .init(span: $0.span, label: "promoted into") },
      notes: ["without a matrix any version that was started before it goes on, whatever became of it"],
      help: [
        "add the matrix: `promotion:` with a row for each criterion, such as "
          + "`ci: { \(environments.map { "\($0.value): required" }.joined(separator: ", ")) }`"
      ])
  }
}
