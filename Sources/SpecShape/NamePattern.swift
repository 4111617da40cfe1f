/// Which names the user may choose, and how to say so.
public struct NamePattern: Sendable {
  public let regularExpression: String
  public let help: String
  private let isStart: @Sendable (UInt8) -> Bool
  private let isPart: @Sendable (UInt8) -> Bool
  private let maximum: Int
  private let refused: @Sendable (String) -> String?

  /// `nil` when `name` is allowed, otherwise what is wrong with it.
  public func problem(with name: String) -> String? {
    let bytes = Array(name.utf8)
    guard let first = bytes.first else { return "a name must not be empty" }
    if bytes.count > maximum { return "longer than \(maximum) characters" }
    if !isStart(first) { return "it must not start like this" }
    if let bad = name.unicodeScalars.first(where: { $0.value > 127 || !isPart(UInt8($0.value)) }) {
      return "`\(bad)` is not allowed in it"
    }
    return refused(name)
  }

  private static let lowercase = UInt8(ascii: "a")...UInt8(ascii: "z")
  private static let uppercase = UInt8(ascii: "A")...UInt8(ascii: "Z")
  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

  /// Lower-case words with hyphens: services, environments, checks, metrics, roles.
  public static let word = NamePattern(
    regularExpression: "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
    help: "write lower-case letters, digits and hyphens, starting with a letter, such as `error-rate`",
    isStart: { lowercase.contains($0) },
    isPart: { lowercase.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") }, maximum: 63,
    refused: { $0.hasSuffix("-") ? "it must not end with a hyphen" : nil })

  /// A lower-case word in which `*` stands for anything.
  public static let wildcard = NamePattern(
    regularExpression: "^[a-z*][a-z0-9*-]{0,62}$",
    help: "write a name, with `*` for anything, such as `*smoke*`",
    isStart: { lowercase.contains($0) || $0 == UInt8(ascii: "*") },
    isPart: {
      lowercase.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "*")
    }, maximum: 63, refused: { _ in nil })

  /// What GitHub accepts as the name of a secret and a shell as the name of a variable.
  /// Source: GitHub's docs, "Naming your secrets": letters, digits, underscore, no `GITHUB_` prefix, no leading digit.
  public static let secret = NamePattern(
    regularExpression: "^(?!GITHUB_)[A-Z_][A-Z0-9_]{0,99}$",
    help: "write upper-case letters, digits and underscores, such as `PROMETHEUS_URL`",
    isStart: { uppercase.contains($0) || $0 == UInt8(ascii: "_") },
    isPart: { uppercase.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_") }, maximum: 100,
    refused: {
      $0.hasPrefix("GITHUB_") ? "GitHub keeps names that start with GITHUB_ for itself" : nil
    })

  /// What Prometheus and its users write as the name of an alert: a word of letters, digits and underscores.
  public static let alert = NamePattern(
    regularExpression: "^[A-Za-z_][A-Za-z0-9_]{0,127}$",
    help: "write letters, digits and underscores, such as `ShopErrorRateHigh`",
    isStart: { lowercase.contains($0) || uppercase.contains($0) || $0 == UInt8(ascii: "_") },
    isPart: {
      lowercase.contains($0) || uppercase.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_")
    }, maximum: 128, refused: { _ in nil })

  /// Whole percents as keys: `0` … `100`.
  public static let percent = NamePattern(
    regularExpression: "^(0|[1-9][0-9]?|100)$", help: "write a whole number from 0 to 100, such as `25`",
    isStart: { digits.contains($0) }, isPart: { digits.contains($0) }, maximum: 3,
    refused: { name in
      guard let value = Int(name), value <= 100 else { return "more than 100" }
      return String(value) == name ? nil : "it must not start with a zero"
    })
}
