import ReleaseModel
import TextLayout

/// The same release typed by a person, from the operations that the script runs.
enum HandReleaseSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    [.details(summary: "Release into \(environment.name) by hand, command by command", body(environment, plan))]
  }

  private static func body(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    let operations = environment.operations
    let hand = HandCommand(environment)
    let actions = HandActions(command: hand, operations: operations)
    let places = Places(plan)
    var gates: [Prose] = []
    if !environment.gates.isEmpty { gates.append("\(to: .gates(environment.name))") }
    if !environment.approvals.isEmpty { gates.append("\(to: .approvals(environment.name))") }
    if environment.spec.window != nil { gates.append("\(to: .window(environment.name))") }
    let asked: Prose =
      gates.isEmpty
      ? "" : " Nothing here asks for \(gates.list("or")): make sure yourself, and get approvals in writing."
    var steps: [[Markdown.Block]] = [
      HandLogin.blocks(environment, secrets: secrets(environment)),
      [.prose("Make sure that the target is set up.")] + actions.blocks(operations.identify + operations.preflight),
      unfinished(environment, hand),
      [
        .prose("Find the image of the commit; \(code: RuntimeVariable.artifact.placeholder) is what this prints:"),
        .bash(artifact(plan)),
      ],
      [.prose("See what is live now.")] + actions.blocks(operations.findLive) + [
        .prose("Is nothing live? Then stop: there would be nothing to go back to.")
      ],
    ]
    for check in environment.preconditions {
      steps.append(self.check(check, environment, candidate: false))
    }
    let decides = environment.spec.migration == nil ? nil : environment.database
    if let decides { steps.append(compatibility(decides, environment)) }
    steps.append([
      .prose(
        "Note it on the target, so that \(code: "rollback.sh") knows the way back, and nobody else starts a "
          + "release. From here on, whatever fails: stop, and take it back "
          + "(\(to: .rollback(environment.targetName)))."),
      .bash([hand.text(MarkerFields.begin(operations, decidesSchema: decides != nil))]),
    ])
    if environment.spec.migration != nil {
      steps.append([.prose("Run the command under \(to: .migration(environment.name)).")])
    }
    // One walk, so that no name in the step stands for two values.
    steps.append(
      [.prose(runName(operations.deploy, "Deploy the new \(operations.versionNoun)."))]
        + actions.blocks(
          operations.deploy + [.run(MarkerFields.noteCandidate(operations))] + operations.ready + operations.address))
    if environment.strategy.verifiesBeforeTraffic {
      steps += environment.candidateChecks.map { check($0, environment, candidate: true) }
    }
    for (index, step) in environment.steps.enumerated() {
      steps.append(shift(step, environment))
      if environment.strategy == .rolling, index == 0 {
        steps += environment.candidateChecks.map { check($0, environment, candidate: false) }
      }
      steps.append(hold(step, environment))
    }
    if let part = environment.stabilisation {
      steps.append(hold(part.step, environment))
      steps += part.verify.map { check($0, environment, candidate: false) }
    }
    if !operations.finish.isEmpty {
      steps.append([.prose("Let only the new \(operations.versionNoun) stay:")] + actions.blocks(operations.finish))
    }
    steps += environment.verify.map { check($0, environment, candidate: false) }
    steps += environment.report.map {
      check(
        $0, environment, candidate: false,
        note: " It is only reported and "
          + "stops nothing.")
    }
    steps.append([
      .prose("Mark the target as released:"), .bash([hand.text(MarkerFields.promoted(operations))]),
    ])
    return [
      .alert(
        .important,
        [
          .prose(
            "Prefer the workflow, then "
              + "\(code: "ARTIFACT=\"<image-with-digest>\" \(places.script(environment.name, "rollout")) all").\(asked)"
          )
        ]),
      .numberedList(steps),
    ]
  }

  /// The release before may be somebody's who is still at it, or nobody has taken it back yet.
  private static func unfinished(_ environment: EnvironmentPlan, _ hand: HandCommand) -> [Markdown.Block] {
    let operations = environment.operations
    func field(_ field: MarkerField) -> Prose { .code(MarkerFields.name(field, operations)) }
    return [
      .prose("Read the marker of the last release:"), .bash([hand.text(MarkerFields.read(operations))]),
      .prose(
        "Stop if \(field(.state)) is \(Words.codes(MarkerFields.State.unfinished.map(\.rawValue), "or")): the release of "
          + "\(field(.run)), of commit \(field(.commit)), has neither finished nor been taken back. Let it finish, or take "
          + "it back first: \(to: .rollback(environment.targetName))."),
    ]
  }

  /// Asked before the change, for after it the answer could be another.
  private static func compatibility(
    _ database: PlannedDatabaseBranch, _ environment: EnvironmentPlan
  ) -> [Markdown.Block] {
    check(database.compatible, environment, candidate: false) + [
      .prose(
        "\(code: MarkerFields.compatibility) is \(code: "compatible") if it passes and \(code: "incompatible") if it fails. "
          + "If neither is certain, stop: nobody could say what a rollback does to the database.")
    ]
  }

  private static func secrets(_ environment: EnvironmentPlan) -> [String] {
    HandLogin.secrets(
      environment,
      of: environment.preconditions + environment.candidateChecks + (environment.stabilisation?.verify ?? [])
        + environment.verify + environment.report
        + (environment.spec.migration == nil ? [] : environment.database.map { [$0.compatible] } ?? []),
      and: environment.spec.migration?.secrets.map(\.value) ?? [])
  }

  private static func artifact(_ plan: ReleasePlan) -> [String] {
    var login: [String] = []
    if case .github? = plan.spec.artifact.registry {
      login = ["export GH_TOKEN=\"$(gh auth token)\" GITHUB_ACTOR=\"$(gh api user --jq .login)\""]
    }
    return login + ["GITHUB_SHA=\"<commit>\" ops/\(plan.service)/artifact.sh resolve"]
  }

  private static func runName(_ deploy: [Action], _ lead: Prose) -> Prose {
    guard deploy.variables.contains(.runName) else { return lead }
    let name = RuntimeVariable.runName.placeholder
    return lead + " \(code: name) is a short name of your own that was never used here: small letters and digits."
  }

  private static func shift(_ step: PlannedStep, _ environment: EnvironmentPlan) -> [Markdown.Block] {
    let hand = HandCommand(environment, weight: step.weight)
    let actions = HandActions(command: hand, operations: environment.operations)
    let noun = environment.operations.versionNoun
    let lead: Prose =
      switch environment.strategy {
      case .canary: "Give \(step.weight)% to the new \(noun):"
      case .rolling: "Replace the old \(noun):"
      case .blueGreen: "Switch all traffic to the new \(noun):"
      }
    return [.prose(lead)] + actions.blocks(environment.operations.shift) + [
      .prose("This must print \(code: String(step.weight)):"),
      .bash([hand.text(environment.operations.liveWeight)]),
    ]
  }

  private static func hold(_ step: PlannedStep, _ environment: EnvironmentPlan) -> [Markdown.Block] {
    let goal: Prose = step.require.isEmpty ? "" : " At the end: \(step.require.map(ConditionWords.sentence).list())."
    let triggers: Prose =
      environment.rollbackWhen.isEmpty
      ? "" : " Take it back when any of the conditions under \(to: .triggers) is met."
    return [.prose("Hold for \(step.hold).\(triggers)\(goal)")]
  }

  private static func check(
    _ check: NamedCheck, _ environment: EnvironmentPlan, candidate: Bool, note: String = ""
  ) -> [Markdown.Block] {
    HandChecks.blocks(
      check, note: note,
      address: candidate && !environment.operations.address.isEmpty ? Word(.candidateURL) : environment.address,
      conditions: environment.checkConditions[check.name] ?? [])
  }
}

extension HandCommand {
  /// With what the runbook knows of the environment, and of a step in which the new version has `weight` percent.
  init(_ environment: EnvironmentPlan, weight: Int? = nil) {
    known[.environment] = environment.name
    if let weight {
      known[.weight] = String(weight)
      known[.remainder] = String(100 - weight)
    }
  }
}

extension EnvironmentPlan {
  /// Where its users reach it, or a placeholder for it.
  var address: Word { Word(spec.url?.value ?? "<address-of-\(name)>") }
}
