import Diagnostics

/// `# liftlock: allow NAME reason`, taken apart.
struct AllowComment {
  let comment: SourceComment
  /// The word behind `liftlock:`; `allow`, or what looks like it.
  let verb: Located<String>
  /// The finding that it speaks of; empty where nothing is written.
  let name: Located<String>
  let reason: String

  /// In capitals, too: people begin a comment with one.
  private static let start = "liftlock"
  /// How other tools say it.
  private static let synonyms: Set<String> = ["ignore", "disable", "suppress", "skip", "permit", "nolint", "noqa"]

  /// `nil`: a comment for people.
  init?(_ comment: SourceComment) {
    guard comment.text.prefix(Self.start.count).lowercased() == Self.start else { return nil }
    // The text is the end of the comment, byte by byte.
    let textStart = comment.span.end - comment.text.utf8.count
    var rest = comment.text.dropFirst(Self.start.count)
    let hasColon = rest.first == ":"
    if hasColon { rest = rest.dropFirst() }
    func word() -> Located<String> {
      rest = rest.drop { $0 == " " || $0 == "\t" }
      let word = rest.prefix { $0 != " " && $0 != "\t" }
      let offset = textStart + comment.text.utf8.distance(from: comment.text.startIndex, to: word.startIndex)
      rest = rest[word.endIndex...]
      return Located(String(word), at: Span(start: offset, end: offset + word.utf8.count))
    }
    verb = word()
    // Without the colon it is a sentence about Liftlock, unless it says just that.
    guard
      hasColon
        ? Self.synonyms.contains(verb.value) || Spelling.closest(to: verb.value, among: ["allow"]) != nil
        : verb.value == "allow"
    else { return nil }
    var name = word()
    if name.value.hasSuffix(":") {
      name = Located(String(name.value.dropLast()), at: Span(start: name.span.start, end: name.span.end - 1))
    }
    self.comment = comment
    self.name = name
    reason = String(rest.drop { " \t-–—:".contains($0) })
  }
}
