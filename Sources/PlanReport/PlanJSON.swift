import Diagnostics
import ReleaseModel

extension PlanReport {
  /// For programs: one object with `version` (1). All times are whole seconds, rounded up; a time that nothing bounds is
  /// `null`.
  public static func json(_ plan: ReleasePlan) -> String {
    JSONValue.object([
      ("version", 1), ("service", .string(plan.service)),
      ("environments", .array(plan.environments.map(value(of:)))),
    ]).text()
  }

  private static func value(of environment: EnvironmentPlan) -> JSONValue {
    .object([
      ("name", .string(environment.name)),
      ("after", environment.upstream.map(JSONValue.string) ?? .null),
      ("strategy", .string(environment.strategy.rawValue)),
      ("shortestSeconds", seconds(environment.bestCase)),
      ("longestSeconds", seconds(environment.worstCase)),
      ("phases", .array(rows(environment).map(value(of:)))),
      ("detections", .array(environment.detections.map { value(of: $0, in: environment) })),
      ("noDataSeconds", environment.detections.isEmpty ? .null : seconds(environment.noDataDetection)),
      ("slowestDetectionSeconds", seconds(environment.slowestDetection)),
      ("worstExposureSeconds", seconds(environment.worstExposure)),
    ])
  }

  private static func value(of row: Row) -> JSONValue {
    let phase = row.phase
    return .object([
      ("kind", .string(phase.kind.rawValue)),
      ("weight", phase.weight.map(JSONValue.int) ?? .null),
      ("shortestSeconds", seconds(phase.shortest)),
      ("longestSeconds", seconds(phase.longest)),
      ("checks", .array(phase.checks.map { .string($0.name) })),
      ("watched", texts(phase.watched)),
      ("required", texts(phase.required)),
      ("approvalBy", .array((phase.approval?.roles ?? []).map { .string($0) })),
      ("text", .string(row.what)),
    ])
  }

  private static func value(of detection: Detection, in environment: EnvironmentPlan) -> JSONValue {
    let steps = environment.heldSteps.indices.map { index in
      JSONValue.object([
        ("weight", .int(environment.heldSteps[index].weight)),
        ("fromShiftSeconds", seconds(detection.fromShift[index])),
        ("exposureSeconds", seconds(detection.exposureFromShift[index])),
      ])
    }
    return .object([
      ("condition", .string(detection.planned.condition.text)),
      ("atWorstSeconds", seconds(detection.atWorst)),
      ("worstExposureSeconds", seconds(detection.worstExposure)),
      ("steps", .array(steps)),
    ])
  }

  private static func texts(_ conditions: [PlannedCondition]) -> JSONValue {
    .array(conditions.map { .string($0.condition.text) })
  }

  private static func seconds(_ time: TimeSpan?) -> JSONValue { time.map { .int($0.seconds) } ?? .null }
}
