import Foundation
import Testing

/// `Docs/systems.md` points at lines of specs, lines of generated files and tests. None of them may be gone.
@Suite struct SystemsTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let ids =
    (1...10).map { "A\($0)" } + (1...10).map { "B\($0)" } + (1...13).map { "C\($0)" } + (1...14).map { "D\($0)" }
    + (1...11).map { "E\($0)" }

  private struct Row {
    let id: String
    let cells: [String]
  }

  private static func rows(of page: String) -> [Row] {
    page.split(separator: "\n").compactMap { line in
      // A bar in a code span is escaped; the bars between cells are not.
      let cells = line.replacing("\\|", with: "\u{0}").split(separator: "|").map {
        $0.replacing("\u{0}", with: "|").trimmingCharacters(in: .whitespaces)
      }
      guard cells.count == 5, let id = cells.first, id.wholeMatch(of: /[A-E][0-9]+/) != nil else { return nil }
      return Row(id: id, cells: cells)
    }
  }

  /// The file and the text of `[name](../path): `text``.
  private static func pointer(_ cell: String) -> (path: String, text: String)? {
    guard let match = cell.wholeMatch(of: /\[[^\]]+\]\(\.\.\/([^)]+)\): `(.+)`/) else { return nil }
    return (String(match.1), String(match.2))
  }

  private static func holds(_ path: String, _ text: String) -> Bool {
    guard let content = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) else {
      return false
    }
    return content.split(separator: "\n").contains { $0.contains(text) }
  }

  private static let page: [Row] = {
    let path = root.appendingPathComponent("Docs/systems.md")
    return rows(of: (try? String(contentsOf: path, encoding: .utf8)) ?? "")
  }()

  /// The functions of each suite, by its name.
  private static let tests: [String: Set<String>] = {
    var found: [String: Set<String>] = [:]
    let files = FileManager.default.enumerator(
      at: root.appendingPathComponent("Tests"), includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift", let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      var suite: String?
      var isTest = false
      for line in text.split(separator: "\n") {
        if let match = line.firstMatch(of: /^(?:@Suite[^\n]* )?(?:private )?(?:struct|enum|extension) ([A-Za-z0-9]+)/) {
          suite = String(match.1)
        }
        if line.contains("@Test") { isTest = true }
        if isTest, let suite, let match = line.firstMatch(of: /func ([A-Za-z0-9]+)\(/) {
          found[suite, default: []].insert(String(match.1))
          isTest = false
        }
      }
    }
    return found
  }()

  @Test func everyRowOfTheFiveSystemsIsThereOnce() { #expect(Self.page.map(\.id) == Self.ids) }

  @Test(arguments: ids) func aRowPointsAtWhatIsThere(_ id: String) throws {
    let row = try #require(Self.page.first { $0.id == id }, "\(id) is not in Docs/systems.md")
    let said = try #require(Self.pointer(row.cells[2]), "\(id) names no line of a spec")
    #expect(
      said.path.hasPrefix("Examples/") && Self.holds(said.path, said.text), "\(said.path) does not say \(said.text)")
    let done = try #require(Self.pointer(row.cells[3]), "\(id) names no line of a generated file")
    #expect(done.path.hasPrefix("Generated/") && Self.holds(done.path, done.text), "\(done.path) has no \(done.text)")
    let test = row.cells[4].split(separator: "`").joined().split(separator: ".").map(String.init)
    #expect(test.count == 2 && Self.tests[test[0]]?.contains(test[1]) == true, "there is no test \(row.cells[4])")
  }

  /// A suite that is left out of the build shows nothing.
  @Test func noSuiteIsLeftOut() throws {
    let package = try String(contentsOf: Self.root.appendingPathComponent("Package.swift"), encoding: .utf8)
    // Specs that tests read, and the stand-ins in Python that the tool carries, are no sources; no file of Swift is left out.
    let excluded = package.matches(of: /exclude: \[([^\]]*)\]/).map { String($0.output.1) }
    #expect(
      excluded.allSatisfy { $0 == "\"CorrectSpecs\"" || $0 == "\"World\"" || $0 == "\"ArgumentRecorder\"" },
      "\(excluded)")
    let world = Self.root.appendingPathComponent("Sources/Rehearsal/World").path
    #expect(try !FileManager.default.subpathsOfDirectory(atPath: world).contains { $0.hasSuffix(".swift") })
    let corpus = Self.root.appendingPathComponent("Tests/ReleaseRulesTests/CorrectSpecs").path
    #expect(try FileManager.default.contentsOfDirectory(atPath: corpus).allSatisfy { $0.hasSuffix(".yaml") })
  }

  @Test func aLineThatIsGoneIsNoticed() throws {
    let row = try #require(Self.page.first)
    let said = try #require(Self.pointer(row.cells[2]))
    #expect(!Self.holds(said.path, said.text + " and something that nobody wrote"))
    #expect(!Self.holds("Examples/nowhere/release.yaml", said.text))
    #expect(Self.tests["SystemsTests"]?.contains("aLineThatIsGoneIsNoticed") == true)
    #expect(Self.tests["SystemsTests"]?.contains("holds") == false)
  }
}
