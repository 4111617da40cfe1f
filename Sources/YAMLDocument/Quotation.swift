/// Quotes a piece of the file in a message.
enum Quotation {
  private static let longest = 40

  /// The text between backquotes, cut when it is long.
  static func of(_ bytes: some Collection<UInt8>) -> String {
    let text = String(decoding: bytes.prefix(4 * longest), as: UTF8.self)
    let isCut = bytes.count > 4 * longest || text.count > longest
    return "`\(isCut ? String(text.prefix(longest)) + "…" : text)`"
  }
}
