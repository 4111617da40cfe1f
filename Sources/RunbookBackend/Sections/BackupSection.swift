import ReleaseModel
import TextLayout

/// How the data is saved and brought back.
enum BackupSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    guard let backup = plan.spec.backup else { return [] }
    var proof: [Prose] = []
    if let check = backup.check { proof.append("the check \(code: check.value)") }
    if let drill = backup.drill { proof.append("the drill \(code: drill.value)") }
    var blocks: [Markdown.Block] = [
      .heading(.backup),
      .prose(
        "\(strong: plan.title(ofRole: backup.owner.value)) answers for the backups of \(backup.what)."
          + (proof.isEmpty ? "" : " They are proved by \(proof.list()).")),
    ]
    if !backup.policy.isEmpty { blocks.append(.bullets(backup.policy.map { .text($0) })) }
    if !backup.retention.isEmpty {
      blocks.append(
        .table(
          ["Environment", "Backups are kept"], backup.retention.map { ["\(code: $0.environment.value)", "\($0.time)"] })
      )
    }
    return blocks + [.heading(.makeBackup)] + steps(backup.backup) + [.heading(.restoreBackup)] + steps(backup.restore)
  }

  /// A sentence is an item; a command line is one as code, so that the numbers go on.
  private static func steps(_ steps: [Backup.Step]) -> [Markdown.Block] {
    [
      .numbered(
        steps.map { step in
          switch step {
          case .text(let text): .text(text)
          case .command(let line): .code(line)
          }
        })
    ]
  }
}
