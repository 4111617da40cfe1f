import Diagnostics
import ReleaseRules
import Testing

@Suite struct ManyMistakesTests {
  @Test func tenDifferentMistakesGiveTenDiagnosticsInFileOrder() throws {
    let text = try edited(
      ExampleSpec.base,
      ("PROMETHEUS_URL: { in: [prod]", "PROMETHEUS_URL: { in: [staging]"),
      ("ci: { github-checks: [test] }", "ci: { github-checks: [] }"),
      ("GET /health]", "/health]"),
      ("branches: [main]", "branchs: [main]"),
      ("watch: 15m", "watch: 15"),
      ("after: staging", "after: stagin"),
      ("to: 10%, hold: 15m", "to: 0%, hold: 15m"),
      ("error-rate > 3% over 5m", "error-rate > 100% over 5m"),
      ("smoke: { prod: required }", "smoke: { prod: requird }"),
      ("approvals: { prod: [owner] }", "approvals: {}"))
    let verdict = Verdict(text)
    #expect(
      verdict.marked == [
        "secret-scope: staging", "vacuous-gate: github-checks", "invalid-request: /health", "unknown-key: branchs",
        "invalid-duration: 15", "unknown-name: stagin", "rising-weights: 0%", "dead-rollback-condition: 100%",
        "unknown-word: requird", "empty-cell: approvals",
      ], "\(verdict.text)")
    #expect(verdict.diagnostics.map(\.span) == verdict.diagnostics.map(\.span).sorted())
    #expect(verdict.diagnostics.allSatisfy { $0.label != nil || !$0.help.isEmpty })
  }

  @Test(arguments: RuleCatalogue.explanations)
  func everyDiagnosticSaysWhatWhyAndWhatToWrite(_ explanation: Explanation) {
    for diagnostic in Verdict(explanation.failing.source).diagnostics {
      #expect(diagnostic.label?.isEmpty == false)
      #expect(!diagnostic.notes.isEmpty)
      #expect(!diagnostic.help.isEmpty)
      for sentence in [diagnostic.message] + diagnostic.notes {
        #expect(!sentence.hasSuffix("."), "\(sentence)")
        #expect(sentence.first?.isUppercase == false, "\(sentence)")
      }
    }
  }

  /// Every line of the larger examples taken out, and every line cut short behind its colon: no crash, and no flood.
  @Test(arguments: ["forge", "trade-nexus"])
  func aMissingLineNeverCausesAFlood(_ name: String) throws {
    let lines = try example(name).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for index in lines.indices {
      var without = lines
      without.remove(at: index)
      var cut = lines
      cut[index] = lines[index].split(separator: ":").first.map { $0 + ":" } ?? ""
      for text in [without, cut] {
        let verdict = Verdict(text.joined(separator: "\n"))
        // A line that opened a mapping pours its keys into the one before: that is many mistakes.
        if verdict.diagnostics.contains(where: { $0.code == "duplicate-key" }) { continue }
        let fromRules = verdict.diagnostics.filter { diagnostic in
          RuleCatalogue.all.contains { $0.name == diagnostic.code }
        }
        #expect(fromRules.count <= 3, "line \(index + 1): \(lines[index]): \(verdict.places)")
      }
    }
  }
}
