import ReleaseModel
import TextLayout

/// What takes a release back.
enum TriggerSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let rows = plan.mostImportantFirst.flatMap { environment in
      let detections = environment.detections
      return environment.rollbackWhen.map { condition in
        let detection = detections.first { $0.planned.condition.span == condition.condition.span }
        return row(condition, environment) + [found(detection, condition)]
      }
    }
    if rows.isEmpty { return [] }
    return [
      .heading(.triggers),
      .table(["Environment", "Condition", "Threshold", "Detected by", "Rolled back by", "Found within"], rows),
      .prose(
        "The machine watches from the first share of traffic to the end of the last step. Before and after that, "
          + "and for "
          + "everything that only a person can see, a person \("rolls back", to: .emergency). “Found within” is the worst "
          + "case, for a version that is only just as bad as the threshold; a worse one is found sooner."),
    ]
  }

  private static func found(_ detection: Detection?, _ condition: PlannedCondition) -> Prose {
    if condition.condition.isManual { return "–" }
    return detection?.atWorst.map { "\(Words.time($0.rounded))" } ?? "perhaps not before the release is over"
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
