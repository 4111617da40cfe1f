import Diagnostics
import Foundation
import Testing

@testable import ReleaseRules

@Suite struct CatalogueTests {
  @Test func namesAreUniqueAndInKebabCase() {
    let names = RuleCatalogue.explanations.map(\.name) + ReadingCodes.all.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names { #expect(name.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil, "\(name)") }
  }

  @Test func theCatalogueAndTheFolderAgree() throws {
    let folder = repository.appending(path: "Sources/ReleaseRules/Rules")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(files) == Set(RuleCatalogue.all.map { "\($0).swift" }))
    #expect(files.count == RuleCatalogue.all.count)
  }

  @Test func aRuleIsNamedAfterItsCode() {
    for rule in RuleCatalogue.all {
      let words = rule.name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
      #expect("\(rule)" == words.joined() + "Rule")
    }
  }

  @Test func everyCodeIsExplainedInFull() {
    for explanation in RuleCatalogue.explanations + ReadingCodes.all {
      #expect(explanation.summary.hasSuffix("."), "\(explanation.name)")
      #expect(explanation.rationale.hasSuffix("."), "\(explanation.name)")
      #expect(explanation.rationale.split(separator: ". ").count >= 2, "\(explanation.name)")
      #expect(!explanation.rationale.contains("\n"), "\(explanation.name) has a line end in the middle of a paragraph")
    }
  }

  @Test func theBaseOfTheExamplesIsClean() {
    let verdict = Verdict(ExampleSpec.base)
    #expect(verdict.diagnostics.isEmpty, "\(verdict.text)")
  }

  @Test(arguments: RuleCatalogue.explanations + ReadingCodes.all)
  func aFailingExampleIsReportedExactlyWhereMarked(_ explanation: Explanation) {
    let verdict = Verdict(explanation.failing.source)
    #expect(!explanation.failing.marks.isEmpty)
    #expect(verdict.diagnostics.map(\.span) == explanation.failing.marks, "\(verdict.text)")
    #expect(verdict.diagnostics.allSatisfy { $0.code == explanation.name }, "\(verdict.text)")
    #expect(verdict.diagnostics.map(\.severity).min { $0 == .error && $1 != .error } == explanation.severity)
  }

  @Test(arguments: RuleCatalogue.explanations + ReadingCodes.all)
  func aPassingExampleIsClean(_ explanation: Explanation) {
    let verdict = Verdict(explanation.passing.source)
    #expect(explanation.passing.marks.isEmpty)
    #expect(verdict.diagnostics.isEmpty, "\(verdict.text)")
  }

  @Test func anExcerptShowsTheLinesThatMatterUnderTheirKeys() throws {
    #expect(
      SecretScopeRule.failingExample.excerpt == """
        secrets:
          PROMETHEUS_URL: { in: [staging], purpose: metric queries, rotate: 90d }
        #                        ^^^^^^^

        """)
    #expect(
      EnvironmentOrderRule.passingExample.excerpt == """
        environments:
          prod:
            after: staging

        """)
    let version = try #require(ReadingCodes.all.first { $0.name == "unknown-version" })
    #expect(version.failing.excerpt == "liftlock: 2\n#         ^\n")
  }
}
