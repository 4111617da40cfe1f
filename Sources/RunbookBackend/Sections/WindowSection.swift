import ReleaseModel
import TextLayout

/// When a change may start: the window, and the days on which none does.
enum WindowSection {
  static func blocks(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [Markdown.Block] {
    let window = environment.spec.window.map { blocks($0, environment) } ?? []
    if window.isEmpty, environment.freezes.isEmpty { return [] }
    return [.heading(.window(environment.name))] + window + freezes(environment)
      + [
        .prose(
          "At any other time the release stops before it touches anything, and says when it may start. A rollback is never "
            + "bound to this."),
        .prose(
          "A run that stopped for this is started again when it may: \(code: Places(plan).workflow("housekeeping")) looks "
            + "twice an hour for the newest one, and leaves it when another release came after it"
            + (environment.approvals.contains { $0.within != nil } ? " or its approvals have expired" : "")
            + ". Approvals of GitHub are asked for anew then."),
      ]
  }

  private static func blocks(_ window: ChangeWindow, _ environment: EnvironmentPlan) -> [Markdown.Block] {
    let days = window.days.map { Prose.text(Words.day($0)) }.list()
    let month: Prose = window.week.map { "The \(ChangeWindow.weeks[$0 - 1]) \(days) of the month" } ?? days
    var blocks: [Markdown.Block] = [
      .prose("\(month), \("\(window.from)") to \("\(window.to)") (\(window.zone))."),
      latestStart(window, environment),
    ]
    if let notice = window.notice {
      blocks.append(.prose("It is announced \(notice) before it opens, once, with an issue that says when."))
    }
    return blocks
  }

  private static func freezes(_ environment: EnvironmentPlan) -> [Markdown.Block] {
    if environment.freezes.isEmpty { return [] }
    let rows = environment.freezes.map { freeze -> [Prose] in
      [
        "\("\(freeze.from)")", "\("\(freeze.to)")", freeze.isYearly ? "every year" : "once", "\(freeze.zone)",
        "\(freeze.reason)",
      ]
    }
    return [
      .prose("No release starts on these days, nor one that could last into them:"),
      .table(["From", "To, included", "When", "Time zone", "Why"], rows),
    ]
  }

  /// The worst case must end before the window closes.
  private static func latestStart(_ window: ChangeWindow, _ environment: EnvironmentPlan) -> Markdown.Block {
    let worst = environment.worstCase
    if worst > window.length {
      return .alert(
        .warning,
        [
          .prose(
            "The window is open for \(window.length), and the worst case takes \(worst): no release fits. "
              + "Widen the window or shorten the rollout.")
        ])
    }
    let day = 24 * 60
    let latest = ChangeWindow.Clock(minutes: ((window.to.minutes - worst.minutes) % day + day) % day)
    return .prose(
      "The worst case takes \(worst) and must end before the window closes. Have the last approval given "
        + "between \(strong: "\(window.from)") and \(strong: "\(latest)"): earlier or later, the release refuses to start."
    )
  }
}
