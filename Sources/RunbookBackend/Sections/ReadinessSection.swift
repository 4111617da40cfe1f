import ReleaseModel
import TextLayout

/// The evidence without which the service is not ready.
enum ReadinessSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    if plan.readiness.isEmpty { return [] }
    return [.heading(.readiness)] + plan.readiness.flatMap { blocks($0, plan) }
  }

  private static func blocks(_ named: NamedReadiness, _ plan: ReleasePlan) -> [Markdown.Block] {
    let rows = named.readiness.evidence.readable.map { _, evidence -> [Prose] in
      [
        .text(evidence.title), "\(code: evidence.artifact), \(code: evidence.file)", "\(code: evidence.healthy.value)",
        evidence.maximumAge.map { "\($0)" } ?? "any",
      ]
    }
    let workflow = "\(plan.service)-readiness-\(named.name).yml"
    let schedule: Prose =
      named.readiness.schedule.map { "runs at \(code: $0.value) (cron, UTC) and on demand" } ?? "runs on demand"
    return [
      .prose(
        "\(code: workflow) \(schedule). It fails unless the newest artifact of each name is there, young enough, and its filter "
          + "gives \(code: "true")."),
      .table(["Evidence", "Artifact and file", "Healthy when", "How old at most"], rows),
      .bash(["gh workflow run \(workflow)", "ops/\(plan.service)/readiness.sh \(named.name)"]),
    ]
  }
}
