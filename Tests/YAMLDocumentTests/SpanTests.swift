import Diagnostics
import Testing
import YAMLDocument

@Suite struct NodeSpanTests {
  /// Source texts of keys and values, depth first.
  private func sources(_ document: YAMLDocument, _ node: NodeID) -> [String] {
    switch document.kind(of: node) {
    case .scalar: [document.source(of: node)]
    case .sequence: [document.source(of: node)] + document.elements(of: node).flatMap { sources(document, $0) }
    case .mapping:
      [document.source(of: node)]
        + document.entries(of: node).flatMap { sources(document, $0.key) + sources(document, $0.value) }
    }
  }

  @Test func blocksEndWithTheirContentAndNotWithCommentsOrBlankLines() throws {
    let document = try clean("# head\na:\n  b: 1   # one\n\n  # more\n\nc:\n- x\n- y # last\n\n# tail\n")
    #expect(
      sources(document, document.root) == [
        "a:\n  b: 1   # one\n\n  # more\n\nc:\n- x\n- y", "a", "b: 1", "b", "1", "c", "- x\n- y", "x", "y",
      ])
  }

  @Test func flowCollectionsIncludeTheirBrackets() throws {
    let document = try clean("a: { b: [1, 'two' ], c: {} } # x\n")
    #expect(
      sources(document, document.root) == [
        "a: { b: [1, 'two' ], c: {} }", "a", "{ b: [1, 'two' ], c: {} }", "b", "[1, 'two' ]", "1", "'two'", "c", "{}",
      ])
  }

  @Test func multiByteTextDoesNotShiftWhatFollows() throws {
    let document = try clean("ключ: \"日本 \u{1F600}\"\nz: [é, ü]  # ñ\nlast: done\n")
    #expect(
      sources(document, document.root).dropFirst() == [
        "ключ", "\"日本 \u{1F600}\"", "z", "[é, ü]", "é", "ü", "last", "done",
      ])
  }

  @Test func carriageReturnsAndByteOrderMarkDoNotShiftWhatFollows() throws {
    let text = "a:\r\n  b: ä\r\n  c: |\r\n    x\r\n    y\r\nd: end\r\n"
    for prefix in [[], [0xEF, 0xBB, 0xBF]] as [[UInt8]] {
      let document = try clean(prefix + Array(text.utf8))
      #expect(
        sources(document, document.root).dropFirst() == [
          "a", "b: ä\r\n  c: |\r\n    x\r\n    y", "b", "ä", "c", "|\r\n    x\r\n    y", "d", "end",
        ])
      let last = try #require(document.value(for: "d", in: document.root))
      #expect(document.file.position(of: document.span(of: last).start) == Position(line: 6, column: 4))
    }
  }

  @Test func valuesThatWereLeftOutStandBehindTheColon() throws {
    let document = try clean("a:\nb :  # none\nc: {d: , e, f:  }\ng:")
    func place(_ key: String, _ mapping: NodeID) throws -> String {
      let span = document.span(of: try #require(document.value(for: key, in: mapping)))
      #expect(span.isEmpty)
      let position = document.file.position(of: span.start)
      return "\(position.line):\(position.column)"
    }
    let flow = try #require(document.value(for: "c", in: document.root))
    #expect(try place("a", document.root) == "1:3")
    #expect(try place("b", document.root) == "2:4")
    #expect(try place("d", flow) == "3:7")
    #expect(try place("e", flow) == "3:11")
    #expect(try place("f", flow) == "3:15")
    #expect(try place("g", document.root) == "4:3")
  }

  @Test func anchorsAreNotPartOfTheSpan() throws {
    let document = try clean("a: &one  1\nb: &two\n  c: d\ne: &three [x]\nf: &four # note\n  - 'y'\n")
    let values = document.entries(of: document.root).map(\.value)
    #expect(values.map(document.source) == ["1", "c: d", "[x]", "- 'y'"])
  }

  @Test func partsOfPlainAndQuotedTextsAreFoundInTheFile() throws {
    let text = "a: error-rate > 1%\nb: 'é > 1'\nc: \"x > 1\"\nd: \"x\\t> 1\"\ne: 'it''s'\nf: one\n  two\n"
    let document = try clean(text)
    func part(_ key: String, _ range: Range<Int>) throws -> String {
      let node = try #require(document.value(for: key, in: document.root))
      return document.file.text(in: document.span(of: node, utf8Range: range))
    }
    #expect(try part("a", 11..<12) == ">")
    #expect(try part("a", 13..<15) == "1%")
    #expect(try part("a", 13..<99) == "1%")
    #expect(try part("a", 50..<99) == "")
    #expect(try part("b", 3..<4) == ">")
    #expect(try part("c", 2..<3) == ">")
    #expect(try part("d", 2..<3) == "\"x\\t> 1\"")
    #expect(try part("e", 0..<2) == "'it''s'")
    #expect(try part("f", 0..<1) == "one\n  two")
  }
}
