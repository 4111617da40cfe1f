import ReleaseModel

/// Alerts on how fast an error budget is used up. Each looks at a long window, so that a blip calls nobody, and at a short
/// one, so that it is over soon after the trouble is.
enum BurnRateRules {
  static func rules(_ objective: PlannedObjective, _ plan: ReleasePlan) -> [Rule] {
    guard case .budget(let budget) = objective.goal else { return [] }
    let rates = objective.burnRates
    let windows = Set(rates.flatMap { [$0.long, $0.short] }).sorted()
    let recordings = windows.compactMap { window -> Rule? in
      guard let share = MetricExpression.badShare(objective.metric, window) else { return nil }
      return .recording(
        name: record(objective, window, plan), expression: "(\n\(share)\n)\n/ \(shortNumber(budget))")
    }
    return recordings + rates.map { .alert(rule(objective, $0, budget, plan)) }
  }

  private static func record(_ objective: PlannedObjective, _ window: TimeSpan, _ plan: ReleasePlan) -> String {
    let service = plan.service.split(separator: "-", omittingEmptySubsequences: false).joined(separator: "_")
    let name = objective.name.split(separator: "-", omittingEmptySubsequences: false).joined(separator: "_")
    return "\(service):\(name):burn_rate_\(window)"
  }

  private static func rule(
    _ objective: PlannedObjective, _ rate: BurnRate, _ budget: Double, _ plan: ReleasePlan
  ) -> AlertRule {
    let factor = shortNumber(rate.factor)
    let long = record(objective, rate.long, plan)
    let short = record(objective, rate.short, plan)
    let share = shortNumber((budget * 100_000_000_000).rounded() / 1_000_000_000)
    let description: Template = """
      Over \(rate.long.description) the error budget (\(share)% in \(objective.window.description)) is used up \
      \(valueWith: 2) times as fast as it lasts.
      """
    let isGood = if case .ratio(_, _, true) = objective.metric.metric.reading.value { true } else { false }
    let drive = Drive(metric: objective.metric, window: rate.long, pending: .zero, events: nil)
    return AlertRule(
      name: objective.alertName(of: plan.service, rate),
      expression: "\(long) > \(factor)\nand \(short) > \(factor)", pending: .zero,
      labels: [("severity", rate.severity.rawValue), ("service", plan.service)],
      annotations: [
        (
          "summary",
          Template(
            "\(plan.service) uses up the error budget of \(objective.name) "
              + (rate.factor == 1 ? "faster than it lasts" : "over \(factor) times as fast as it lasts"))
        ),
        ("description", description), ("runbook_url", Template(ThresholdRules.runbook(plan))),
      ],
      scenarios: drive.burns(rate.factor, budget: budget, short: rate.short, isGood: isGood), undriven: drive.problem)
  }
}
