import Diagnostics
import ReleaseModel

enum RepeatedAddressRule: Rule {
  static let name = "repeated-address"
  static let severity = Severity.error
  static let summary =
    "Every environment, and every new version before it has traffic, is reached at an address of its own."
  static let rationale = """
    A probe says what answers at an address. With the address of staging in production, production is proved by staging; with \
    the public address in the place of the canary's, a canary that refuses every request is proved by the version before, \
    and is noticed when it has all the traffic. Both come from one copied line.
    """
  static let failingExample = ExampleSpec.with(("url: https://shop.example", "url: «https://staging.shop.example»"))
  static let passingExample = ExampleSpec.with(("url: https://shop.example", "url: https://www.shop.example"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var seen: [String: (name: String, span: Span)] = [:]
    for environment in context.plan.environments where !environment.isHotfix {
      guard let url = environment.spec.url else { continue }
      if let other = seen[url.value] {
        report(
          problem(
            "\(environment.name) and \(other.name) have one address", at: url.span,
            label: "the checks of \(environment.name) would ask \(other.name)",
            related: [.init(span: other.span, label: "the same")],
            notes: ["whichever of the two answers, the other one is proved by it"],
            help: ["write the address of \(environment.name)"]))
      } else {
        seen[url.value] = (environment.name, url.span)
      }
      for case .set(.candidateURL, let address) in environment.operations.address
      where address == Word(url.value) || address == Word(url.value + "/") {
        report(
          problem(
            "the new version has the address of the environment", at: environment.spec.deploySpan,
            label: "probes of the new version would ask whichever version answers",
            related: [.init(span: url.span, label: "where customers reach it")],
            notes: ["at 5% that is the version before, nineteen times of twenty"],
            help: ["write the address at which only the new version answers, or leave it out if there is none"]))
      }
    }
  }
}
