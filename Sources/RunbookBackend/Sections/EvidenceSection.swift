import ReleaseModel
import TextLayout

/// The record of each release.
enum EvidenceSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let written: Prose =
      plan.spec.evidence?.template.map { "Every release, good or bad, fills in \(code: $0)." }
      ?? "Every release, good or bad, writes a record: version, previous version, commit, result, reason, run, who "
      + "started it, and what each check answered, as a page and as JSON."
    return [
      .heading(.evidence),
      .prose(
        "\(written) It is an artifact of the run. Archive it in \(code: directory(plan) + "/"), where its name "
          + "starts with the date:"
      ),
      .bash(["gh run download \"<run-id>\""]),
    ]
  }

  /// A record is written whether or not the spec says where it is kept.
  static func directory(_ plan: ReleasePlan) -> String { plan.spec.evidence?.directory ?? "ops/evidence" }
}
