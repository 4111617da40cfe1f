import Diagnostics
import ReleaseRules
import Testing

/// An edit of the base and what it must lead to, for the kinds of each rule that its examples do not show.
struct RuleCase: CustomTestStringConvertible, Sendable {
  let title: String
  let edits: [(String, String)]
  /// `code: marked text`, in file order.
  let expected: [String]
  var testDescription: String { title }

  init(_ title: String, _ edits: (String, String)..., expect expected: String...) {
    self.title = title
    self.edits = edits
    self.expected = expected
  }

  func text() throws -> String { try edits.reduce(ExampleSpec.base) { try edited($0, $1) } }
}

@Suite struct RuleCaseTests {
  @Test(
    arguments: matrixCases + gateCases + triggerCases + rolloutCases + targetCases + timeCases + secretCases
      + addressCases + thresholdCases + stabilisationCases + hotfixCases + partialCases)
  func theEditLeadsToExactlyThis(_ ruleCase: RuleCase) throws {
    let verdict = Verdict(try ruleCase.text())
    #expect(verdict.marked == ruleCase.expected, "\(verdict.text)")
  }
}

let matrix = """
  promotion:
    ci: { prod: required }
    smoke: { prod: required }
    approvals: { prod: [owner] }
  """
let lastStep = "- { to: 100%, hold: 30m }"
let rollbackWhen = "when: [error-rate > 3% over 5m]"
let secret = "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }"
let ci = "ci: { github-checks: [test] }"
func beforeTheMatrix(_ text: String) -> (String, String) { (matrix, text + "\n" + matrix) }
