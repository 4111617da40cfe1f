import Diagnostics
import ReleaseModel

enum CommentByTeamRule: Rule {
  static let name = "comment-by-team"
  static let severity = Severity.error
  static let summary = "Whose comment counts is known by name."
  static let rationale = """
    A workflow asks GitHub with its own token, and that token may not see who is in a team of the organisation. A check \
    that waits for a comment by somebody of a team could never tell whether it is there, and would refuse every \
    release. For approvals a team is enough: there GitHub itself knows its members.
    """
  static let failingExample = ExampleSpec.with(
    (
      "ci: { github-checks: [test] }",
      "ci: { github-checks: [test] }\nsaid: { comment: { says: /ready, by: «owner» } }"
    ),
    ("after: staging", "after: staging\nbefore: [said]"))
  static let passingExample = ExampleSpec.with(
    ("owner: { reviewers: [acme/owners] }", "owner: { reviewers: [acme/owners], members: [ada, grace] }"),
    (
      "ci: { github-checks: [test] }", "ci: { github-checks: [test] }\nsaid: { comment: { says: /ready, by: owner } }"
    ),
    ("after: staging", "after: staging\nbefore: [said]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (_, check) in context.spec.checks.readable {
      guard case .comment(_, let role) = check.kind, let people = context.spec.roles[role.value],
        people.members.isEmpty, !context.hasUnreadable(in: people.span),
        let team = people.reviewers.first(where: { $0.value.contains("/") })
      else { continue }
      report(
        problem(
          "a workflow cannot tell who is in the team \(team.value)", at: role.span, label: "whose comment counts",
          related: [.init(span: team.span, label: "a team")],
          notes: ["the token of a workflow may not see the members of an organisation's team"],
          help: ["name them at the role \(role.value): `members: [ada, grace]`"]))
    }
  }
}
