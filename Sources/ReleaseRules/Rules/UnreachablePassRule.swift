import Diagnostics
import ReleaseModel

enum UnreachablePassRule: Rule {
  static let name = "unreachable-pass"
  static let severity = Severity.error
  static let summary = "A gate on another workflow's last run can be green on every day: it runs as often as is asked."
  static let rationale = """
    "A drill has passed within 60 days" beside a drill that runs once a quarter is red for a month of every three. The \
    first release that meets it is held up by nothing that is wrong with it, somebody starts the drill in a hurry in \
    the middle of the change window, and the next thing to go is the gate.
    """
  static let failingExample = example("«workflow-run»", "60d")
  static let passingExample = example("workflow-run", "100d")

  private static func example(_ key: String, _ within: String) -> RuleExample {
    ExampleSpec.with(
      (
        "ci: { github-checks: [test] }",
        "ci: { github-checks: [test] }\n"
          + "rehearsed: { \(key): { workflow: shop-drill-rehearsal.yml, within: \(within) } }"
      ), ("after: staging", "after: staging\nbefore: [rehearsed]"),
      (
        "promotion:",
        "drills:\n  rehearsal:\n    title: Rollback rehearsal\n    schedule: \"0 9 1 1,4,7,10 *\"\n"
          + "    exercise: { staging: dry-run }\n    owner: operations\npromotion:"
      ))
  }

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let spec = context.spec
    let own = workflows(of: spec)
    for (_, check) in spec.checks.readable {
      guard case .workflowRun(let file, let within) = check.kind, !context.hasUnreadable(in: check.span) else {
        continue
      }
      if let schedule = own.first(where: { $0.file == file })?.schedule {
        guard let cron = CronSchedule(schedule.value), let gap = cron.longestGap, within < gap else { continue }
        report(tooSeldom(check, within, schedule, gap))
      } else if !own.contains(where: { $0.file == file }), !context.isBroken("drills"), !context.isBroken("readiness"),
        ["drill", "readiness"].contains(where: { file.hasPrefix("\(spec.service.value)-\($0)-") })
      {
        report(noSuchWorkflow(check, file, among: own.map(\.file)))
      }
    }
  }

  /// The workflows that are generated from this spec and run on a schedule, or on demand only.
  private static func workflows(of spec: ReleaseSpec) -> [(file: String, schedule: Located<String>?)] {
    let service = spec.service.value
    return spec.drills.readable.map { ("\(service)-drill-\($0.name.value).yml", $0.value.schedule) }
      + spec.readiness.readable.map { ("\(service)-readiness-\($0.name.value).yml", $0.value.schedule) }
  }
}

extension UnreachablePassRule {
  private static func tooSeldom(
    _ check: Check, _ within: TimeSpan, _ schedule: Located<String>, _ gap: TimeSpan
  ) -> Diagnostic {
    problem(
      "this gate asks for a run within \(within), and up to \(gap) lie between two runs", at: place(of: check),
      label: "red for the rest of the time",
      related: [.init(span: schedule.span, label: "the workflow runs by this schedule")],
      notes: ["a release in that time is held up although nothing is wrong with it"],
      help: ["write `within: \(roundedUp(gap))` or more, or let the workflow run more often"])
  }

  private static func noSuchWorkflow(_ check: Check, _ file: String, among known: [String]) -> Diagnostic {
    let suggestion = Spelling.closest(to: file, among: known)
    return problem(
      "nothing here generates the workflow `\(file)`", at: place(of: check),
      label: suggestion.map { "did you mean `\($0)`?" } ?? "no drill and no readiness has this name",
      notes: ["a workflow that is not there has no run, so this gate refuses every release"],
      help: [
        suggestion.map { "write `workflow: \($0)`" }
          ?? "declare it under `drills` or `readiness`, or give a workflow of your own another name"
      ])
  }

  private static func place(of check: Check) -> Span { check.kindSpan }

  /// A run may start late and takes a while.
  private static func roundedUp(_ gap: TimeSpan) -> TimeSpan {
    let day = TimeSpan.hours(24)
    return day * (gap.milliseconds / day.milliseconds + 2)
  }
}
