import ReleaseModel

/// Windows, freezes and their days, as people say them.
enum CalendarWords {
  /// `Monday to Thursday`, `the first Tuesday of the month`, `every day`
  static func days(_ window: ChangeWindow) -> String {
    guard let week = window.week else { return days(window.days) }
    return "the \(ChangeWindow.weeks[min(max(week, 1), 5) - 1]) \(days(window.days)) of the month"
  }

  private static func days(_ days: [ChangeWindow.Day]) -> String {
    if days.count == ChangeWindow.Day.allCases.count { return "every day" }
    let names = days.map(Words.day)
    let isRow = zip(days, days.dropFirst()).allSatisfy { $0.rawValue + 1 == $1.rawValue }
    if isRow, days.count > 2, let first = names.first, let last = names.last { return "\(first) to \(last)" }
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// `Monday to Thursday, 02:00 to 06:00 (UTC)`
  static func window(_ window: ChangeWindow) -> String {
    "\(days(window)), \(window.from) to \(window.to) (\(window.zone))"
  }

  /// `24 December to 26 December, every year (UTC)`
  static func freeze(_ freeze: Freeze) -> String {
    let days = freeze.from == freeze.to ? day(freeze.from) : "\(day(freeze.from)) to \(day(freeze.to))"
    return days + (freeze.isYearly ? ", every year" : "") + " (\(freeze.zone))"
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  private static func day(_ day: CalendarDay) -> String {
    "\(day.day) \(months[min(max(day.month, 1), 12) - 1])" + (day.year.map { " \($0)" } ?? "")
  }
}
