import ReleaseModel
import TextLayout

/// The rollback typed by a person, from the operations that the script runs.
enum HandRollbackSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    [
      .heading(.rollbackByHand(environment.name)),
      .prose("For when neither the workflow nor the script works. What stands in \(code: "<…>") you fill in."),
      .numberedList(steps(environment, plan)),
    ]
  }

  private static func steps(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [[Markdown.Block]] {
    let operations = environment.operations
    let hand = HandCommand(environment)
    let actions = HandActions(command: hand, operations: operations)
    let noun = operations.versionNoun
    let schema = environment.spec.migration == nil ? nil : environment.database?.branch
    var steps: [[Markdown.Block]] = [
      HandLogin.blocks(
        environment,
        secrets: HandLogin.secrets(
          environment, of: environment.rollbackVerify, and: schema?.secrets.map(\.value) ?? [])),
      [
        .prose(
          "Stop the release that still runs, if there is one, so that it moves nothing any more. It takes itself "
            + "back, if "
            + "it still can:"),
        .bash(
          plan.ways(into: environment).map {
            "gh run list --workflow=\(Places(plan).workflow($0.name)) --json databaseId,status,displayTitle "
              + "--jq '.[] | select(.status != \"completed\")'"
          } + ["gh run cancel \"<run-id>\""]),
      ],
      findPrevious(environment, hand),
    ]
    if let schema { steps.append(self.schema(schema, environment, hand)) }
    if !operations.activatePrevious.isEmpty {
      let lead: Prose =
        "Make sure that the previous \(noun) can serve. If it cannot in the time given, go on: what is live is "
        + "known to be bad."
      steps.append([.prose(lead)] + actions.blocks(operations.activatePrevious))
    }
    steps.append([.prose("Give all traffic to the previous \(noun).")] + actions.blocks(operations.undo))
    let repeats: Prose =
      operations.undoCallsWebhook
      ? "If it does not, repeat only the last note of the step before. Never repeat the call: it could go back twice."
      : "If it does not, repeat the step before."
    steps.append([.prose("This must print \(code: "true"). \(repeats)"), .bash([hand.text(operations.undone)])])
    if !operations.cleanUp.isEmpty {
      steps.append([.prose("Traffic is safe now. Clean up.")] + actions.blocks(operations.cleanUp))
    }
    steps += environment.rollbackVerify.map {
      HandChecks.blocks($0, address: environment.address, conditions: environment.checkConditions[$0.name] ?? [])
    }
    if !operations.confirmUndo.isEmpty {
      steps.append([.prose("Have it confirmed.")] + actions.blocks(operations.confirmUndo))
    }
    // Before the mark, as the script does: whoever goes on after an interruption must not find nothing to do.
    if let incident = environment.spec.rollback?.incident { steps.append(issue(incident, environment, plan)) }
    steps.append([
      .prose("Mark the target as rolled back, otherwise the next release refuses to start."),
      .bash([hand.text(MarkerFields.rolledBack(operations))]),
    ])
    if !environment.recovered.isEmpty {
      let goal = environment.recovered.map(ConditionWords.sentence).list()
      steps.append([.prose("Look at the metrics until this is true: \(goal). The queries are under \(to: .metrics).")])
    }
    return steps
  }

  private static let live = "<live-version>"

  private static func findPrevious(_ environment: EnvironmentPlan, _ hand: HandCommand) -> [Markdown.Block] {
    let operations = environment.operations
    func field(_ field: MarkerField) -> Prose { .code(MarkerFields.name(field, operations)) }
    let name = RuntimeVariable.previous.placeholder
    // What is live is what has to go: it must not bear the name of the version to go back to.
    var looking = HandActions(command: hand, operations: operations, about: "live", stops: false)
    looking.command.names[.previous] = live
    let actions = HandActions(command: hand, operations: operations)
    var blocks: [Markdown.Block] = actions.blocks(operations.identify)
    blocks += [.prose("See what is live, \(code: live):")] + looking.blocks(operations.findLive)
    blocks += [
      .prose(
        "Find the previous \(operations.versionNoun). \(code: name) is the field \(field(.previous)) in what this "
          + "prints\(others(operations)):"),
      .bash([hand.text(MarkerFields.read(operations))]),
      .prose(
        "Do not trust it if \(field(.state)) is \(code: MarkerFields.State.promoted.rawValue) and \(field(.candidate)) is not "
          + "\(code: live): somebody has deployed since. If the state is "
          + "\(code: MarkerFields.State.rolledBack.rawValue), \(code: name) should be live again already. Is it "
          + "\(code: live)? Then there is nothing to do. Otherwise go on."),
    ]
    if let history = operations.findPrevious {
      blocks.append(.prose("No such field, or not to be trusted? Then ask the target's own history:"))
      blocks += actions.blocks(history)
    } else {
      blocks.append(
        .prose(
          "No such field, or not to be trusted? Then take it from the last good evidence record: "
            + "\(to: .evidence)."))
    }
    return blocks
  }

  /// What else of the marker the commands below need.
  private static func others(_ operations: TargetOperations) -> Prose {
    let all = operations.activatePrevious + operations.undo + operations.cleanUp + operations.confirmUndo
    let used = (all + [.run(operations.writeMarker)]).variables
    var lines: [Prose] = []
    for (variable, field) in [(RuntimeVariable.candidate, MarkerField.candidate), (.commit, .commit)]
    where used.contains(variable) {
      lines.append("\(code: variable.placeholder) the field \(code: MarkerFields.name(field, operations))")
    }
    return lines.isEmpty ? "" : ", and \(lines.list())"
  }

  /// Only this once: a way back that is gone twice is another change.
  private static func schema(
    _ branch: Rollback.DatabaseBranch, _ environment: EnvironmentPlan, _ hand: HandCommand
  ) -> [Markdown.Block] {
    let operations = environment.operations
    let field = MarkerFields.name(.schema, operations)
    func command(_ words: [String]) -> Markdown.Block {
      .bash([hand.text(Command(words: words.map { Word($0) }))])
    }
    var blocks: [Markdown.Block] = [
      .prose(
        "Look at the field \(code: field) in what you have just printed. Is it \(code: "incompatible"), \(code: "restoring") or "
          + "\(code: "restore-failed")? Then take the schema back before you move the traffic. Otherwise leave the database "
          + "alone, and also if the state is \(code: MarkerFields.State.rolledBack.rawValue) or the marker is not to be trusted: "
          + "then the field is about another version."),
      command(branch.otherwise.value),
    ]
    if let last = branch.lastResort {
      blocks += [.prose("If that fails, the last resort:"), command(last.value)]
    }
    let nothing: Prose = branch.lastResort == nil ? "It failed?" : "Neither worked?"
    return blocks + [
      .prose(
        "\(nothing) Leave the traffic where it is, and call people: a version that cannot read the database is broken "
          + "for everybody."),
      .prose("The schema is back? Note it, so that nobody takes it back once more:"),
      .bash([hand.text(MarkerFields.write(operations, [("schema", "restored")]))]),
    ]
  }

  private static func issue(
    _ incident: Rollback.Incident, _ environment: EnvironmentPlan, _ plan: ReleasePlan
  ) -> [Markdown.Block] {
    var words: [Word] = [
      "gh", "issue", "create", "--title", Word("Rolled back: \(plan.service) in \(environment.name)"),
    ]
    for label in incident.labels { words += ["--label", Word(label)] }
    words += ["--body", Word("<what-you-saw-and-what-you-did>")]
    let hand = HandCommand()
    let labels = incident.labels.map { hand.text(Command(words: ["gh", "label", "create", Word($0)])) }
    return [
      .prose(
        labels.isEmpty
          ? "Tell people:"
          : "Tell people. An issue cannot have a label that the repository does not know; that it is there already is fine:"
      ),
      .bash(labels + [hand.text(Command(words: words))]),
    ]
  }
}
