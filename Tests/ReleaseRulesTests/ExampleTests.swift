import ReleaseRules
import Testing

@Suite struct ExampleTests {
  @Test func tradeNexusIsClean() throws {
    let verdict = Verdict(try example("trade-nexus"))
    #expect(verdict.diagnostics.isEmpty, "\(verdict.text)")
  }

  @Test func forgeIsClean() throws {
    let verdict = Verdict(try example("forge"))
    #expect(verdict.diagnostics.isEmpty, "\(verdict.text)")
  }
}
