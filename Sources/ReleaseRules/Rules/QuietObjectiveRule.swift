import Diagnostics
import ReleaseModel

enum QuietObjectiveRule: Rule {
  static let name = "quiet-objective"
  static let severity = Severity.warning
  static let summary = "Every objective can be missed fast enough that somebody is called."
  static let rationale = """
    The alerts of an objective fire when its error budget is used up several times as fast as it lasts. With an objective of \
    9.99 %, written for 99.9 %, nine events of ten may be bad: not even a complete outage uses that up six times as fast. \
    The page is generated with the promise in it, and there is no alert that calls anybody.
    """
  private static func objective(_ value: String) -> RuleExample {
    ExampleSpec.with(("promotion:", "slos:\n  availability: { objective: \(value), metric: error-rate }\npromotion:"))
  }
  static let failingExample = objective("«9.99%»")
  static let passingExample = objective("99.9%")

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for planned in context.plan.objectives {
      guard case .budget = planned.goal, !planned.burnRates.contains(where: { $0.severity == .critical }),
        case .objective(let value)? = context.spec.slos[planned.name]?.goal
      else { continue }
      report(
        problem(
          "no outage would call anybody for this objective", at: value.span,
          label: "its error budget is \(spelled(100 - value.value.value, in: .percent))",
          notes: [
            "with everything failing it is not used up six times as fast as it lasts, which is when people are called"
          ],
          help: ["look at the decimal point, and promise more than 83.4%, such as `99.9%`"]))
    }
  }
}
