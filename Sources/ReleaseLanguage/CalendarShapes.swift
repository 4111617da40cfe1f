import Diagnostics
import ReleaseModel
import SpecShape
import YAMLDocument

enum FreezeShape {
  static let day = Shape<CalendarDay>(
    schema: .string(
      pattern: "^([0-9]{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
      format: "a day such as \"12-24\" (every year) or \"2026-11-27\"")
  ) { node, reader in
    guard reader.document.kind(of: node) == .scalar else {
      reader.reportWrongType(node, expected: "a day, such as \"12-24\"")
      return nil
    }
    let text = reader.document.string(of: node)
    if let day = CalendarDay(text) { return day }
    reader.sink.report(
      Diagnostic(
        code: "invalid-time", severity: .error, message: "`\(text)` is not a day",
        span: reader.document.span(of: node),
        help: ["write month and day for every year, such as \"12-24\", or year, month and day: \"2026-11-27\""]))
    return nil
  }

  static let shape = Shape<Freeze>.object(
    "freeze", "Days on which no release starts. A rollback is never bound to them.",
    .required("from", day, "The first day.", example: "\"12-24\""),
    .required("to", day, "The last day; earlier in the year than `from` means in the next year.", example: "\"12-26\""),
    .defaulted("zone", WindowShape.zone, to: "UTC", shown: "UTC", "Whose days these are."),
    .required("reason", .line, "Why; it is what a stopped release says.", example: "Holidays"),
    .required(
      "in", Shape<String>.reference.located.oneOrMany(), "The environments that it holds for.", example: "[prod]")
  ) { span, from, to, zone, reason, environments in
    Freeze(from: from, to: to, zone: zone, reason: reason, environments: environments, span: span)
  }.map { freeze, node, reader in
    if freeze.from.isYearly == freeze.to.isYearly, freeze.from.isYearly || freeze.from.number <= freeze.to.number {
      return freeze
    }
    let isOneKind = freeze.from.isYearly == freeze.to.isYearly
    reader.sink.report(
      Diagnostic(
        code: "invalid-time", severity: .error,
        message: isOneKind
          ? "this freeze ends before it begins" : "one of these days is of every year, the other of one year",
        span: reader.document.span(of: node), label: "from \(freeze.from) to \(freeze.to)",
        help: [
          isOneKind
            ? "exchange the two days, or write the later year behind `to`; no day is frozen by this"
            : "write both with the year, or both without"
        ]))
    return nil
  }
}

extension CalendarDay {
  fileprivate var isYearly: Bool { year == nil }
}

extension Shape where Value == String {
  /// A schedule as GitHub's `on.schedule` takes it: five fields of cron, in UTC.
  static let cron = Shape<String>.line.map { text, node, reader -> String? in
    let fields = text.split(separator: " ", omittingEmptySubsequences: false)
    let wrong = zip(fields, cronFields).first { !isCronField($0, $1.bounds) }
    if fields.count == 5, wrong == nil { return text }
    let place = wrong.map { $0.0.startIndex..<$0.0.endIndex } ?? text.startIndex..<text.endIndex
    let start = text.utf8.distance(from: text.startIndex, to: place.lowerBound)
    let end = text.utf8.distance(from: text.startIndex, to: place.upperBound)
    reader.sink.report(
      Diagnostic(
        code: "invalid-text", severity: .error, message: "`\(text)` is not a schedule",
        span: fields.count == 5
          ? reader.document.span(of: node, utf8Range: start..<max(start, end)) : reader.document.span(of: node),
        label: fields.count == 5
          ? wrong.map { "the \($0.1.name) is a number from \($0.1.bounds.lowerBound) to \($0.1.bounds.upperBound)" }
          : "five fields are needed, and there \(fields.count == 1 ? "is 1" : "are \(fields.count)")",
        help: [
          "write minute, hour, day, month and weekday in UTC, numbers or `*`, such as `0 11 * * 4` (Thursdays at 11:00)"
        ]))
    return nil
  }.called(
    "a schedule of five cron fields in UTC, such as `0 11 * * 4` (Thursdays at 11:00)",
    pattern: "^[0-9*,/-]+ [0-9*,/-]+ [0-9*,/-]+ [0-9*,/-]+ [0-9*,/-]+$")

  private static let cronFields: [(name: String, bounds: ClosedRange<Int>)] = [
    ("minute", 0...59), ("hour", 0...23), ("day", 1...31), ("month", 1...12), ("weekday", 0...6),
  ]

  /// `*`, `*/15`, `5`, `1-5`, `1-5/2`, and lists of them.
  private static func isCronField(_ field: Substring, _ bounds: ClosedRange<Int>) -> Bool {
    field.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
      let steps = part.split(separator: "/", omittingEmptySubsequences: false)
      guard (1...2).contains(steps.count) else { return false }
      if steps.count == 2 {
        guard let step = wholeNumber(steps[1]), step >= 1, step <= bounds.upperBound else { return false }
      }
      if steps[0] == "*" { return true }
      let ends = steps[0].split(separator: "-", omittingEmptySubsequences: false).map { wholeNumber($0) }
      guard (1...2).contains(ends.count) else { return false }
      let numbers = ends.compactMap { $0 }
      return numbers.count == ends.count && numbers.allSatisfy(bounds.contains)
        && numbers[0] <= numbers[numbers.count - 1]
    }
  }
}
