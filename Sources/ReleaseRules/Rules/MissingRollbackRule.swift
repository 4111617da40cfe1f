import Diagnostics
import ReleaseModel

enum MissingRollbackRule: Rule {
  static let name = "missing-rollback"
  static let severity = Severity.error
  static let summary = "Every environment says when and how a version is taken back."
  static let rationale = """
    The way back is needed when there is no time to think about it. Without a declared rollback nothing watches the \
    new version, nothing takes the traffic away from it, and the person on call types commands from memory into \
    production. Most of a long outage is usually the time between "it was the release" and having the old version \
    back.
    """
  static let failingExample = ExampleSpec.with(
    ("prod:", "«prod»:"), ("rollback:", ""), ("when: [error-rate > 3% over 5m]", ""), ("verify: [smoke, ready]", ""))
  static let passingExample = ExampleSpec.with(
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m]"),
    ("verify: [smoke, ready]", "verify: [smoke, ready]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (name, environment) in context.spec.environments.readable {
      guard environment.rollback == nil, !context.spec.isBroken("rollback", of: environment.span) else { continue }
      report(noRollback(name))
    }
  }
}

extension MissingRollbackRule {
  private static func noRollback(_ environment: Located<String>) -> Diagnostic {
    problem(
      "nothing takes a bad version back in \(environment.value)", at: environment.span, label: "it has no `rollback`",
      notes: ["the rollout would watch nothing, and the rollback script and its runbook page would not exist"],
      help: [
        "add `rollback:` with the conditions and what proves the version before, such as "
          + "`rollback: { when: [error-rate > 5% over 5m], verify: [smoke] }`"
      ])
  }
}
