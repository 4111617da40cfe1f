import Diagnostics

/// Series that give a query a known value, so that rules made from the query can be tested without reading its language.
public struct MetricExample: Sendable {
  /// How one series behaves.
  public struct Series: Sendable {
    public enum Pace: String, Sendable, CaseIterable {
      /// It stays at its value.
      case constant = ""
      /// It grows by its value every second.
      case perSecond = "/s"
      /// It grows by its value within the window of the query.
      case perWindow = "/window"
    }

    public enum Amount: Sendable {
      case fixed(Double)
      /// What is varied.
      case value
    }

    /// Such as `connections{service="shop"}`; `$value` in it is filled in with the value, too.
    public let name: String
    public let amount: Amount
    public let pace: Pace

    public init(name: String, amount: Amount, pace: Pace) {
      self.name = name
      self.amount = amount
      self.pace = pace
    }

    /// Reads `connections{service="shop"} $value` and `orders_total 3/s`; `nil` for anything else.
    public init?(_ text: String) {
      guard let space = text.lastIndex(of: " ") else { return nil }
      var name = text[..<space]
      while name.last == " " { name.removeLast() }
      let behavior = text[text.index(after: space)...]
      let pace = Pace.allCases.last { behavior.hasSuffix($0.rawValue) } ?? .constant
      let amount = behavior.dropLast(pace.rawValue.count)
      guard let first = name.utf8.first, (97...122).contains(first) || (65...90).contains(first) || first == 95 else {
        return nil
      }
      if amount == "$value" {
        self.init(name: String(name), amount: .value, pace: pace)
      } else if (1...9).contains(amount.utf8.count), amount.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
        let number = Double(String(amount))
      {
        self.init(name: String(name), amount: .fixed(number), pace: pace)
      } else {
        return nil
      }
    }

    /// Whether the value has any influence on it.
    public var isVaried: Bool {
      if case .value = amount { return true }
      return name.split(separator: "$").dropFirst().contains { $0.hasPrefix("value") }
    }
  }

  /// What the metric is when `$value` is 1; it follows the value in proportion.
  public let gives: Located<Quantity>
  public let series: [Series]

  public init(gives: Located<Quantity>, series: [Series]) {
    self.gives = gives
    self.series = series
  }
}
