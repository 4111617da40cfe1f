import Diagnostics
import ReleaseModel

enum NeverRunningScheduleRule: Rule {
  static let name = "never-running-schedule"
  static let severity = Severity.error
  static let summary = "The day of every schedule is in the calendar."
  static let rationale = """
    A schedule for 30 February is five fields of cron like any other, and GitHub takes it without a word. The drill or \
    the look after old secrets never runs, no run is red, and the last one is simply long ago: that is how a restore \
    turns out to be untried on the day that it is needed.
    """
  static let failingExample = example("«\"0 9 30 2 *\"»")
  static let passingExample = example("\"0 9 28 2 *\"")

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
      guard let cron = CronSchedule(schedule.value), !cron.everRuns else { continue }
      report(neverRuns(schedule))
    }
  }
}

extension NeverRunningScheduleRule {
  private static func neverRuns(_ schedule: Located<String>) -> Diagnostic {
    problem(
      "no day of any year is meant by this schedule", at: schedule.span, label: "these months have no such day",
      notes: ["it is taken without a word and no run is ever started, and what never runs is never red"],
      help: [
        "write a day that the month has, such as `28` for February; the fields are minute, hour, day, month, weekday"
      ])
  }
}
