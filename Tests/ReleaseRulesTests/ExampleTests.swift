import ReleaseRules
import Testing

@Suite struct ExampleTests {
  @Test(arguments: ["doc-0020", "ecom-back", "forge", "nextgen-market", "trade-nexus"])
  func theExampleIsClean(name: String) throws {
    let verdict = Verdict(try example(name))
    #expect(verdict.diagnostics.isEmpty, "\(verdict.text)")
  }
}
