import ReleaseModel
import TextLayout

/// What the machinery cannot do.
enum LimitSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    if plan.environments.isEmpty { return [] }
    var limits: [Prose] = [
      "One release runs in an environment, and one may wait. GitHub cancels the waiting one when a newer one "
        + "arrives. Start the cancelled one again if you still want it.",
      "Cancelling a run takes its release back. Force-cancelling does not: it skips even the job that guards the "
        + "release. After a force-cancel, look at \(code: "--status") and \("roll back yourself", to: .emergency).",
      "When a machine is lost in the middle of a release, the guard job takes over from the marker on the target. "
        + "If GitHub is down as well, nothing does: use the script.",
      "An environment that is missing on GitHub is created by the first run that names it, without any protection. "
        + "A release that needs an approval stops there, because nobody gave it; one that needs secrets stops in its "
        + "preflight. Set the environment up and run again.",
      "The first release into an environment has nothing to go back to, so it is refused: bring the first version "
        + "up by hand.",
      "A rollback brings back the version, not the data.",
    ]
    if plan.environments.contains(where: { !$0.approvals.isEmpty }) {
      limits.append(
        "Private repositories without GitHub Enterprise have no reviewers: no release that needs an approval can "
          + "pass there."
      )
    }
    return [.heading(.limits), .bullets(limits)]
  }
}
