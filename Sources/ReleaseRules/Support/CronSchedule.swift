import Diagnostics
import ReleaseModel

/// A schedule of five cron fields in UTC: minute, hour, day of the month, month, day of the week.
///
/// Where both kinds of day are limited, one of them is enough. Source: POSIX, `crontab`; GitHub's docs, "Events that trigger
/// workflows" (`schedule`), refer to it.
struct CronSchedule {
  let minutes: [Int]
  let hours: [Int]
  private let days: Set<Int>
  private let months: Set<Int>
  private let weekdays: Set<Int>
  private let anyDay: Bool
  private let anyWeekday: Bool

  /// `nil` for what the language does not take.
  init?(_ schedule: String) {
    let fields = schedule.split(separator: " ")
    guard fields.count == 5 else { return nil }
    minutes = Self.values(fields[0], 0...59)
    hours = Self.values(fields[1], 0...23)
    days = Set(Self.values(fields[2], 1...31))
    months = Set(Self.values(fields[3], 1...12))
    weekdays = Set(Self.values(fields[4], 0...6))
    anyDay = fields[2].hasPrefix("*")
    anyWeekday = fields[4].hasPrefix("*")
  }

  /// The numbers that a field means, in order.
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

  /// Minutes between two runs of one hour. Between the last of an hour and the first of the next it counts when the
  /// schedule has more than one hour.
  var shortestGap: Int? {
    guard let first = minutes.first, let last = minutes.last else { return nil }
    var gaps = zip(minutes, minutes.dropFirst()).map { $1 - $0 }
    let areNeighbours =
      zip(hours, hours.dropFirst()).contains { $1 - $0 == 1 } || (hours.first == 0 && hours.last == 23)
    if areNeighbours { gaps.append(first + 60 - last) }
    return gaps.min()
  }

  /// Whether any day of the calendar, a leap day among them, is one of its days.
  var everRuns: Bool {
    // Where both kinds of day are limited, a weekday is enough, and every month has each of them.
    if !anyDay, !anyWeekday { return true }
    return months.contains { month in days.contains { $0 <= Self.length(of: month, isLeap: true) } }
  }

  /// The longest time between two runs, in whole days; `nil` when it never runs. Eight years, so that each date has had
  /// different weekdays, and a leap day has come twice.
  var longestGap: TimeSpan? {
    var last: Int?
    var gap = 0
    var day = 0
    for year in 2023..<2032 {
      let isLeap = year % 4 == 0
      for month in 1...12 {
        for date in 1...Self.length(of: month, isLeap: isLeap) {
          day += 1
          // 1 January 2023 was a Sunday.
          guard months.contains(month), isDay(date, weekday: (day - 1) % 7) else { continue }
          if let last { gap = max(gap, day - last) }
          last = day
        }
      }
    }
    return last == nil || gap == 0 ? nil : .hours(24) * gap
  }

  private func isDay(_ date: Int, weekday: Int) -> Bool {
    if anyDay || anyWeekday { return days.contains(date) && weekdays.contains(weekday) }
    return days.contains(date) || weekdays.contains(weekday)
  }

  private static func length(of month: Int, isLeap: Bool) -> Int {
    [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }
}

extension ReleaseSpec {
  /// Every schedule of the spec.
  var schedules: [Located<String>] {
    drills.readable.map(\.value.schedule) + readiness.readable.compactMap(\.value.schedule)
      + (rotation.map { [$0.schedule] } ?? [])
  }
}
