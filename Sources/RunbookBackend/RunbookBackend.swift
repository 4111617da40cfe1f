import ReleaseModel
import TextLayout

/// Plan → the page that a person opens when a release has to be started, judged or taken back.
public enum RunbookBackend {
  /// The runbook of a service, for example at `docs/runbooks/shop.md`, with the text in GitHub's Markdown.
  public static func runbook(for plan: ReleasePlan) -> (path: String, text: String) {
    (Places(plan).runbook, document(for: plan).rendered)
  }

  /// The runbook as a document, in the order in which a person in trouble needs it.
  static func document(for plan: ReleasePlan) -> Markdown {
    let title: [Markdown.Block] = [.heading(1, [.text("Release runbook: \(plan.service)")])]
    let summary: [Markdown.Block] = plan.spec.summary.map { [.paragraph([.text($0)])] } ?? []
    return Markdown(
      title + summary
        + EmergencySection.blocks(plan)
        + GlanceSection.blocks(plan)
        + CalendarSection.blocks(plan)
        + BeforeMergeSection.blocks(plan)
        + plan.environments.filter { !$0.isHotfix }.flatMap { EnvironmentSection.blocks($0, plan) }
        + HotfixSection.blocks(plan)
        + plan.environments.filter(\.isHotfix).flatMap { EnvironmentSection.blocks($0, plan) }
        + WatchSection.blocks(plan)
        + TroubleSection.blocks(plan)
        + MatrixSection.blocks(plan)
        + RollbackSection.blocks(plan)
        + AlertSection.blocks(plan)
        + DutySection.blocks(plan)
        + NotificationSection.blocks(plan)
        + RoleSection.blocks(plan)
        + SecretSection.blocks(plan)
        + RotationSection.blocks(plan)
        + BackupSection.blocks(plan)
        + DrillSection.blocks(plan)
        + ReadinessSection.blocks(plan)
        + GitHubEnvironmentSection.blocks(plan)
        + LimitSection.blocks(plan)
        + CheckSection.blocks(plan)
        + MetricSection.blocks(plan)
        + EvidenceSection.blocks(plan))
  }
}
