import ReleaseModel
import TextLayout

/// What Prometheus calls people for, and what they do then.
enum AlertSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    if plan.alerts.isEmpty, plan.objectives.isEmpty { return [] }
    return [
      .heading(.alerts),
      .prose(
        "Prometheus judges these all the time, from \(code: "monitoring/\(plan.service).rules.yml"), for all tracks and "
          + "versions together. A critical alert means now, a warning can wait for working hours."),
      .table(["Alert", "Severity", "Fires when", "Do this"], (plan.alerts.map { row($0, plan) } + burns(plan))),
    ] + paths(plan) + objectives(plan)
  }

  /// What a pager shows is only a link where the spec names a whole address.
  private static func paths(_ plan: ReleasePlan) -> [Markdown.Block] {
    let all = plan.alerts.map { $0.alert.runbook } + plan.objectives.map { _ in nil }
    if all.allSatisfy({ $0?.hasPrefix("https://") == true }) { return [] }
    return [
      .prose(
        "The \(code: "runbook_url") of an alert is a path in this repository, unless the alert's \(code: "runbook") in the "
          + "release spec is a whole https address.")
    ]
  }

  private static func row(_ planned: PlannedAlert, _ plan: ReleasePlan) -> [Prose] {
    [
      "\(code: planned.name)", severity(planned.alert.severity), condition(planned),
      action(planned.alert.severity, planned.alert, plan),
    ]
  }

  private static func condition(_ planned: PlannedAlert) -> Prose {
    let unit = planned.metric.metric.unit
    var words: Prose =
      "\(planned.metric.title) \(ConditionWords.comparison(planned.statement.comparison)) "
      + "\(Words.quantity(Quantity(planned.threshold, unit)))"
    if planned.metric.metric.reading.value.hasWindow { words = words + " over \(planned.window)" }
    if planned.pending > .zero { words = words + ", for \(planned.pending) without a break" }
    if let events = planned.statement.minimumEvents { words = words + ", with at least \(events) events" }
    return planned.firesWithoutData ? words + "; or no data at all" : words
  }

  private static func burns(_ plan: ReleasePlan) -> [[Prose]] {
    plan.objectives.flatMap { objective -> [[Prose]] in
      if case .broken = objective.goal {
        return [
          [
            "\(code: objective.brokenName(of: plan.service))", severity(.warning),
            "\(objective.name) is not kept over \(objective.window)", action(.warning, nil, plan),
          ]
        ]
      }
      return objective.burnRates.map { rate in
        [
          "\(code: objective.alertName(of: plan.service, rate))", severity(rate.severity),
          "the error budget of \(objective.name) is used up over \(shortNumber(rate.factor)) times as fast as it lasts, "
            + "over \(rate.long) and still over \(rate.short)",
          action(rate.severity, nil, plan),
        ]
      }
    }
  }

  private static func severity(_ severity: Alert.Severity) -> Prose {
    severity == .critical ? "\(strong: "critical")" : "warning"
  }

  private static func action(_ severity: Alert.Severity, _ alert: Alert?, _ plan: ReleasePlan) -> Prose {
    var words: Prose = ""
    if let role = alert?.role { words = "Call: \(plan.title(ofRole: role.value)). " }
    if let page = alert?.runbook {
      words = words + (page.hasPrefix("https://") ? "See \(url: page). " : "See \(code: page). ")
    }
    return severity == .critical
      ? words + "If a release is on its way or just ended: \("roll back", to: .emergency). Else find the cause now."
      : words + "Look at what changed. It gets worse: \("roll back", to: .emergency)."
  }

  private static func objectives(_ plan: ReleasePlan) -> [Markdown.Block] {
    if plan.objectives.isEmpty { return [] }
    let rows = plan.objectives.map { objective -> [Prose] in
      let promise: Prose
      switch objective.goal {
      case .budget(let budget):
        let good = shortNumber(((1 - budget) * 10_000_000_000).rounded() / 100_000_000)
        let bad = shortNumber((budget * 10_000_000_000).rounded() / 100_000_000)
        promise = "\(good)% good events, so \(bad)% may be bad (\(objective.metric.title))"
      case .broken(let comparison, let limit):
        let value = Words.quantity(Quantity(limit, objective.metric.metric.unit))
        promise = "\(objective.metric.title) \(comparison.isUpward ? "below" : "above") \(value)"
      }
      return ["\(code: objective.name)", promise, "\(objective.window)"]
    }
    return [.heading(.objectives), .table(["Objective", "What is promised", "Over"], rows)]
  }
}
