/// A length of time, whole milliseconds.
public struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var milliseconds: Int

  public init(milliseconds: Int) { self.milliseconds = milliseconds }
  public static func seconds(_ count: Int) -> TimeSpan { TimeSpan(milliseconds: count * 1000) }
  public static func minutes(_ count: Int) -> TimeSpan { .seconds(count * 60) }
  public static func hours(_ count: Int) -> TimeSpan { .minutes(count * 60) }
  public static let zero = TimeSpan(milliseconds: 0)

  /// Whole seconds, rounded up: a wait is never shorter than what was asked for.
  public var seconds: Int { (milliseconds + 999) / 1000 }
  /// The same in whole seconds, rounded up: for people, who decide nothing by milliseconds.
  public var rounded: TimeSpan { .seconds(seconds) }
  /// Whole minutes, rounded up.
  public var minutes: Int { (seconds + 59) / 60 }

  public static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.milliseconds < right.milliseconds }
  public static func + (left: TimeSpan, right: TimeSpan) -> TimeSpan {
    TimeSpan(milliseconds: left.milliseconds + right.milliseconds)
  }
  public static func * (left: TimeSpan, right: Int) -> TimeSpan { TimeSpan(milliseconds: left.milliseconds * right) }

  /// As it is written in a spec: `250ms`, `30s`, `15m`, `1h30m`, `90d`.
  public var description: String {
    if milliseconds == 0 { return "0s" }
    if milliseconds < 1000 || milliseconds % 1000 != 0 { return "\(milliseconds)ms" }
    var rest = milliseconds / 1000
    var text = ""
    for (unit, length) in [("d", 86400), ("h", 3600), ("m", 60), ("s", 1)] where rest >= length {
      // Days only from the third on and when nothing finer is left: `24h` and `36h` are what people say.
      if unit == "d", rest % length != 0 || rest < 3 * length { continue }
      text += "\(rest / length)\(unit)"
      rest %= length
    }
    return text
  }

  /// Reads `250ms`, `30s`, `15m`, `1h30m`, `90d`: whole numbers with units, larger units first. `nil` for anything else.
  public init?(_ text: String) {
    var total = 0
    var rest = Substring(text)
    var previous = Int.max
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { ("0"..."9").contains($0) }
      guard !digits.isEmpty, let count = Int(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      let letters = rest.prefix { ("a"..."z").contains($0) }
      rest = rest.dropFirst(letters.count)
      let unit: Int
      switch letters {
      case "ms": unit = 1
      case "s": unit = 1000
      case "m": unit = 60_000
      case "h": unit = 3_600_000
      case "d": unit = 86_400_000
      default: return nil
      }
      guard unit < previous else { return nil }
      previous = unit
      let (product, overflow) = count.multipliedReportingOverflow(by: unit)
      // A century is no release step; the bound keeps every sum of spans far from overflow.
      guard !overflow, product <= 3_155_760_000_000 else { return nil }
      total += product
    }
    self.init(milliseconds: total)
  }

  /// How a spec writes what was written with other words or with spaces: `15 minutes` is `15m`, `1 hr 30 min` is `1h30m`.
  /// `nil` for anything that could mean something else.
  public static func form(of text: String) -> String? {
    let words = [
      "ms": ["msec", "msecs", "millis", "millisecond", "milliseconds"], "s": ["sec", "secs", "second", "seconds"],
      "m": ["min", "mins", "minute", "minutes"], "h": ["hr", "hrs", "hour", "hours"], "d": ["day", "days"],
    ]
    var result = ""
    var rest = text.lowercased().filter { $0 != " " }[...]
    while !rest.isEmpty {
      let digits = rest.prefix { ("0"..."9").contains($0) }
      rest = rest.dropFirst(digits.count)
      let letters = rest.prefix { ("a"..."z").contains($0) }
      rest = rest.dropFirst(letters.count)
      guard !digits.isEmpty, !letters.isEmpty else { return nil }
      let unit = words.first { $0.key == letters || $0.value.contains(String(letters)) }?.key
      guard let unit else { return nil }
      result += digits + unit
    }
    // `15M` may be months: only the words are clear in capitals.
    if text.contains(where: \.isUppercase), TimeSpan(text.lowercased()) != nil { return nil }
    return TimeSpan(result) == nil ? nil : result
  }
}
