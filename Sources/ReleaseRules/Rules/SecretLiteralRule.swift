import Diagnostics
import ReleaseModel

enum SecretLiteralRule: Rule {
  static let name = "secret-literal"
  static let severity = Severity.error
  static let summary = "No credential of a known shape stands in the file."
  static let rationale = """
    What is in a repository is on every machine that ever cloned it, in its history and in the caches of its mirrors. \
    A token written into a spec is public the day the repository is, and is copied from there into workflows, scripts \
    and runbooks. Robots find such tokens within minutes of a push.
    """
  static let failingExample = ExampleSpec.with(
    ("service: shop", "service: shop\nsummary: Errors are on «https://dashboard:hunter2@metrics.shop.example» for all.")
  )
  static let passingExample = ExampleSpec.with(
    ("service: shop", "service: shop\nsummary: Errors are on https://metrics.shop.example for all."))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for scalar in context.scalars {
      let text = Array(scalar.value.utf8)
      for finding in SecretShape.findings(in: text) { report(literal(finding, place(of: finding, text, scalar.span))) }
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
