import TextLayout

/// Prints `Docs/rules/`: a page for every finding, and an index.
enum FindingPages {
  static var files: [ReferenceFile] {
    [ReferenceFile(path: "Docs/rules/README.md", text: index)]
      + Explanations.all.map { ReferenceFile(path: "Docs/rules/\($0.name).md", text: page($0)) }
  }

  private static let note = Markdown.Block.comment("Printed from what `liftlock explain` says by `make generate`.")

  private static var index: String {
    var blocks: [Markdown.Block] = [
      note,
      .heading(1, [.text("Findings")]),
      .paragraph(
        inlines(
          "All that `liftlock check` can report, by the name in brackets behind `error` or `warning`. `liftlock explain NAME` "
            + "shows the same in a terminal.")),
      .paragraph(
        inlines(
          "A comment `# liftlock: allow NAME reason` lets findings of that name be, on its own line or, when it stands alone, on "
            + "the line below. Warnings can be allowed, and errors of the rules whose pages say so. What a policy asks, only a "
        )
          + [.link([.text("waiver of the policy")], destination: "../policy.md#exceptions"), .text(" can waive.")]),
    ]
    for group in Explanations.Group.allCases {
      let rows = Explanations.all.filter { $0.group == group }.map { entry -> [[Markdown.Inline]] in
        [
          [.link([.code(entry.name)], destination: "\(entry.name).md")], [.text(entry.severity.rawValue)],
          inlines(entry.summary),
        ]
      }
      let header = ["Name", "Severity", group == .rules ? "What it proves" : "What was found"]
      blocks += [
        .heading(2, [.text(group.title)]),
        .paragraph(inlines(group.introduction)),
        .table(header: header.map { [.text($0)] }, rows: rows),
      ]
    }
    return Markdown(blocks).rendered
  }

  private static func page(_ entry: Explanations.Entry) -> String {
    var blocks: [Markdown.Block] = [
      note,
      .heading(1, [.code(entry.name)]),
      .paragraph(inlines(entry.summary)),
      .paragraph([
        .text("Severity: \(entry.severity.rawValue). One of the "),
        .link([.text("findings")], destination: "README.md#" + headingAnchor(entry.group.title)),
        .text(" \(entry.group.origin)."),
      ]),
      .heading(2, [.text("Why it matters")]),
      .paragraph(inlines(entry.rationale)),
    ]
    if !entry.failing.isEmpty {
      blocks += [.heading(2, [.text("Found here")]), .code(language: "yaml", text: entry.failing)]
    }
    if !entry.passing.isEmpty, entry.passing != entry.failing {
      blocks += [.heading(2, [.text("Not found here")]), .code(language: "yaml", text: entry.passing)]
    }
    if let allowing = entry.allowing {
      blocks += [.heading(2, [.text("Where it is meant as it is")]), .paragraph(inlines(allowing))]
    }
    return Markdown(blocks).rendered
  }
}

extension Explanations.Group {
  fileprivate var title: String {
    switch self {
    case .rules: "Rules"
    case .policies: "Policies"
    case .comments: "Comments that allow"
    case .reading: "Reading a spec"
    case .yaml: "Reading YAML"
    }
  }

  /// Behind "one of the findings".
  fileprivate var origin: String {
    switch self {
    case .rules: "of the rules"
    case .policies: "of judging by a policy"
    case .comments: "of comments that allow"
    case .reading: "of reading a spec"
    case .yaml: "of reading YAML"
    }
  }

  fileprivate var introduction: String {
    switch self {
    case .rules: "Each rule proves something about the release that the spec describes."
    case .policies: "The spec falls below the minimum of the policy that `--policy` names, or a waiver is of no use."
    case .comments: "A comment `# liftlock: allow NAME reason` does not do what it says."
    case .reading: "The spec says something that cannot be meant, or names something that is not declared."
    case .yaml: "The file is not YAML, or has in it what does not belong into a file that people review."
    }
  }
}
