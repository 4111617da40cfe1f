/// The shapes of well-known credentials.
enum SecretShape {
  struct Finding {
    /// `a GitHub token`
    let what: String
    /// Bytes of the text.
    let range: Range<Int>
  }

  private struct Shape {
    let what: String
    let prefix: [UInt8]
    /// How many of the bytes behind the prefix must be of the right kind.
    let atLeast: Int
    let body: @Sendable (UInt8) -> Bool

    init(_ what: String, _ prefix: String, _ atLeast: Int, _ body: @escaping @Sendable (UInt8) -> Bool) {
      self.what = what
      self.prefix = Array(prefix.utf8)
      self.atLeast = atLeast
      self.body = body
    }
  }

  // Sources: GitHub's docs, "About authentication to GitHub" (token formats); AWS's docs, "IAM identifiers" (unique ID
  // prefixes); Slack's docs, "Token types"; RFC 7468 (PEM).
  private static let shapes: [Shape] = [
    Shape("a GitHub token", "ghp_", 20, isWord), Shape("a GitHub token", "gho_", 20, isWord),
    Shape("a GitHub token", "ghu_", 20, isWord), Shape("a GitHub token", "ghs_", 20, isWord),
    Shape("a GitHub token", "ghr_", 20, isWord), Shape("a GitHub token", "github_pat_", 20, isWord),
    Shape("an AWS access key", "AKIA", 16, isUpper), Shape("an AWS access key", "ASIA", 16, isUpper),
    Shape("a Slack token", "xoxa-", 10, isBase64URL), Shape("a Slack token", "xoxb-", 10, isBase64URL),
    Shape("a Slack token", "xoxp-", 10, isBase64URL), Shape("a private key or certificate", "-----BEGIN ", 1, isUpper),
  ]

  /// Webhooks that whoever knows their address can send to: where they are, and how much of a token comes behind.
  // Sources: Slack's docs, "Sending messages using incoming webhooks"; Discord's docs, "Webhook resource"; Microsoft's
  // docs, "Create an incoming webhook" (Teams).
  private static let webhooks: [(what: String, host: String, path: String)] = [
    ("a Slack webhook", "hooks.slack.com", "/services/"), ("a Slack webhook", "hooks.slack.com", "/workflows/"),
    ("a Slack webhook", "hooks.slack.com", "/triggers/"), ("a Discord webhook", "discord.com", "/api/webhooks/"),
    ("a Discord webhook", "discordapp.com", "/api/webhooks/"),
    ("a Teams webhook", ".webhook.office.com", "/webhookb2/"),
  ]

  /// The credentials in a text, in order.
  static func findings(in text: [UInt8]) -> [Finding] {
    var findings: [Finding] = []
    var position = 0
    while position < text.count {
      if let finding = finding(in: text, at: position) {
        findings.append(finding)
        position = finding.range.upperBound
      } else {
        position += 1
      }
    }
    return findings
  }

  private static func finding(in text: [UInt8], at start: Int) -> Finding? {
    // Inside a longer word, as in `ALASKIA…`, a prefix means nothing.
    if start > 0, isWord(text[start - 1]) { return nil }
    for shape in shapes where text[start] == shape.prefix[0] && text[start...].starts(with: shape.prefix) {
      let body = text[(start + shape.prefix.count)...].prefix(while: shape.body)
      if body.count >= shape.atLeast { return Finding(what: shape.what, range: start..<body.endIndex) }
    }
    return token(in: text, at: start) ?? webhook(in: text, at: start) ?? address(in: text, at: start)
  }

  /// A JSON web token: three parts in base64url, of which the first two are JSON objects. Source: RFC 7519.
  private static func token(in text: [UInt8], at start: Int) -> Finding? {
    let opening = Array("eyJ".utf8)
    guard text[start...].starts(with: opening) else { return nil }
    var end = start
    for part in 0..<3 {
      let body = text[end...].prefix(while: isBase64URL)
      guard body.count >= 8, part != 1 || body.starts(with: opening) else { return nil }
      end = body.endIndex
      if part < 2 {
        guard end < text.count, text[end] == UInt8(ascii: ".") else { return nil }
        end += 1
      }
    }
    return Finding(what: "a JSON web token", range: start..<end)
  }

  /// `https://hooks.slack.com/services/T…/B…/…`, unless the token is left to be filled in.
  private static func webhook(in text: [UInt8], at start: Int) -> Finding? {
    let scheme = Array("https://".utf8)
    guard text[start...].starts(with: scheme) else { return nil }
    let host = text[(start + scheme.count)...].prefix { !isEndOfAuthority($0) }
    for webhook in webhooks {
      let isThere =
        webhook.host.hasPrefix(".")
        ? host.reversed().starts(with: webhook.host.utf8.reversed())
        : host.elementsEqual(webhook.host.utf8)
      guard isThere, text[host.endIndex...].starts(with: Array(webhook.path.utf8)) else { continue }
      let token = text[(host.endIndex + webhook.path.utf8.count)...].prefix {
        isBase64URL($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "@")
      }
      if token.count >= 20 { return Finding(what: webhook.what, range: start..<token.endIndex) }
    }
    return nil
  }

  /// `scheme://user:password@host`, unless the password is left to be filled in.
  private static func address(in text: [UInt8], at start: Int) -> Finding? {
    let scheme = text[start...].prefix(while: isLower)
    let separator = Array("://".utf8)
    guard !scheme.isEmpty, text[scheme.endIndex...].starts(with: separator) else { return nil }
    let authority = text[(scheme.endIndex + separator.count)...].prefix { !isEndOfAuthority($0) }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")),
      let colon = authority[..<at].firstIndex(of: UInt8(ascii: ":")), colon + 1 < at
    else { return nil }
    let placeholders = Set("$<{".utf8)
    if placeholders.contains(text[colon + 1]) { return nil }
    return Finding(what: "an address with a password", range: start..<authority.endIndex)
  }

  private static func isEndOfAuthority(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
      || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }

  private static func isLower(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
  private static func isUpper(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (48...57).contains(byte) }
  private static func isWord(_ byte: UInt8) -> Bool { isUpper(byte) || isLower(byte) || byte == UInt8(ascii: "_") }
  private static func isBase64URL(_ byte: UInt8) -> Bool { isWord(byte) || byte == UInt8(ascii: "-") }
}
