import Testing
import TextLayout

@Suite struct YAMLScalarTests {
  /// Texts that some reader of YAML 1.1 or 1.2 would take for something else without quotes.
  static let ambiguous = [
    "", "~", "null", "Null", "NULL", "true", "True", "FALSE", "yes", "No", "on", "Off", "y", "N", "0", "-1", "+1",
    "1_000",
    "0o17", "017", "0x1F", "0b11", "1e3", "1.5", ".5", "5.", "-.5e-3", ".inf", "-.Inf", ".NaN", "1:30", "190:20:30",
    "2024-01-02", "2024-01-02T03:04:05Z", "=", "<<", "- a", "-", "? a", ": a", "a: b", "a:", "a #b", "#a", "&a", "*a",
    "!a", "|", ">", "'a'", "\"a\"", "%a", "@a", "`a", "[a]", "{a}", ", a", " a", "a ", "---", "...", "--- a",
    "a\tb", "a\rb", "\u{1B}", "\u{85}", "\u{2028}", "\u{FEFF}a",
  ]

  @Test(arguments: ambiguous)
  func ambiguousTextsAreQuoted(text: String) {
    let line = YAMLNode.map([.init("k", .string(text))]).rendered()
    #expect(line.hasPrefix("k: '") || line.hasPrefix("k: \""), "\(line)")
    #expect(line.unicodeScalars.filter { $0 == "\n" }.count == 1)
  }

  @Test(arguments: [
    "main", "ubuntu-24.04", "release/**", "-rf", "--flag", "a:b", "https://x.example/a?b=c", "a#b", "v1.2.3", "it's",
    "${{ github.ref }}", "always() && needs.a.result != 'x'", "a, b", "é", "10m", "3.11-slim", "a]b", "./x.sh", "x = y",
  ])
  func plainTextsStayPlain(text: String) {
    #expect(YAMLNode.map([.init("k", .string(text))]).rendered() == "k: \(text)\n")
    #expect(YAMLNode.isPlain(text))
  }

  @Test func quotesAreChosenForReadability() {
    let texts: [(String, String)] = [
      ("a: b", "'a: b'"), ("'a': b", "\"'a': b\""), ("'a' \"b\": \\", "'''a'' \"b\": \\'"), ("a\tb", "\"a\\tb\""),
      ("\u{1B}\u{2028}", "\"\\x1b\\u2028\""),
    ]
    for (text, expected) in texts {
      #expect(YAMLNode.map([.init("k", .string(text))]).rendered() == "k: \(expected)\n")
    }
  }

  @Test func insideFlowCollectionsSeparatorsAreQuotedToo() {
    let node = YAMLNode.map([
      .init("a", .flowList([.string("x"), .string("x,y"), .string("a:b"), .string("[z"), .string("p\nq"), .int(1)])),
      .init("b", .flowMap([.init("k", .bool(true)), .init("on", .null)])),
      .init("c", .flowMap([])), .init("d", .list([])), .init("e", .map([])),
    ])
    #expect(
      node.rendered() == """
        a: [x, 'x,y', 'a:b', '[z', "p\\nq", 1]
        b: { k: true, 'on': null }
        c: {}
        d: []
        e: {}

        """)
  }

  @Test func onlyAKeyThatAsksForItStandsBareAgainstYAML11() {
    let node = YAMLNode.map([
      .init("on", .int(1), hasBareKey: true), .init("on", .int(2)), .init("a: b", .int(3), hasBareKey: true),
      .init("1", .int(4), hasBareKey: true),
    ])
    #expect(node.rendered() == "on: 1\n'on': 2\n'a: b': 3\n'1': 4\n")
  }
}

@Suite struct YAMLBlockTests {
  private func render(_ text: String) -> String {
    YAMLNode.map([.init("run", .block(text)), .init("next", .int(1))]).rendered()
  }

  @Test func trailingNewlinesDecideTheChomping() {
    #expect(render("a\nb\n") == "run: |\n  a\n  b\nnext: 1\n")
    #expect(render("a\nb") == "run: |-\n  a\n  b\nnext: 1\n")
    #expect(render("a\nb\n\n\n") == "run: |+\n  a\n  b\n\n\nnext: 1\n")
  }

  @Test func leadingSpacesAndBlankLinesNeedAnIndicator() {
    #expect(render("  a\nb\n") == "run: |2\n    a\n  b\nnext: 1\n")
    #expect(render("\n  a\n") == "run: |2\n\n    a\nnext: 1\n")
    #expect(render("\ta\n") == "run: |\n  \ta\nnext: 1\n")
  }

  @Test func blankLinesInsideCarryNoSpaces() {
    #expect(render("a\n\nb\n") == "run: |\n  a\n\n  b\nnext: 1\n")
  }

  @Test(arguments: [
    "a\r\nb\n", "a\u{1B}\nb", "a\u{2028}b\n", "\n", "", "  \n", "  \na\n", "a\n  \n", "a\n\t", "\u{202E}\n",
  ])
  func whatABlockCannotHoldIsQuoted(text: String) {
    let lines = render(text).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("run: \"") || lines[0] == "run: ''" || lines[0].hasPrefix("run: '"))
  }

  @Test func noBlankLineIsAddedToATextThatKeepsItsOwn() {
    let node = YAMLNode.map([.init("a", .block("x\n\n")), .init("b", .int(1), isSpaced: true)])
    #expect(node.rendered() == "a: |+\n  x\n\nb: 1\n")
    #expect(YAMLNode.map([.init("a", .block("x\n\n\n"))]).rendered() == "a: |+\n  x\n\n\n")
  }

  @Test func aStringAndAKeyStayOnOneLine() {
    #expect(YAMLNode.map([.init("a\nb", .string("x\ny"))]).rendered() == "\"a\\nb\": \"x\\ny\"\n")
  }
}

@Suite struct YAMLStructureTests {
  @Test func collectionsAreIndentedByTwo() {
    let node = YAMLNode.map([
      .init(
        "steps",
        .list(
          [
            .map([.init("name", .string("a"), commentAbove: ["first", ""]), .init("run", .block("x\ny\n"))]),
            .map([.init("with", .map([.init("k", .string("v"))]))]),
            .list([.int(1), .list([.int(2), .block("a\nb\n")])]),
            .block("  z\n"),
          ], spaced: true)),
      .init("last", .null, commentAbove: ["why"], isSpaced: true),
    ])
    #expect(
      node.rendered(headerComment: ["Header", "", "two\nlines"]) == """
        # Header
        #
        # two lines

        steps:
          # first
          #
          - name: a
            run: |
              x
              y

          - with:
              k: v

          - - 1
            - - 2
              - |
                a
                b

          - |2
              z

        # why
        last: null

        """)
  }

  @Test func commentsStandOnTheLineOfTheirKey() {
    let node = YAMLNode.map([
      .init("a", .string("x"), sameLineComment: "why\nnot"),
      .init("b", .map([.init("c", .int(1))]), sameLineComment: "m"),
      .init("d", .block("x\n"), sameLineComment: "n"),
    ])
    #expect(node.rendered() == "a: x # why not\nb: # m\n  c: 1\nd: | # n\n  x\n")
  }

  @Test func aDocumentMayBeAScalarOrAList() {
    #expect(YAMLNode.string("a: b").rendered() == "'a: b'\n")
    #expect(YAMLNode.list([.int(1), .int(2)]).rendered() == "- 1\n- 2\n")
    #expect(YAMLNode.block("a\nb\n").rendered() == "|\n  a\n  b\n")
  }
}
