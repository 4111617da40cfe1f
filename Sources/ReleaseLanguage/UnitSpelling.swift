/// What somebody meant who wrote a value of a metric with a unit in a way of their own: `500msec`, `1 percent`, `3%%`.
enum UnitSpelling {
  private static let units = [
    "ms": "ms", "msec": "ms", "msecs": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "m": "m", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
    "%": "%", "percent": "%", "pct": "%", "perc": "%",
    "/s": "/s", "/sec": "/s", "/second": "/s", "rps": "/s", "req/s": "/s", "requests/s": "/s",
    "kb": "KiB", "kib": "KiB", "mb": "MiB", "mib": "MiB", "gb": "GiB", "gib": "GiB",
  ]

  /// `500msec` → `500ms`, `1 percent` → `1%`; `nil` when it cannot be told, or when nothing would change.
  static func quantity(_ text: String) -> String? {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text.dropFirst(number.count).drop { $0 == " " }.lowercased()
    guard !number.isEmpty, !unit.isEmpty, unit.utf8.count <= 16 else { return nil }
    // A letter that was struck twice is one too many behind a known unit.
    guard let known = units[unit] ?? doubled(unit).flatMap({ units[$0] }) else { return nil }
    let meant = String(number) + known
    return meant == text ? nil : meant
  }

  /// `mss` → `ms`, `%%` → `%`.
  private static func doubled(_ unit: String) -> String? {
    guard let last = unit.last, unit.dropLast().last == last else { return nil }
    return String(unit.dropLast())
  }
}
