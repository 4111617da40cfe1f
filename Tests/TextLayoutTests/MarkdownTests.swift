import Testing
import TextLayout

@Suite struct MarkdownQuotingTests {
  @Test(arguments: [
    ("plain text, (with) punctuation.", "plain text, (with) punctuation."), ("# no heading", "\\# no heading"),
    ("#1 stays", "#1 stays"), ("- no item", "\\- no item"), ("+ no", "\\+ no"), ("-rf stays", "-rf stays"),
    ("---", "\\---"), ("===", "\\==="), ("1. no list", "1\\. no list"), ("12) no", "12\\) no"),
    ("1.5 stays", "1.5 stays"),
    ("> no quote", "\\> no quote"), ("    no code", "no code"), ("*a* _b_ a_b", "\\*a\\* \\_b\\_ a_b"),
    ("`x` [y](z) ![i]", "\\`x\\` \\[y\\](z) !\\[i\\]"), ("a|b ~c~ $d$", "a\\|b \\~c\\~ \\$d\\$"),
    ("<b> & &amp; R&D", "&lt;b> & &amp;amp; R&amp;D"), ("https://x.example", "https\\://x.example"),
    ("a\nb\r\u{202E}c", "a b  c"), ("\\*", "\\\\\\*"), ("", ""),
  ])
  func textShowsExactlyItself(text: String, expected: String) {
    #expect(markdownText(text) == expected)
  }

  @Test(arguments: [
    ("ask @octocat", "ask @&#8203;octocat"), ("@a/b, x@y.z", "@&#8203;a/b, x@y.z"), ("a @ b @", "a @ b @"),
    ("<!-- x", "&lt;!-- x"),
  ])
  func issuesCallNobody(text: String, expected: String) { #expect(issueText(text) == expected) }

  @Test(arguments: [
    ("x", "`x`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("``a`", "``` ``a` ```"), (" x ", "`  x  `"), (" ", "` `"),
    ("a\nb", "`a b`"), ("", ""), ("a``b", "`a``b`"),
  ])
  func codeSpansHaveTheBackticksTheyNeed(text: String, expected: String) {
    #expect(markdownCode(text) == expected)
  }

  @Test(arguments: [
    ("https://x.example/a?b=c&d=e#f", "https://x.example/a?b=c&d=e#f"), ("a b(c).md", "a%20b%28c%29.md"), ("", "<>"),
    ("x\n\">y", "x%0A%22%3Ey"), ("?a&copy;b", "?a&amp;copy;b"), ("%20|é", "%20%7Cé"),
  ])
  func destinationsCannotEndEarly(text: String, expected: String) {
    #expect(markdownLinkDestination(text) == expected)
  }

  @Test func cellsCannotEndEarly() {
    #expect(markdownTableCell(" a|b\nc ") == "a\\|b c")
  }
}

@Suite struct MarkdownDocumentTests {
  private func render(_ blocks: Markdown.Block...) -> String { Markdown(blocks).rendered }

  @Test func blocksAreSeparatedByOneBlankLine() {
    #expect(
      render(
        .heading(1, [.text("Rollback of "), .code("shop")]), .paragraph([]),
        .paragraph([
          .strong([.text("Stop ")]), .emphasis([.text("now")]), .text("."), .lineBreak, .text("- not a list"),
        ]),
        .rule, .comment("a -- b -->\n\nc"), .comment(" one ")) == """
          # Rollback of `shop`

          **Stop** *now*.\\
          \\- not a list

          ---

          <!--
          a - - b - ->
          c
          -->

          <!-- one -->

          """)
  }

  @Test func noBlocksAreAnEmptyText() {
    #expect(render() == "")
  }

  @Test func neighboursDoNotGrowTogether() {
    #expect(
      render(
        .paragraph([
          .text("look!"), .link([.text("a]b"), .link([.text("c")], destination: "x")], destination: "u v"), .code("a"),
          .code("b"), .strong([.text("s")]), .emphasis([.text("e")]),
        ])) == "look\\![a\\]bc](u%20v)`a`<!-- -->`b`**s**<!-- -->*e*\n")
  }

  @Test func listsNestByTheWidthOfTheirMarkers() {
    let nested: Markdown.Block = .numbered([[.text("one")], [.text("two")]])
    #expect(
      render(.bulletList([[.paragraph([.text("a")]), nested], [.paragraph([.text("b")])]])) == """
        - a
          1. one
          2. two
        - b

        """)
    #expect(
      render(
        .numberedList([
          [.paragraph([.text("run")]), .code(language: "bash", text: "a\n\nb\n")], [.paragraph([.text("c")])],
        ])) == """
          1. run

             ```bash
             a

             b
             ```

          2. c

          """)
  }

  @Test func listsInARowStayTwoLists() {
    #expect(render(.bullets([[.text("a")]]), .bullets([[.text("b")]])) == "- a\n\n<!-- -->\n\n- b\n")
    #expect(render(.quote([.paragraph([.text("a")])]), .alert(.tip, [])) == "> a\n\n<!-- -->\n\n> [!TIP]\n")
  }

  @Test func boxesCanBeTicked() {
    #expect(
      render(.checklist([.init([.text("a [x]")]), .init(isChecked: true, [.code("b")])])) == """
        - [ ] a \\[x\\]
        - [x] `b`

        """)
  }

  @Test func tableColumnsLineUpWhateverTheWidthOfTheirCharacters() {
    #expect(
      render(
        .table(
          header: [[.text("Phase")], [.text("Weight")], [.text("名前")]], alignments: [.left, .right, .center],
          rows: [
            [[.text("canary")], [.text("5")], [.text("日本語x")]], [[.code("a|b")], [.text("100"), .lineBreak]], [],
          ])
      ) == """
        | Phase  |  Weight |  名前   |
        | :----- | ------: | :-----: |
        | canary |       5 | 日本語x |
        | `a\\|b` | 100<br> |         |
        |        |         |         |

        """)
  }

  @Test func fencesAreLongerThanWhatIsInside() {
    #expect(render(.code(language: "", text: "a\n````\nb")) == "`````text\na\n````\nb\n`````\n")
    #expect(render(.mermaid("flowchart LR\n  a --> b\n")) == "```mermaid\nflowchart LR\n  a --> b\n```\n")
    #expect(render(.code(language: "ba`sh\nx", text: "a")) == "```bashx\na\n```\n")
  }

  @Test func alertsQuotesAndDetailsHoldBlocks() {
    #expect(
      render(
        .alert(.warning, [.paragraph([.text("a")]), .bullets([[.text("b")]])]),
        .details(summary: "More <b>\n", [.quote([.paragraph([.text("q")])])]),
        .details(summary: "x", [])) == """
          > [!WARNING]
          > a
          >
          > - b

          <details>
          <summary>More &lt;b&gt;</summary>

          > q

          </details>

          <details>
          <summary>x</summary>

          </details>

          """)
  }

  @Test func headingsKeepToSixLevelsAndOneLine() {
    #expect(
      render(.heading(9, [.text("a #"), .lineBreak, .text("b")]), .heading(0, [.text("c")]))
        == "###### a \\# b\n\n# c\n")
    #expect(render(.heading(2, [.text("C #")])) == "## C \\#\n")
  }
}
