import Diagnostics
import ReleaseModel

extension PolicyJudge {
  func detection(_ budget: TimeSpan, in environment: EnvironmentPlan) -> [Shortfall] {
    overrun(budget, in: environment, own: environment.spec.rollback?.detectionBudget) {
      $0.atWorst
    } words: { worst in
      worst.map { worst in
        { "a bad version can be live in \($0) for \(worst.rounded), and at most \(budget) is asked" }
      }
    } help: {
      "shorten its `over` or `for`, or lower `check-every` or `settle`; `liftlock plan` shows what it comes to"
    }
  }

  func exposure(_ budget: TimeSpan, in environment: EnvironmentPlan) -> [Shortfall] {
    overrun(budget, in: environment, own: environment.spec.rollback?.exposureBudget) {
      $0.worstExposure
    } words: {
      worst in
      worst.map { worst in
        { "a bad version in \($0) can cost as much as \(worst.rounded) of all traffic, and at most \(budget) is asked" }
      }
    } help: {
      "begin with smaller shares, or find it sooner; `liftlock plan` shows it step by step"
    }
  }

  /// The conditions that take longer than a budget, as one shortfall at the slowest of them.
  private func overrun(
    _ budget: TimeSpan, in environment: EnvironmentPlan, own: Located<TimeSpan>?, of measure: (Detection) -> TimeSpan?,
    words: (TimeSpan?) -> ((String) -> String)?, help: () -> String
  ) -> [Shortfall] {
    if isUnclear(environment) || isUnclear(spec.metrics.span) || isUnclear(spec.sources.span) { return [] }
    let measured = environment.detections.map { (span: $0.planned.condition.span, amount: measure($0)) }
    // What is above a stricter budget of the spec's own has been reported by its rule.
    if let own, own.value <= budget, measured.contains(where: { $0.amount.map { $0 > own.value } ?? true }) {
      return []
    }
    let over = measured.filter { $0.amount.map { $0 > budget } ?? true }
    // One that may never be found is the worst of all.
    guard
      let slowest = over.first(where: { $0.amount == nil }) ?? over.max(by: { $0.amount ?? .zero < $1.amount ?? .zero })
    else { return [] }
    return [
      Shortfall(
        code: PolicyCodes.budget, span: slowest.span,
        message: words(slowest.amount) ?? { "a bad version may not be found in \($0) before the release is over" },
        label: slowest.amount.map { "\($0.rounded) until this is met" } ?? "the steps are too short for it",
        related: over.filter { $0.span != slowest.span }.map { other in
          .init(
            span: other.span,
            label: other.amount.map { "\($0.rounded) for this one" } ?? "the steps are too short for it")
        }, help: help(), subject: "\(budget)")
    ]
  }
}
