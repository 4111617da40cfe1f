import TextLayout

/// Prints `Docs/policy.md`: every object and field of a policy, and how it is used.
enum PolicyReference {
  static var page: String {
    Markdown(
      [
        .comment("pyml disable md051"),
        .comment("Printed from Sources/ReleaseLanguage by `make generate`."),
        .heading(1, [.text("The policy")]),
        .paragraph(
          inlines(
            "A policy is the minimum that a platform team asks of every release spec, in one file, `policy.yaml`. "
              + "`liftlock check --policy policy.yaml` judges specs by it, wherever they live, and `liftlock generate --policy` "
              + "writes nothing for a spec that falls below it. A spec can be stricter, never weaker. Environments are known by their "
              + "names: ask of `every` one what must not depend on how a team calls it. "
              + "`liftlock schema policy` prints this page for editors. What is found has ")
            + [.link([.text("pages of its own")], destination: "rules/README.md"), .text(".")]),
        .heading(2, [.text("A complete policy")]),
        .code(language: "yaml", text: FirstPolicy.text),
        .heading(2, [.text("Exceptions")]),
        .paragraph(
          inlines(
            "Who sets the minimum grants the exception: waivers stand in the policy, and nothing that a spec says can waive "
              + "anything. A waiver names the service, the environment and the requirement, and has an owner, a reason and a "
              + "last day. From the next day on it is an error; one that waives nothing is a warning. Both are reported only "
              + "while its service is checked, because many specs share one policy. `--today` says on which day waivers and "
              + "freezes are judged, so that an old commit can be judged as it was.")),
        .heading(2, [.text("Keys")]),
      ] + SchemaSection.ofPolicy.flatMap { LanguageReference.blocks($0, words: FieldWords(formatsPage: "language.md")) }
        + [.heading(2, [.text("Formats")])] + PolicyFormats.sections.flatMap(\.blocks)
    ).rendered
  }
}

/// Formats that only policies have.
enum PolicyFormats {
  static let sections: [FormatSection] = {
    var section = FormatSection(
      "Names with a star",
      [
        Format(
          "a name with `*` for anything", .init("prod", "this name only"), .init("prod*", "`prod` and `production`"),
          .init("\"*smoke*\"", "every name with `smoke` in it"), .init("every", "every name"))
      ],
      [
        .paragraph(
          inlines(
            "A name, in which `*` stands for any text or none. Quote one that begins with `*`: YAML reads an alias there."
          ))
      ])
    section.isOfPolicies = true
    return [section]
  }()
}
