/// A Markdown document (CommonMark with GitHub's additions) as a typed tree.
///
/// ```swift
/// let page = Markdown([.heading(1, [.text("Rollback")]), .paragraph([.text("Run "), .code("ops/rollback.sh")])])
/// print(page.rendered)
/// ```
public struct Markdown: Sendable, Hashable {
  /// The blocks from top to bottom.
  public var blocks: [Block]

  /// A document of these blocks.
  public init(_ blocks: [Block] = []) {
    self.blocks = blocks
  }

  /// The document as text, ending with one newline; empty for no blocks.
  public var rendered: String {
    let lines = MarkdownRenderer.lines(of: blocks)
    return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
  }

  /// A part of the document that takes lines of its own.
  public indirect enum Block: Sendable, Hashable {
    /// A heading; the level is brought into 1…6.
    case heading(Int, [Inline])
    /// A paragraph.
    case paragraph([Inline])
    /// A list with bullets, each item being blocks. See ``bullets(_:)`` for items of one line.
    case bulletList([[Block]])
    /// A list numbered from 1, each item being blocks. See ``numbered(_:)`` for items of one line.
    case numberedList([[Block]])
    /// A list of boxes that can be ticked.
    case checklist([ChecklistItem])
    /// A table. Rows are brought to the same number of cells; a missing alignment is ``Alignment/none``.
    case table(header: [[Inline]], alignments: [Alignment] = [], rows: [[[Inline]]])
    /// A fenced block of code; the fence is longer than any in the text. The language `""` is printed as `text`.
    case code(language: String, text: String)
    /// A Mermaid diagram.
    case mermaid(String)
    /// A quotation.
    case quote([Block])
    /// A coloured note: GitHub's `> [!WARNING]`.
    case alert(AlertKind, [Block])
    /// A section that opens on a click. The summary is plain text.
    case details(summary: String, [Block])
    /// A comment that readers of the page do not see.
    case comment(String)
    /// A horizontal rule.
    case rule

    /// A bullet list whose items are one paragraph each.
    public static func bullets(_ items: [[Inline]]) -> Block {
      .bulletList(items.map { [.paragraph($0)] })
    }

    /// A numbered list whose items are one paragraph each.
    public static func numbered(_ items: [[Inline]]) -> Block {
      .numberedList(items.map { [.paragraph($0)] })
    }
  }

  /// A part of a line.
  public indirect enum Inline: Sendable, Hashable {
    /// Text that shows exactly these characters.
    case text(String)
    /// A code span.
    case code(String)
    /// Bold.
    case strong([Inline])
    /// Italic.
    case emphasis([Inline])
    /// A link. Links inside its text show as text.
    case link([Inline], destination: String)
    /// A line break inside a paragraph; a space in a heading.
    case lineBreak
  }

  /// A box with the text behind it.
  public struct ChecklistItem: Sendable, Hashable {
    /// True for a ticked box.
    public var isChecked: Bool
    /// The text behind the box.
    public var text: [Inline]

    /// An item; unticked unless said otherwise.
    public init(isChecked: Bool = false, _ text: [Inline]) {
      self.isChecked = isChecked
      self.text = text
    }
  }

  /// How the cells of a table column are aligned.
  public enum Alignment: Sendable, Hashable {
    /// As the reader's program does by itself.
    case none
    /// To the left.
    case left
    /// To the middle.
    case center
    /// To the right.
    case right
  }

  /// The kinds of coloured notes that GitHub knows.
  public enum AlertKind: String, Sendable, Hashable, CaseIterable {
    /// Good to know.
    case note
    /// A hint that makes things easier.
    case tip
    /// Needed to get it right.
    case important
    /// Needs attention at once.
    case warning
    /// What can go wrong when doing this.
    case caution
  }
}
