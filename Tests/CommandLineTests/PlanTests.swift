import Foundation
import Testing

@Suite struct PlanTests {
  @Test func aPlanIsPrintedForPeopleForProgramsAndAsADiagram() throws {
    let text = try liftlock("plan", "Examples/forge/release.yaml")
    #expect(text.code == 0 && text.text.contains("a bad version is found by"), "\(text)")
    let json = try liftlock("plan", "--format", "json", "Examples/forge/release.yaml")
    let object = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
    #expect(object?["service"] as? String == "forge-api")
    #expect(try liftlock("plan", "--format", "mermaid", "Examples/forge/release.yaml").text.hasPrefix("flowchart TD\n"))
  }

  /// The message about a budget sends people here, and then they must see it.
  @Test func aPlanThatIsJudgedWrongIsShownAllTheSame() throws {
    let path = repository.appendingPathComponent("Examples/forge/release.yaml")
    let spec = try String(contentsOf: path, encoding: .utf8)
    try #require(spec.contains("    rollback:\n"))
    let text = spec.replacingOccurrences(of: "    rollback:\n", with: "    rollback:\n      exposure-budget: 1s\n")
    let check = try liftlock("check", "--format", "oneline", "-", input: text)
    #expect(check.code == 1 && check.text.contains("[exposure-budget]"), "\(check)")
    let plan = try liftlock("plan", "--format", "json", "-", input: text)
    #expect(plan.code == 1 && plan.complaint.contains("liftlock check"), "\(plan)")
    #expect(try JSONSerialization.jsonObject(with: plan.output) is [String: Any])
  }

  @Test func whatCannotBeReadHasNoPlan() throws {
    let plan = try liftlock("plan", "-", input: "liftlock: 1\nservice: 7\n")
    #expect(plan.code == 1 && plan.text.contains("error["), "\(plan)")
  }
}
