import Diagnostics
import ReleaseModel

enum SecretRotationRule: Rule {
  static let name = "secret-rotation"
  static let severity = Severity.error
  static let summary =
    "Every secret says how often it is replaced: high-risk ones within 30 days, others within a year."
  static let rationale = """
    A credential that leaked unnoticed stays useful until it is replaced, so the interval bounds the damage. It is \
    also the rehearsal: a secret that has never been replaced breaks the release on the day when it has to be, in the \
    middle of an incident. A secret without an interval is only warned about.
    """
  static let judgement: String? =
    "The longest intervals are a convention; a contract or the system that gives out the credential may set another one."
  static let failingExample = ExampleSpec.with(
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, risk: high, rotate: «90d» }"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, risk: high, rotate: 30d }"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (name, secret) in context.spec.secrets.readable {
      let days = secret.risk == .high ? 30 : 365
      if let rotation = secret.rotation {
        if rotation.value > .hours(days * 24) { report(tooRare(name, secret, rotation, days)) }
      } else if !context.spec.isBroken("rotate", of: secret.span) {
        report(unplanned(name, days))
      }
    }
  }
}

extension SecretRotationRule {
  private static func tooRare(
    _ name: Located<String>, _ secret: Secret, _ rotation: Located<TimeSpan>, _ days: Int
  ) -> Diagnostic {
    problem(
      secret.risk == .high
        ? "`\(name.value)` is high-risk and is replaced only every \(rotation.value)"
        : "`\(name.value)` is replaced only every \(rotation.value)",
      at: rotation.span, label: "at most \(days)d",
      related: [.init(span: name.span, label: secret.risk == .high ? "of high risk" : "of standard risk")],
      notes: ["until then, whoever got hold of it can use it"],
      help: [
        secret.risk == .high
          ? "write `rotate: 30d`, or use a credential that can do less and needs no `risk: high`"
          : "write `rotate: 365d` or less"
      ])
  }

  private static func unplanned(_ name: Located<String>, _ days: Int) -> Diagnostic {
    problem(
      "nothing says how often `\(name.value)` is replaced", at: name.span, label: "it has no `rotate`",
      severity: .warning,
      notes: ["a secret that is never replaced is as safe as the least careful place it was ever copied to"],
      help: ["add `rotate:` with \(days) days at most, such as `rotate: \(min(days, 90))d`"])
  }
}
