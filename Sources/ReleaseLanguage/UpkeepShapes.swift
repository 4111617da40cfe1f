import Diagnostics
import ReleaseModel
import SpecShape

enum RotationShape {
  static let shape = Shape<Rotation>.object(
    "rotation",
    "How secrets are replaced. A scheduled workflow opens an issue for each that is older than its `rotate`.",
    .required("owner", Shape<String>.reference.located, "The role that replaces them.", example: "security-owner"),
    .required(
      "token", .secretReference,
      "The secret with a token that may read environments (a GitHub App's or a fine-grained one): the workflow's own may not.",
      example: "ROTATION_TOKEN"),
    .defaulted(
      "schedule", Shape<String>.cron.located, to: Located("0 7 * * 1", at: Span(start: 0, end: 0)),
      shown: "\"0 7 * * 1\"",
      "When ages are looked at, in UTC."),
    .defaulted(
      "labels", Shape<String>.line.list(), to: [], shown: "[]", "Labels of the issues.", example: "[secret-rotation]"),
    .defaulted(
      "at-once", Shape<String>.line.list(), to: [], shown: "[]", "When a secret is replaced whatever its age.",
      example: "[Suspected compromise.]"),
    .required(
      "steps", Shape<String>.line.list(atLeast: 1, mayRepeat: true), "The steps, in order.",
      example: "[Create a new version.]"),
    .defaulted(
      "emergency", Shape<String>.line.list(mayRepeat: true), to: [], shown: "[]", "The steps of an emergency.",
      example: "[Revoke all keys that may be exposed.]")
  ) { span, owner, token, schedule, labels, atOnce, steps, emergency in
    Rotation(
      owner: owner, token: token, schedule: schedule, labels: labels, atOnce: atOnce, steps: steps,
      emergency: emergency, span: span)
  }
}

enum BackupShape {
  private static let step = Shape<Backup.Step>.scalar(
    Shape<String>.line.map { text, _, _ in .text(text) },
    or: .object(
      "command step", "A command line that a person types, with `<placeholders>`.",
      .required("type", .line, "The command line.", example: "pg_restore --list <file>.dump > /dev/null")
    ) { _, line in .command(line) })

  private static let retention = Shape<TimeSpan>.timeSpan
    .named("environment", keyPattern: .word, placeholder: "environment")
    .map { map, _, _ in map.readable.map { (environment: $0.name, time: $0.value) } }

  static let shape = Shape<Backup>.object(
    "backup", "How the data is saved and brought back. It stands in the runbook; checks and drills prove it.",
    .required("what", .line, "What is saved.", example: "PostgreSQL"),
    .required("owner", Shape<String>.reference.located, "The role that answers for it.", example: "database-owner"),
    .defaulted(
      "policy", Shape<String>.line.list(), to: [], shown: "[]", "What holds for all backups.",
      example: "[Encrypted at rest and in transit.]"),
    .defaulted("retention", retention, to: [], shown: "{}", "How long they are kept.", example: "{ prod: 35d }"),
    .optional(
      "check", Shape<String>.reference.located, "The check that proves a backup to be there and restorable.",
      example: "backup"),
    .optional("drill", Shape<String>.reference.located, "The drill that restores one.", example: "restore"),
    .required(
      "backup", step.list(atLeast: 1, mayRepeat: true), "How one is made: sentences and `{ type: COMMAND }`.",
      example: "[{ type: pg_dump -Fc -d <database> -f <file>.dump }]"),
    .required(
      "restore", step.list(atLeast: 1, mayRepeat: true), "How one is brought back.",
      example: "[{ type: pg_restore -c -d <database> <file>.dump }]")
  ) { span, what, owner, policy, retention, check, drill, backup, restore in
    Backup(
      what: what, owner: owner, policy: policy, retention: retention, check: check, drill: drill, backup: backup,
      restore: restore, span: span)
  }
}
