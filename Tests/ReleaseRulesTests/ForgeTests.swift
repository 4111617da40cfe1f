import Diagnostics
import ReleaseLanguage
import ReleaseModel
import ReleaseRules
import Testing

/// The example that lives from its matrix, with one thing taken away or loosened at a time.
@Suite struct ForgeTests {
  /// One cell: its row's name, its own name and what it says, each with its place.
  struct Cell: CustomTestStringConvertible, Sendable {
    let criterion: Located<String>
    let environment: Located<String>
    let value: Located<PromotionCell>
    var testDescription: String { "\(criterion.value) → \(environment.value)" }
  }

  static let text = (try? example("forge")) ?? ""
  static let original = Verdict(text)
  static let cells: [Cell] =
    original.spec?.promotion.readable.flatMap { criterion, row in
      row.cells.readable.map { Cell(criterion: criterion, environment: $0.name, value: $0.value) }
    } ?? []
  static let prodCells = cells.filter { $0.environment.value == "prod" }

  /// What is found when the bytes of a span are replaced.
  private func found(_ replacement: String, at span: Span) -> [String] {
    var bytes = Array(Self.text.utf8)
    bytes.replaceSubrange(span.start..<span.end, with: replacement.utf8)
    return Verdict(String(decoding: bytes, as: UTF8.self)).places
  }

  private func place(_ code: String, at offset: Int) -> String { Self.original.place(code, at: offset) }

  @Test func theMatrixIsThere() {
    #expect(Self.cells.count == 12)
    #expect(Self.prodCells.count == 6)
  }

  @Test(arguments: cells)
  func removingACellIsAnErrorAtItsRow(_ cell: Cell) {
    // With the comma behind it, or the one before where it is the last.
    let bytes = Array(Self.text.utf8)
    var span = cell.environment.span.union(cell.value.span)
    if bytes[span.end] == UInt8(ascii: ",") {
      span.end += 1
    } else {
      while bytes[span.start] != UInt8(ascii: ",") { span.start -= 1 }
    }
    #expect(found("", at: span) == [place("empty-cell", at: cell.criterion.span.start)])
  }

  @Test(arguments: prodCells, ["recommended", "optional"])
  func weakeningAProdCellIsFoundAtTheCell(_ cell: Cell, _ word: String) throws {
    let staging = try #require(
      Self.cells.first { $0.environment.value == "staging" && $0.criterion.value == cell.criterion.value })
    let expected: [String]
    if case .approvals = cell.value.value {
      // A word in the row of the approvals asks nobody at all.
      expected = [place("vacuous-gate", at: cell.value.span.start)]
    } else {
      let isWeaker = (word == "recommended" ? Strictness.recommended : .optional) < staging.value.value.strictness
      // Staging verifies the other two, so a version that fails them never comes as far as prod.
      expected = [place(isWeaker ? "weaker-downstream" : "already-blocking", at: cell.value.span.start)]
    }
    #expect(found(word, at: cell.value.span) == expected)
  }

  @Test func stagingRequiresFourOfTheSixCriteria() {
    let stagingRequires = Self.cells.filter { $0.environment.value == "staging" && $0.value.value.isBlocking }
    #expect(stagingRequires.map(\.criterion.value) == ["ci", "smoke", "integration", "approvals"])
  }

  @Test(arguments: [
    ("[any-of: [product, operations]]", "service-owner"), ("[product, operations]", "service-owner"),
    ("[database-owner]", "service-owner"), ("[any-of: [service-owner, product]]", "service-owner"),
  ])
  func droppingARoleIsAnErrorAtTheCell(_ approvals: String, _ role: String) throws {
    let cell = try #require(Self.prodCells.first { $0.criterion.value == "approvals" })
    #expect(found(approvals, at: cell.value.span) == [place("weaker-downstream", at: cell.value.span.start)])
  }

  @Test(arguments: ["[service-owner]", "[service-owner, product, operations]"])
  func approvalsThatCoverThoseOfStagingAreFine(_ approvals: String) throws {
    let cell = try #require(Self.prodCells.first { $0.criterion.value == "approvals" })
    #expect(found(approvals, at: cell.value.span) == [])
  }

  @Test func triggeringProdByAPushIsAnErrorAtThePush() throws {
    let prod = try #require(Self.original.spec?.environments["prod"])
    let trigger = "{ push: { branches: [release] } }"
    #expect(found(trigger, at: prod.trigger.span) == [place("promotion-bypass", at: prod.trigger.span.start + 8)])
  }

  @Test func startingProdWithTheTagOfStagingIsAnErrorAtTheTag() throws {
    let prod = try #require(Self.original.spec?.environments["prod"])
    let trigger = "{ tag: \"v*\" }"
    #expect(found(trigger, at: prod.trigger.span) == [place("promotion-bypass", at: prod.trigger.span.start + 7)])
  }
}
