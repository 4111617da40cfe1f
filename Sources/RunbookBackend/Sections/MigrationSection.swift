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
    if let database = environment.database {
      let branch = database.branch
      blocks.append(
        .prose(
          "First \(strong: database.compatible.title) is asked, which decides how a rollback treats the database.\(needs) The "
            + "answer stands on the target in the field \(code: MarkerFields.name(.schema, environment.operations)):"))
      blocks.append(
        .bullets([
          "passes, \(code: "compatible"): the version before can work with the new schema, and a rollback keeps it.",
          "fails, \(code: "incompatible"): a rollback first runs \(code: branch.otherwise.value.joined(separator: " ")), for at "
            + "most \(branch.timeout), and moves the traffic when that has succeeded.",
          "unknown: the release stops, and nothing is touched.",
        ]))
    } else if migration.isDestructive {
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
    let after: Prose = environment.database == nil ? "" : " What it may have changed goes back as above."
    return blocks + [.prose("If it fails, the release stops and no traffic has moved.\(after)")]
  }
}
