import ReleaseModel
import TextLayout

/// What people do once traffic is safe.
enum AfterRollbackSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    [.heading(.afterRollback)]
      + plan.mostImportantFirst.flatMap { environment -> [Markdown.Block] in
        [.prose("In \(code: environment.name):"), .boxes(items(environment))]
      } + DutySection.lists(.rollback, plan)
  }

  private static func items(_ environment: EnvironmentPlan) -> [Prose] {
    let rollback = environment.spec.rollback
    var items: [Prose] = []
    let checks = environment.rollbackVerify.map { Prose.text($0.title) }
    if !checks.isEmpty { items.append("Verified: \(checks.list()).") }
    if !environment.recovered.isEmpty {
      items.append("Recovered: \(environment.recovered.map(ConditionWords.sentence).list()).")
    }
    if let migrations = rollback?.migrations { items.append("Database: \(Words.sentence(migrations))") }
    if let incident = rollback?.incident {
      let labels: Prose = incident.labels.isEmpty ? "" : " (issue labelled \(Words.codes(incident.labels)))"
      items.append("Incident note posted on the pull request or issue\(labels): what was seen, when, what was done.")
      items.append("Next: \(Words.sentence(incident.followUp))")
    } else {
      items.append("The author of the change knows that it was taken back, and why.")
    }
    return items
  }
}
