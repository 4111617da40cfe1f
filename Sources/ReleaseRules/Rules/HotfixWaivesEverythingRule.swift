import Diagnostics
import ReleaseModel

enum HotfixWaivesEverythingRule: Rule {
  static let name = "hotfix-waives-everything"
  static let severity = Severity.error
  static let summary = "A hotfix still has to pass something: an approval or a check."
  static let rationale = """
    A hotfix may leave out what takes too long. One that leaves out everything is a way into production for whoever \
    can push a tag: no review, no test, nobody who has agreed. It is used for a hotfix once, and from then on for \
    every release that is late.
    """
  static let failingExample = example("«prod»", "approvals: Nobody is awake.")
  static let passingExample = example("prod", "")

  private static func example(_ environment: String, _ waived: String) -> RuleExample {
    ExampleSpec.with(
      (
        "promotion:",
        """
        hotfix:
          tag: "hotfix-v*"
          environments:
            staging: {}
            \(environment):
              waives:
                ci: It takes too long.
                smoke: It takes too long.
                \(waived)
        promotion:
        """
      ))
  }

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let spec = context.spec
    for (name, way) in spec.hotfix?.environments.readable ?? [] {
      guard let environment = context.environments[hotfixEnvironment(name.value)]?.value, environment.before.isEmpty,
        !context.hasUnreadable(in: way.span)
      else { continue }
      func blocks(_ column: String) -> Bool {
        spec.promotion.readable.contains { $0.value.cells[column]?.value.isBlocking == true }
      }
      if blocks(name.value), !blocks(hotfixEnvironment(name.value)) { report(open(name, way)) }
    }
  }
}

extension HotfixWaivesEverythingRule {
  private static func open(_ name: Located<String>, _ way: Hotfix.Environment) -> Diagnostic {
    problem(
      "a hotfix gets into \(name.value) without passing anything", at: name.span, label: "nothing is left to stop it",
      related: way.waives.map { .init(span: $0.criterion.span, label: "left out") },
      notes: ["whoever can push a tag of a hotfix can release any commit"],
      help: [
        "keep an approval, such as `approvals: [\(way.approvals.first?.roles.first ?? "owner")]`",
        "or keep one quick check out of `waives`",
      ])
  }
}
