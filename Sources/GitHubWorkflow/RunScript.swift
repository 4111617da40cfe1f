import TextLayout

/// The script of a `run` step. No expression can be in it.
///
/// GitHub fills in every `${{ … }}` before the shell reads the script, quotes or no quotes, which is how titles of pull
/// requests become commands. Values get in through ``Step/env``. Should the text contain `${{` all the same, in a
/// comment or for another program's templates, it reaches the shell as these three characters.
public struct RunScript: Sendable, Hashable, ExpressibleByStringLiteral {
  /// The script as bash is to see it, without newlines at the end.
  public let text: String

  /// A script made of quoted pieces.
  public init(_ script: Bash) {
    self.init(text: script.source)
  }

  /// A script that somebody wrote as a whole.
  public init(text: String) {
    var rest = text.unicodeScalars[...]
    while let last = rest.last, last == "\n" || last == " " { rest.removeLast() }
    self.text = String(rest)
  }

  /// A script written in place.
  public init(stringLiteral value: String) {
    self.init(text: value)
  }

  /// The script as it is written in a workflow.
  public var rendered: String { escapingExpressions(in: text) }
}
