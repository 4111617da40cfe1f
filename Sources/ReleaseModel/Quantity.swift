/// What a number counts. Units are types: values of different dimensions cannot be compared.
public enum MetricUnit: String, Sendable, CaseIterable {
  case percent
  case milliseconds = "ms"
  case seconds = "s"
  case perSecond = "per-second"
  case bytes
  case count
  case ratio

  /// How a value of this unit is written in a condition, such as `1%` or `250/s`.
  public var example: String {
    switch self {
    case .percent: "1%"
    case .milliseconds: "500ms"
    case .seconds: "60s"
    case .perSecond: "250/s"
    case .bytes: "512MiB"
    case .count, .ratio: "3"
    }
  }

  var suffix: String {
    switch self {
    case .percent: "%"
    case .milliseconds: "ms"
    case .seconds: "s"
    case .perSecond: "/s"
    case .bytes, .count, .ratio: ""
    }
  }

  /// The smallest and largest value that a metric of this unit can have; `nil` where there is no bound.
  public var range: (least: Double?, most: Double?) {
    switch self {
    case .percent: (0, 100)
    case .milliseconds, .seconds, .perSecond, .bytes, .count, .ratio: (0, nil)
    }
  }
}

/// A number with its unit, in that unit's own scale.
public struct Quantity: Hashable, Sendable, CustomStringConvertible {
  public let value: Double
  public let unit: MetricUnit

  public init(_ value: Double, _ unit: MetricUnit) {
    self.value = value
    self.unit = unit
  }

  /// The quantity as a number in a metric's unit, or `nil` when the two do not mix.
  public func value(in other: MetricUnit) -> Double? {
    switch (unit, other) {
    case (.percent, .percent), (.milliseconds, .milliseconds), (.seconds, .seconds), (.perSecond, .perSecond),
      (.bytes, .bytes), (.count, .count), (.count, .ratio):
      value
    case (.seconds, .milliseconds): value * 1000
    case (.milliseconds, .seconds): value / 1000
    default: nil
    }
  }

  /// The number alone, in its shortest form: `5`, `0.5`.
  public var number: String { shortNumber(value) }
  public var description: String { number + unit.suffix }
}

/// `5` for 5.0, `0.5` for 0.5: the shortest decimal that reads back as the same number, never in exponent form for
/// the sizes that a spec can write (the reader of conditions refuses more than nine digits on either side).
public func shortNumber(_ value: Double) -> String {
  if let whole = Int(exactly: value) { return String(whole) }
  let text = "\(value)"
  // Only products of what a spec can write get here with an exponent; beyond these bounds they are no thresholds.
  guard text.contains("e"), value.magnitude < 1e9 else { return text }
  // Small fractions print as 1e-05; nine places are more than the grammar admits.
  let scaled = Int((value.magnitude * 1_000_000_000).rounded())
  var digits = String(scaled)
  while digits.count < 10 { digits = "0" + digits }
  var fraction = String(digits.suffix(9))
  while fraction.hasSuffix("0") { fraction.removeLast() }
  return (value < 0 ? "-" : "") + digits.dropLast(9) + "." + fraction
}
