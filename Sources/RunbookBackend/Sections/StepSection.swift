import ReleaseModel
import TextLayout

/// What the release does, in order, with times.
enum StepSection {
  static func blocks(_ environment: EnvironmentPlan, _ places: Places) -> [Markdown.Block] {
    [
      .heading(.steps(environment.name)),
      .mermaid(RolloutDiagram.source(environment)),
      .numbered(phases(environment)),
      .prose("Times count from the moment when the new \(environment.operations.versionNoun) first takes traffic:"),
      .table(
        ["Step", "Traffic", "From", "Until", "Metrics judged from", "Must be true at the end"], steps(environment)),
    ] + judgement(environment) + holding(environment, places)
  }

  /// For whoever wants to look first, without taking it back.
  private static func holding(_ environment: EnvironmentPlan, _ places: Places) -> [Markdown.Block] {
    guard environment.canBeHeld else { return [] }
    let allowances = environment.heldSteps.map(environment.holdAllowance)
    let shortest = allowances.min() ?? .zero
    let limit: Prose =
      shortest == environment.spec.rollout.holdLimit
      ? "at most \(environment.spec.rollout.holdLimit) in all"
      : "at most \(environment.spec.rollout.holdLimit) in all, and less where the login of a step ends before: the script says so"
    let ofWorkflow = environment.spec.rollback != nil && !environment.isHotfix
    let commands = ["hold", "resume"].map {
      ofWorkflow ? places.byWorkflow($0, environment.name) : places.rollout($0, environment.name)
    }
    let byScript: Prose =
      ofWorkflow
      ? " With a shell that reaches the target it is quicker: \(code: places.rollout("hold", environment.name))." : ""
    return [
      .prose(
        "\(strong: "Hold it.") Something looks odd, and you want to look before more customers meet it? The release stays at the "
          + "share that it has, watched as before, \(limit). Then it is taken back, unless you let it go on:"),
      .bash(commands),
      .prose(
        "What the step requires must still be so when it goes on. It looks bad, and not odd? Do not hold it: "
          + "\("take it back", to: .emergency).\(byScript)"),
    ]
  }

  private static func phases(_ environment: EnvironmentPlan) -> [Prose] {
    let operations = environment.operations
    let noun = operations.versionNoun
    let spec = environment.spec
    let window = spec.window == nil ? "" : ", the change window"
    let tools = Words.codes(ToolWords.needed(environment))
    var phases: [Prose] = [
      "Preflight: \(tools), the secrets\(window), the target's setup, and that no unfinished release is on the target."
    ]
    phases.append(
      spec.after == nil
        ? "Build the image of the commit, unless it is there already."
        : "Find the image that was built for the "
          + "commit.")
    if !environment.preconditions.isEmpty { phases.append("Check: \(titles(environment.preconditions)).") }
    if let names = listeners(environment, .started) { phases.append("Tell \(names) that it starts.") }
    if spec.migration != nil { phases.append("Migrate: \(to: .migration(environment.name)).") }
    switch environment.strategy {
    case .canary, .blueGreen:
      let wait: Prose =
        operations.ready.longestWait > .zero ? " Wait until it is ready, at most \(operations.ready.longestWait)." : ""
      phases.append("Deploy the new \(noun) without traffic.\(wait)")
      if !environment.candidateChecks.isEmpty { phases.append("Verify it: \(titles(environment.candidateChecks)).") }
      phases.append(
        environment.strategy == .canary
          ? "Shift traffic to it, step by step; each step is held and judged as the table below says."
          : "Switch all traffic to it at once, then watch it, as the table below says. The old \(noun) stays beside it, "
            + "and the way back is the same switch.")
    case .rolling:
      let wait: Prose =
        operations.shift.longestWait > .zero
        ? " Wait until all of it runs, at most \(operations.shift.longestWait)." : ""
      phases.append("Replace the old \(noun) by the new one.\(wait)")
      if !environment.candidateChecks.isEmpty {
        phases.append("Verify it as soon as it is live: \(titles(environment.candidateChecks)).")
      }
      phases.append("Watch it, as the table below says.")
    }
    if let part = environment.stabilisation {
      let required: Prose =
        part.step.require.isEmpty
        ? "" : " At the end: \(part.step.require.map(ConditionWords.sentence).list())."
      let verified: Prose = part.verify.isEmpty ? "" : " Then verify: \(titles(part.verify))."
      phases.append(
        "Stabilise: 100% for another \(part.step.hold), judged as in the steps.\(required)\(verified) The old \(noun) is "
          + "kept through this on purpose: until the end of it, going back takes one shift of the traffic.")
    }
    if !operations.finish.isEmpty {
      phases.append("Finish: the new \(noun) becomes the only one.")
    }
    if !environment.verify.isEmpty {
      phases.append(
        "Verify in \(code: environment.name): \(titles(environment.verify)). Each result is recorded for later "
          + "promotions."
      )
    }
    if !environment.report.isEmpty {
      phases.append("Check, only to report it: \(titles(environment.report)). Nothing stops for it.")
    }
    phases.append("Complete: mark the target as released and write the records.")
    if let names = listeners(environment, .succeeded) { phases.append("Tell \(names) that it is done.") }
    return phases
  }

  private static func listeners(_ environment: EnvironmentPlan, _ event: NotificationChannel.Event) -> Prose? {
    let names = environment.channels.filter { $0.channel.hears(of: event) }.map { Prose.text($0.name) }
    return names.isEmpty ? nil : names.list()
  }

  private static func titles(_ checks: [NamedCheck]) -> Prose { checks.map { Prose.text($0.title) }.list() }

  private static func steps(_ environment: EnvironmentPlan) -> [[Prose]] {
    var start = TimeSpan.zero
    return environment.steps.enumerated().map { index, step in
      let end = start + step.hold
      defer { start = end }
      let required = step.require.isEmpty ? "–" : step.require.map(ConditionWords.sentence).stacked
      return ["\(index + 1)", "\(step.weight)%", "\(start)", "\(end)", "\(start + step.settle)", required]
    }
  }

  /// How often what is asked, and what an answer that nobody has means.
  private static func judgement(_ environment: EnvironmentPlan) -> [Markdown.Block] {
    let rollout = environment.spec.rollout
    var rules: [Prose] = []
    if environment.rollbackWhen.contains(where: { !$0.condition.isManual }) {
      rules.append(
        "Every \(rollout.checkEvery), in every step: the conditions under \(to: .triggers). The first one that is "
          + "met takes the release back."
      )
      rules.append(
        "Unknown is never good: when a condition has no answer for longer than \(rollout.noDataLimit), the release "
          + "is taken back."
      )
    }
    if let longest = environment.steps.map(\.longestExtension).max(), longest > .zero {
      rules.append(
        "At the end of a step everything in its last column must be true. False takes the release back. Unknown "
          + "extends "
          + "the step once, by at most \(longest); still unknown after that takes the release back.")
    }
    rules += falls(environment)
    let delays = environment.metrics.filter { $0.source.lag > .zero }
    if let lag = delays.map(\.source.lag).max() {
      rules.append(
        "\(delays.map { Prose.text($0.title) }.list()): samples arrive late, so what is judged ended \(lag) before "
          + "the moment of judging."
      )
    }
    if environment.metrics.contains(where: { _ in usesBaseline(environment) }) {
      rules.append(
        environment.spec.target.capabilities.separateTracks
          ? "The baseline is the previous version, measured at the same time."
          : "The baseline is what was measured before the first shift.")
    }
    rules.append("The job is cancelled, or its machine is lost: the release is taken back as well.")
    return [.bullets(rules)]
  }

  /// What fails a single step, and where the release goes then.
  private static func falls(_ environment: EnvironmentPlan) -> [Prose] {
    var rules: [Prose] = []
    for (index, step) in environment.steps.enumerated() where !step.failWhen.isEmpty || step.onFailure > 0 {
      let failing: Prose =
        step.failWhen.isEmpty
        ? "" : " It also fails as soon as \(step.failWhen.map(ConditionWords.sentence).list("or"))."
      let falls: Prose =
        step.onFailure == 0
        ? "takes the release back" : "goes back to \(step.onFailure)% and rests there"
      rules.append("Step \(index + 1) at \(step.weight)%, when it fails, \(falls).\(failing)")
    }
    guard environment.canRest else { return rules }
    let limit = environment.spec.rollout.restLimit
    return rules + [
      "A rest is watched like the step whose share it has. It lasts at most \(limit); then, or when anything fails in it, "
        + "the release is taken back. There is no way up out of a rest.",
      "You decide in a rest: \(strong: "take it back") (\(to: .rollback(environment.targetName))), which is right whenever you do "
        + "not know why the step failed. Or look for the cause while a few customers still meet it, and do nothing.",
      "To try again, also with a newer version, start a release as ever. On GitHub it waits until the resting run has "
        + "ended: take that one back. Started by \(code: "rollout.sh all"), it takes the rest to 0% itself. Either begins at its "
        + "first step.",
      "Cancelling the resting run takes the release back: nobody would watch it any more.",
    ]
  }

  private static func usesBaseline(_ environment: EnvironmentPlan) -> Bool {
    environment.conditions.contains { condition in
      if case .metric(_, _, .baseline) = condition.subject { return true }
      return false
    }
  }
}
