import Diagnostics
import ReleaseModel

enum ExposureBudgetRule: Rule {
  static let name = "exposure-budget"
  static let severity = Severity.error
  static let summary = "A bad version meets no more of the traffic than the spec allows for, until it is taken back."
  static let rationale = """
    Ten minutes at 5% hurt as much as half a minute at 100%. What customers feel is the share of the traffic times how \
    long a bad version has it, and both are set in different places of a spec. A budget in minutes of all traffic is \
    what an error budget is spent in, and a larger second step or a slower condition shows up in it before the release.
    """
  static let failingExample = ExampleSpec.with(
    (
      "when: [error-rate > 3% over 5m]",
      "when: [error-rate > 3% over 5m]\nexposure-budget: «1m»"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "when: [error-rate > 3% over 5m]",
      "when: [error-rate > 3% over 5m]\nexposure-budget: 20m"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for environment in context.plan.environments {
      guard let rollback = environment.spec.rollback, let budget = rollback.exposureBudget else { continue }
      let large = environment.detections.filter { $0.worstExposure.map { $0 > budget.value } ?? true }
      if !large.isEmpty { report(tooMuch(large, budget, environment)) }
    }
  }
}

extension ExposureBudgetRule {
  private static func tooMuch(
    _ large: [Detection], _ budget: Located<TimeSpan>, _ environment: EnvironmentPlan
  ) -> Diagnostic {
    let worst = large.allSatisfy { $0.worstExposure != nil } ? large.compactMap(\.worstExposure).max() : nil
    return problem(
      worst.map { "a bad version in \(environment.name) can cost as much as \($0.rounded) of all traffic" }
        ?? "a bad version may not be found in \(environment.name) before the release is over", at: budget.span,
      label: "the spec allows \(budget.value)",
      related: large.map { detection in
        .init(
          span: detection.planned.condition.span,
          label: detection.worstExposure.map { "\($0.rounded) until this is met" } ?? "the steps are too short for it")
      },
      notes: [
        "the share of the traffic times how long it has it, at worst; `liftlock plan` shows it step by step"
      ],
      help: ["begin with smaller shares, or find it sooner: a shorter `over` or `for`, a lower `check-every`"])
  }
}
