import Diagnostics
import ReleaseModel

enum ChangeWindowRule: Rule {
  static let name = "change-window"
  static let severity = Severity.error
  static let summary =
    "A rollout is done before the change window closes, even when everything takes as long as it may."
  static let rationale = """
    A window is a promise to the people who use the service and to those who are awake for it. A rollout that outlasts \
    it either goes on at breakfast time, with the traffic that the window was to avoid, or is stopped half-way. Holds \
    can be extended once when data are missing, so the longest case counts and not the usual one.
    """
  static let judgement: String? =
    "The longest case is a sum of every limit, and a team may know that its checks never take as long as they may."
  static let failingExample = ExampleSpec.with(
    (
      "url: https://shop.example",
      "url: https://shop.example\nwindow: «{ days: [mon], from: \"02:00\", to: \"03:00\", zone: UTC }»"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "url: https://shop.example",
      "url: https://shop.example\nwindow: { days: [mon], from: \"02:00\", to: \"04:00\", zone: UTC }"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for environment in context.plan.environments {
      guard let window = environment.spec.window else { continue }
      if environment.worstCase > window.length {
        report(tooShort(window, environment))
      } else if window.length.milliseconds - environment.worstCase.milliseconds < housekeeping.milliseconds {
        report(hardToHit(window, environment))
      }
    }
  }
}

extension ChangeWindowRule {
  /// How often the housekeeping workflow looks whether a release that waits for its window may start.
  private static let housekeeping = TimeSpan.minutes(30)

  private static func hardToHit(_ window: ChangeWindow, _ environment: EnvironmentPlan) -> Diagnostic {
    let worst = environment.worstCase
    let rest = TimeSpan(milliseconds: window.length.milliseconds - worst.milliseconds)
    return problem(
      "a release into \(environment.name) has to start in the first \(rest) of its window", at: window.span,
      label: "open for \(window.length); a rollout may take \(worst)", severity: .warning,
      notes: [
        environment.worstCaseText,
        "what waits for the window is started again by a look every \(housekeeping), so it may miss that",
      ],
      help: ["open the window longer, or shorten holds and timeouts"])
  }

  private static func tooShort(_ window: ChangeWindow, _ environment: EnvironmentPlan) -> Diagnostic {
    let worst = environment.worstCase
    let excess = TimeSpan(milliseconds: worst.milliseconds - window.length.milliseconds)
    return problem(
      "a rollout into \(environment.name) can take longer than its window is open", at: window.span,
      label: "open for \(window.length); a rollout may take \(worst)",
      related: environment.spec.rollout.steps.map { .init(span: $0.hold.span, label: "held for \($0.hold.value)") },
      notes: [environment.worstCaseText],
      help: ["open the window \(excess) longer, or shorten holds and timeouts"])
  }
}
