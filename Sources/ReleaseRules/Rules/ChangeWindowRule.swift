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
      guard let window = environment.spec.window, environment.worstCase > window.length else { continue }
      report(tooShort(window, environment))
    }
  }
}

extension ChangeWindowRule {
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
