import ReleaseModel
import TextLayout

/// When and how a release is taken back, by the machine and by hand.
enum RollbackSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    if plan.environments.isEmpty { return [] }
    let hands = plan.mostImportantFirst.map { Prose("\($0.name, to: .rollbackByHand($0.name))") }
    return [
      .heading(.rollback),
      .prose("The commands stand \("at the top", to: .emergency). The script has these options:"),
      .table(
        ["Option", "What it does"],
        [
          ["\(code: "--yes")", "does not ask back"],
          ["\(code: "--reason TEXT")", "stands in the record and in the incident note"],
          [
            "\(code: "--to VERSION")",
            "goes back to that version and not to the one before; for the workflow "
              + "\(code: "-f to=VERSION"). \(versions(plan))",
          ],
          ["\(code: "--status")", "changes nothing, shows the state"],
          ["\(code: "--take-over")", "does not wait for another run that is taking the release back"],
          ["\(code: "--dry-run")", "changes nothing, shows what would be done"],
          ["\(code: "--if-needed")", "only when the release of this very run is unfinished; for the workflow"],
        ] + extraOptions(plan)),
      .prose(
        "Two never fight: whoever comes second waits for the first, and goes on in its place when that one has given no sign of "
          + "life for a minute."),
      .prose("How it ends, and what you do then:"),
      .table(
        ["Exit code", "Meaning", "Do this"],
        [
          ["0", "rolled back and verified, or nothing to do", "\(to: .afterRollback)"],
          [
            "1", "traffic was not moved",
            "read the last message: name a version with \(code: "--to"), or go by "
              + "hand: \(hands.list("or"))",
          ],
          ["2", "called wrongly, or not confirmed", "\(code: "--help")"],
          ["3", "something that it needs is missing, nothing was touched", "give it what the message names"],
          [
            "4", "traffic is back, but the version that it went back to fails, too",
            "do not roll back again; call people, and try an older version with \(code: "--to")",
          ],
        ] + extraCodes(plan)),
    ]
      + TriggerSection.blocks(plan)
      + plan.mostImportantFirst.flatMap { RollbackProcedureSection.blocks($0, plan) }
      + plan.mostImportantFirst.flatMap { HandRollbackSection.blocks($0, plan) }
      + AfterRollbackSection.blocks(plan)
  }

  /// How a version is written, which the reader of the options does not know yet.
  private static func versions(_ plan: ReleasePlan) -> Prose {
    var forms: [(form: String, environments: [String])] = []
    for environment in plan.mostImportantFirst {
      let form = environment.operations.versionForm
      if let index = forms.firstIndex(where: { $0.form == form }) {
        forms[index].environments.append(environment.name)
      } else {
        forms.append((form, [environment.name]))
      }
    }
    // Where a platform has no name of its own for a version, there is nothing to add.
    let list = forms.filter { $0.form != "version" }.map { form, environments -> Prose in
      let words: Prose = form.contains("=") ? .code(form) : "the \(form)"
      return forms.count == 1 ? words : words + " in \(Words.codes(environments))"
    }
    let words: Prose = "VERSION is written as \(code: "--status") prints it"
    return list.isEmpty ? words : words + ": \(list.joined(", "))"
  }

  private static func hasDatabase(_ plan: ReleasePlan) -> Bool {
    plan.environments.contains { $0.spec.migration != nil && $0.database != nil }
  }

  private static func hasStages(_ plan: ReleasePlan) -> Bool {
    plan.environments.contains { $0.spec.rollback?.stages != nil }
  }

  private static func extraOptions(_ plan: ReleasePlan) -> [[Prose]] {
    var rows: [[Prose]] = []
    if hasStages(plan) {
      rows.append([
        "\(code: "--staged")",
        "goes back in watched shares, only from a release that was fully promoted; for the workflow "
          + "\(code: "-f staged=true")",
      ])
    }
    if hasDatabase(plan) {
      rows.append(["\(code: "--keep-schema")", "leaves the database alone, whatever the release did to it"])
    }
    return rows
  }

  private static func extraCodes(_ plan: ReleasePlan) -> [[Prose]] {
    var rows: [[Prose]] = []
    if hasDatabase(plan) {
      rows.append([
        "6", "the schema could not be taken back, and the traffic was left where it is",
        "bring the schema back by the last resort, then run it again with \(code: "--keep-schema"). The same option moves "
          + "the traffic without that: only when the new version is worse than one that cannot read the database",
      ])
    }
    if hasStages(plan) {
      rows.append([
        "7", "a rollback in stages stopped at a share, or moved nothing",
        "read the last message: \(code: "--staged") goes on from there, and without it all traffic goes back at once",
      ])
    }
    return rows
  }
}
