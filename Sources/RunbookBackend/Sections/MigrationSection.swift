import ReleaseModel
import TextLayout

/// The change of the database.
enum MigrationSection {
  static func blocks(_ environment: EnvironmentPlan) -> [Markdown.Block] {
    guard let migration = environment.spec.migration else { return [] }
    let needs: Prose =
      migration.secrets.isEmpty ? "" : " It needs \(Words.codes(migration.secrets.map(\.value)))."
    var blocks: [Markdown.Block] = [
      .heading(.migration(environment.name)),
      .prose(
        "Before the new version comes up, the release runs this, for at most \(migration.timeout):"),
      .bash([HandCommand().text(Command(words: migration.command.value.map { Word($0) }))]),
    ]
    if migration.isDestructive {
      blocks.append(
        .alert(
          .warning,
          [
            .prose(
              "It takes away what the version before still uses.\(needs) After it, moving the traffic back is not "
                + "enough: "
                + "read what happens to the database under \(to: .afterRollback) before you start.")
          ]))
    } else {
      blocks.append(
        .prose(
          "It takes nothing away that the version before still uses, so the version can be taken back without "
            + "it.\(needs)"
        ))
    }
    return blocks + [.prose("If it fails, the release stops and no traffic has moved.")]
  }
}
