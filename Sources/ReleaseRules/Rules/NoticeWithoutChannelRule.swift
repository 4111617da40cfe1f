import Diagnostics
import ReleaseModel

enum NoticeWithoutChannelRule: Rule {
  static let name = "notice-without-channel"
  static let severity = Severity.warning
  static let summary = "A window that is announced is announced to somebody."
  static let rationale = """
    `notice: 7d` is a promise to customers. Where no channel listens for `maintenance`, the announcement runs every \
    month, is green, and reaches nobody: the first that customers hear of the change is that the service is away.
    """
  static let failingExample = example("[succeeded]", "«", "»")
  static let passingExample = example("[succeeded, maintenance]", "", "")

  private static func example(_ events: String, _ open: String, _ close: String) -> RuleExample {
    ExampleSpec.with(
      (
        "url: https://shop.example",
        "url: https://shop.example\n"
          + "window: \(open){ days: [mon], from: \"02:00\", to: \"06:00\", zone: UTC, notice: 2d }\(close)"
      ),
      (
        "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
        "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }\n"
          + "SLACK_WEBHOOK: { in: [prod], purpose: messages, rotate: 90d }"
      ), ("promotion:", "notify:\n  team: { slack: SLACK_WEBHOOK, on: \(events), in: [prod] }\npromotion:"))
  }

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    guard
      context.isWhole
        || !context.isBroken("notify") && context.spec.notifications.entries.allSatisfy({ $0.value != nil })
    else { return }
    for environment in context.plan.environments where !environment.isHotfix {
      guard let window = environment.spec.window, let notice = window.notice,
        !environment.channels.contains(where: { $0.channel.useful.contains(.maintenance) })
      else { continue }
      report(unheard(window, notice, environment))
    }
  }
}

extension NoticeWithoutChannelRule {
  private static func unheard(_ window: ChangeWindow, _ notice: TimeSpan, _ environment: EnvironmentPlan) -> Diagnostic
  {
    problem(
      "nobody hears of the window of \(environment.name) \(notice) before it opens", at: window.span,
      label: "announced to no channel",
      related: environment.channels.map { .init(span: $0.channel.span, label: "does not listen for `maintenance`") },
      notes: ["the announcement would run, be green and reach nobody"],
      help: [
        environment.channels.isEmpty
          ? "add a channel under `notify` with `on: [maintenance]`, such as a status page"
          : "add `maintenance` to `on` of a channel, or take out `notice: \(notice)`"
      ])
  }
}
