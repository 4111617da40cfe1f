import SpecShape
import TextLayout

/// Prints `Docs/language.md`: every object and field of the language, then every format of a value.
enum LanguageReference {
  static var page: String {
    Markdown(
      [
        // The linter takes `<name>` in a heading for `ltname`, and GitHub does not. A test checks the links as GitHub does.
        .comment("pyml disable md051"),
        .comment("Printed from Sources/ReleaseLanguage by `make generate`."),
        .heading(1, [.text("The release language")]),
        .paragraph(
          inlines(
            "A release spec is one YAML file, `release.yaml`. This page lists all that can stand in it. "
              + "`liftlock schema` prints the same for editors. What can be found in a spec has ")
            + [.link([.text("pages of its own")], destination: "rules/README.md"), .text(", and so has the ")]
            + [.link([.text("policy")], destination: "policy.md"), .text(" by which many specs are judged.")]),
        .heading(2, [.text("Contents")]),
        contents,
        .heading(2, [.text(Title.example)]),
        .paragraph(
          inlines(
            "A deployment on Kubernetes that is released from `main`, watched for a quarter of an hour and taken back when "
              + "it misbehaves.")),
        .code(language: "yaml", text: FirstSpec.text),
        .heading(2, [.text(Title.keys)]),
        .paragraph(
          inlines(
            "Headings are paths of keys. `<name>` is a name that you choose, `[]` an entry of a list. "
              + "A key that no table lists is an error.")),
      ] + SchemaSection.all.flatMap { blocks($0) } + [.heading(2, [.text(Title.formats)])]
        + FormatSection.all.flatMap(\.blocks)
    ).rendered
  }

  private enum Title {
    static let example = "A complete spec"
    static let keys = "Keys"
    static let formats = "Formats"
  }

  private static var contents: Markdown.Block {
    func entry(_ title: String) -> [Markdown.Block] { [.paragraph([link(title, to: headingAnchor(title))])] }
    func entry(_ section: SchemaSection) -> [Markdown.Block] {
      [.paragraph([link("`\(section.title)`", to: section.anchor)])]
    }
    // One entry a top-level key, with what is in it below.
    var keys: [[Markdown.Block]] = []
    var nested: [[Markdown.Block]] = []
    var head: SchemaSection?
    func close() {
      guard let head else { return }
      keys.append(entry(head) + (nested.isEmpty ? [] : [.bulletList(nested)]))
    }
    for section in SchemaSection.all {
      if let head, !head.paths[0].isEmpty, section.paths[0].hasPrefix(head.paths[0] + ".") {
        nested.append(entry(section))
        continue
      }
      close()
      head = section
      nested = []
    }
    close()
    return .bulletList([
      entry(Title.example),
      entry(Title.keys) + [.bulletList(keys)],
      entry(Title.formats) + [.bulletList(FormatSection.all.map { entry($0.title) })],
    ])
  }

  /// The section of an object with its table of keys. `words` say what a key takes.
  static func blocks(_ section: SchemaSection, words: FieldWords = FieldWords()) -> [Markdown.Block] {
    var blocks: [Markdown.Block] = [
      .heading(3, [.code(section.title)]),
      .paragraph(inlines(section.object.documentation)),
    ]
    let others = section.paths.dropFirst()
    if !others.isEmpty {
      blocks.append(.paragraph(inlines("The same at \(spelledList(Array(others), joining: "and")).")))
    }
    for group in section.object.exactlyOneOf {
      let isAll = group == section.object.fields.map(\.name)
      if group.count > 1 {
        blocks.append(
          .paragraph(inlines(isAll ? "Exactly one of these keys." : "Exactly one of \(spelledList(group)).")))
      }
    }
    let header = ["Key", "Takes", "Needed", "Meaning", "Example"].map { [Markdown.Inline.text($0)] }
    blocks.append(.table(header: header, rows: section.object.fields.map { row($0, of: section.object, words) }))
    return blocks
  }

  private static func row(_ field: FieldSchema, of object: ObjectSchema, _ words: FieldWords) -> [[Markdown.Inline]] {
    [
      [.code(field.name)],
      words.taken(field.node),
      need(field, of: object),
      inlines(field.documentation),
      field.example.map { [.code("\(field.name): \($0)")] } ?? [],
    ]
  }

  private static func need(_ field: FieldSchema, of object: ObjectSchema) -> [Markdown.Inline] {
    if field.isRequired { return [.strong([.text("required")])] }
    if let text = field.defaultText { return [.text("default "), .code(text)] }
    if object.exactlyOneOf.contains(where: { $0.contains(field.name) }) { return [.text("one of them")] }
    return [.text("optional")]
  }
}
