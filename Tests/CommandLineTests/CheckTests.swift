import Foundation
import Testing

/// The forge example with ten mistakes, and what is found: `line:column code`, in the order of the file.
enum TenMistakes {
  static let edits: [(right: String, wrong: String)] = [
    ("summary: The FORGE API.", "sumary: The FORGE API."),
    ("KUBECONFIG: { in: [dev, staging, prod]", "KUBECONFIG: { in: [dev, staging]"),
    ("    timeout: 30m\n  no-incidents", "    timeout: 30\n  no-incidents"),
    ("at-most: { critical: 0 }", "at-most: { critical: 1000000 }"),
    ("decision: { by: service-owner,", "decision: { by: service-ower,"),
    ("on: { manual: { tag: candidates } }", "on: { push: { branches: [main] } }"),
    ("{ to: 25%, hold", "{ to: 4%, hold"),
    ("p95-latency > 1000ms over 5m", "p95-latency > 10% over 5m"),
    ("ci: { staging: required, prod: required }", "ci: { staging: required, prod: recommended }"),
    (
      "integration: { staging: { required-for: candidates, otherwise: optional }, prod: required }",
      "integration: { prod: required }"
    ),
  ]

  /// The wrong words, in the order of the file, and what they are called.
  static let findings: [(at: String, code: String)] = [
    ("sumary", "unknown-key"), ("dev, staging], purpose: cluster", "secret-scope"),
    ("30\n  no-incidents", "invalid-duration"),
    ("1000000", "vacuous-gate"), ("service-ower", "unknown-name"),
    ("{ branches: [main] } }\n    url: https://api.forge.example", "promotion-bypass"),
    ("4%, hold", "rising-weights"), ("10% over 5m\n", "unit-mismatch"), ("recommended }\n  smoke", "weaker-downstream"),
    ("integration: { prod", "empty-cell"),
  ]

  static func text() throws -> String {
    var text = try String(contentsOfFile: examplePath("forge"), encoding: .utf8)
    for (right, wrong) in edits {
      try #require(text.components(separatedBy: right).count == 2, "the example has not one \(right)")
      text = text.replacingOccurrences(of: right, with: wrong)
    }
    return text
  }

  /// As `line:column code`.
  static func expected(in text: String) throws -> [String] {
    try findings.map { words, code in
      let place = try #require(text.range(of: words)?.lowerBound, "no \(words)")
      let before = text[..<place].split(separator: "\n", omittingEmptySubsequences: false)
      return "\(before.count):\((before.last?.unicodeScalars.count ?? 0) + 1) \(code)"
    }
  }
}

@Suite struct CheckTests {
  @Test func examplesAreCheckedInSilence() throws {
    let outcome = try run(liftlockPath, ["check"] + exampleNames.map(examplePath), in: repository)
    #expect(outcome.code == 0 && outcome.text == "" && outcome.complaint == "", "\(outcome)")
  }

  @Test func tenMistakesAreTenFindingsInTheOrderOfTheFile() throws {
    let text = try TenMistakes.text()
    let outcome = try liftlock("check", "-", "--format", "oneline", input: text)
    #expect(outcome.code == 1)
    #expect(outcome.complaint == "")
    let form = #/<standard input>:([0-9]+:[0-9]+): error\[([a-z-]+)\]: .+/#
    let found = outcome.text.split(separator: "\n").map { line in
      line.wholeMatch(of: form).map { "\($0.1) \($0.2)" } ?? String(line)
    }
    let expected = try TenMistakes.expected(in: text)
    #expect(found == expected)
  }

  @Test func everyFindingShowsItsLineAndSaysWhatToWrite() throws {
    let text = try TenMistakes.text()
    let outcome = try liftlock("check", "-", input: text)
    #expect(outcome.code == 1)
    let blocks = outcome.text.components(separatedBy: "\n\n")
    #expect(blocks.count == 11, "\(outcome.text)")
    #expect(blocks.last == "10 errors\n")
    let lines = text.components(separatedBy: "\n")
    for (block, expected) in zip(blocks, try TenMistakes.expected(in: text)) {
      let words = expected.split { $0 == " " || $0 == ":" }
      let line = try #require(Int(words[0]))
      #expect(block.hasPrefix("error[\(words[2])]: "))
      #expect(block.contains("--> <standard input>:\(words[0]):\(words[1])"))
      #expect(block.contains("\(line) | \(lines[line - 1])"), "\(block)")
      #expect(block.contains("^"))
      #expect(block.contains("= help: ") || block.contains("^ "), "\(block)")
      #expect(block.contains("= docs: liftlock explain \(words[2])"))
    }
  }

  @Test func jsonHasAVersionAndEveryPlace() throws {
    let text = try TenMistakes.text()
    let outcome = try liftlock("check", "-", "--format", "json", input: text)
    #expect(outcome.code == 1)
    let root = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
    #expect(root["version"] as? Int == 1)
    let diagnostics = try #require(root["diagnostics"] as? [[String: Any]])
    let found = diagnostics.map { "\($0["line"] ?? ""):\($0["column"] ?? "") \($0["code"] ?? "")" }
    let expected = try TenMistakes.expected(in: text)
    #expect(found == expected)
    for diagnostic in diagnostics {
      #expect((diagnostic["endLine"] as? Int ?? 0) >= (diagnostic["line"] as? Int ?? .max))
      #expect(diagnostic["path"] as? String == "<standard input>")
    }
  }

  @Test func sarifNamesRulesWithHelpAndStableFingerprints() throws {
    let text = try TenMistakes.text()
    let outcome = try liftlock("check", "-", "--format", "sarif", input: text)
    #expect(outcome.code == 1)
    let root = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
    #expect(root["version"] as? String == "2.1.0")
    let run = try #require((root["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.map { $0["ruleId"] as? String } == TenMistakes.findings.map(\.code))
    #expect(rules.allSatisfy { ($0["help"] as? [String: Any])?["text"] != nil })
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      #expect((result["message"] as? [String: Any])?["text"] != nil)
      #expect((result["locations"] as? [Any])?.count == 1)
    }
    let prints = results.compactMap { ($0["partialFingerprints"] as? [String: String])?.values.first }
    #expect(Set(prints).count == 10)
    // Two lines above do not make other findings of them.
    let moved = try liftlock("check", "-", "--format", "sarif", input: "# one\n# two\n" + text)
    for print in prints { #expect(moved.text.contains(print)) }
  }

  @Test func gitHubLinesAreCommandsOfTheRunner() throws {
    let text = try TenMistakes.text()
    let outcome = try liftlock("check", "-", "--format", "github", input: text)
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.count == 11)
    #expect(lines.last == "10 errors, 0 warnings")
    let form = #/::error file=[^,:]+,line=\d+,(col=\d+,)?endLine=\d+,(endColumn=\d+,)?title=[a-z-]+::.+/#
    for line in lines.dropLast() { #expect(line.wholeMatch(of: form) != nil, "\(line)") }
  }

  @Test(arguments: ["json", "sarif"]) func machinesGetAnEmptyReportWhenAllIsWell(format: String) throws {
    let outcome = try liftlock("check", examplePath("forge"), "--format", format)
    #expect(outcome.code == 0)
    #expect(try JSONSerialization.jsonObject(with: outcome.output) is [String: Any])
  }

  @Test func coloursComeOnRequestOnlyAndNeverIntoAPipeByThemselves() throws {
    let text = try TenMistakes.text()
    let byDefault = try liftlock("check", "-", input: text).text
    #expect(!byDefault.contains("\u{1B}"))
    #expect(try liftlock("check", "-", "--color", "never", input: text).text == byDefault)
    #expect(try liftlock("check", "-", input: text, environment: ["NO_COLOR": "1"]).text == byDefault)
    let coloured = try liftlock("check", "-", "--color", "always", input: text, environment: ["NO_COLOR": "1"]).text
    #expect(coloured.contains("\u{1B}["))
    #expect(coloured.replacing(#/\x1B\[[0-9;]*m/#, with: "") == byDefault)
  }

  @Test func findingsOfSeveralSpecsComeTogether() throws {
    try withTemporaryFolder { folder in
      try Data("liftlock: 2\n".utf8).write(to: folder.appendingPathComponent("a.yaml"))
      try Data("[]\n".utf8).write(to: folder.appendingPathComponent("b.yaml"))
      let outcome = try liftlock("check", "a.yaml", "b.yaml", "--format", "oneline", in: folder)
      #expect(outcome.code == 1)
      #expect(outcome.text.contains("a.yaml:1:11: error[unknown-version]"))
      #expect(outcome.text.contains("b.yaml:1:1: error[wrong-type]"))
    }
  }
}
