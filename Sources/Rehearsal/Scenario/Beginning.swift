import ReleaseModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A moment at which a release may start: in its change window, with all of the worst case still ahead, and in no freeze.
struct Beginning {
  /// RFC 3339.
  let moment: String

  init(_ environment: EnvironmentPlan) throws {
    // A Tuesday morning, and the same in every run.
    var second = CalendarDay(year: 2026, month: 6, day: 2).number1970 * 86_400 + 9 * 3600
    if let window = environment.spec.window {
      second = CalendarDay(year: 2026, month: 6, day: 1).number1970 * 86_400
      // Five minutes after it opens: the first such moment of a quarter year.
      guard
        let found = (0..<(100 * 24 * 12)).lazy.map({ second + $0 * 300 }).first(where: {
          Self.opens(window, at: $0 - 300) && Self.isFree(environment, $0)
        })
      else { throw RehearsalProblem("no moment was found at which \(environment.name) may be released") }
      second = found
    } else {
      while !Self.isFree(environment, second) { second += 86_400 }
    }
    moment = Self.text(second)
  }

  private static func opens(_ window: ChangeWindow, at second: Int) -> Bool {
    let local = local(second, in: window.zone)
    guard Int(local.tm_hour) * 60 + Int(local.tm_min) == window.from.minutes else { return false }
    // C counts from Sunday, ISO 8601 from Monday.
    let day = local.tm_wday == 0 ? 7 : Int(local.tm_wday)
    guard window.days.contains(where: { $0.rawValue == day }) else { return false }
    guard let week = window.week else { return true }
    if week == 5 {
      let later = Self.local(second + 7 * 86_400, in: window.zone)
      return later.tm_mon != local.tm_mon
    }
    return (Int(local.tm_mday) - 1) / 7 + 1 == week
  }

  private static func isFree(_ environment: EnvironmentPlan, _ second: Int) -> Bool {
    let end = second + environment.worstCase.seconds
    return !environment.freezes.contains { freeze in
      stride(from: second, through: end + 86_399, by: 86_400).contains { moment in
        let local = local(min(moment, end), in: freeze.zone)
        return freeze.covers(
          CalendarDay(year: Int(local.tm_year) + 1900, month: Int(local.tm_mon) + 1, day: Int(local.tm_mday)))
      }
    }
  }

  /// The clock on the wall of a time zone.
  private static func local(_ second: Int, in zone: String) -> tm {
    let old = Machine.variable("TZ")
    setenv("TZ", zone, 1)
    tzset()
    defer {
      if let old { setenv("TZ", old, 1) } else { unsetenv("TZ") }
      tzset()
    }
    var moment = time_t(second)
    var result = tm()
    localtime_r(&moment, &result)
    return result
  }

  static func text(_ second: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = CalendarDay(number1970: second / 86_400)?.description ?? ""
    let rest = second % 86_400
    return "\(day)T\(two(rest / 3600)):\(two(rest % 3600 / 60)):\(two(rest % 60))Z"
  }
}

/// A branch or a tag from which a trigger starts a release.
struct RefName {
  let name: String
  let isTag: Bool

  init(_ trigger: Trigger, defaultBranch: String) {
    if let branch = trigger.push?.branches.first(where: { !$0.value.hasPrefix("!") }) {
      name = Self.example(branch.value)
      isTag = false
    } else if let tag = trigger.releaseTags.first(where: { !$0.isExclusion }) {
      name = Self.example(tag.filter)
      isTag = true
    } else {
      name = defaultBranch
      isTag = false
    }
  }

  /// A name that a filter of GitHub's lets through.
  private static func example(_ filter: String) -> String {
    var result = ""
    var rest = filter[...]
    while let character = rest.popFirst() {
      switch character {
      case "*":
        while rest.first == "*" { rest.removeFirst() }
        result += result.isEmpty || result.last?.isLetter == true ? "1.4.0" : "1"
      // Once is enough for both.
      case "?", "+": break
      case "[":
        let end = rest.firstIndex(of: "]") ?? rest.endIndex
        // `[0-9]`: something from its middle, so that a number is no zero.
        let set = rest[..<end]
        result.append(set == "0-9" ? "1" : set.first ?? "1")
        rest = end < rest.endIndex ? rest[rest.index(after: end)...] : ""
      case "\\": if let next = rest.popFirst() { result.append(next) }
      default: result.append(character)
      }
    }
    return result
  }
}
