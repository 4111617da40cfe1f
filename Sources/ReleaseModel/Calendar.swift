import Diagnostics

/// A day of the calendar; without a year, of every year.
public struct CalendarDay: Sendable, Hashable, CustomStringConvertible {
  public let year: Int?
  /// 1…12
  public let month: Int
  /// 1…31
  public let day: Int

  public init(year: Int?, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// Reads `2026-12-24` or `12-24`. `nil` for anything else, and for days that no calendar has.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, parts.suffix(2).allSatisfy({ $0.utf8.count == 2 }),
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    let numbers = parts.compactMap { Int($0) }
    let year = numbers.count == 3 ? numbers[0] : nil
    if let year, parts[0].utf8.count != 4 || year < 1970 { return nil }
    let month = numbers[numbers.count - 2]
    let day = numbers[numbers.count - 1]
    // 29 February without a year is a day: of the leap years.
    let isLeap = year.map { $0 % 4 == 0 && ($0 % 100 != 0 || $0 % 400 == 0) } ?? true
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// Days since 1 January 1970 of a day with a year, by the proleptic Gregorian calendar; without one, of 1972, a leap year.
  public var number1970: Int {
    // March is the first month, so that the day that comes and goes is the last of a year.
    let marchYear = (year ?? 1972) - (month <= 2 ? 1 : 0)
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return 365 * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
  }

  /// The day so many days since 1 January 1970; `nil` before that.
  public init?(number1970 days: Int) {
    guard days >= 0 else { return nil }
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    self.init(
      year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  /// As a number that orders days: `20261224`, or `1224` without a year.
  public var number: Int { (year ?? 0) * 10_000 + month * 100 + day }

  public var description: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return (year.map { "\($0)-" } ?? "") + "\(two(month))-\(two(day))"
  }
}

/// Days on which no release starts. Rollback is never bound to them, and a hotfix only if it says so.
public struct Freeze: Sendable {
  public let from: CalendarDay
  /// The last day of it.
  public let to: CalendarDay
  /// A name of the time zone database: whose days these are.
  public let zone: String
  public let reason: String
  public let environments: [Located<String>]
  public let span: Span

  public init(
    from: CalendarDay, to: CalendarDay, zone: String, reason: String, environments: [Located<String>], span: Span
  ) {
    self.from = from
    self.to = to
    self.zone = zone
    self.reason = reason
    self.environments = environments
    self.span = span
  }

  /// Whether it is every year's.
  public var isYearly: Bool { from.year == nil }

  /// Whether a day is one of its days; a day of every year only is when the freeze is every year's, too.
  public func covers(_ day: CalendarDay) -> Bool {
    guard isYearly else { return day.year != nil && from.number <= day.number && day.number <= to.number }
    let number = day.month * 100 + day.day
    // Over the turn of the year it ends on an earlier day than it begins.
    return from.number <= to.number
      ? from.number <= number && number <= to.number : from.number <= number || number <= to.number
  }
}
