import ReleaseModel
import TextLayout

/// When a change may start.
enum WindowSection {
  static func blocks(_ environment: EnvironmentPlan) -> [Markdown.Block] {
    guard let window = environment.spec.window else { return [] }
    let text = CalendarWords.window(window)
    let notice: Prose = window.notice.map { " It is announced \($0) before." } ?? ""
    return [
      .heading(.window(environment.name)),
      .prose("\(text.prefix(1).uppercased() + text.dropFirst()).\(notice)"),
      latestStart(window, environment),
      .prose("Outside the window the release stops before it touches anything. A rollback is never bound to it."),
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
      "The worst case takes \(worst) and must end before the window closes. Have the last approval given by "
        + "\(strong: "\(latest)"): later, the release refuses to start.")
  }
}
