import Diagnostics
import ReleaseModel

enum UnusedCheckRule: Rule {
  static let name = "unused-check"
  static let severity = Severity.warning
  static let summary = "Every declared check is asked somewhere."
  static let rationale = """
    A check that is declared and never asked is the most convincing kind of nothing: whoever reads the file sees a \
    security scan, and no release has ever waited for it. Teams have learned from an auditor that a scan had been out \
    of the matrix since a row was renamed, with every release green in between.
    """
  static let failingExample = ExampleSpec.with(
    (
      "ci: { github-checks: [test] }",
      "ci: { github-checks: [test] }\n«scan»: { run: ops/scan.sh, findings: { sarif: build/scan.sarif, at-most: "
        + "{ critical: 0 } } }"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "ci: { github-checks: [test] }",
      "ci: { github-checks: [test] }\nscan: { run: ops/scan.sh, findings: { sarif: build/scan.sarif, at-most: "
        + "{ critical: 0 } } }"
    ), ("verify: [smoke]", "verify: [smoke, scan]"),
    ("smoke: { prod: required }", "smoke: { prod: required }\nscan: { prod: required }"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    // Without a matrix, which is one mistake, most checks have no row.
    let hasMatrix = !context.spec.promotion.isEmpty && !context.isBroken("promotion")
    guard hasMatrix || context.plan.environments.allSatisfy({ $0.upstream == nil }) else { return }
    let declared = context.spec.checks.entries.map(\.name)
    for name in context.unused(declared, named: context.spec.namedChecks(context)) {
      if let check = context.checks[name.value] { report(unused(name, check.venue)) }
    }
  }
}

extension UnusedCheckRule {
  private static func unused(_ name: Located<String>, _ venue: Check.Venue) -> Diagnostic {
    let places =
      switch venue {
      case .gitHub: "as a row of `promotion` or under `before` of an environment"
      case .pullRequest: "under `before-merge: { require: […] }`"
      case .environment:
        "under `verify` of an environment, and as a row of `promotion` where a release must wait for it"
      }
    return problem(
      "nothing asks `\(name.value)`", at: name.span, label: "declared and never asked",
      notes: ["it reads as if releases had to pass it, and they do not"],
      help: ["name it \(places)", "or take it out"])
  }
}
