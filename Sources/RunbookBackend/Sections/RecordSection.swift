import ReleaseModel
import TextLayout

/// What a release leaves, and where.
enum RecordSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    let name = environment.name
    var rows: [[Prose]] = [
      [
        "How far the release is, and the \(environment.operations.versionNoun) before it",
        environment.spec.target.capabilities.markerOnGitHub
          ? "GitHub's deployments with the task \(code: "liftlock-marker"), because \(environment.operations.title) keeps no notes"
          : "on the target itself (\(environment.operations.title)), in fields that start with "
            + "\(code: environment.operations.markerPrefix)",
      ],
      ["That this commit was released", "commit status \(code: "\(plan.service)/\(name)")"],
    ]
    rows += (environment.verify + environment.report).map { check in
      ["What “\(check.title)” found", "commit status \(code: "\(plan.service)/\(name)/\(check.name)")"]
    }
    rows.append(["Who approved", "the run's page, under “Review deployments”"])
    rows.append(["The evidence record, good or bad", evidence(environment, plan)])
    rows.append([
      "How the target's own means ended, such as \(code: "rollbackState")", "the record and the run's summary",
    ])
    if !environment.channels.isEmpty { rows.append(["Who was told of what", "the journal inside the record"]) }
    var blocks: [Markdown.Block] = [.heading(.records(name)), .table(["What", "Where"], rows)]
    if let decision = environment.spec.decision {
      blocks += [
        .prose("A person adds to the record, once the release is through:"),
        .boxes(["\(plan.title(ofRole: decision.role.value)): \(decision.text)"]),
      ]
    }
    return blocks
  }

  private static func artifact(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> String {
    plan.spec.evidence?.artifactName(in: environment.name) ?? "\(plan.service)-\(environment.name)-evidence-<attempt>"
  }

  private static func evidence(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> Prose {
    "artifact \(code: artifact(environment, plan)) of the run, to be archived in \(code: EvidenceSection.directory(plan) + "/"): "
      + "\(code: "<date>-\(plan.service)-\(environment.name)-<run>.md") and \(code: ".json")"
  }
}
