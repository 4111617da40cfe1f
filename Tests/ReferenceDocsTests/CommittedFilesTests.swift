import Foundation
import ReferenceDocs
import Testing

@Suite struct CommittedFilesTests {
  @Test func everyPageIsAsPrinted() throws {
    for page in ReferenceFiles.all {
      let committed = try? text(of: page.path)
      #expect(committed == page.text, "\(page.path) is not what the definitions say; run: make generate")
    }
  }

  @Test func noPageIsLeftOver() throws {
    let folder = repository.appending(path: ReferenceFiles.findingsFolder)
    let there = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .map { ReferenceFiles.findingsFolder + "/" + $0 }
    let printed = ReferenceFiles.all.map(\.path).filter { $0.hasPrefix(ReferenceFiles.findingsFolder + "/") }
    #expect(Set(there) == Set(printed), "run: make generate")
  }

  @Test func theSchemaIsAsPrinted() throws {
    let committed = try text(of: "Schemas/release.schema.json")
    #expect(committed == JSONSchema.releaseSpec, "Schemas/release.schema.json is old; run: make generate")
  }

  @Test func theSchemaOfPoliciesIsAsPrinted() throws {
    let committed = try text(of: "Schemas/policy.schema.json")
    #expect(committed == JSONSchema.policy, "Schemas/policy.schema.json is old; run: make generate")
  }

  @Test func everyFindingHasAPageThatTheIndexLinksTo() throws {
    let pages = Dictionary(uniqueKeysWithValues: ReferenceFiles.all.map { ($0.path, $0.text) })
    let index = try #require(pages["Docs/rules/README.md"])
    #expect(!Explanations.all.isEmpty)
    for entry in Explanations.all {
      let page = try #require(pages["Docs/rules/\(entry.name).md"])
      #expect(page.contains("# `\(entry.name)`\n"))
      #expect(page.contains("Severity: \(entry.severity.rawValue)."))
      #expect(entry.failing.isEmpty || page.contains("```yaml\n\(entry.failing)```"), "\(entry.name)")
      #expect(entry.passing.isEmpty || page.contains("```yaml\n\(entry.passing)```"), "\(entry.name)")
      #expect(index.contains("| [`\(entry.name)`](\(entry.name).md)"))
    }
  }

  /// The limit of code scanning for the descriptions of a rule (docs.github.com, "SARIF support for code scanning").
  @Test func whatIsSaidOfEveryFindingFitsIntoCodeScanning() {
    for entry in Explanations.all {
      #expect((1...1024).contains(entry.summary.utf16.count), "\(entry.name)")
      #expect((1...1024).contains(entry.rationale.utf16.count), "\(entry.name)")
    }
  }

  @Test func everyLinkLeadsSomewhere() throws {
    let anchors = Dictionary(uniqueKeysWithValues: ReferenceFiles.all.map { ($0.path, Self.anchors(in: $0.text)) })
    var count = 0
    for page in ReferenceFiles.all {
      for match in page.text.matches(of: /\]\(([^)\s]*)\)/) {
        count += 1
        let parts = match.1.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
        let relative = String(URL(filePath: "/" + folder + "/" + parts[0]).standardized.path.dropFirst())
        let path = parts[0].isEmpty ? page.path : relative
        let there = try #require(anchors[path], "\(page.path) links to \(match.1)")
        #expect(parts.count == 1 || there.contains(String(parts[1])), "\(page.path) links to \(match.1)")
      }
    }
    #expect(count > Explanations.all.count)
  }

  /// As GitHub makes them: lower case, nothing but letters, digits, hyphens and underscores, a number from the second on.
  private static func anchors(in page: String) -> Set<String> {
    var anchors: Set<String> = []
    var isCode = false
    for line in page.split(separator: "\n") {
      if line.hasPrefix("```") { isCode.toggle() }
      guard !isCode, line.hasPrefix("#") else { continue }
      let heading = line.drop { $0 == "#" }.dropFirst().lowercased()
      let base = String(
        heading.compactMap { $0 == " " ? "-" : $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : nil })
      var anchor = base
      var number = 0
      while !anchors.insert(anchor).inserted {
        number += 1
        anchor = "\(base)-\(number)"
      }
    }
    return anchors
  }
}
