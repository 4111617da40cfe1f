import Diagnostics
import ReleaseCompiler
import Testing

/// What is found about keys: unknown, missing, contradicting; and that one slip is one finding.
@Suite struct KeyProblemTests {
  @Test func baseSpecOfTheseTestsHasNoFindings() {
    #expect(findings(check(baseSpec)) == [])
  }

  @Test(arguments: [
    Slip(
      "ready: { probe: { requests: [GET /ready] } }", "ready: { probe: { requests: [GET /ready], «colour»: red } }",
      "unknown-key: probe has no key `colour`"),
    Slip("- { to: 10%, hold: 15m }", "- { to: 10%, «hodl»: 15m }", "unknown-key: step has no key `hodl`"),
    Slip("after: staging", "«aftr»: staging", "unknown-key: environment has no key `aftr`"),
    Slip("url: https://shop.example", "«URL»: https://shop.example", "unknown-key: environment has no key `URL`"),
  ]) func unknownKeyIsShownAtTheKey(slip: Slip) throws { try slip.expectFindings() }

  @Test(arguments: [
    Slip("service: shop", "«servis»: shop", "unknown-key: release spec has no key `servis`"),
    Slip("after: staging", "«afer»: staging", "unknown-key: environment has no key `afer`"),
    Slip("- { to: 10%, hold: 15m }", "- { to: 10%, «holt»: 15m }", "unknown-key: step has no key `holt`"),
    Slip(
      "rollout: { rolling: { verify: [ready], watch: 15m } }", "rollout: { «roling»: { verify: [ready], watch: 15m } }",
      "unknown-key: rollout has no key `roling`"),
    Slip(
      "ready: { probe: { requests: [GET /ready] } }", "ready: { «prob»: { requests: [GET /ready] } }",
      "unknown-key: check has no key `prob`"),
    Slip(
      "rollback: { when: [smoke fails for 1m], verify: [smoke] }",
      "«rolback»: { «wen»: [smoke fails for «1x»], verify: [smoke] }", "unknown-key: environment has no key `rolback`",
      "unknown-key: rollback has no key `wen`", "invalid-condition: `1x` is not a length of time"),
  ]) func misspeltKeyIsReadAsTheOneThatWasMeant(slip: Slip) throws { try slip.expectFindings() }

  /// Otherwise a release would go over the version that serves, or in front of users before it is verified.
  @Test(arguments: [
    (
      "blue-green: { service: a, blue: b, green: «b» }", "`blue` and `green` are both `b`"
    ),
    (
      "blue-green: { service: a, blue: b, green: g, url: https://new.shop.example, preview-service: «a» }",
      "`service` and `preview-service` are both `a`"
    ),
    (
      "deployment: d, canary: { deployment: «d», traffic: { ingress-nginx: { canary-ingress: i } } }",
      "`deployment` and `canary.deployment` are both `d`"
    ),
    (
      "deployment: d, canary: { deployment: e, traffic: { gateway-api: { route: r, service: s, canary-service: «\"s\"» } } }",
      "`service` and `canary-service` are both `s`"
    ),
  ]) func twoThingsCannotHaveOneName(settings: String, message: String) throws {
    let (text, places) = unmarked(
      try spec([
        (
          "deploy: { command: { run: ops/prod.sh } }",
          "deploy: { kubernetes: { namespace: n, container: c, \(settings) } }"
        )
      ]))
    let found = findings(check(text)).filter { $0.contains("conflicting-keys") }
    #expect(found == places.map { "\($0) conflicting-keys: \(message)" })
    #expect(places.count == 1)
  }

  @Test func misspeltKeyNeverReplacesTheRightOne() throws {
    let text = try spec([("service: shop", "servic: Wrong Name\nservice: shop")])
    #expect(findings(check(text)) == ["2:1-7 unknown-key: release spec has no key `servic`"])
  }

  @Test func likelyKeyIsSuggestedAndOfferedAsAFixThatAPersonMustConfirm() throws {
    let checked = check(try spec([("service: shop", "servis: shop")]))
    let finding = try #require(checked.diagnostics.first)
    #expect(finding.label == "did you mean `service`?")
    let fix = try #require(finding.fixes.first)
    #expect(!fix.isSafe)
    #expect(fix.edits.map { "\(place($0.span, in: checked.file)) \($0.replacement)" } == ["2:1-7 service"])
  }

  @Test func unlikelyKeyIsAnsweredWithTheKeysThatThereAre() throws {
    let finding = try #require(
      check(try spec([("- { to: 10%, hold: 15m }", "- { to: 10%, hold: 15m, x: 1 }")])).diagnostics.first)
    #expect(finding.label == nil)
    #expect(finding.help == ["the keys here are `to`, `hold`, `require`, `fail-when` and `on-failure`"])
  }

  @Test(arguments: [
    Slip("- { to: 10%, hold: 15m }", "- { «hold»: 15m }", "missing-key: step needs `to`"),
    Slip("- { to: 10%, hold: 15m }", "- { «to»: 10% }", "missing-key: step needs `hold`"),
    Slip(
      "- { to: 10%, hold: 15m }", "- «{}»", "missing-key: step needs `to`", "missing-key: step needs `hold`"),
    Slip("service: shop", "summary: A shop.", "missing-key: release spec needs `service`"),
    Slip(
      "migrate: { run: ops/migrate.sh, destructive: false }", "migrate: { «run»: ops/migrate.sh }",
      "missing-key: migrate needs `destructive`"),
    Slip(
      "ready: { probe: { requests: [GET /ready] } }", "ready: { probe: «{}» }",
      "missing-key: probe needs one of `requests` or `addresses`"),
  ]) func missingKeyIsShownAtTheFirstKeyOfItsMapping(slip: Slip) throws {
    // Two findings can have one place, and a place can be far from the line that was replaced.
    let (text, places) = unmarked(try spec([(slip.line, slip.by)]))
    let all = findings(check(text))
    #expect(all == slip.findings.map { "\(places.first ?? "1:1-9") \($0)" })
  }

  private static let kinds =
    "`github-checks`, `no-open-issues`, `stable-for`, `pull-request-reviews`, `confirm`, `signed-tag`, "
    + "`release-issue`, `comment`, `workflow-run`, `probe`, `require` or `run`"

  @Test(arguments: [
    Slip(
      "ready: { probe: { requests: [GET /ready] } }", "ready: { «title»: Ready }",
      "missing-key: check needs one of \(kinds)"),
    Slip(
      "ready: { probe: { requests: [GET /ready] } }", "ready: «{}»", "missing-key: check needs one of \(kinds)"),
    Slip(
      "ready: { probe: { requests: [GET /ready] } }", "ready: { signed-tag: {}, «probe»: { requests: [GET /ready] } }",
      "conflicting-keys: check can have only one of `signed-tag` or `probe`"),
    Slip(
      "rollout: { rolling: { verify: [ready], watch: 15m } }", "rollout: «{}»",
      "missing-key: rollout needs one of `canary`, `rolling` or `blue-green`"),
    Slip(
      "query: errors{track=\"$track\"}", "query: errors\n«ratio»: { bad: errors, total: all }",
      "conflicting-keys: metric can have only one of `query` or `ratio`"),
    Slip(
      "prometheus: { prometheus: { url: PROMETHEUS_URL } }", "prometheus: { «resolution»: 15s }",
      "missing-key: source needs one of `prometheus`, `azure-log-analytics`, `json` or `command`"),
    Slip(
      "artifact: { image: ghcr.io/acme/shop }",
      "artifact: { image: ghcr.io/acme/shop, registry: { azure: acme, «github»: packages } }",
      "conflicting-keys: registry can have only one of `azure` or `github`"),
  ]) func exactlyOneKeyOfAGroupIsThere(slip: Slip) throws {
    // `query` and `target` are those of the first metric; nothing else in the base spec follows from these slips.
    try slip.expectFindings()
  }

  @Test func secondOfTwoContradictingKeysPointsAtTheFirst() throws {
    let checked = check(
      try spec([
        ("ready: { probe: { requests: [GET /ready] } }", "ready: { signed-tag: {}, probe: { requests: [GET /ready] } }")
      ]))
    let finding = try #require(checked.diagnostics.first)
    #expect(finding.label == "the second one")
    #expect(finding.related.map { "\(place($0.span, in: checked.file)) \($0.label)" } == ["25:12-22 the first one"])
  }

  @Test func allMistakesOfADocumentAreFoundInOneRun() throws {
    let (text, places) = unmarked(
      try spec([
        ("liftlock: 1", "liftlock: «2»"),
        ("artifact: { image: ghcr.io/acme/shop }", "artifact: { image: ghcr.io/acme/shop, registry: «x» }"),
        ("unit: percent", "unit: «percents»"), ("ci: { github-checks: [test] }", "ci: { «gitub-checks»: [test] }"),
        ("after: staging", "after: «stagin»"), ("- { to: 10%, hold: 15m }", "- { to: «10», hold: «15» }"),
        ("verify: [smoke, ready]", "verify: [smoke, «redy»]"),
        ("smoke: { prod: required }", "smoke: { prod: «requird» }"),
      ]))
    let codes = [
      "unknown-version", "wrong-type", "unknown-word", "unknown-key", "unknown-name", "invalid-weight",
      "invalid-duration",
      "unknown-name", "unknown-word",
    ]
    let found = check(text)
    #expect(found.plan == nil)
    let all = found.diagnostics.map { "\(place($0.span, in: found.file)) \($0.code)" }
    #expect(all == zip(places, codes).map { "\($0) \($1)" })
  }

  @Test(arguments: [
    Slip(
      "rollback: { when: [smoke fails for 1m], verify: [smoke] }",
      "rollback: { when: [smoke fails for «1y»], verify: [smoke] }", "invalid-condition: `1y` is not a length of time"),
    Slip(
      "rollback: { when: [smoke fails for 1m], verify: [smoke] }", "rollback: «none»",
      "wrong-type: expected a mapping with `when`, `verify`, `recovered`, `migrations`, `incident`, `stages`, `detection-budget` and `exposure-budget`, found text"
    ),
    Slip(
      "migrations: Additive only; keep the schema.", "migrations: «[]»",
      "wrong-type: expected a mapping with `compatible`, `otherwise`, `last-resort`, `secrets`, `timeout` and `text`, found a list"
    ),
    Slip(
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: «90» }",
      "invalid-duration: `90` is not a length of time"),
  ]) func fieldThatCannotBeReadIsNotCalledMissingByARule(slip: Slip) throws { try slip.expectFindings() }

  @Test func metricThatCannotBeReadIsNotJudgedAsIfItHadAQuery() throws {
    let when = "when: [error-rate > 3% over 5m, latency > 900ms over 5m]"
    let text = try spec([
      (#"query: errors{track="$track"}"#, "ratio: { bad: [], total: all }"),
      (when, "when: [error-rate > 3% over 5m with >= 20 events]"),
    ])
    #expect(findings(check(text)) == ["17:19-21 wrong-type: expected text, found a list"])
  }

  @Test(arguments: ["roles", "sources", "metrics", "checks"], ["none", "[]", "5"])
  func sectionThatCannotBeReadIsNotReportedAgainWhereItsNamesAreUsed(section: String, value: String) throws {
    var lines = baseSpec.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: section + ":"))
    let end = try #require(lines[(start + 1)...].firstIndex { !$0.hasPrefix(" ") })
    lines.replaceSubrange(start..<end, with: ["\(section): \(value)"])
    let codes = check(lines.joined(separator: "\n")).diagnostics.map(\.code)
    // A secret that only this section used is a finding of its own.
    #expect(codes.filter { $0 != "unused-secret" } == ["wrong-type"], "\(codes)")
  }

  @Test func keyThatStandsTwiceIsFoundOnce() throws {
    let text = try spec([("service: shop", "service: shop\nservice: shop")])
    let codes = check(text).diagnostics.map(\.code)
    #expect(codes.count == 1)
    #expect(check(text).diagnostics.first.map { place($0.span, in: SourceFile(path: "", text: text)) } == "3:1-8")
  }

  @Test(arguments: ["", "\n", "# nothing\n", "---\n", "[]", "text", "1", "{}", "- a\n- b\n"])
  func documentWithoutASpecIsAFindingAndNoCrash(text: String) {
    let checked = check(text)
    #expect(checked.hasErrors)
    #expect(checked.plan == nil)
  }
}
