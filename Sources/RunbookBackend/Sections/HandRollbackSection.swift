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
    let actions = HandActions(operations: operations)
    let noun = operations.versionNoun
    var steps: [[Markdown.Block]] = [
      HandLogin.blocks(
        environment, secrets: HandLogin.secrets(environment, of: environment.rollbackVerify)),
      [
        .prose(
          "Stop the release that still runs, if there is one, so that it moves nothing any more. It takes itself "
            + "back, if "
            + "it still can:"),
        .bash([
          "gh run list --workflow=\(Places(plan).workflow(environment.name)) --status=in_progress",
          "gh run cancel \"<run-id>\"",
        ]),
      ],
      findPrevious(environment),
    ]
    if environment.spec.migration != nil, let branch = environment.database?.branch {
      steps.append(schema(branch, operations))
    }
    if !operations.activatePrevious.isEmpty {
      let lead: Prose =
        "Make sure that the previous \(noun) can serve. If it cannot in the time given, go on: what is live is "
        + "known to be bad."
      steps.append([.prose(lead)] + actions.blocks(operations.activatePrevious))
    }
    steps.append([.prose("Give all traffic to the previous \(noun).")] + actions.blocks(operations.undo))
    steps.append([
      .prose("This must print \(code: "true"). If it does not, repeat the step before."),
      .bash([HandCommand().text(operations.undone)]),
    ])
    if !operations.cleanUp.isEmpty {
      steps.append([.prose("Traffic is safe now. Clean up.")] + actions.blocks(operations.cleanUp))
    }
    steps += environment.rollbackVerify.map {
      HandChecks.blocks($0, address: environment.address, conditions: environment.checkConditions[$0.name] ?? [])
    }
    steps.append(
      [.prose("Mark the target as rolled back, otherwise the next release refuses to start.")]
        + actions.blocks(operations.identify)
        + [.bash([HandCommand().text(MarkerFields.rolledBack(operations))])])
    if let incident = environment.spec.rollback?.incident { steps.append(issue(incident, environment, plan)) }
    if !environment.recovered.isEmpty {
      let goal = environment.recovered.map(ConditionWords.sentence).list()
      steps.append([.prose("Look at the metrics until this is true: \(goal). The queries are under \(to: .metrics).")])
    }
    return steps
  }

  private static func findPrevious(_ environment: EnvironmentPlan) -> [Markdown.Block] {
    let operations = environment.operations
    let field = MarkerFields.previous(operations)
    let name = RuntimeVariable.previous.placeholder
    var blocks: [Markdown.Block] = [
      .prose("See what is live. This prints it, or nothing:")
    ]
    blocks += operations.findLive.flatMap { action -> [Markdown.Block] in
      if case .read(_, let query, _) = action { return [.bash([HandCommand().text(query)])] }
      return HandActions(operations: operations).blocks([action])
    }
    let prefix = operations.markerPrefix
    blocks += [
      .prose(
        "Find the previous \(operations.versionNoun). \(code: name) is the field \(code: field) in what this prints:"),
      .bash([HandCommand().text(MarkerFields.read(operations))]),
      .prose(
        "Do not trust it if \(code: prefix + "state") is \(code: MarkerFields.State.promoted.rawValue) and "
          + "\(code: prefix + "candidate") is not what is live: somebody has deployed since. If the state is "
          + "\(code: MarkerFields.State.rolledBack.rawValue), that \(operations.versionNoun) is live again already."),
    ]
    if let history = operations.findPrevious {
      blocks.append(.prose("No such field, or not to be trusted? Then ask the target's own history:"))
      blocks += HandActions(operations: operations).blocks(history)
    } else {
      blocks.append(
        .prose(
          "No such field, or not to be trusted? Then take it from the last good evidence record: "
            + "\(to: .evidence)."))
    }
    return blocks
  }

  /// Only this once: a way back that is gone twice is another change.
  private static func schema(_ branch: Rollback.DatabaseBranch, _ operations: TargetOperations) -> [Markdown.Block] {
    let field = MarkerFields.name(.schema, operations)
    func command(_ words: [String]) -> Markdown.Block {
      .bash([HandCommand().text(Command(words: words.map { Word($0) }))])
    }
    var blocks: [Markdown.Block] = [
      .prose(
        "Look at the field \(code: field) in what you have just printed. Is it \(code: "incompatible"), \(code: "restoring") or "
          + "\(code: "restore-failed")? Then take the schema back before you move the traffic. Otherwise leave the database "
          + "alone."),
      command(branch.otherwise.value),
    ]
    if let last = branch.lastResort {
      blocks += [.prose("If that fails, the last resort:"), command(last.value)]
    }
    return blocks
  }

  private static func issue(
    _ incident: Rollback.Incident, _ environment: EnvironmentPlan, _ plan: ReleasePlan
  ) -> [Markdown.Block] {
    var words: [Word] = [
      "gh", "issue", "create", "--title", Word("Rolled back: \(plan.service) in \(environment.name)"),
    ]
    for label in incident.labels { words += ["--label", Word(label)] }
    words += ["--body", Word("<what-you-saw-and-what-you-did>")]
    return [.prose("Tell people:"), .bash([HandCommand().text(Command(words: words))])]
  }
}
