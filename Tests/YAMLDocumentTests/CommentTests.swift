import Diagnostics
import Testing
import YAMLDocument

@Suite struct CommentTests {
  private func comments(_ text: String) throws -> [SourceComment] {
    var sink = DiagnosticSink()
    let document = try #require(YAMLDocument.parse(SourceFile(path: "a.yaml", text: text), into: &sink))
    return document.comments
  }

  @Test func everyCommentIsFoundWithItsPlace() throws {
    let text = "# one\na: 1 # two \n  # three\nb: { c: 1, # four\n  d: 2 }\n#five"
    let found = try comments(text)
    #expect(found.map(\.text) == ["one", "two", "three", "four", "five"])
    #expect(found.map(\.isAlone) == [true, false, true, false, true])
    let file = SourceFile(path: "a.yaml", text: text)
    #expect(found.map { file.text(in: $0.span) } == ["# one", "# two", "# three", "# four", "#five"])
  }

  @Test func aSignInATextIsAPartOfIt() throws {
    let text = """
      "a # no": 'b # no'
      plain: a#no and http://x/#no
      anchor: &x "# no"
      alias: *x
      folded: "first # no
        second # no"
      block: | # yes
        # no
        text # no
      kept: >-
        # no

      # behind
      list: [a, "# no", b] # last
      """
    #expect(try comments(text).map(\.text) == ["yes", "behind", "last"])
  }

  @Test func otherLineEndsAndLettersDoNotShiftAnything() throws {
    let text = "\u{FEFF}a: ä # é\r\nb: \"ü # no\" # ß\r\n"
    let found = try comments(text)
    #expect(found.map(\.text) == ["é", "ß"])
    let file = SourceFile(path: "a.yaml", text: text)
    #expect(found.map { file.text(in: $0.span) } == ["# é", "# ß"])
  }

  @Test func valuesThatAreLeftOutHideNothing() throws {
    #expect(try comments("a: # one\nb:\n  # two\n  - # three\n  - x\n").map(\.text) == ["one", "two", "three"])
  }
}
