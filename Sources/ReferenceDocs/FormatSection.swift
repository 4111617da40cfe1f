import SpecShape
import TextLayout

/// One way to write a value, explained once for all fields that take it.
struct Format {
  struct Example {
    let text: String
    let meaning: String

    init(_ text: String, _ meaning: String) {
      self.text = text
      self.meaning = meaning
    }
  }

  /// How the shapes name it, up to the words that belong to one place only: "a length of time".
  let phrase: String
  /// Values as they are written in a spec; a test reads each with a field that takes this format.
  let examples: [Example]

  init(_ phrase: String, _ examples: Example...) {
    self.phrase = phrase
    self.examples = examples
  }
}

/// A section of the reference about formats that belong together.
struct FormatSection {
  let title: String
  let text: [Markdown.Block]
  let formats: [Format]
  /// Whether only policies have it, so that it stands on their page.
  var isOfPolicies = false

  init(_ title: String, _ formats: [Format], _ text: [Markdown.Block]) {
    self.title = title
    self.text = text
    self.formats = formats
  }

  static let all = ValueFormats.sections + ConditionFormats.sections + TextFormats.sections

  /// Where a format of the schema is explained. A longer phrase knows better than a shorter one.
  static func explaining(_ format: String) -> (section: FormatSection, format: Format)? {
    (all + PolicyFormats.sections).flatMap { section in section.formats.map { (section: section, format: $0) } }
      .filter { format.hasPrefix($0.format.phrase) }
      .max { $0.format.phrase.utf8.count < $1.format.phrase.utf8.count }
  }

  var blocks: [Markdown.Block] {
    let rows = formats.flatMap(\.examples).map { [[Markdown.Inline.code($0.text)], inlines($0.meaning)] }
    return [.heading(3, [.text(title)])] + text
      + [.table(header: [[.text("Written")], [.text("Means")]], rows: rows)]
  }
}
