import Diagnostics
import ReleaseModel

enum SameApproverRule: Rule {
  static let name = "same-approver"
  static let severity = Severity.error
  static let summary = "The approvals of a promotion can be given by that many different people."
  static let rationale = """
    Two approvals are worth two pairs of eyes. Where the roles come down to the same single person, either one person \
    approves twice and the second look never happens, or the release waits for somebody who does not exist. Teams \
    count as enough people; named users are counted one by one.
    """
  static let failingExample = ExampleSpec.with(
    ("owner: { reviewers: [acme/owners] }", "owner: { reviewers: [ada] }"),
    (
      "operations: { reviewers: [acme/operations], duty: Runs the rollback by hand. }",
      "operations: { reviewers: [ada] }"
    ),
    ("approvals: { prod: [owner] }", "approvals: { prod: [owner, «operations»] }"))
  static let passingExample = ExampleSpec.with(
    ("owner: { reviewers: [acme/owners] }", "owner: { reviewers: [ada] }"),
    (
      "operations: { reviewers: [acme/operations], duty: Runs the rollback by hand. }",
      "operations: { reviewers: [ada, grace] }"
    ),
    ("approvals: { prod: [owner] }", "approvals: { prod: [owner, operations] }"))

  /// More approvals than anybody asks for; beyond it nothing is counted.
  private static let mostApprovals = 64

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let roles = Dictionary(context.spec.roles.readable.map { ($0.name.value, $0.value) }) { first, _ in first }
    for cell in context.spec.promotion[approvalsCriterion]?.cells.readable ?? [] {
      guard case .approvals(let approvals) = cell.value.value, approvals.count <= mostApprovals else { continue }
      var people: [String] = []
      var numbers: [String: Int] = [:]
      var bounded: [ApprovalRequirement] = []
      var choices: [[Int]] = []
      for approval in approvals {
        guard let users = users(of: approval, roles, context) else { continue }
        bounded.append(approval)
        choices.append(
          users.map { user in
            // GitHub's user names do not tell cases apart.
            let key = user.lowercased()
            if let number = numbers[key] { return number }
            numbers[key] = people.count
            people.append(user)
            return people.count - 1
          })
      }
      let matching = Matching(choices: choices, partnerCount: people.count)
      guard let item = matching.partners.firstIndex(of: nil) else { continue }
      let competition = matching.competition(over: item)
      let items = competition.items.sorted()
      guard let last = items.last else { continue }
      report(
        tooFewPeople(
          bounded[last], items.dropLast().map { bounded[$0] }, competition.partners.map { people[$0] },
          into: cell.name.value))
    }
  }

  /// Everybody who can give an approval, or `nil` when that cannot be counted: a team, or a role that was not read.
  private static func users(
    of approval: ApprovalRequirement, _ roles: [String: Role], _ context: RuleContext
  ) -> [String]? {
    var users: [String] = []
    for name in approval.roles {
      guard let role = roles[name], !context.hasUnreadable(in: role.span) else { return nil }
      let reviewers = role.reviewers.map(\.value)
      if reviewers.contains(where: { $0.contains("/") }) { return nil }
      users += reviewers
    }
    return users
  }
}

extension SameApproverRule {
  private static func tooFewPeople(
    _ last: ApprovalRequirement, _ others: [ApprovalRequirement], _ people: [String], into environment: String
  ) -> Diagnostic {
    let count = others.count + 1
    let named = people.count > 6 ? "\(people.count) people" : spelled(people)
    return problem(
      people.count == 1
        ? "\(count) approvals for \(environment) would have to come from \(named) alone"
        : "\(count) approvals for \(environment) would have to come from \(people.count) people",
      at: last.span, label: "nobody is left to give this one",
      related: others.map { .init(span: $0.span, label: "can only be given by the same people") },
      notes: ["each approval is given by another person, and these roles come down to \(named)"],
      help: ["add reviewers to one of the roles, such as a team, or ask for fewer approvals"])
  }
}
