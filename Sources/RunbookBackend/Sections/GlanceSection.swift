import ReleaseModel
import TextLayout

/// All environments in one table and one picture.
enum GlanceSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let rows = plan.environments.map { environment -> [Prose] in
      [
        "\(code: environment.name)",
        TriggerWords.short(environment.spec.trigger),
        environment.upstream.map { "\(code: $0)" } ?? "–",
        .text(RolloutWords.short(environment)),
        approvals(environment, plan),
        environment.spec.window.map { .text($0.text) } ?? "always",
        "\(environment.holdTotal) to \(environment.worstCase)",
      ]
    }
    return [
      .heading(.glance),
      .table(["Environment", "Started by", "After", "Rollout", "Approvals", "Window", "Takes"], rows),
      .prose(
        "“Takes” counts from the last approval. The shorter time is the holds alone. The longer one has every "
          + "check run into "
          + "its timeout, every judged hold extended once for missing data, and \(TimeSpan.minutes(20)) for the "
          + "platform."
      ),
      .prose(
        "What is promoted is \(code: plan.spec.artifact.image.value) with its digest: built once, and the same "
          + "bytes everywhere."
      ),
      .mermaid(PromotionDiagram.source(plan)),
    ] + links(plan)
  }

  private static func links(_ plan: ReleasePlan) -> [Markdown.Block] {
    let links = plan.spec.guidance.links
    if links.isEmpty { return [] }
    return [.prose("At hand:"), .bullets(links.map { "\($0.title, url: $0.address)" })]
  }

  private static func approvals(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> Prose {
    if environment.approvals.isEmpty { return "none" }
    return environment.approvals.map { approval in
      Prose.text(approval.roles.map(plan.title(ofRole:)).joined(separator: "/"))
    }.joined(" + ")
  }
}
