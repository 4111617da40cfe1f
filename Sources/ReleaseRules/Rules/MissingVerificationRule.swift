import Diagnostics
import ReleaseModel

enum MissingVerificationRule: Rule {
  static let name = "missing-verification"
  static let severity = Severity.error
  static let summary = "What proves a version, before and after a rollback and before a promotion, looks at what runs."
  static let rationale = """
    A check that only asks GitHub says the same whatever runs: CI is green for a version that does not start, and stays \
    green when the rollback has left nothing behind. A rollback that was "verified" by it ended with an empty load \
    balancer and a green run. In the same way an environment that verifies nothing passes every version on.
    """
  static let failingExample = ExampleSpec.with(("verify: [smoke, ready]", "verify: [«ci»]"))
  static let passingExample = ExampleSpec.with(("verify: [smoke, ready]", "verify: [smoke]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (name, environment) in context.spec.environments.readable where environment.hotfixOf == nil {
      let rollout = environment.rollout
      if let span = blind(rollout.verify, in: rollout.span, context) {
        report(unproved(span, .rollout, in: name.value))
      }
      if let rollback = environment.rollback, let span = blind(rollback.verify, in: rollback.span, context) {
        report(unproved(span, .rollback, in: name.value))
      }
      judgePromotion(from: name, environment, context, report: report)
    }
  }

  /// What the checks are there for.
  private enum Purpose {
    case rollout
    case rollback
  }

  /// The place of checks none of which looks at the environment.
  private static func blind(_ checks: [Located<String>], in owner: Span, _ context: RuleContext) -> Span? {
    guard let first = checks.first, let last = checks.last, !context.isIncomplete(checks.map(\.span), in: owner)
    else { return nil }
    let venues = checks.map { context.checks[$0.value]?.venue }
    return venues.allSatisfy { $0 == .gitHub } ? first.span.union(last.span) : nil
  }

  /// An environment that others come after says something about a version, unless the matrix asks it for what it does not
  /// run, which is the cell's to say.
  private static func judgePromotion(
    from name: Located<String>, _ environment: EnvironmentSpec, _ context: RuleContext, report: (Diagnostic) -> Void
  ) {
    guard environment.verify.isEmpty, !context.hasUnreadable(in: environment.span),
      let next = context.followers[name.value]
    else { return }
    let asked = context.spec.promotion.readable.contains { criterion, row in
      guard let cell = row.cells.entry(next.name.value),
        cell.value.map({ $0.value.strictness > .notApplicable }) ?? true
      else { return false }
      return context.checks[criterion.value]?.venue == .environment
    }
    if !asked, let after = next.value.after { report(provesNothing(name, next.name.value, after)) }
  }
}

extension MissingVerificationRule {
  private static func unproved(_ checks: Span, _ purpose: Purpose, in environment: String) -> Diagnostic {
    problem(
      purpose == .rollout
        ? "nothing proves the new version in \(environment)"
        : "nothing proves the version that a rollback leaves in \(environment)",
      at: checks, label: "asks GitHub, and not what runs",
      notes: ["the answer is the same when nothing runs at all"],
      help: ["name a check that the running version answers, such as one with `probe: { requests: [GET /health] }`"])
  }

  private static func provesNothing(
    _ environment: Located<String>, _ next: String, _ after: Located<String>
  ) -> Diagnostic {
    problem(
      "\(environment.value) passes every version on to \(next)", at: environment.span, label: "it verifies nothing",
      severity: .warning, related: [.init(span: after.span, label: "\(next) comes after it for its verdict")],
      notes: ["that a version has been there says only that it could be deployed"],
      help: [
        "add `verify:` to \(environment.value) with a check that shows whether the version works, such as `[smoke]`"
      ])
  }
}
