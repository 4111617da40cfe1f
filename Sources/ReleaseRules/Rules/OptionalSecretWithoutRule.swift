import Diagnostics
import ReleaseModel

enum OptionalSecretWithoutRule: Rule {
  static let name = "optional-secret-without"
  static let severity = Severity.error
  static let summary = "Every optional secret says what happens without it."
  static let rationale = """
    Optional means that a release goes on without it, and does less. If nobody wrote down what is left out, nobody \
    notices that the announcement has not been sent since spring, or that the smoke probe has been running without its \
    token and only sees the login page.
    """
  static let failingExample = ExampleSpec.with(
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }\n"
        + "«ANNOUNCE_URL»: { in: [prod], purpose: announcements, rotate: 90d, optional: true }"
    ),
    ("environments:", "notify: { team: { slack: ANNOUNCE_URL, on: [failed], in: [prod] } }\nenvironments:"))
  static let passingExample = ExampleSpec.with(
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }\n"
        + "ANNOUNCE_URL:\n  in: [prod]\n  purpose: announcements\n  rotate: 90d\n  optional: true\n"
        + "  without: the announcement stands in the job summary only"
    ),
    ("environments:", "notify: { team: { slack: ANNOUNCE_URL, on: [failed], in: [prod] } }\nenvironments:"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (name, secret) in context.spec.secrets.readable where secret.isOptional && secret.without == nil {
      if !context.spec.isBroken("without", of: secret.span) { report(unexplained(name)) }
    }
  }
}

extension OptionalSecretWithoutRule {
  private static func unexplained(_ name: Located<String>) -> Diagnostic {
    problem(
      "nothing says what happens without `\(name.value)`", at: name.span, label: "optional, and has no `without`",
      notes: ["a release would do less than it seems to, and nobody could read it anywhere"],
      help: [
        "add `without:`, such as `without: the announcement stands in the job summary only`", "or take `optional` out",
      ])
  }
}
