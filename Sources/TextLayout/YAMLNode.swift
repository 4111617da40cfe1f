/// A YAML document as a typed tree, printed by ``YAMLNode/rendered(headerComment:)``.
///
/// ```swift
/// YAMLNode.map([.init("permissions", .map([.init("contents", .string("read"), sameLineComment: "checkout")]))])
/// // permissions:
/// //   contents: read # checkout
/// ```
public indirect enum YAMLNode: Sendable, Hashable {
  /// A string on one line, quoted only where YAML 1.1 or 1.2 would read something else; line breaks become `\n` in
  /// double quotes.
  case string(String)
  /// A literal block (`|`); in double quotes where a block cannot hold the text, for instance with control characters.
  case block(String)
  /// A whole number.
  case int(Int)
  /// `true` or `false`.
  case bool(Bool)
  /// `null`.
  case null
  /// A list with one item a line; with `spaced`, a blank line between the items.
  case list([YAMLNode], spaced: Bool = false)
  /// A list on one line: `[main, "release/**"]`. Comments inside are not printed.
  case flowList([YAMLNode])
  /// A mapping with one entry a line.
  case map([Entry])
  /// A mapping on one line: `{ cpu: 1 }`. Comments inside are not printed.
  case flowMap([Entry])

  /// A key of a mapping with its value.
  public struct Entry: Sendable, Hashable {
    /// The key; up to 1,024 characters, which is what YAML allows for a key on one line.
    public var key: String
    /// The value.
    public var value: YAMLNode
    /// Lines of comment above the key, without `#`.
    public var commentAbove: [String]
    /// A comment behind the key and, where the value is on the same line, the value.
    public var sameLineComment: String?
    /// True to leave a blank line above, unless the entry is the first of its mapping.
    public var isSpaced: Bool
    /// True to print the key without quotes although YAML 1.1 reads something else, as for a workflow's `on`. Ignored
    /// unless the key consists of letters, digits, `-` and `_`.
    public var hasBareKey: Bool

    /// An entry; comments and spacing are off unless asked for.
    public init(
      _ key: String, _ value: YAMLNode, commentAbove: [String] = [], sameLineComment: String? = nil,
      isSpaced: Bool = false, hasBareKey: Bool = false
    ) {
      self.key = key
      self.value = value
      self.commentAbove = commentAbove
      self.sameLineComment = sameLineComment
      self.isSpaced = isSpaced
      self.hasBareKey = hasBareKey
    }
  }

  /// The document as text with two spaces a level, ending with a newline; `headerComment` are lines of comment above
  /// it, without `#`, followed by a blank line.
  public func rendered(headerComment: [String] = []) -> String {
    var renderer = YAMLRenderer()
    renderer.write(document: self, headerComment: headerComment)
    return renderer.text
  }

  /// True when the text is printed as it is, without quotes, in a mapping or a list.
  public static func isPlain(_ text: String) -> Bool {
    YAMLScalar.isPlain(text, inFlow: false)
  }
}
