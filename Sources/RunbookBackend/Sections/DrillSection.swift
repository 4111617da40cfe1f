import ReleaseModel
import TextLayout

/// What is tried while nothing is wrong.
enum DrillSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    if plan.drills.isEmpty { return [] }
    let rows = plan.drills.map { named -> [Prose] in
      [
        .text(named.drill.title), "\(code: named.drill.schedule.value)", exercises(named).stacked,
        .text(plan.title(ofRole: named.drill.owner.value)), "\(code: "\(plan.service)-drill-\(named.name).yml")",
      ]
    }
    return [
      .heading(.drills),
      .table(["Drill", "Schedule (cron, UTC)", "Exercise", "Owner", "Workflow"], rows),
      .prose(
        "A drill that did not pass opens an issue for its owner; a report that is missing counts as not passed. A drill that "
          + "finds a release under way refuses, and leaves it alone. To start one now:"),
      .bash(plan.drills.map { "gh workflow run \(plan.service)-drill-\($0.name).yml" }),
      .prose("Or by hand, with the login of a rollback:"),
      .bash(
        plan.drills.flatMap { named in named.environments.map { "ops/\(plan.service)/drill-\(named.name).sh run \($0)" }
        }),
      .prose("What it leaves behind, as artifacts of the run:"),
      .bullets(
        plan.drills.map { named in
          "\(code: UpkeepArtifacts.deltaReport(plan.service, named.name)): what came out, and what is different from the time "
            + "before; \(code: UpkeepArtifacts.drillLog(plan.service, named.name)): a row for each drill, carried from run to run."
        }),
      .prose(
        "GitHub keeps artifacts for 90 days unless the repository says otherwise. A log that is carried on less often than that "
          + "begins anew: copy its rows to where they stay."),
    ]
  }

  private static func exercises(_ named: NamedDrill) -> [Prose] {
    switch named.drill.kind {
    case .environments(let exercises):
      exercises.map { name, exercise in "\(code: name.value): \(words(exercise))" }
    case .program(let command, _, let environment, let timeout):
      ["\(code: environment.value): \(code: command.value.joined(separator: " ")), within \(timeout)"]
    }
  }

  private static func words(_ exercise: Drill.Exercise) -> String {
    switch exercise {
    case .rollBack: "really back to the version before, and forward again"
    case .callHooks: "the rollback and verification webhooks are called as a drill"
    case .dryRun: "everything up to the first change"
    }
  }
}
