import ReleaseModel
import Testing

@testable import RunbookBackend

/// What users write shows as they wrote it, wherever it stands.
@Suite struct HostileTextTests {
  private static let text = #"a|b `c` ``` \"q\" <script>alert(1)</script> --> [x](y) *z* # %% ; {{ }} $m$ end\t~~~"#

  private func tame() throws -> ReleasePlan {
    try examplePlan("forge", replacing: [(cell, "security: { staging: { not-applicable: no users },")])
  }

  private let cell = "security: { staging: recommended,"

  private func hostile() throws -> ReleasePlan {
    let text = "\"\(Self.text)\""
    return try examplePlan(
      "forge",
      replacing: [
        ("summary: Customer-facing. Manual promotion only, inside the change window.", "summary: \(text)"),
        ("title: Service owner", "title: \(text)"),
        ("duty: Confirms application-level readiness and approves promotion.", "duty: \(text)"),
        ("title: Smoke tests", "title: \(text)"), ("title: Error rate\n", "title: \(text)\n"),
        ("purpose: cluster access", "purpose: \(text)"),
        ("without: the announcement is written to the job summary only", "without: \(text)"),
        ("manual: Nobody could mitigate within 15 minutes.", "manual: \(text)"),
        ("follow-up: Post the root-cause hypothesis and the next action.", "follow-up: \(text)"),
        ("labels: [sev-1, sev-2]", "labels: [\(text)]"), ("labels: [sev-2]", "labels: [\(text)]"),
        ("record: go or no-go for prod", "record: \(text)"),
        (cell, "security: { staging: { not-applicable: \(text) },"),
      ])
  }

  @Test func tablesKeepTheirColumns() throws {
    let tame = Page(RunbookBackend.runbook(for: try tame()).text).tables
    let wild = Page(RunbookBackend.runbook(for: try hostile()).text).tables
    #expect(tame.map(\.count) == wild.map(\.count))
    for table in wild {
      #expect(Set(table.map(\.count)).count == 1, "\(table)")
    }
  }

  @Test func headingsAndFencesStay() throws {
    let tame = Page(RunbookBackend.runbook(for: try tame()).text)
    let wild = Page(RunbookBackend.runbook(for: try hostile()).text)
    #expect(wild.headings.map(\.text) == tame.headings.map(\.text))
    #expect(wild.fences.map(\.language) == tame.fences.map(\.language))
    #expect(!wild.hasOpenFence)
  }

  @Test func nothingBecomesMarkup() throws {
    let page = Page(RunbookBackend.runbook(for: try hostile()).text)
    for line in page.prose {
      // Inside a code span a tag is text; outside of one it would be a tag.
      let outside = line.replacing(#/``[^`].*[^`]``/#, with: "")
      #expect(!outside.contains("<script"), "\(line)")
      #expect(!outside.contains("](y)") || outside.contains("\\](y)"), "\(line)")
    }
    #expect(page.prose.contains { $0.contains("&lt;script>") })
    #expect(page.prose.contains { $0.contains("labelled ``a|b `c` ``` ") })
  }

  @Test func diagramsHaveOnlyTheirOwnSyntax() throws {
    for plan in [try hostile(), try examplePlan("forge"), try examplePlan("trade-nexus")] {
      let diagrams = Page(RunbookBackend.runbook(for: plan).text).fences(of: "mermaid")
      #expect(diagrams.count == plan.environments.count + 1)
      for diagram in diagrams {
        var nodes: Set<Substring> = []
        for line in diagram.split(separator: "\n").dropFirst() {
          if let node = line.wholeMatch(of: #/  (n[0-9]+)(?:\["[^"]*"\]|\(\["[^"]*"\]\)|\{\{"[^"]*"\}\})/#) {
            nodes.insert(node.1)
            #expect(!line.contains("<script") && !line.contains("`") && !line.contains("%"), "\(line)")
          } else if let edge = line.wholeMatch(of: #/  (n[0-9]+) (?:-->|-\.->)(?:\|"[a-z]+"\|)? (n[0-9]+)/#) {
            #expect(nodes.contains(edge.1) && nodes.contains(edge.2), "\(line)")
          } else {
            Issue.record("not a line of a flowchart: \(line)")
          }
        }
      }
    }
  }

  @Test func commandsTypedByHandKeepLabelsAsOneWord() throws {
    let blocks = Page(RunbookBackend.runbook(for: try hostile()).text).fences(of: "bash")
    let issue = try #require(blocks.first { $0.contains("gh issue create") })
    // Behind the lines that make the labels, each of which is one word there, too.
    let words = try bashWords(String(issue[try #require(issue.range(of: "gh issue create")).lowerBound...]))
    let label = try #require(words.firstIndex(of: "--label"))
    #expect(
      words[label + 1] == #"a|b `c` ``` "q" <script>alert(1)</script> --> [x](y) *z* # %% ; {{ }} $m$ end"# + "\t~~~")
  }
}
