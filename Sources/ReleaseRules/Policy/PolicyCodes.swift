import Diagnostics

/// The codes of what is found when a spec is judged by a policy.
public enum PolicyCodes {
  static let promotion = "policy-promotion"
  static let approvals = "policy-approvals"
  static let rollout = "policy-rollout"
  static let rollback = "policy-rollback"
  static let budget = "policy-budget"
  static let secrets = "policy-secrets"
  static let calendar = "policy-calendar"
  static let notify = "policy-notify"
  static let waiverExpired = "policy-waiver-expired"
  static let waiverUnused = "policy-waiver-unused"

  static let names = Set(all.map(\.name))

  /// Every one, in the order of the reference page: the matrix, the rollout, operations, waivers.
  public static let all: [PolicyExplanation] = matrix + traffic + operations + waivers

  private static func code(
    _ name: String, _ summary: String, _ rationale: String, severity: Severity = .error, failing: PolicyExample,
    passing: PolicyExample
  ) -> PolicyExplanation {
    PolicyExplanation(
      name: name, severity: severity, summary: summary, rationale: rationale, failing: failing, passing: passing)
  }

  private static let unchanged = ExampleSpec.with(("approvals: { prod: [owner] }", "approvals: { prod: [owner] }"))

  private static let matrix: [PolicyExplanation] = [
    code(
      promotion, "A promotion asks less than the policy does, or does not have a criterion that the policy names.",
      """
      The matrix of one service is read by its own team, and a cell that was loosened for a bad week looks like any \
      other. A minimum that holds for all services is decided once, by those who answer for the platform, and a spec can \
      be stricter, never weaker. A check that must pass before anything is touched (`before`) counts as required.
      """,
      failing: PolicyExample(
        "requirements:\n  tested: { in: prod*, promotion: { ci: required } }",
        ExampleSpec.with(("ci: { prod: required }", "ci: { prod: «recommended» }"))),
      passing: PolicyExample(
        "requirements:\n  tested: { in: prod*, promotion: { ci: required } }",
        ExampleSpec.with(("ci: { prod: required }", "ci: { prod: required }")))),
    code(
      approvals, "Fewer people approve a release than the policy asks for, or other people.",
      """
      One approval is given by whoever is in a hurry to see it given. Where the policy asks for two, or for somebody from \
      a certain team, every release needs them, and a role that somebody else could act for does not count.
      """,
      failing: PolicyExample(
        "requirements:\n  two-people: { in: prod*, approvals: { at-least: 2 } }",
        ExampleSpec.with(("approvals: { prod: [owner] }", "approvals: { prod: «[owner]» }"))),
      passing: PolicyExample(
        "requirements:\n  two-people: { in: prod*, approvals: { at-least: 2 } }",
        ExampleSpec.with(("approvals: { prod: [owner] }", "approvals: { prod: [owner, operations] }")))),
  ]

  private static let traffic: [PolicyExplanation] = [
    code(
      rollout, "A new version reaches more of the traffic, or reaches it sooner, than the policy lets it.",
      """
      How many people meet a bad version is the weight of a step times how long it takes to notice. A first step of half \
      the traffic is a release with a pause in it, and a hold of a minute ends before the first numbers are there.
      """,
      failing: PolicyExample(
        "requirements:\n  small-start: { in: prod*, first-step: 10% }",
        ExampleSpec.with(
          (
            "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }",
            "- { to: «50%», hold: 15m, require: [error-rate < 1% over 5m] }"
          ))),
      passing: PolicyExample(
        "requirements:\n  small-start: { in: prod*, first-step: 10% }",
        ExampleSpec.with(
          (
            "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }",
            "- { to: 5%, hold: 15m, require: [error-rate < 1% over 5m] }"
          )))),
    code(
      rollback, "A rollback condition is not there that the policy asks for, or it is met later than the policy asks.",
      """
      Every service has failures that only its team knows, and some that all have: errors rise, or the health check \
      fails. The policy names those, so that no service learns of them from its customers. A threshold that is relative to \
      the version before keeps to no limit, because nobody knows what that will be.
      """,
      failing: PolicyExample(
        "requirements:\n  errors-watched: { in: prod*, rollback-when: { unit: percent, better: lower, at-most: 4% } }",
        ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: [error-rate > «8%» over 5m]"))),
      passing: PolicyExample(
        "requirements:\n  errors-watched: { in: prod*, rollback-when: { unit: percent, better: lower, at-most: 4% } }",
        ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m]")))),
    code(
      budget, "A bad version can be live for longer, or meet more of the traffic, than the policy allows for.",
      """
      What a platform promises its customers is spent by every service on it. Both figures are the worst case of what the \
      spec says: the windows that have to fill up, the ticks, the time for which a condition has to hold, and the share of \
      the traffic meanwhile. A spec can have a smaller budget of its own.
      """,
      failing: PolicyExample(
        "requirements:\n  found-soon: { in: prod*, detection-budget: 15m }",
        ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: [«error-rate > 3% over 15m»]"))),
      passing: PolicyExample(
        "requirements:\n  found-soon: { in: prod*, detection-budget: 15m }",
        ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 2m]")))),
  ]

  private static let operations: [PolicyExplanation] = [
    code(
      secrets, "A secret is replaced less often than the policy asks.",
      """
      Until a secret is replaced, whoever got hold of it can use it. How long that may be is not for each service to say \
      where they share a platform, because one of them is enough to get in.
      """,
      failing: PolicyExample(
        "requirements:\n  rotated: { in: every, rotate: { standard: 90d, high: 30d } }",
        ExampleSpec.with(
          (
            "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
            "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: «180d» }"
          ))),
      passing: PolicyExample(
        "requirements:\n  rotated: { in: every, rotate: { standard: 90d, high: 30d } }",
        ExampleSpec.with(
          (
            "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
            "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 60d }"
          )))),
    code(
      calendar, "A release can start when the policy asks that none does.",
      """
      Freezes and windows are agreed with people outside the team: those who sell, those who are awake, those whose own \
      changes go first. A spec that leaves one out releases into a day on which nobody is there.
      """,
      failing: PolicyExample(
        "requirements:\n  holidays: { in: prod*, freezes: { from: \"12-24\", to: \"12-26\" } }",
        ExampleSpec.with(("prod:", "«prod»:"))),
      passing: PolicyExample(
        "requirements:\n  holidays: { in: prod*, freezes: { from: \"12-24\", to: \"12-26\" } }",
        ExampleSpec.with(
          (
            "promotion:",
            "freezes:\n  christmas: { from: \"12-20\", to: \"01-02\", reason: Holidays, in: [prod] }\npromotion:"
          )))),
    code(
      notify, "Nobody is told of something that the policy wants to be heard.",
      """
      A rollback that failed and told nobody is found by the customers. Who hears of what is the team's choice; that \
      somebody does is the platform's.
      """,
      failing: PolicyExample(
        "requirements:\n  heard: { in: prod*, notify: [rollback-failed] }", ExampleSpec.with(("prod:", "«prod»:"))),
      passing: PolicyExample(
        "requirements:\n  heard: { in: prod*, notify: [rollback-failed] }",
        ExampleSpec.with(
          (
            "promotion:",
            "notify:\n  team: { pull-request: comment, on: [rolled-back, rollback-failed] }\npromotion:"
          )))),
  ]

  private static let waivers: [PolicyExplanation] = [
    code(
      waiverExpired, "A waiver has expired.",
      """
      An exception is granted until a day, because the reason for it is meant to end. From the next day on the requirement \
      holds again: where the spec still does not meet it, the finding is in the spec; where it does, the waiver is a \
      leftover in the policy. The day comes from `--today`, so that an old commit can be judged as it was.
      """,
      failing: PolicyExample(
        """
        requirements:
          two-people: { in: prod*, approvals: { at-least: 2 } }
        waivers:
          - { service: shop, in: prod, requirement: two-people, owner: Ada, reason: Bo starts soon., expires: "2026-10-01" }
        """,
        ExampleSpec.with(("approvals: { prod: [owner] }", "approvals: { prod: «[owner]» }"))),
      passing: PolicyExample(
        """
        requirements:
          two-people: { in: prod*, approvals: { at-least: 2 } }
        waivers:
          - { service: shop, in: prod, requirement: two-people, owner: Ada, reason: Bo starts soon., expires: "2026-12-01" }
        """, unchanged)),
    code(
      waiverUnused, "A waiver waives nothing, because its service meets the requirement.",
      """
      What was missing has been put right, or the waiver names another environment than was meant. Left in the policy, it \
      would let the service fall below the minimum again without anybody's having decided it.
      """,
      severity: .warning,
      failing: PolicyExample(
        """
        requirements:
          approved: { in: prod*, approvals: { at-least: 1 } }
        waivers:
          - { service: shop, in: prod, requirement: «approved», owner: Ada, reason: Bo starts soon., expires: "2026-12-01" }
        """, unchanged),
      passing: PolicyExample(
        "requirements:\n  approved: { in: prod*, approvals: { at-least: 1 } }", unchanged)),
  ]
}
