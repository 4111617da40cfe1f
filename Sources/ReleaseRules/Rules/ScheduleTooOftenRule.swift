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
    let spec = context.spec
    let schedules =
      spec.drills.readable.map(\.value.schedule) + spec.readiness.readable.compactMap(\.value.schedule)
      + (spec.rotation.map { [$0.schedule] } ?? [])
    for schedule in schedules {
      if let gap = shortestGap(schedule.value), gap < 5 { report(tooOften(schedule, gap)) }
    }
  }

  /// Minutes between two runs of one hour. Between the last of an hour and the first of the next it counts when the schedule
  /// has more than one hour.
  static func shortestGap(_ schedule: String) -> Int? {
    let fields = schedule.split(separator: " ")
    guard fields.count == 5 else { return nil }
    let minutes = values(fields[0], 0...59)
    guard let first = minutes.first, let last = minutes.last else { return nil }
    var gaps = zip(minutes, minutes.dropFirst()).map { $1 - $0 }
    let hours = values(fields[1], 0...23)
    let areNeighbours =
      zip(hours, hours.dropFirst()).contains { $1 - $0 == 1 } || (hours.first == 0 && hours.last == 23)
    if areNeighbours { gaps.append(first + 60 - last) }
    return gaps.min()
  }

  /// The numbers that a field of cron means, in order.
  private static func values(_ field: Substring, _ bounds: ClosedRange<Int>) -> [Int] {
    var found: Set<Int> = []
    for part in field.split(separator: ",") {
      let steps = part.split(separator: "/")
      guard let range = steps.first else { continue }
      let ends = range.split(separator: "-").compactMap { Int($0) }
      let step = steps.count == 2 ? Int(steps[1]) : nil
      let first = ends.first ?? bounds.lowerBound
      // `7/15` goes on to the end, `7` does not.
      let last = ends.count == 2 ? ends[1] : range == "*" || step != nil ? bounds.upperBound : first
      guard first <= last else { continue }
      found.formUnion(stride(from: first, through: last, by: max(1, step ?? 1)))
    }
    return found.sorted()
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
