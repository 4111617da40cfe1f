import Diagnostics
import ReleaseModel

enum DestructiveMigrationRule: Rule {
  static let name = "destructive-migration"
  static let severity = Severity.error
  static let summary =
    "Wherever the database changes before a release, the rollback says what becomes of that change."
  static let rationale = """
    Taking traffic back takes seconds; the version that gets it back then meets a schema that it has never seen. If a \
    migration dropped a column, the rollback itself is the outage, and restoring a backup is hours. Whether the schema \
    stays, is migrated back or is restored has to be decided in daylight and stand in the runbook.
    """
  static let failingExample = ExampleSpec.with(
    (
      "deploy: { command: { run: ops/prod.sh } }",
      "migrate: { run: «ops/migrate.sh», destructive: true }\ndeploy: { command: { run: ops/prod.sh } }"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "deploy: { command: { run: ops/prod.sh } }",
      "migrate: { run: ops/migrate.sh, destructive: true }\ndeploy: { command: { run: ops/prod.sh } }"
    ),
    (
      "when: [error-rate > 3% over 5m]",
      "when: [error-rate > 3% over 5m]\nmigrations: Restore the snapshot that ops/migrate.sh took first."
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (name, environment) in context.spec.environments.readable {
      // Without any rollback, that is the one thing to say.
      guard let migration = environment.migration, let rollback = environment.rollback else { continue }
      guard rollback.migrations == nil, !context.spec.isBroken("migrations", of: rollback.span) else { continue }
      report(undecided(migration, rollback, in: name.value))
    }
  }
}

extension DestructiveMigrationRule {
  private static func undecided(_ migration: Migration, _ rollback: Rollback, in environment: String) -> Diagnostic {
    problem(
      migration.isDestructive
        ? "a rollback in \(environment) meets a database that no longer has what the version before needs"
        : "nothing says what a rollback in \(environment) does about the database",
      at: migration.command.span,
      label: migration.isDestructive
        ? "takes away what the version before uses" : "changes the database before the release",
      related: [.init(span: rollback.span, label: "has no `migrations`")],
      notes: ["the version that gets the traffic back was written for the schema before this change"],
      help: [
        migration.isDestructive
          ? "add `migrations:` to the rollback and say how the data comes back, or split the change so that the "
            + "destructive part follows in a later release"
          : "add `migrations:` to the rollback, such as `migrations: It is backward compatible; keep the schema.`"
      ])
  }
}
