import Diagnostics
import ReleaseModel

enum SecretLiteralRule: Rule {
  static let name = "secret-literal"
  static let severity = Severity.error
  static let summary =
    "No credential of a known shape stands in the file, and no address in the place of a secret's name."
  static let rationale = """
    What is in a repository is on every machine that ever cloned it, in its history and in the caches of its mirrors. \
    A token written into a spec is public the day the repository is, and is copied from there into workflows, scripts \
    and runbooks. Robots find such tokens within minutes of a push. An address of a webhook is such a token: who knows it \
    can use it.
    """
  static let failingExample = ExampleSpec.with(
    ("service: shop", "service: shop\nsummary: Errors are on «https://dashboard:hunter2@metrics.shop.example» for all.")
  )
  static let passingExample = ExampleSpec.with(
    ("service: shop", "service: shop\nsummary: Errors are on https://metrics.shop.example for all."))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var literals: Set<Span> = []
    for scalar in context.scalars {
      let text = Array(scalar.value.utf8)
      for finding in SecretShape.findings(in: text) {
        literals.insert(scalar.span)
        report(literal(finding, place(of: finding, text, scalar.span)))
      }
    }
    for secret in context.spec.namedSecrets where Secret.isAddress(secret.value) {
      // What needs a secret may be as long as a whole target; the address itself is what has to be replaced.
      let places = context.scalars.filter { $0.value == secret.value && secret.span.contains($0.span) }.map(\.span)
      for span in places.isEmpty ? [secret.span] : places where literals.insert(span).inserted { report(address(span)) }
    }
  }

  /// The place of the credential alone where the text stands in the file as it is, otherwise that of the whole text.
  private static func place(of finding: SecretShape.Finding, _ text: [UInt8], _ span: Span) -> Span {
    let quotes = span.count - text.count
    guard quotes == 0 || quotes == 2 else { return span }
    let start = span.start + quotes / 2
    return Span(start: start + finding.range.lowerBound, end: start + finding.range.upperBound)
  }
}

extension SecretLiteralRule {
  private static func address(_ span: Span) -> Diagnostic {
    problem(
      "an address stands here in place of the name of a secret", at: span, label: "the name of a secret belongs here",
      notes: ["who reads the file could use it, and it would be looked for among the secrets"],
      help: [
        "store the address as a secret of the environment, declare it under `secrets`, and write its name here",
        "if the address alone is enough to get in, replace it where it was issued",
      ])
  }

  // The message never repeats what was found: it is read in logs.
  private static func literal(_ finding: SecretShape.Finding, _ span: Span) -> Diagnostic {
    problem(
      "\(finding.what) stands in the file", at: span, label: "looks like \(finding.what)",
      notes: ["taking it out does not take it back: it stays in the history of the repository"],
      help: [
        "replace the credential where it was issued, now",
        "store the new one as a secret of the environment, declare it under `secrets`, and write its name here",
      ])
  }
}
