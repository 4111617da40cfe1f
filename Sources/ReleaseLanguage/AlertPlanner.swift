import ReleaseModel

/// Alerts and objectives → what Prometheus is to judge. What it cannot judge is left out; a rule has reported it.
enum AlertPlanner {
  static func alerts(of spec: ReleaseSpec) -> [PlannedAlert] {
    spec.alerts.readable.compactMap { name, alert in
      guard let statement = alert.condition.metric, let metric = prometheusMetric(statement.metric.value, spec),
        case .fixed(let threshold)? = EnvironmentPlanner.bound(statement, metric.metric)
      else { return nil }
      let pending: TimeSpan
      switch alert.condition.sustained {
      case nil: pending = .zero
      case .time(let time): pending = time
      case .checks: return nil
      }
      // Five minutes are Prometheus' custom; a shorter `for` asks for a shorter look, but never at fewer than four samples.
      let usual = pending > .zero ? min(pending, .minutes(5)) : .minutes(5)
      let window = statement.over?.value ?? max(usual, metric.source.resolution * 4, .minutes(1))
      return PlannedAlert(
        name: name.value, alert: alert, metric: metric, statement: statement, threshold: threshold, window: window,
        pending: pending, firesWithoutData: alert.firesWithoutData ?? !statement.comparison.isUpward)
    }
  }

  static func objectives(of spec: ReleaseSpec) -> [PlannedObjective] {
    spec.slos.readable.compactMap { name, slo in
      guard let metric = prometheusMetric(slo.metric.value, spec), let goal = goal(slo.goal, metric.metric) else {
        return nil
      }
      let usual: TimeSpan = if case .budget = goal { .hours(24) * 30 } else { .hours(1) }
      return PlannedObjective(name: name.value, metric: metric, goal: goal, window: slo.over?.value ?? usual)
    }
  }

  private static func goal(_ goal: ServiceLevelObjective.Goal, _ metric: Metric) -> PlannedObjective.Goal? {
    switch goal {
    case .objective(let share):
      guard case .ratio = metric.reading.value else { return nil }
      // Nine places are what a spec can write; 100 − 99.9 is not 0.1 for a computer.
      return .budget(((100 - share.value.value) * 10_000_000).rounded() / 1_000_000_000)
    case .below(let limit):
      return limit.value.value(in: metric.unit).map { .broken(when: .atLeast, $0) }
    case .above(let limit):
      return limit.value.value(in: metric.unit).map { .broken(when: .atMost, $0) }
    }
  }

  private static func prometheusMetric(_ name: String, _ spec: ReleaseSpec) -> NamedMetric? {
    guard let metric = spec.metric(name), case .prometheus = metric.source.kind else { return nil }
    let answers = metric.metric.reading.value.queries.map { ServiceQuery.text($0, window: .minutes(5)) }
    return answers.allSatisfy { if case .success = $0 { true } else { false } } ? metric : nil
  }
}
