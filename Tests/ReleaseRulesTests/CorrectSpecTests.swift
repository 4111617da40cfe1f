import Foundation
import Testing

/// Specs of many shapes that are right: whatever is said about one of them is a false alarm.
@Suite struct CorrectSpecTests {
  static let folder = repository.appending(path: "Tests/ReleaseRulesTests/CorrectSpecs")
  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

  @Test func thereAreMany() {
    #expect(Self.names.count >= 20)
    #expect(Self.names.allSatisfy { $0.hasSuffix(".yaml") })
  }

  @Test(arguments: names) func nothingIsSaidAbout(_ name: String) throws {
    let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
    // What it is for stands at its top.
    #expect(text.hasPrefix("# "))
    let verdict = Verdict(text)
    #expect(verdict.diagnostics.isEmpty, "\(verdict.text)")
    #expect(verdict.spec != nil)
  }
}
