import Diagnostics
import Testing
import YAMLDocument

@Suite struct TreeTests {
  @Test func entriesAndElementsKeepFileOrder() throws {
    let document = try clean("b: 1\na: [x, {y: z}, []]\nc:\n- 1\n-\n  - 2\n")
    #expect(document.outline(document.root) == "{b=1,a=[x,{y=z},[]],c=[1,[2]]}")
    #expect(document.kind(of: document.root) == .mapping)
    #expect(document.count(of: document.root) == 3)
    let list = try #require(document.value(for: "a", in: document.root))
    #expect(document.kind(of: list) == .sequence)
    #expect(document.count(of: list) == 3)
    #expect(document.value(for: "d", in: document.root) == nil)
  }

  @Test func nodesOfAnotherKindHaveNoEntriesElementsOrText() throws {
    let document = try clean("a: [b]\n")
    let list = try #require(document.value(for: "a", in: document.root))
    #expect(document.entries(of: list).isEmpty)
    #expect(document.elements(of: document.root).isEmpty)
    #expect(document.string(of: list) == "")
    #expect(document.value(for: "b", in: list) == nil)
    #expect(document.scalarType(of: list) == .string)
    #expect(!document.isPlain(list))
    #expect(document.span(of: list, utf8Range: 0..<1) == document.span(of: list))
  }

  @Test func quotedFoldedAndLiteralTextsAreDecoded() throws {
    let document = try clean("a: 'it''s'\nb: \"x\\ty\\u00e9\"\nc: |\n  one\n  two\nd: >-\n  one\n  two\n")
    #expect(document.outline(document.root) == "{a=it's,b=x\tyé,c=one\ntwo\n,d=one two}")
  }

  @Test func anAliasStandsForTheSameSubtree() throws {
    let document = try clean("a: &x {k: [1]}\nb: *x\nc: &s text\nd: *s\n")
    let values = document.entries(of: document.root).map(\.value)
    #expect(document.outline(document.root) == "{a={k=[1]},b={k=[1]},c=text,d=text}")
    #expect(values.map(document.isAlias) == [false, true, false, true])
    #expect(values.map(document.source) == ["{k: [1]}", "*x", "text", "*s"])
    #expect(document.entries(of: values[0])[0].value == document.entries(of: values[1])[0].value)
    #expect(document.span(of: values[3], utf8Range: 0..<2) == document.span(of: values[3]))
  }

  @Test func aDocumentMayBeMarkedWithDashesDotsAndAVersion() throws {
    #expect(try clean("%YAML 1.2\n---\na: 1\n...\n").count(of: clean("---\na: 1\n").root) == 1)
  }

  @Test func manyKeysAreReadInOrderAndDuplicatesFoundAmongThem() {
    let keys = (0..<500).map { "k\($0): v\n" }.joined()
    let reading = Reading(keys + "k7: again\nk499: again\nk7: more\n")
    #expect(reading.places == ["501:1 duplicate-key", "502:1 duplicate-key", "503:1 duplicate-key"])
    #expect(reading.diagnostics.map { reading.file.position(of: $0.related[0].span.start).line } == [8, 500, 8])
    #expect(reading.document.map { $0.count(of: $0.root) } == 500)
  }
}

@Suite struct ScalarTests {
  private func root(_ text: String) throws -> (YAMLDocument, NodeID) {
    let document = try clean("k: \(text)\n")
    return (document, try #require(document.value(for: "k", in: document.root)))
  }

  @Test(arguments: [
    ("", ScalarType.null), ("~", .null), ("null", .null), ("Null", .null), ("nUll", .string), ("~~", .string),
    ("true", .bool), ("FALSE", .bool), ("tRue", .string), ("'true'", .string),
    ("0", .integer), ("-12", .integer), ("+7", .integer), ("0o17", .integer), ("0x1F", .integer), ("007", .integer),
    ("99999999999999999999", .integer), ("0o8", .string), ("0x", .string), ("-0x1", .string), ("1_000", .string),
    ("1.5", .float), (".5", .float), ("1.", .float), ("-2e-3", .float), (".inf", .float), ("-.INF", .float),
    (".nan", .float), (".", .string), ("1e", .string), ("1.2.3", .string), ("12:30", .string), ("+", .string),
    ("5%", .string), ("10s", .string), ("\"1\"", .string), ("yes", .string), ("on", .string), ("n", .string),
    ("2024-01-01", .string),
  ])
  func plainScalarsFollowTheCoreSchema(text: String, type: ScalarType) throws {
    let (document, node) = try root(text)
    #expect(document.scalarType(of: node) == type)
  }

  @Test(arguments: ["yes", "No", "ON", "off", "y", "N", "Off"])
  func truthValuesOfOlderYAMLAreTold(text: String) throws {
    let (document, node) = try root(text)
    #expect(document.isYAML11Boolean(node))
    #expect(document.boolean(of: node) == nil)
    let (quoted, quotedNode) = try root("'\(text)'")
    #expect(!quoted.isYAML11Boolean(quotedNode))
  }

  @Test(arguments: ["true", "nope", "", "o", "1"])
  func otherTextsAreNoOlderTruthValues(text: String) throws {
    let (document, node) = try root(text)
    #expect(!document.isYAML11Boolean(node))
  }

  @Test(
    arguments: [
      ("12", 12), ("-3", -3), ("+4", 4), ("0x1f", 31), ("0o17", 15), ("010", 10),
      ("9223372036854775807", Int.max), ("9223372036854775808", nil), ("1.0", nil), ("'1'", nil), ("x", nil),
    ] as [(String, Int?)])
  func integersAreReadOrNil(text: String, value: Int?) throws {
    let (document, node) = try root(text)
    #expect(document.integer(of: node) == value)
  }

  @Test(
    arguments: [
      ("12", 12), ("1.5", 1.5), (".5", 0.5), ("1.", 1), ("-2e3", -2000), ("1e999", nil), (".inf", nil), (".nan", nil),
      ("9223372036854775808", 9_223_372_036_854_775_808), ("'1.5'", nil), ("true", nil),
    ] as [(String, Double?)])
  func numbersAreReadOrNil(text: String, value: Double?) throws {
    let (document, node) = try root(text)
    #expect(document.number(of: node) == value)
  }

  @Test func truthValuesAreRead() throws {
    let document = try clean("[true, False, 'true', yes]\n")
    #expect(document.elements(of: document.root).map(document.boolean) == [true, false, nil, nil])
  }
}
