import Diagnostics
import ReleaseModel

enum LateAlertRule: Rule {
  static let name = "late-alert"
  static let severity = Severity.warning
  static let summary = "No alert waits so long before it fires that what it is about is over, or is everywhere."
  static let rationale = """
    `critical` calls somebody now. Behind `for 5h`, written for `5m`, "now" comes after an outage of five hours, and the graph \
    of the alert looks healthy until then. A warning that has to hold for a whole shift never fires for what comes every \
    night and is gone in the morning.
    """
  private static let alerts = "alerts:\n  Errors: { severity: critical, when: "
  static let failingExample = ExampleSpec.with(
    ("promotion:", alerts + "«error-rate > 5% for 5h» }\npromotion:"))
  static let passingExample = ExampleSpec.with(
    ("promotion:", alerts + "error-rate > 5% for 5m }\npromotion:"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for alert in context.plan.alerts {
      let condition = alert.alert.condition
      guard case .time(let time)? = condition.sustained else { continue }
      let most: TimeSpan = alert.alert.severity == .critical ? .minutes(30) : .hours(6)
      if time > most { report(late(condition, time, most, isCritical: alert.alert.severity == .critical)) }
    }
  }
}

extension LateAlertRule {
  private static func late(
    _ condition: Condition, _ time: TimeSpan, _ most: TimeSpan, isCritical: Bool
  ) -> Diagnostic {
    problem(
      "this alert fires after \(time) at the earliest", at: condition.span,
      label: isCritical
        ? "critical, and nobody is called until then" : "what comes and goes within that time is never told",
      notes: ["a single good moment starts the time anew"],
      help: [
        "write \(most) or less behind `for`; what is to be seen over a longer time is a window, such as `over \(time)`"
      ])
  }
}
