/// What somebody meant who wrote a number with a unit in a way of their own: `15 min`, `24 hours`, `500msec`, `1 percent`.
enum UnitSpelling {
  private static let times = [
    "ms": "ms", "msec": "ms", "msecs": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "m": "m", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
    "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
    "d": "d", "day": "d", "days": "d",
  ]

  private static let others = [
    "%": "%", "percent": "%", "pct": "%", "perc": "%", "prozent": "%",
    "/s": "/s", "/sec": "/s", "/second": "/s", "rps": "/s", "req/s": "/s", "requests/s": "/s", "per-second": "/s",
    "k": "KiB", "kb": "KiB", "kib": "KiB", "mb": "MiB", "mib": "MiB", "gb": "GiB", "gib": "GiB",
  ]

  /// `15 min` → `15m`; `nil` when it cannot be told, or when nothing would change.
  static func duration(_ text: String) -> String? { intended(text, times) }

  /// `500msec` → `500ms`, `1 percent` → `1%`.
  static func quantity(_ text: String) -> String? {
    let shorter = times.filter { ["ms", "s", "m"].contains($0.value) }
    return intended(text, shorter.merging(others) { first, _ in first })
  }

  private static func intended(_ text: String, _ units: [String: String]) -> String? {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let rest = text.dropFirst(number.count).drop { $0 == " " }
    let unit = rest.lowercased()
    guard !number.isEmpty, !unit.isEmpty, unit.utf8.count <= 16 else { return nil }
    // A letter that was struck twice, or one too many behind a known unit.
    let known = units[unit] ?? doubled(unit).flatMap { units[$0] }
    guard let known else { return nil }
    let meant = String(number) + known
    return meant == text ? nil : meant
  }

  /// `mss` → `ms`, `%%` → `%`.
  private static func doubled(_ unit: String) -> String? {
    guard let last = unit.last, unit.dropLast().last == last else { return nil }
    return String(unit.dropLast())
  }
}
