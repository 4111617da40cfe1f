/// A line of a workflow that uses an action: `- uses: actions/checkout@COMMIT # v7.0.1`.
public struct ActionUse: Sendable, Hashable {
  /// Owner, repository and, for an action in a folder, path.
  public let name: String
  /// What stands behind the `@`: a commit, or a tag or branch.
  public let reference: String
  /// The comment behind it; empty where there is none.
  public let version: String

  /// `nil`: the line uses none, or one of the same repository.
  public init?(_ line: some StringProtocol) {
    var rest = Substring(line).drop { $0 == " " }
    if rest.hasPrefix("- ") { rest = rest.dropFirst(2).drop { $0 == " " } }
    guard rest.hasPrefix("uses:") else { return nil }
    rest = rest.dropFirst("uses:".count).drop { $0 == " " }
    let word = rest.prefix { $0 != " " && $0 != "#" && $0 != "\r" }.filter { $0 != "'" && $0 != "\"" }
    guard let at = word.firstIndex(of: "@"), at != word.startIndex, !word.hasPrefix("./") else { return nil }
    name = String(word[..<at])
    reference = String(word[word.index(after: at)...])
    let comment = rest.drop { $0 != "#" }.dropFirst().drop { $0 == " " }
    version = String(comment.prefix { $0 != " " && $0 != "\r" })
  }

  /// As a pin, when it is one.
  public var pin: PinnedAction? {
    PinnedAction.isCommit(reference) && !version.isEmpty
      ? PinnedAction(name: name, commit: reference, version: version) : nil
  }
}

extension PinnedAction {
  /// Whether a text is the full hash of a commit.
  public static func isCommit(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 40 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
