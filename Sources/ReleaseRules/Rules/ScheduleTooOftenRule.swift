import Diagnostics
import ReleaseModel

enum ScheduleTooOftenRule: Rule {
  static let name = "schedule-too-often"
  static let severity = Severity.error
  static let summary = "No schedule asks for more than GitHub gives: a run every five minutes."
  static let rationale = """
    GitHub starts scheduled workflows every five minutes at the most, and later when it is busy. A schedule that asks for \
    more is taken without a word and not kept, so whoever wrote it believes in a watch that nobody keeps.
    """
  static let failingExample = example("«\"*/2 * * * *\"»")
  static let passingExample = example("\"*/30 * * * *\"")

  private static func example(_ schedule: String) -> RuleExample {
    ExampleSpec.with(
      (
        "promotion:",
        "drills:\n  rehearsal:\n    title: Rollback rehearsal\n    schedule: \(schedule)\n"
          + "    exercise: { staging: dry-run }\n    owner: operations\npromotion:"
      ))
  }

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for schedule in context.spec.schedules {
      if let gap = CronSchedule(schedule.value)?.shortestGap, gap < 5 { report(tooOften(schedule, gap)) }
    }
  }
}

extension ScheduleTooOftenRule {
  private static func tooOften(_ schedule: Located<String>, _ gap: Int) -> Diagnostic {
    problem(
      "this schedule asks for a run after \(gap) \(gap == 1 ? "minute" : "minutes")", at: schedule.span,
      label: "GitHub leaves five minutes between two runs",
      notes: ["the shortest interval is five minutes, says \"Events that trigger workflows\" in GitHub's docs"],
      help: ["write the minutes at least five apart, such as `*/30 * * * *`"])
  }
}
