import Diagnostics
import ReleaseModel

enum NeedlessSecretScopeRule: Rule {
  static let name = "needless-secret-scope"
  static let severity = Severity.warning
  static let summary = "No secret is given to an environment in which nothing of the spec needs it."
  static let rationale = """
    Whoever may deploy to an environment may read all of its secrets: a changed build step is enough. A production token \
    that somebody also put into `dev`, because the list was copied, is protected by what protects `dev`. Nothing fails \
    because of it, so nobody looks for it, until the day on which it explains how production was reached.
    """
  static let failingExample = ExampleSpec.with(
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [«staging», prod], purpose: metric queries, rotate: 90d }"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    // What could not be read may be what needs it.
    guard context.isWhole else { return }
    var places: [String: Set<String>] = [:]
    for environment in context.plan.environments {
      for name in SecretUses(in: environment, context).names {
        places[name, default: []].insert(environment.targetName)
      }
    }
    // A hotfix has what the environment has that it goes into.
    let usual = context.plan.environments.filter { !$0.isHotfix }.map(\.name)
    for (name, secret) in context.spec.secrets.readable {
      // One that is needed nowhere is `unused-secret`'s to tell, one that is needed elsewhere only `secret-scope`'s.
      guard let needed = places[name.value], secret.environments.contains(where: { needed.contains($0.value) }) else {
        continue
      }
      for environment in secret.environments
      where !needed.contains(environment.value) && usual.contains(environment.value) {
        report(
          problem(
            "nothing in \(environment.value) needs `\(name.value)`", at: environment.span,
            label: "whoever may deploy here may read it",
            notes: ["it is used in \(spelled(usual.filter(needed.contains)))"],
            help: ["take `\(environment.value)` out, and the secret out of that environment in GitHub's settings"]))
      }
    }
  }
}
