import Diagnostics
import Foundation
import ReleaseCompiler
import ReleaseModel
import ReleaseRules
import Testing

private let today = CalendarDay(PolicyExample.day) ?? CalendarDay(year: 2026, month: 11, day: 21)

/// The base of the examples, edited, judged by a policy with these lines behind its head.
private func judged(
  _ lines: String, day: CalendarDay = today, _ edits: (String, String)...
) throws -> (file: SourceFile, policy: SourceFile, checked: ReleaseCompiler.Checked) {
  var text = ExampleSpec.base
  for (old, new) in edits {
    try #require(text.components(separatedBy: old).count == 2, "`\(old)` is not there exactly once")
    text = text.replacingOccurrences(of: old, with: new)
  }
  let file = SourceFile(path: "policy.yaml", text: "liftlock-policy: 1\nname: acme\nowner: Platform team\n\(lines)\n")
  let read = ReleaseCompiler.readPolicy(file)
  try #require(read.diagnostics.isEmpty, "\(read.diagnostics)")
  let spec = SourceFile(path: "release.yaml", text: text)
  let minimum = ReleaseCompiler.Minimum(policy: try #require(read.policy), today: day)
  return (spec, file, ReleaseCompiler.check(spec, against: minimum))
}

/// A demand on the base, an edit of it, and what is found as `code: marked text`.
struct PolicyCase: CustomTestStringConvertible, Sendable {
  let demand: String
  let edits: [(String, String)]
  let expected: [String]
  var testDescription: String { "\(demand) \(edits.map(\.1))" }

  init(_ demand: String, _ edits: (String, String)..., expect expected: String...) {
    self.demand = demand
    self.edits = edits
    self.expected = expected
  }
}

private let approvals = "approvals: { prod: [owner] }"
private let ci = "ci: { prod: required }"
private let when = "when: [error-rate > 3% over 5m]"
private let url = "url: https://shop.example"
private let matrix = "promotion:"
private let secret = "rotate: 90d"
private let hotfix = """
  hotfix:
    tag: "hotfix-v*"
    outside-windows: An emergency.
    environments:
      prod:
        waives: { ci: No time., smoke: No time. }
        approvals: [operations]
  promotion:
  """

private let matrixDemands: [PolicyCase] = [
  PolicyCase("in: prod*, promotion: { ci: required }", expect: ""),
  PolicyCase(
    "in: prod*, promotion: { ci: recommended }", (ci, "ci: { prod: optional }"), expect: "policy-promotion: optional"),
  PolicyCase("in: prod*, promotion: { ci: recommended }", (ci, "ci: { prod: required }"), expect: ""),
  PolicyCase(
    "in: prod*, promotion: { ci: required }", (ci, "ci: { prod: { not-applicable: no reason } }"),
    expect: "policy-promotion: { not-applicable: no reason }"),
  // The strictest of those that a pattern takes counts.
  PolicyCase("in: prod*, promotion: { \"*\": required }", (ci, "ci: { prod: optional }"), expect: ""),
  PolicyCase("in: prod*, promotion: { scan: optional }", expect: "policy-promotion: ci"),
  PolicyCase(
    "in: prod*, promotion: { scan: optional, \"*fuzz*\": required }", expect: "policy-promotion: ci",
    "policy-promotion: ci"),
  // One cause in two environments is one finding.
  PolicyCase("in: every, promotion: { scan: optional }", expect: "policy-promotion: ci"),
  PolicyCase("in: test, promotion: { scan: optional }", expect: ""),
  PolicyCase(
    "in: staging, promotion: { ci: required }",
    ("url: https://staging.shop.example", "url: https://staging.shop.example\n    before: [ci]"),
    expect: ""),
  // The empty cell is a finding of a rule already.
  PolicyCase(
    "in: prod, promotion: { ci: required }", (ci, "ci: { staging: required }"),
    expect: "empty-cell: ci", "empty-cell: smoke", "empty-cell: approvals"),
  PolicyCase("in: prod, soak: 24h", expect: "policy-promotion: ci"),
  PolicyCase("in: every, soak: 24h", (matrix, "promotion:\n  soak: { prod: { required: 24h } }"), expect: ""),
  PolicyCase(
    "in: prod, soak: 24h", (matrix, "promotion:\n  soak: { prod: { required: 12h } }"),
    expect: "policy-promotion: { required: 12h }"),
  PolicyCase(
    "in: prod, soak: 24h", (matrix, "promotion:\n  soak: { prod: { recommended: 24h } }"),
    expect: "policy-promotion: { recommended: 24h }"),
  PolicyCase("in: prod, approvals: { at-least: 2 }", expect: "policy-approvals: [owner]"),
  PolicyCase("in: prod, approvals: { at-least: 1, by: acme/owners }", expect: ""),
  PolicyCase("in: prod, approvals: { at-least: 1, by: \"acme/ops*\" }", expect: "policy-approvals: [owner]"),
  // Somebody else could give it.
  PolicyCase(
    "in: prod, approvals: { at-least: 1, by: [acme/owners] }",
    (approvals, "approvals: { prod: [any-of: [owner, operations]] }"),
    expect: "policy-approvals: [any-of: [owner, operations]]"),
  PolicyCase(
    "in: prod, approvals: { at-least: 1, by: [acme/owners, \"acme/op*\"] }",
    (approvals, "approvals: { prod: [any-of: [owner, operations]] }"), expect: ""),
  PolicyCase("in: staging, approvals: { at-least: 1 }", expect: "policy-approvals: approvals"),
]

private let rolloutDemands: [PolicyCase] = [
  PolicyCase("in: prod, first-step: 10%", expect: ""),
  PolicyCase("in: prod, first-step: 5%", expect: "policy-rollout: 10%"),
  // A rolling update has no steps; whether it may be is another question.
  PolicyCase("in: staging, first-step: 5%", expect: ""),
  PolicyCase("in: every, strategy: [canary, blue-green]", expect: "policy-rollout: { verify: [ready], watch: 15m }"),
  PolicyCase("in: every, hold: 15m", expect: ""),
  PolicyCase("in: every, hold: 20m", expect: "policy-rollout: 15m", "policy-rollout: 15m"),
  PolicyCase("in: prod, rollback-when: { unit: percent, better: lower }", expect: ""),
  PolicyCase("in: prod, rollback-when: { metric: \"error*\", at-most: 3% }", expect: ""),
  PolicyCase("in: prod, rollback-when: { metric: error-rate, at-most: 2% }", expect: "policy-rollback: 3%"),
  PolicyCase(
    "in: prod, rollback-when: { at-most: 5% }", (when, "when: [error-rate > 2x baseline floor 0.1% over 5m]"),
    expect: "policy-rollback: error-rate > 2x baseline floor 0.1% over 5m"),
  PolicyCase(
    "in: prod, rollback-when: [{ check: smoke }, { unit: ms }]", expect: "policy-rollback: error-rate > 3% over 5m",
    "policy-rollback: error-rate > 3% over 5m"),
  PolicyCase("in: staging, rollback-when: { check: every }", expect: ""),
  PolicyCase(
    "in: prod, rollback-when: { check: \"smo*\" }", (when, "when: [error-rate > 3% over 5m, smoke fails for 1m]"),
    expect: ""),
]

private let budgetDemands: [PolicyCase] = [
  PolicyCase("in: every, detection-budget: 1h", expect: ""),
  PolicyCase("in: prod, detection-budget: 5m", expect: "policy-budget: error-rate > 3% over 5m"),
  PolicyCase("in: staging, exposure-budget: 1m", expect: "policy-budget: smoke fails for 1m"),
  PolicyCase("in: prod, exposure-budget: 1h", expect: ""),
  // The slowest of them is where it is put right.
  PolicyCase(
    "in: prod, detection-budget: 5m", (when, "when: [smoke fails for 13m, error-rate > 3% over 5m]"),
    expect: "looser-downstream: smoke fails for 13m", "policy-budget: smoke fails for 13m"),
  // The spec's own, stricter budget has told already.
  PolicyCase(
    "in: prod, detection-budget: 5m", (when, "\(when)\n      detection-budget: 2m"), expect: "detection-budget: 2m"),
  PolicyCase(
    "in: prod, detection-budget: 5m", (when, "\(when)\n      detection-budget: 1h"),
    expect: "policy-budget: error-rate > 3% over 5m"),
]

private let operationDemands: [PolicyCase] = [
  PolicyCase("in: every, rotate: 90d", expect: ""),
  PolicyCase("in: staging, rotate: 30d", expect: ""),
  PolicyCase("in: every, rotate: 60d", expect: "policy-secrets: 90d"),
  PolicyCase(
    "in: every, rotate: { standard: 90d, high: 7d }", (secret, "risk: high, rotate: 30d"), expect: "policy-secrets: 30d"
  ),
  // One cause, one finding: the rule's warning is what the policy asks.
  PolicyCase("in: every, rotate: 90d", (", \(secret)", ""), expect: "policy-secrets: PROMETHEUS_URL"),
  PolicyCase("in: every, rotate: 90d", (secret, "rotate: 400d"), expect: "policy-secrets: 400d"),
  // And a comment does not waive it.
  PolicyCase(
    "in: every, rotate: 90d", ("\(secret) }", "rotate: 400d } # liftlock: allow secret-rotation by contract"),
    expect: "policy-secrets: 400d", "unused-allow: # liftlock: allow secret-rotation by contract"),
  PolicyCase("in: prod, window: required", expect: "policy-calendar: prod"),
  PolicyCase(
    "in: prod, window: { days: [mon, tue], at-most: 4h }",
    (url, "\(url)\n    window: { days: [mon], from: \"02:00\", to: \"06:00\", zone: UTC }"), expect: ""),
  PolicyCase(
    "in: prod, window: { days: [mon, tue], at-most: 3h }",
    (url, "\(url)\n    window: { days: [mon, fri], from: \"02:00\", to: \"06:00\", zone: UTC }"),
    expect: "policy-calendar: { days: [mon, fri], from: \"02:00\", to: \"06:00\", zone: UTC }",
    "policy-calendar: { days: [mon, fri], from: \"02:00\", to: \"06:00\", zone: UTC }"),
  PolicyCase("in: prod, freezes: { from: \"12-31\", to: \"01-02\" }", expect: "policy-calendar: prod"),
  PolicyCase(
    "in: prod, freezes: { from: \"12-31\", to: \"01-02\" }",
    (
      matrix,
      "freezes: { a: { from: \"12-24\", to: \"01-01\", reason: x, in: prod }, b: { from: \"01-02\", to: \"01-02\", reason: x, in: prod } }\npromotion:"
    ),
    expect: ""),
  PolicyCase(
    "in: prod, freezes: { from: \"12-31\", to: \"01-02\" }",
    (matrix, "freezes: { a: { from: \"12-24\", to: \"01-01\", reason: x, in: prod } }\npromotion:"),
    expect: "policy-calendar: a"),
  // A freeze of one year is not one of every year; the other way round it is.
  PolicyCase(
    "in: prod, freezes: { from: \"12-24\", to: \"12-24\" }",
    (matrix, "freezes: { a: { from: \"2026-12-24\", to: \"2026-12-24\", reason: x, in: prod } }\npromotion:"),
    expect: "policy-calendar: a"),
  PolicyCase(
    "in: prod, freezes: [{ from: \"2026-12-24\", to: \"2026-12-24\" }, { from: \"2026-01-01\", to: \"2026-11-20\" }]",
    (matrix, "freezes: { a: { from: \"12-20\", to: \"12-26\", reason: x, in: prod } }\npromotion:"), expect: ""),
  PolicyCase("in: every, notify: [rollback-failed, started]", expect: "policy-notify: staging", "policy-notify: prod"),
  PolicyCase(
    "in: every, notify: [rollback-failed, drill-failed]",
    (matrix, "notify: { team: { pull-request: comment, on: [rollback-failed, drill-failed] } }\npromotion:"),
    expect: "policy-notify: team", "deaf-channel: drill-failed"),
]

private let hotfixDemands: [PolicyCase] = [
  PolicyCase("in: prod, promotion: { ci: required }", (matrix, hotfix), expect: "policy-promotion: ci"),
  PolicyCase("in: prod, hotfix: false, promotion: { ci: required }", (matrix, hotfix), expect: ""),
  PolicyCase("in: prod, hotfix: false, first-step: 5%", (matrix, hotfix), expect: "policy-rollout: 10%"),
  // The same rollout on both ways is one finding.
  PolicyCase("in: prod, first-step: 5%", (matrix, hotfix), expect: "policy-rollout: 10%"),
]

@Suite struct PolicyTests {
  @Test(arguments: matrixDemands + rolloutDemands + budgetDemands + operationDemands + hotfixDemands)
  func theDemandLeadsToExactlyThis(_ policyCase: PolicyCase) throws {
    var text = ExampleSpec.base
    for (old, new) in policyCase.edits {
      try #require(text.components(separatedBy: old).count == 2, "`\(old)` is not there exactly once")
      text = text.replacingOccurrences(of: old, with: new)
    }
    let policy = SourceFile(
      path: "policy.yaml",
      text: "liftlock-policy: 1\nname: acme\nowner: Platform team\nrequirements:\n  asked: { \(policyCase.demand) }\n")
    let read = ReleaseCompiler.readPolicy(policy)
    #expect(read.diagnostics.isEmpty, "\(read.diagnostics.map(\.message))")
    let file = SourceFile(path: "release.yaml", text: text)
    let checked = ReleaseCompiler.check(
      file, against: .init(policy: try #require(read.policy), today: today))
    let found = checked.diagnostics.map { "\($0.code): \(file.text(in: $0.span))" }
    #expect(found == policyCase.expected.filter { !$0.isEmpty }, "\(checked.diagnostics.map(\.message))")
    for diagnostic in checked.diagnostics where diagnostic.code.hasPrefix("policy-") {
      #expect(diagnostic.label?.isEmpty == false && !diagnostic.help.isEmpty)
      #expect(diagnostic.notes.contains { $0.contains("`asked` of the policy `acme` asks it (policy.yaml:5)") })
      #expect(diagnostic.severity == .error && checked.plan == nil)
    }
  }

  @Test func aFindingSaysTheReasonAndWhomToAsk() throws {
    let result = try judged(
      "requirements:\n  two:\n    in: prod\n    because: One was not enough in March.\n    approvals: { at-least: 2 }")
    let finding = try #require(result.checked.diagnostics.first)
    #expect(finding.message == "2 approvals are asked for a release into `prod`, and it has 1")
    #expect(finding.notes.last == "its reason: One was not enough in March.")
    #expect(finding.help.last == "or ask Platform team for a waiver of `two`")
  }

  @Test func whatCouldNotBeReadIsNotMissing() throws {
    let lines = """
      requirements:
        tested: { in: prod, promotion: { ci: required } }
        watched: { in: prod, hold: 1h }
        taken: { in: prod, rollback-when: { check: every } }
        rotated: { in: prod, rotate: 1d }
        heard: { in: prod, notify: [started] }
      """
    let codes = try judged(
      lines, (ci, "ci: { prod: requird }"), ("hold: 30m", "hold: 30"), (secret, "rotate: 90"),
      (matrix, "notify: { team: { pull-request: coment, on: [failed] } }\npromotion:")
    ).checked.diagnostics.map(\.code)
    #expect(codes == ["invalid-duration", "invalid-duration", "unknown-word", "unknown-word"])
  }

  @Test(arguments: PolicyCodes.all.map(\.name)) func theExamplesOfThePagesAreRight(_ name: String) throws {
    let explanation = try #require(PolicyCodes.all.first { $0.name == name })
    for (example, isFailing) in [(explanation.failing, true), (explanation.passing, false)] {
      let policy = SourceFile(path: "policy.yaml", text: example.policy.source)
      let read = ReleaseCompiler.readPolicy(policy)
      let minimum = ReleaseCompiler.Minimum(policy: try #require(read.policy, "\(read.diagnostics)"), today: today)
      let checked = ReleaseCompiler.check(SourceFile(path: "release.yaml", text: example.spec.source), against: minimum)
      #expect(checked.diagnostics.map(\.span) == example.spec.marks, "\(checked.diagnostics)")
      #expect(checked.inPolicy.map(\.span) == example.policy.marks, "\(checked.inPolicy)")
      let found = checked.diagnostics + checked.inPolicy
      #expect(found.isEmpty != isFailing)
      #expect(found.allSatisfy { $0.code == name && $0.severity == explanation.severity })
      #expect(found.allSatisfy { !$0.notes.isEmpty && !$0.help.isEmpty && $0.label?.isEmpty == false })
    }
    #expect(explanation.summary.hasSuffix(".") && explanation.rationale.hasSuffix("."))
  }

  @Test func codesOfPoliciesBeginAlike() {
    for explanation in PolicyCodes.all { #expect(explanation.name.hasPrefix("policy-")) }
  }

  @Test(arguments: exampleNames) func theExamplePolicyHasNothingAgainstTheExamples(_ name: String) throws {
    let text = try String(contentsOf: repository.appendingPathComponent("Examples/policy.yaml"), encoding: .utf8)
    let read = ReleaseCompiler.readPolicy(SourceFile(path: "Examples/policy.yaml", text: text))
    #expect(read.diagnostics.isEmpty)
    let checked = ReleaseCompiler.check(
      SourceFile(path: "release.yaml", text: try exampleText(name)),
      against: .init(policy: try #require(read.policy), today: today))
    #expect(
      (checked.diagnostics + checked.inPolicy).isEmpty, "\((checked.diagnostics + checked.inPolicy).map(\.message))")
  }
}

@Suite struct WaiverTests {
  private static func lines(
    _ service: String = "shop", in environment: String = "prod", _ requirement: String = "two", until day: String
  ) -> String {
    """
    requirements:
      two: { in: every, approvals: { at-least: 2 } }
      one: { in: prod, approvals: { at-least: 1 } }
    waivers:
      - service: \(service)
        in: \(environment)
        requirement: \(requirement)
        owner: Ada
        reason: Bo starts soon.
        expires: "\(day)"
    """
  }

  private func codes(_ lines: String, day: CalendarDay = today) throws -> (spec: [String], policy: [String]) {
    let checked = try judged(lines, day: day).checked
    return (checked.diagnostics.map(\.code), checked.inPolicy.map(\.code))
  }

  @Test func itWaivesWhereItSpeaksOfAndNowhereElse() throws {
    let both = try codes(Self.lines(in: "[prod, staging]", until: "2026-12-01"))
    #expect(both.spec.isEmpty && both.policy.isEmpty)
    let result = try judged(Self.lines(in: "prod", until: "2026-12-01"))
    #expect(
      result.checked.diagnostics.map(\.message) == [
        "2 approvals are asked for a release into `staging`, and it has none"
      ])
    #expect(result.checked.inPolicy.isEmpty)
  }

  @Test func itHoldsOnItsLastDayAndIsAnErrorFromTheNextOn() throws {
    let lines = Self.lines(in: "every", until: "2026-11-21")
    #expect(try codes(lines).spec.isEmpty)
    let late = try judged(lines, day: CalendarDay(year: 2026, month: 12, day: 31))
    // Both environments at their places, each told once.
    #expect(late.checked.diagnostics.map(\.code) == ["policy-waiver-expired", "policy-waiver-expired"])
    #expect(late.checked.inPolicy.isEmpty && late.checked.plan == nil)
    let finding = try #require(late.checked.diagnostics.first)
    #expect(finding.notes.first == "the waiver ended on 2026-11-21, 40 days ago (policy.yaml:8)", "\(finding.notes)")
    let next = try judged(lines, day: CalendarDay(year: 2026, month: 11, day: 22))
    #expect(next.checked.diagnostics.first?.notes.first?.contains("a day ago") == true)
  }

  @Test func oneThatWaivesNothingIsAWarningInThePolicy() throws {
    let result = try judged(Self.lines(in: "prod", "one", until: "2026-12-01"))
    #expect(result.checked.inPolicy.map(\.code) == ["policy-waiver-unused"])
    #expect(result.checked.inPolicy.map { result.policy.text(in: $0.span) } == ["one"])
    #expect(result.checked.inPolicy.first?.severity == .warning)
  }

  @Test func anExpiredOneThatNothingNeedsIsAnErrorInThePolicy() throws {
    let result = try judged(Self.lines(in: "prod", "one", until: "2026-11-01"))
    #expect(result.checked.inPolicy.map(\.code) == ["policy-waiver-expired"])
    #expect(
      result.checked.inPolicy.map(\.message) == [
        "this waiver ended on 2026-11-01, 20 days ago, and nothing needs it any more"
      ])
    #expect(result.checked.hasErrors)
  }

  @Test func oneOfAnotherServiceIsNotThisOnesBusiness() throws {
    #expect(try codes(Self.lines("bank", until: "2020-01-01")).policy.isEmpty)
  }

  @Test func aSpecCannotWaiveAnything() throws {
    let result = try judged(
      Self.lines("bank", until: "2027-01-01"),
      (approvals, "# liftlock: allow policy-approvals we are few\n  \(approvals)"))
    #expect(Set(result.checked.diagnostics.map(\.code)) == ["policy-approvals", "invalid-allow"])
  }

  @Test func whatReadsAPolicyIsWhatReadsASpec() throws {
    func found(_ lines: String) -> [String] {
      let file = SourceFile(path: "policy.yaml", text: lines)
      let read = ReleaseCompiler.readPolicy(file)
      #expect(read.policy == nil)
      return read.diagnostics.map { "\($0.code): \(file.text(in: $0.span))" + ($0.label.map { " (\($0))" } ?? "") }
    }
    let head = "liftlock-policy: 1\nname: acme\nowner: us\n"
    #expect(found("liftlock-policy: 2\nname: acme\nowner: us\nrequirements: {}\n") == ["unknown-version: 2"])
    #expect(
      found(head + "requirements: { a: { in: prod, aprovals: { at-least: 2 } } }\n")
        == ["unknown-key: aprovals (did you mean `approvals`?)"])
    #expect(found(head + "requirements: { a: { in: prod } }\n") == ["missing-key: in (none of them is here)"])
    #expect(
      found(head + "requirements: { a: { in: prod, hold: 5m, soak: 1h } }\n") == [
        "conflicting-keys: hold (the second one)"
      ]
        || found(head + "requirements: { a: { in: prod, hold: 5m, soak: 1h } }\n")
          == ["conflicting-keys: soak (the second one)"]
    )
    #expect(
      found(head + "requirements: { a: { in: prod, promotion: { ci: requird } } }\n") == [
        "unknown-word: requird (did you mean `required`?)"
      ])
    #expect(
      found(head + Self.lines("shop", "too", until: "2027-01-01")) == ["unknown-name: too (did you mean `two`?)"])
    #expect(found(head + Self.lines(until: "2027-02-30")) == ["invalid-time: \"2027-02-30\""])
    #expect(found(head + Self.lines(until: "02-20")) == ["invalid-time: \"02-20\""])
    for condition in [
      "{ check: a, unit: ms }", "{}", "{ at-most: 5%, better: higher }", "{ at-least: 5%, better: lower }",
      "{ at-least: 5%, at-most: 6% }",
    ] {
      #expect(
        found(head + "requirements: { a: { in: prod, rollback-when: \(condition) } }\n").count == 1, "\(condition)")
    }
  }
}
