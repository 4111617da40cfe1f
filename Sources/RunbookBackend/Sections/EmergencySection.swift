import ReleaseModel
import TextLayout

/// The first screen: the one command that helps, and whom to call.
enum EmergencySection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    guard let first = plan.mostImportantFirst.first else { return [] }
    let places = Places(plan)
    let others = plan.mostImportantFirst.dropFirst().map { Prose.code($0.name) }
    let otherEnvironments: Prose =
      others.isEmpty
      ? ""
      : " These commands are for \(code: first.name). For \(others.list("or")), change the name in them, and "
        + "nothing else."
    return [
      .heading(.emergency),
      .alert(
        .caution,
        [
          .prose(
            "Take the release back first, look for the cause afterwards. No approval, window or queue is in the way.")
        ]),
      .prose("\(strong: "Roll back.")\(otherEnvironments)"),
      .bash([places.rollbackByWorkflow(first.name)]),
      .prose(
        "Run it in a checkout of the repository. Without a terminal: on GitHub under Actions, choose "
          + "“\(plan.service): roll back”, then “Run workflow”."),
      .prose(
        "GitHub is down, or no run starts within a minute? Run the script, after "
          + "\(to: .rollback(first.name)) has told you what it needs:"),
      .bash([places.rollbackByScript(first.name)]),
      .prose("The script fails, too? Type the commands under \(to: .rollbackByHand(first.name))."),
      .prose("\(strong: "See the state.") What is live, and what the last release left on the target:"),
      .bash(
        [places.status(first.name), "gh run list --workflow=\(places.rollbackWorkflow) --limit=3"]
          + plan.ways(into: first).map { "gh run list --workflow=\(places.workflow($0.name)) --limit=3" }),
      .prose("\(strong: "How long it takes.")"),
      .bullets(plan.mostImportantFirst.map { "\(code: $0.name): " + RollbackTimes.words($0) }),
      .prose("\(strong: "Who to call.")"),
    ] + ContactSection.blocks(plan) + causes(plan)
  }

  private static func causes(_ plan: ReleasePlan) -> [Markdown.Block] {
    plan.spec.guidance.troubleshooting.isEmpty
      ? [] : [.prose("Traffic is safe, and the cause is wanted: \(to: .trouble).")]
  }
}

/// How long a rollback takes, from what the driver waits for and what is verified.
enum RollbackTimes {
  static func words(_ environment: EnvironmentPlan) -> Prose {
    let noun = environment.operations.versionNoun
    let before = environment.operations.activatePrevious.longestWait
    let undo = environment.operations.undo
    // A pause is for what has been handed out already, such as an answer of DNS: the traffic has moved before it.
    let late = undo.pauses
    let during = undo.waits
    var moving: Prose
    if during > .zero {
      moving =
        "the platform replaces the new \(noun), which takes at most \(before + during). It is tried three times, so at "
        + "the very worst it takes \(before + during * 3)."
    } else if before > .zero {
      moving =
        "traffic moves at once if the previous \(noun) still serves. If it has to be started first, that takes at "
        + "most \(before)."
    } else {
      moving = "traffic moves at once."
    }
    if late > .zero { moving = moving + " Some users still meet the new one for another \(late)." }
    return moving + verification(environment)
  }

  private static func verification(_ environment: EnvironmentPlan) -> Prose {
    var words = Prose()
    let checks = environment.rollbackVerify.map { Prose.text($0.title) }
    if !checks.isEmpty { words = words + " Then it is checked: \(checks.list())." }
    if let settled = recovery(environment) {
      words = words + " The metrics can show the recovery \(settled) after the traffic has moved, not earlier."
    }
    return words
  }

  /// How long after the shift the slowest metric can first be right: its window and the delay of its source.
  static func recovery(_ environment: EnvironmentPlan) -> TimeSpan? {
    environment.recovered.compactMap { condition -> TimeSpan? in
      guard case .metric(let metric, _, _) = condition.subject else { return nil }
      return condition.window + metric.source.lag
    }.max()
  }
}
