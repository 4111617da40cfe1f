import ReleaseModel
import TextLayout

/// What takes a release back.
enum TriggerSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let rows = plan.mostImportantFirst.flatMap { environment in
      environment.rollbackWhen.map { row($0, environment) }
    }
    if rows.isEmpty { return [] }
    return [
      .heading(.triggers),
      .table(["Environment", "Condition", "Threshold", "Detected by", "Rolled back by"], rows),
      .prose(
        "The machine watches from the first share of traffic to the end of the last step. Before and after that, "
          + "and for "
          + "everything that only a person can see, a person \("rolls back", to: .emergency)."),
    ]
  }

  private static func row(_ condition: PlannedCondition, _ environment: EnvironmentPlan) -> [Prose] {
    let every = environment.spec.rollout.checkEvery
    let name: Prose = "\(code: environment.name)"
    switch condition.subject {
    case .metric(let metric, _, _):
      return [
        name, ConditionWords.subject(condition), ConditionWords.threshold(condition),
        "\(SourceWords.name(metric.source)), asked every \(every)", "the machine",
      ]
    case .check:
      return [
        name, ConditionWords.subject(condition), ConditionWords.threshold(condition), "the check, run every \(every)",
        "the machine",
      ]
    case .manual:
      return [name, ConditionWords.subject(condition), "any case", "a person", "a person"]
    }
  }
}
