import Diagnostics
import ReleaseModel

enum DeafChannelRule: Rule {
  static let name = "deaf-channel"
  static let severity = Severity.warning
  static let summary = "Everything that a channel is told of can happen, and every channel hears of something."
  static let rationale = """
    A channel that is subscribed to what never happens is silent, and silence reads as good news. A pager that is told \
    of successes only, which wake nobody up, stays quiet through the night in which the rollback fails. An event that \
    nothing here can cause is most often the wish for a duty that is still to be written down.
    """
  static let failingExample = example("«drill-failed»")
  static let passingExample = example("rolled-back")

  private static func example(_ event: String) -> RuleExample {
    ExampleSpec.with(
      ("promotion:", "notify:\n  team: { pull-request: comment, on: [failed, \(event)] }\npromotion:"))
  }

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let plan = context.plan
    guard context.isWhole else { return }
    for (name, channel) in context.spec.notifications.readable {
      let environments = plan.environments.filter { $0.channels.contains { $0.name == name.value } }
      if environments.isEmpty { continue }
      var heard = 0
      for event in channel.events {
        if let cause = missingCause(of: event.value, in: environments, plan) {
          report(neverHappens(event, cause))
        } else if channel.useful.contains(event.value) {
          heard += 1
        }
      }
      let canHappen = channel.events.filter { missingCause(of: $0.value, in: environments, plan) == nil }
      if heard == 0, let first = canHappen.first { report(hearsNothing(name, channel, first)) }
    }
  }

  /// What would have to be there for this to happen, or `nil`: it can.
  private static func missingCause(
    of event: NotificationChannel.Event, in environments: [EnvironmentPlan], _ plan: ReleasePlan
  ) -> String? {
    switch event {
    case .started, .succeeded, .failed: nil
    case .resting:
      environments.contains(where: \.canRest) ? nil : "a step with `on-failure: …` at the weight of an earlier one"
    case .rolledBack, .rollbackFailed: environments.contains { $0.spec.rollback != nil } ? nil : "`rollback:`"
    case .drillFailed: plan.spec.drills.isEmpty ? "`drills:`" : nil
    case .maintenance: environments.contains { $0.spec.window?.notice != nil } ? nil : "a window with `notice: …`"
    case .secretDue: plan.spec.rotation == nil ? "`rotation:`" : nil
    case .approvalExpired:
      environments.contains { $0.approvals.contains { $0.within != nil } } ? nil : "approvals with `within: …`"
    }
  }
}

extension DeafChannelRule {
  private static func neverHappens(_ event: Located<NotificationChannel.Event>, _ cause: String) -> Diagnostic {
    problem(
      "`\(event.value.rawValue)` never happens where this channel listens", at: event.span,
      label: "it would take \(cause)",
      notes: ["whoever waits for this message takes its silence for good news"],
      help: ["add \(cause) where it belongs, or take `\(event.value.rawValue)` out"])
  }

  private static func hearsNothing(
    _ name: Located<String>, _ channel: NotificationChannel, _ first: Located<NotificationChannel.Event>
  ) -> Diagnostic {
    let why =
      switch channel.kind {
      case .pagerDuty: "nobody is woken up because something began or went well"
      case .statusPage: "customers are not told of drills, secrets and approvals"
      default: "what no release causes has no pull request to be written on"
      }
    return problem(
      "`\(name.value)` is told of nothing that it passes on", at: first.span,
      label: "this kind of channel has no words for it",
      notes: [why],
      help: ["subscribe it to what it is for, such as `on: [rolled-back, failed]`, or take it out"])
  }
}
