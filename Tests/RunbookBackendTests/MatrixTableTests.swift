import ReleaseModel
import Testing

@testable import RunbookBackend

@Suite struct MatrixTableTests {
  @Test func forgeSaysWhatItsRunbookSaid() throws {
    #expect(
      MatrixTable.table(try examplePlan("forge")) == [
        ["criterion", "dev → staging", "staging → prod"],
        ["CI status", "required green", "required green"],
        ["Smoke tests", "required", "required"],
        ["Integration / E2E", "required for candidates, otherwise optional", "required"],
        ["Performance baseline", "recommended", "required (p95-latency and throughput within ±10% of target)"],
        ["Security scan", "recommended", "required (no critical findings)"],
        ["Manual approvals", "Service owner", "Service owner + Product/Operations"],
      ])
  }

  @Test func withoutAnEnvironmentBeforeTheColumnNamesWhatStartsIt() throws {
    #expect(MatrixTable.table(try examplePlan("trade-nexus"))[0] == ["criterion", "merge → production"])
    let tagged = try examplePlan(
      "trade-nexus",
      replacing: [("on: { push: { branches: [main], paths: [backend/**] } }", "on: { tag: \"v*\" }")])
    #expect(MatrixTable.table(tagged)[0] == ["criterion", "tag → production"])
  }

  @Test func cellsSayWhyAndHowMuch() throws {
    let plan = try examplePlan(
      "forge",
      replacing: [
        (
          "smoke: { staging: required, prod: required }",
          "smoke: { staging: { not-applicable: no users }, prod: optional }"
        ),
        (
          "security: { staging: recommended, prod: required }",
          "security: { prod: { required-for: candidates, otherwise: optional } }"
        ),
      ])
    let rows = MatrixTable.table(plan)
    #expect(rows[2] == ["Smoke tests", "not applicable: no users", "optional"])
    #expect(rows[5] == ["Security scan", "–", "required (no critical findings) for candidates, otherwise optional"])
  }

  @Test func columnsOfTheTerminalTableStandBelowEachOther() throws {
    let lines = MatrixTable.text(try examplePlan("forge")).split(separator: "\n").map(Array.init)
    #expect(lines.count == 8)
    let rule = lines[1]
    let starts = rule.indices.filter { rule[$0] == "─" && ($0 == 0 || rule[$0 - 1] == " ") }
    #expect(starts.count == 3)
    for line in lines {
      for start in starts.dropFirst() {
        #expect(line[start] != " ")
        #expect(line[(start - 2)..<start].allSatisfy { $0 == " " })
      }
      #expect(line.last != " ")
    }
  }

  @Test func aTitleCannotCommandTheTerminal() throws {
    let plan = try examplePlan("forge", replacing: [("title: Smoke tests", #"title: "Smoke\e[2J\u202Etests""#)])
    #expect(MatrixTable.table(plan)[2][0] == "Smoke [2J tests")
  }
}
