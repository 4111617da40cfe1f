import Diagnostics
import ReleaseModel

enum SecretScopeRule: Rule {
  static let name = "secret-scope"
  static let severity = Severity.error
  static let summary =
    "Every secret is declared for every environment in which a rollout or a rollback needs it."
  static let rationale = """
    A secret that an environment does not have is an empty string there, not an error: a query without a token, a \
    login as nobody. It shows when it is used for the first time, and for what only a rollback needs that is the first \
    rollback. The setup that Liftlock generates asks for exactly the secrets that are declared for an environment.
    """
  static let failingExample = ExampleSpec.with(
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [«staging»], purpose: metric queries, rotate: 90d }"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [staging, prod], purpose: metric queries, rotate: 90d }"
    ),
    (
      "rollback: { when: [smoke fails for 1m], verify: [smoke] }",
      "rollback: { when: [error-rate > 3%], verify: [smoke] }"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let secrets = Dictionary(context.spec.secrets.readable.map { ($0.name.value, $0) }) { first, _ in first }
    let scopes = secrets.mapValues { Set($0.value.environments.map(\.value)) }
    var usual: [String: Set<String>] = [:]
    for environment in context.plan.environments {
      let uses = SecretUses(in: environment, context)
      if !environment.isHotfix { usual[environment.name] = Set(uses.names) }
      for name in uses.names {
        guard let (declared, secret) = secrets[name], let first = secret.environments.first,
          let last = secret.environments.last, scopes[name]?.contains(environment.name) == false,
          !context.isIncomplete(secret.environments.map(\.span), in: secret.span)
        else { continue }
        let intended = context.intended(by: secret.environments, among: context.spec.environments.names)
        if intended.contains(environment.targetName) { continue }
        // A hotfix has the secrets of the environment that it goes into; what is missing there is told there.
        if environment.isHotfix, usual[environment.targetName]?.contains(name) == true { continue }
        report(outOfScope(declared.value, first.span.union(last.span), environment, uses.first(name)))
      }
    }
  }
}

extension SecretScopeRule {
  private static func outOfScope(
    _ secret: String, _ scope: Span, _ environment: EnvironmentPlan, _ use: SecretUses.Use?
  ) -> Diagnostic {
    let onlyForRollback =
      environment.rollbackSecrets.contains { $0.name == secret }
      && !environment.rolloutSecrets.contains { $0.name == secret }
    return problem(
      "`\(secret)` is not declared for \(environment.name), which needs it", at: scope,
      label: "\(environment.targetName) is not among these",
      related: use.map { [.init(span: $0.span, label: $0.label)] } ?? [],
      notes: [
        onlyForRollback
          ? "only a rollback uses it there, so the first rollback would find that it is empty"
          : "a secret that is not there is an empty string, which most programs take without a word"
      ],
      help: ["add `\(environment.targetName)` to `in` of `\(secret)`"])
  }
}
