import Diagnostics
import ReleaseModel

enum DetectionBudgetRule: Rule {
  static let name = "detection-budget"
  static let severity = Severity.error
  static let summary = "Whatever is watched finds a bad version within the time that the spec allows for it."
  static let rationale = """
    How soon a bad version is found is the sum of many small numbers: the window that must fill up, the tick that has \
    just gone by, the minutes for which a condition must hold, the samples that come late. Each is sensible, and \
    together they can be the half hour in which every order fails. A budget says what the team has promised, and holds \
    the sum to it whenever one of the numbers is changed.
    """
  static let failingExample = ExampleSpec.with(
    (
      "when: [error-rate > 3% over 5m]",
      "when: [error-rate > 3% over 5m]\ndetection-budget: «5m»"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "when: [error-rate > 3% over 5m]",
      "when: [error-rate > 3% over 5m]\ndetection-budget: 30m"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for environment in context.plan.environments {
      guard let rollback = environment.spec.rollback, let budget = rollback.detectionBudget else { continue }
      let slow = environment.detections.filter { $0.atWorst.map { $0 > budget.value } ?? true }
      if !slow.isEmpty { report(tooSlow(slow, budget, environment)) }
      let watchesMetrics = environment.rollbackWhen.contains { if case .metric = $0.subject { true } else { false } }
      if slow.isEmpty, watchesMetrics, environment.noDataDetection > budget.value { report(blind(budget, environment)) }
    }
  }
}

extension DetectionBudgetRule {
  private static func tooSlow(
    _ slow: [Detection], _ budget: Located<TimeSpan>, _ environment: EnvironmentPlan
  ) -> Diagnostic {
    let worst = slow.allSatisfy { $0.atWorst != nil } ? slow.compactMap(\.atWorst).max() : nil
    return problem(
      worst.map { "a bad version can be live in \(environment.name) for \($0) before it is taken back" }
        ?? "a bad version may not be found in \(environment.name) before the release is over", at: budget.span,
      label: "the spec allows \(budget.value)",
      related: slow.map { detection in
        .init(
          span: detection.planned.condition.span,
          label: detection.atWorst.map { "\($0) at worst" } ?? "the steps are too short for it")
      },
      notes: [
        "counted are the window, the samples' lateness, the tick (\(environment.spec.rollout.checkEvery)), how long it has "
          + "to hold, and that a change of weight begins anew; `liftlock plan` shows all of it"
      ],
      help: ["shorten its `over` or `for`, or lower `check-every` or `settle`; or allow more"])
  }

  private static func blind(_ budget: Located<TimeSpan>, _ environment: EnvironmentPlan) -> Diagnostic {
    let rollout = environment.spec.rollout
    return problem(
      "a release into \(environment.name) goes on for \(environment.noDataDetection) when its metrics fall silent",
      at: budget.span, label: "the spec allows \(budget.value)",
      notes: [
        "`settle` is \(rollout.settle) and `no-data-limit` is \(rollout.noDataLimit), judged every \(rollout.checkEvery)"
      ],
      help: ["lower `no-data-limit` or `settle`, or allow more"])
  }
}
