import Diagnostics
import Testing
import YAMLDocument

@Suite struct ProblemTests {
  @Test(arguments: [
    ("", "1:1 yaml-empty"), ("# only\n", "1:1 yaml-empty"), ("---\n", "1:1 yaml-empty"),
    ("a: 1\n---\nb: 2\n", "2:1 yaml-several-documents"), ("a: 1\n...\nb: 2\n", "3:1 yaml-several-documents"),
    ("a: 1\nb: 2\na: 3\n", "3:1 duplicate-key"), ("x: {a: 1, 'a': 2}\n", "1:11 duplicate-key"),
    ("a: {<<: {b: 1}}\n", "1:5 yaml-merge-key"), ("a: !!str 1\n", "1:4 yaml-tag"),
    ("a: !cancelled()\n", "1:4 yaml-tag"), ("a: &x !t {b: 1}\n", "1:7 yaml-tag"), ("a: !e!x 1\n", "1:4 yaml-tag"),
    ("? [a]\n: 1\n", "1:3 yaml-key"), ("{{ x }}: 1\n", "1:1 yaml-key"), ("? \n: 1\n", "1:2 yaml-key"),
    ("a: *b\n", "1:4 yaml-alias"), ("a: &b [*b]\n", "1:8 yaml-alias"),
    ("a: \u{202E}x\n", "1:4 yaml-bidirectional"), ("a: x # \u{2066}\n", "1:8 yaml-bidirectional"),
    ("a: \u{1}\n", "1:4 yaml-encoding"), ("a: \0\n", "1:4 yaml-encoding"), ("é: \u{9B}\n", "1:4 yaml-encoding"),
    ("a: \"\\0\"\n", "1:4 yaml-encoding"), ("a: \u{FFFF}\n", "1:4 yaml-encoding"), ("a: \u{7F}\n", "1:4 yaml-encoding"),
    ("a:\n\tb: 1\n", "2:1 yaml-syntax"), ("a: [1, 2\n", "1:9 yaml-syntax"), ("a: {b: 1\n", "1:9 yaml-syntax"),
    ("é: \"x\nb: 1\n", "1:4 yaml-syntax"), ("a: 1\nb\nc: 2\n", "2:1 yaml-syntax"), ("a: b: c\n", "1:5 yaml-syntax"),
    ("a: 'x' y\n", "1:8 yaml-syntax"), ("a:\n  b: 1\n c: 2\n", "3:2 yaml-syntax"), ("a: @x\n", "1:4 yaml-syntax"),
    ("a: \"\\q\"\n", "1:5 yaml-syntax"), ("a: \"\\xZZ\"\n", "1:7 yaml-syntax"), ("a: *.yml\n", "1:4 yaml-syntax"),
    ("%FOO\n%BAR x\n", "1:5 yaml-syntax"), ("a: ]\n", "1:4 yaml-syntax"), ("a: - b\n", "1:4 yaml-syntax"),
    ("a: |0\n  x\n", "1:5 yaml-syntax"), ("- a\nb: 1\n", "2:1 yaml-syntax"), ("a: 'x\n", "1:4 yaml-syntax"),
    ("\u{FEFF}a: @\n", "1:4 yaml-syntax"), ("a: ? b\n", "1:4 yaml-syntax"),
    ("%YAML 3.0\n---\na: 1\n", "1:1 yaml-syntax"),
  ])
  func isReportedWhereItStands(text: String, place: String) {
    #expect(Reading(text).places == [place])
  }

  @Test func textsThatAreNotUTF8AreRefusedAtTheFirstWrongByte() {
    #expect(Reading([0x61, 0x3A, 0x20, 0xC3, 0x0A]).places == ["1:4 yaml-encoding"])
    #expect(Reading([0x61, 0x3A, 0x0A, 0xED, 0xA0, 0x80]).places == ["2:1 yaml-encoding"])
    #expect(Reading([0x61, 0x3A, 0x20, 0xC0, 0x80]).places == ["1:4 yaml-encoding"])
    #expect(Reading([0xFF, 0xFE, 0x61, 0x00]).places == ["1:1 yaml-encoding"])
    #expect(Reading([0xFE, 0xFF, 0x00, 0x61]).places == ["1:1 yaml-encoding"])
  }

  @Test func readingGoesOnBehindProblemsThatAllowIt() {
    let reading = Reading("a: !t 1\nb: *none\n<<: {x: 1}\n? {c: 1}\n: 2\na: 2\nd: {e: 1, e: 2}\nf: ok\n")
    #expect(
      reading.places == [
        "1:4 yaml-tag", "2:4 yaml-alias", "3:1 yaml-merge-key", "4:3 yaml-key", "6:1 duplicate-key",
        "7:11 duplicate-key",
      ])
    #expect(reading.document.map { $0.outline($0.root) } == "{a=1,d={e=1},f=ok}")
  }

  @Test func syntaxErrorsKeepWhatWasFoundBefore() {
    let reading = Reading("a: {b: 1, b: 2}\nc: @\n")
    #expect(reading.places == ["1:11 duplicate-key", "2:4 yaml-syntax"])
    #expect(reading.document == nil)
  }

  @Test func bidirectionalControlsAreAllReportedAndMarked() {
    let reading = Reading("a: \u{202A}x\u{202C}\nb: 1\n")
    #expect(reading.places == ["1:4 yaml-bidirectional", "1:6 yaml-bidirectional"])
    #expect(reading.marked == ["\u{202A}", "\u{202C}"])
    #expect(reading.document != nil)
  }

  @Test func unknownAliasesSuggestTheNearestAnchor() {
    #expect(Reading("a: &replicas 1\nb: *replcas\n").diagnostics.first?.help == ["did you mean `*replicas`?"])
  }

  @Test func tagsMarkTheTagAlone() {
    #expect(Reading("a: &x !<tag:x> 'y'\nb: !!seq\n- 1\n").marked == ["!<tag:x>", "!!seq"])
  }

  @Test func everyReportedCodeIsExplainedOnce() {
    let codes = YAMLDocument.codes.map(\.code)
    #expect(Set(codes).count == codes.count)
    let reported = [
      "", "a: 1\n---\nb: 2\n", "a: 1\na: 2", "<<: 1", "a: !x 1", "[]: 1", "a: *b", "a: \u{202E}", "\u{1}", "@",
      String(repeating: "[", count: 65),
    ].flatMap { Reading($0).diagnostics.map(\.code) }
    #expect(Set(reported) == Set(codes))
    #expect(YAMLDocument.codes.allSatisfy { !$0.summary.isEmpty && $0.rationale.count > 80 })
  }
}

@Suite struct LimitTests {
  @Test func bytes() {
    #expect(Reading("a: 12", limits: YAMLLimits(bytes: 4)).places == ["1:1 yaml-limit"])
    #expect(Reading("a: 12", limits: YAMLLimits(bytes: 5)).places == [])
  }

  @Test func depth() {
    #expect(Reading("a: [[b]]\n", limits: YAMLLimits(depth: 3)).places == [])
    #expect(Reading("a: [[[b]]]\n", limits: YAMLLimits(depth: 3)).places == ["1:6 yaml-limit"])
    #expect(Reading(String(repeating: "[", count: 200_000)).places == ["1:65 yaml-limit"])
  }

  @Test func depthIsCountedThroughAliases() {
    let text = "a: &a [x]\nb: &b [*a]\nc: &c [*b]\n"
    #expect(Reading(text, limits: YAMLLimits(depth: 4)).places == [])
    #expect(Reading(text, limits: YAMLLimits(depth: 3)).places == ["3:8 yaml-limit"])
  }

  @Test func nodes() {
    #expect(Reading("[a, b, c]\n", limits: YAMLLimits(nodes: 4)).places == [])
    #expect(Reading("[a, b, c, d]\n", limits: YAMLLimits(nodes: 4)).places == ["1:11 yaml-limit"])
  }

  @Test func aBillionLaughsAreRefused() {
    var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    for level in 1..<12 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let reading = Reading(text)
    #expect(reading.diagnostics.map(\.code) == ["yaml-limit"])
    #expect(reading.document == nil)
  }

  @Test func scalarLength() {
    #expect(Reading("a: bcd\n", limits: YAMLLimits(scalarBytes: 3)).places == [])
    #expect(Reading("a: bcde\n", limits: YAMLLimits(scalarBytes: 3)).places == ["1:4 yaml-limit"])
  }

  @Test func problems() {
    let text = "{" + String(repeating: "a: 1, ", count: 200) + "}"
    let reading = Reading(text, limits: YAMLLimits(problems: 5))
    #expect(reading.diagnostics.map(\.code) == Array(repeating: "duplicate-key", count: 5) + ["yaml-limit"])
    #expect(reading.document == nil)
  }

  @Test func aFileAtTheLimitsIsReadWithoutAProblem() {
    let keys = (0..<49_000).map { "k\($0): v\n" }.joined()
    #expect(Reading(keys).diagnostics.isEmpty)
  }
}
