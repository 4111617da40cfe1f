import Diagnostics
import ReleaseModel

enum WindowInsideFreezeRule: Rule {
  static let name = "window-inside-freeze"
  static let severity = Severity.error
  static let summary = "A change window opens at least once outside the freezes that come every year."
  static let rationale = """
    A freeze wins over a window. If every day on which the window could open is frozen, no release can ever start, and \
    each attempt is refused with a reason that looks temporary. It is found out on the day of the first release, by \
    people who have waited for it.
    """
  static let failingExample = ExampleSpec.with(
    (
      "url: https://shop.example",
      "url: https://shop.example\nwindow: «{ days: [mon], from: \"02:00\", to: \"06:00\", zone: UTC }»"
    ),
    (
      "promotion:",
      "freezes:\n  winter: { from: \"10-01\", to: \"03-31\", reason: Winter, in: [prod] }\n"
        + "  summer: { from: \"04-01\", to: \"09-30\", reason: Summer, in: [prod] }\npromotion:"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "url: https://shop.example",
      "url: https://shop.example\nwindow: { days: [mon], from: \"02:00\", to: \"06:00\", zone: UTC }"
    ),
    (
      "promotion:",
      "freezes:\n  winter: { from: \"10-01\", to: \"03-31\", reason: Winter, in: [prod] }\npromotion:"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for environment in context.plan.environments {
      guard let window = environment.spec.window, !window.days.isEmpty else { continue }
      let freezes = environment.freezes.filter(\.isYearly)
      guard !freezes.isEmpty, days(window).allSatisfy({ day in freezes.contains { $0.holds(on: day) } }) else {
        continue
      }
      report(alwaysFrozen(window, environment.name, freezes))
    }
  }

  /// Every day of some year, as `month * 100 + day`, on which it can open.
  private static func days(_ window: ChangeWindow) -> [Int] {
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return lengths.enumerated().flatMap { month, length -> [Int] in
      let days =
        switch window.week {
        case nil: 1...length
        // February has 28 days in most years, so that its last week begins on the 22nd.
        case 5?: (month == 1 ? 22 : length - 6)...length
        case let week?: (week * 7 - 6)...(week * 7)
        }
      return days.map { (month + 1) * 100 + $0 }
    }
  }
}

extension WindowInsideFreezeRule {
  private static func alwaysFrozen(_ window: ChangeWindow, _ environment: String, _ freezes: [Freeze]) -> Diagnostic {
    problem(
      "no release into \(environment) can ever start: every day of its window is frozen", at: window.span,
      label: "\(window.text)",
      related: freezes.map { .init(span: $0.span, label: "frozen from \($0.from) to \($0.to)") },
      notes: ["a freeze wins over a window, so each attempt is refused as if it were only too early"],
      help: ["shorten a freeze, or let the window open on other days"])
  }
}

extension Freeze {
  /// Whether a freeze of every year holds on a day, as `month * 100 + day`.
  fileprivate func holds(on day: Int) -> Bool {
    from.number <= to.number ? (from.number...to.number).contains(day) : day >= from.number || day <= to.number
  }
}
