import Diagnostics
import ReleaseModel

enum UnusedSecretRule: Rule {
  static let name = "unused-secret"
  static let severity = Severity.warning
  static let summary = "Every declared secret is used by something."
  static let rationale = """
    A secret that nothing uses is still created, copied into every environment that it is declared for and rotated, \
    and it can still leak. Most often it is what is left of a tool that was replaced, and its credentials still open \
    something.
    """
  static let failingExample = ExampleSpec.with(
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }\n"
        + "«SMOKE_TOKEN»: { in: [prod], purpose: authenticated probes, rotate: 90d }"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }\n"
        + "SMOKE_TOKEN: { in: [staging, prod], purpose: authenticated probes, rotate: 90d }"
    ),
    (
      "smoke: { probe: { requests: [GET /health] } }",
      "smoke: { probe: { requests: [GET /health], bearer: SMOKE_TOKEN } }"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    guard context.isWhole else { return }
    let named = context.spec.namedSecrets
    // Where an address stands in the place of a name, the name may be this one.
    if named.contains(where: { Secret.isAddress($0.value) }) { return }
    let used = Set(named.map(\.value)).union(context.intended(by: named, among: context.spec.secrets.names))
    for entry in context.spec.secrets.entries where !used.contains(entry.name.value) { report(unused(entry.name)) }
  }
}

extension UnusedSecretRule {
  private static func unused(_ secret: Located<String>) -> Diagnostic {
    problem(
      "nothing uses `\(secret.value)`", at: secret.span, label: "declared and never named",
      notes: ["it would be asked for, stored and rotated all the same"],
      help: ["take it out here and in GitHub's settings, or name it where it is needed"])
  }
}
