import ReleaseModel
import TextLayout

/// `calendar_prod`: when one environment may be released into.
struct CalendarFunction {
  let environment: EnvironmentPlan
  private let window: ChangeWindow?

  /// `nil` for an environment into which a release may start at any time.
  init?(_ environment: EnvironmentPlan) {
    if environment.spec.window == nil, environment.freezes.isEmpty { return nil }
    self.environment = environment
    window = environment.spec.window
  }

  var name: ShellName { ShellName("calendar", of: environment.name) }

  /// What scripts that judge times keep.
  static let variables: [ShellVariable] = [
    ShellVariable("CHANGE_WINDOW", "()"), ShellVariable("FREEZES", "()"), ShellVariable("NEEDED", "0"), "WINDOW_TEXT",
    "ZONE", "WHY", "OPENS",
  ]

  var function: ShellFunction {
    ShellFunction(
      name,
      "AT: whether a release into \(environment.name) may start at that time (0) or not (1), or nobody knows (2): see judge_time.",
      needs: ["judge_time"],
      body: """
        NEEDED=\(environment.worstCase.seconds)
        ZONE=\(window?.zone ?? environment.freezes.first?.zone ?? "UTC")
        CHANGE_WINDOW=(\(windowWords))
        WINDOW_TEXT=\(window?.text ?? "")
        FREEZES=(\(words: freezeWords))
        judge_time "$1"
        """)
  }

  private var windowWords: Bash {
    guard let window else { return .empty }
    let days = window.days.map { "\($0.rawValue)" }.joined(separator: " ")
    return "\(window.zone) \(days) \(window.week ?? 0) \(window.from.minutes) \(window.length.minutes)"
  }

  /// Five words each: zone, first and last day as numbers, both as text, reason.
  private var freezeWords: [String] {
    environment.freezes.flatMap { freeze in
      let days = freeze.from == freeze.to ? "\(freeze.from)" : "\(freeze.from) to \(freeze.to)"
      return [freeze.zone, "\(freeze.from.number)", "\(freeze.to.number)", days, freeze.reason]
    }
  }
}
