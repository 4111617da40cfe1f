import Testing

@testable import Diagnostics

/// The span of the first occurrence of a text in a file.
func place(_ text: String, in file: SourceFile) -> Span {
  let bytes = Array(text.utf8)
  for start in file.text.indices where file.text[start...].starts(with: bytes) {
    return Span(start: start, end: start + bytes.count)
  }
  Issue.record("\(text) is not in \(file.path)")
  return Span(at: 0)
}

@Suite struct TextRendererTests {
  private let renderer = TextRenderer(color: false)

  private func markRow(_ text: String, in source: String) -> String {
    let file = SourceFile(path: "f", text: source)
    let output = renderer.render([.error("c", "m", at: place(text, in: file), label: "here")], in: file)
    return output.split(separator: "\n").dropFirst(3).prefix(2).joined(separator: "\n")
  }

  @Test func looksLikeTheExampleInTheStyleGuide() {
    let lines = (1...51).map { "line\($0): x" } + ["  security: { sarif: s, at-most: { critical: 1000000 } }", ""]
    let file = SourceFile(path: "release.yaml", text: lines.joined(separator: "\n"))
    let diagnostic = Diagnostic.error(
      "vacuous-gate", "this gate can never fail", at: place("1000000", in: file),
      label: "no scan reports a million critical findings",
      notes: ["promotion.security requires this gate for prod (release.yaml:97:58)"],
      help: ["write `at-most: { critical: 0 }` to block every critical finding"])
    #expect(
      renderer.render([diagnostic], in: file) == """
        error[vacuous-gate]: this gate can never fail
          --> release.yaml:52:46
           |
        52 |   security: { sarif: s, at-most: { critical: 1000000 } }
           |                                              ^^^^^^^ no scan reports a million critical findings
           |
           = note: promotion.security requires this gate for prod (release.yaml:97:58)
           = help: write `at-most: { critical: 0 }` to block every critical finding
           = docs: liftlock explain vacuous-gate

        """)
  }

  @Test func relatedPlacesOnTheLineShareTheSnippet() {
    let file = SourceFile(path: "r.yaml", text: "a: 1, b: 2, c: 3\n")
    let diagnostic = Diagnostic.warning(
      "twice", "three things", at: place("c", in: file), label: "third",
      related: [
        .init(span: place("a", in: file), label: "first"), .init(span: place("b: 2", in: file), label: "second"),
      ])
    #expect(
      renderer.render([diagnostic], in: file) == """
        warning[twice]: three things
         --> r.yaml:1:13
          |
        1 | a: 1, b: 2, c: 3
          | -     ----  ^ third
          | |     |
          | |     second
          | first
          |
          = docs: liftlock explain twice

        """)
  }

  @Test func relatedPlacesOnOtherLinesComeInLineOrderWithGapsMarked() {
    let file = SourceFile(path: "r.yaml", text: (1...12).map { "key\($0): v" }.joined(separator: "\n"))
    let diagnostic = Diagnostic.error(
      "far", "far apart", at: place("key10", in: file), label: "here",
      related: [
        .init(span: place("key12", in: file), label: "after"), .init(span: place("key2", in: file), label: "before"),
      ])
    #expect(
      renderer.render([diagnostic], in: file) == """
        error[far]: far apart
          --> r.yaml:10:1
           |
         2 | key2: v
           | ---- before
        ...
        10 | key10: v
           | ^^^^^ here
        11 | key11: v
        12 | key12: v
           | ----- after
           |
           = docs: liftlock explain far

        """)
  }

  @Test func aSpanOfSeveralLinesIsMarkedToTheEndOfItsFirst() {
    let file = SourceFile(path: "r.yaml", text: "a:\n  - one  \n  - two\n")
    let diagnostic = Diagnostic.error("c", "m", at: Span(start: 5, end: 20))
    #expect(
      renderer.render([diagnostic], in: file) == """
        error[c]: m
         --> r.yaml:2:3
          |
        2 |   - one  \("")
          |   ^^^^^
          |
          = docs: liftlock explain c

        """)
  }

  @Test func tabsTakeFourColumns() {
    #expect(markRow("x", in: "\ta:\tx\n") == "1 |     a:    x\n  |           ^ here")
  }

  @Test func wideCharactersAndEmojiTakeTwoColumns() {
    #expect(markRow("x", in: "日本: 👩‍👩‍👧 e\u{301} x\n") == "1 | 日本: 👩‍👩‍👧 e\u{301} x\n  |            ^ here")
    #expect(markRow("本", in: "日本: x\n") == "1 | 日本: x\n  |   ^^ here")
  }

  @Test func controlAndBidirectionalCharactersAreShownAsEscapes() {
    #expect(
      markRow("x", in: "a\u{1B}[31m\u{202E}\u{200B} x\n")
        == "1 | a\\u{1B}[31m\\u{202E}\\u{200B} x\n  | \(String(repeating: " ", count: 28))^ here")
  }

  @Test func messagesCannotWriteToTheTerminalEither() {
    let file = SourceFile(path: "a\u{1B}b", text: "x\n")
    let diagnostic = Diagnostic.error(
      "c", "say \u{1B}[2J\u{202E}\nhello", at: Span(at: 0), label: "la\u{7}bel\nmore",
      related: [.init(span: Span(at: 0), label: "\u{9B}")], notes: ["one\ntwo\u{0}"], help: ["\r"])
    let output = TextRenderer(color: false).render([diagnostic], in: file)
    #expect(output.unicodeScalars.allSatisfy { $0 == "\n" || !VisibleText.isUnsafe($0) })
    #expect(output.contains("error[c]: say \\u{1B}[2J\\u{202E} hello\n"))
    #expect(output.contains("  = note: one\n          two\\u{0}\n"))
    #expect(output.contains("la\\u{7}bel more"))
  }

  @Test func longLinesAreCutAroundTheSpan() {
    let filler = String(repeating: "abcdefghi ", count: 5_000)
    let source = filler + "NEEDLE " + filler
    let rows = markRow("NEEDLE", in: source).split(separator: "\n")
    let shown = rows[0].dropFirst(4)
    #expect(shown.count <= 120)
    #expect(shown.hasPrefix("…") && shown.hasSuffix("…"))
    let column = rows[1].prefix { $0 != "^" }.count
    #expect(rows[0].dropFirst(column).hasPrefix("NEEDLE"))
    #expect(rows[1].hasSuffix("^^^^^^ here"))
  }

  @Test func aLongLineKeepsItsStartWhenTheSpanIsThere() {
    let row = markRow("NEEDLE", in: "NEEDLE " + String(repeating: "x", count: 300))
    #expect(row.hasPrefix("1 | NEEDLE xxx"))
    #expect(row.contains("…\n  | ^^^^^^ here"))
  }

  @Test func anEmptySpanBehindTheLastCharacterHasACaret() {
    let file = SourceFile(path: "f", text: "key:\n")
    let output = renderer.render([.error("c", "m", at: Span(at: 4))], in: file)
    #expect(output.contains(" --> f:1:5\n  |\n1 | key:\n  |     ^\n"))
  }

  @Test func spansOutsideTheFileAndEmptyFilesAreSurvived() {
    let file = SourceFile(path: "f", text: "")
    let output = renderer.render([.error("c", "m", at: Span(start: 50, end: 90))], in: file)
    #expect(output.contains(" --> f:1:1\n  |\n1 |\n  | ^\n"))
  }

  @Test func coloursAreRedYellowAndBlue() {
    let file = SourceFile(path: "f", text: "a b\n")
    let related = Diagnostic.Related(span: Span(start: 0, end: 1), label: "")
    let error = Diagnostic.error("c", "m", at: Span(start: 2, end: 3), related: [related])
    #expect(
      TextRenderer(color: true, explainCommand: nil).render([error], in: file) == """
        \u{1B}[1;31merror[c]\u{1B}[0m\u{1B}[1m: m\u{1B}[0m
         \u{1B}[34m-->\u{1B}[0m f:1:3
         \u{1B}[34m |\u{1B}[0m
        \u{1B}[34m1 |\u{1B}[0m a b
         \u{1B}[34m |\u{1B}[0m \u{1B}[34m-\u{1B}[0m \u{1B}[1;31m^\u{1B}[0m

        """)
    let warning = Diagnostic.warning("c", "m", at: Span(at: 0))
    #expect(TextRenderer(color: true).render([warning], in: file).hasPrefix("\u{1B}[33mwarning[c]\u{1B}[0m"))
  }

  @Test func fixesAreOfferedOnceAndDiagnosticsAreSetApart() {
    let file = SourceFile(path: "f", text: "a\n")
    let edit = Diagnostic.Edit(span: Span(start: 0, end: 1), replacement: "b")
    let fix = Diagnostic.Fix(title: "write `b`", isSafe: true, edits: [edit])
    let first = Diagnostic.error("c", "m", at: Span(at: 0), help: ["write `b`"], fixes: [fix])
    let second = Diagnostic.error("d", "m", at: Span(at: 1), fixes: [fix])
    let output = renderer.render([first, second], in: file)
    #expect(output.split(separator: "\n").count { $0.hasSuffix("= help: write `b`") } == 2)
    #expect(output.contains("= docs: liftlock explain c\n\nerror[d]: m\n"))
  }

  @Test func placesLeadToTheirFiles() {
    let links = FileLinks(host: "box", folder: "/home/a b")
    func link(_ path: String) -> String {
      TextRenderer(color: false, links: links).render(
        [.error("c", "m", at: Span(at: 0))], in: SourceFile(path: path, text: "x"))
    }
    #expect(
      link("r%.yaml").contains("--> \u{1B}]8;;file://box/home/a%20b/r%25.yaml\u{1B}\\r%.yaml:1:1\u{1B}]8;;\u{1B}\\\n"))
    #expect(link("/r.yaml").contains(";file://box/r.yaml\u{1B}"))
    #expect(!link("<standard input>").contains("\u{1B}"))
    #expect(FileLinks(host: "", folder: "/").link("t", to: "r").contains(";file:///r\u{1B}"))
  }
}
