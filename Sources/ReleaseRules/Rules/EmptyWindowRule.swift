import Diagnostics
import ReleaseModel

enum EmptyWindowRule: Rule {
  static let name = "empty-window"
  static let severity = Severity.error
  static let summary = "A change window closes at another time than it opens."
  static let rationale = """
    A window from 06:00 to 06:00 can mean all day or never, and the people who read it in the runbook do not agree on \
    which. A machine has to take one of the two. It has been all day, and the change that was meant for the quiet \
    hours ran at noon.
    """
  static let failingExample = example("«{ days: [mon], from: \"06:00\", to: \"06:00\", zone: UTC }»")
  static let passingExample = example("{ days: [mon], from: \"06:00\", to: \"09:00\", zone: UTC }")

  private static func example(_ window: String) -> RuleExample {
    ExampleSpec.with(("url: https://shop.example", "url: https://shop.example\nwindow: \(window)"))
  }

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (name, environment) in context.spec.environments.readable where environment.hotfixOf == nil {
      guard let window = environment.window, window.from == window.to else { continue }
      report(empty(window, name.value))
    }
  }
}

extension EmptyWindowRule {
  private static func empty(_ window: ChangeWindow, _ environment: String) -> Diagnostic {
    problem(
      "the window of \(environment) opens and closes at \(window.from)", at: window.span, label: "all day, or never?",
      notes: ["it would be open for 24 hours from then on, and reads as if it were never open"],
      help: [
        "write when it closes, such as `to: \"\(ChangeWindow.Clock(minutes: (window.from.minutes + 240) % 1440))\"`",
        "for all day write `from: \"00:00\"` and `to: \"23:59\"`",
      ])
  }
}
