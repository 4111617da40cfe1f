import ReleaseModel

/// Text of an annotation, which Prometheus reads as a Go template: text that shows as it is, and the value of the alert.
struct Template: Sendable, ExpressibleByStringInterpolation {
  enum Part: Sendable {
    case text(String)
    /// The value, with so many decimals.
    case value(decimals: Int)
  }

  private(set) var parts: [Part] = []

  init(_ text: String) { parts = [.text(text)] }
  init(stringLiteral value: String) { parts = [.text(value)] }
  init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  struct StringInterpolation: StringInterpolationProtocol {
    var parts: [Part] = []
    init(literalCapacity: Int, interpolationCount: Int) {}
    mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }
    mutating func appendInterpolation(_ text: String) { parts.append(.text(text)) }
    mutating func appendInterpolation(valueWith decimals: Int) { parts.append(.value(decimals: decimals)) }
  }

  mutating func append(_ text: String) { parts.append(.text(text)) }

  /// As it stands in the rules. Braces of the spec's own texts are no template.
  var source: String {
    parts.map { part in
      switch part {
      case .text(let text): text.replacingBraces
      case .value(let decimals): "{{ printf \"%.\(decimals)f\" $value }}"
      }
    }.joined()
  }

  /// As Prometheus shows it for a value; `nil`: for no data at all.
  func shown(_ value: Double?) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .value(let decimals): value.map { fixed($0, decimals) } ?? "NaN"
      }
    }.joined()
  }
}

/// The number with so many decimals, as `%.2f` prints it.
func fixed(_ value: Double, _ decimals: Int) -> String {
  let scale = powerOfTen(decimals)
  guard let scaled = Int(exactly: (value.magnitude * scale).rounded()) else { return "\(value)" }
  var digits = String(scaled)
  while digits.count <= decimals { digits = "0" + digits }
  let sign = value < 0 && scaled > 0 ? "-" : ""
  return sign + digits.dropLast(decimals) + (decimals > 0 ? "." + digits.suffix(decimals) : "")
}

/// A number a little above, or below, that rounds to so many decimals beyond doubt, although computers are a little off.
func clear(_ value: Double, _ decimals: Int, upward: Bool) -> Double {
  let scaled = value * powerOfTen(decimals)
  let distance = (scaled - scaled.rounded(.down) - 0.5).magnitude
  return distance < 0.01 ? (scaled + (upward ? 0.02 : -0.02)) / powerOfTen(decimals) : value
}

private func powerOfTen(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { power, _ in power * 10 } }

extension String {
  /// `{{` opens a template; a template that prints it does not.
  fileprivate var replacingBraces: String {
    var result = ""
    var rest = Substring(self)
    while let character = rest.popFirst() {
      if character == "{", rest.first == "{" {
        rest.removeFirst()
        result += "{{ \"{{\" }}"
      } else {
        result.append(character)
      }
    }
    return result
  }
}

extension MetricUnit {
  /// How many decimals say something.
  var decimals: Int {
    switch self {
    case .milliseconds, .bytes: 0
    case .seconds: 1
    case .percent, .perSecond, .count: 2
    case .ratio: 3
    }
  }

  /// What stands behind a number in a sentence.
  var suffix: String {
    switch self {
    case .percent: "%"
    case .milliseconds: " ms"
    case .seconds: " s"
    case .perSecond: "/s"
    case .bytes: " bytes"
    case .count, .ratio: ""
    }
  }
}
