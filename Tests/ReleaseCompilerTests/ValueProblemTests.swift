import Diagnostics
import Foundation
import ReleaseCompiler
import Testing

@testable import ReleaseLanguage

/// What is found about values, each at its own place.
@Suite struct ValueProblemTests {
  private static let ready = "ready: { probe: { requests: [GET /ready] } }"
  private static let migrate = "migrate: { run: ops/migrate.sh, destructive: false }"
  private static let window = #"window: { days: [mon, tue], from: "02:00", to: "06:00", zone: UTC }"#
  private static let step = "- { to: 10%, hold: 15m }"
  private static let image = "artifact: { image: ghcr.io/acme/shop }"

  @Test(arguments: [
    Slip("service: shop", "service: «[shop]»", "wrong-type: expected text, found a list"),
    Slip("service: shop", "service: «{ name: shop }»", "wrong-type: expected text, found a mapping"),
    Slip("url: https://shop.example", "url: «5»", "wrong-type: expected text, found `5`, a number"),
    Slip("url: https://shop.example", "url: «true»", "wrong-type: expected text, found `true`, a boolean"),
    Slip("url: https://shop.example", "url:«»", "wrong-type: expected text, found nothing"),
    Slip("url: https://shop.example", "url: «\"\"»", "wrong-type: expected text, found nothing"),
    Slip(ready, "ready: { probe: { requests: «GET /ready» } }", "wrong-type: expected a list, found text"),
    Slip(ready, "ready: { probe: { requests: «{}» } }", "wrong-type: expected a list, found a mapping"),
    Slip(
      ready, "ready: { probe: { requests: [GET /ready], warm-up: «many» } }",
      "wrong-type: expected a whole number, found text"),
    Slip(
      ready, "ready: { probe: { requests: [GET /ready], warm-up: «1.5» } }",
      "wrong-type: expected a whole number, found `1.5`, a number"),
    Slip(
      ready, "ready: { probe: { requests: [GET /ready], warm-up: «\"1\"» } }",
      "wrong-type: expected a whole number, found text"),
    Slip(
      ready, "ready: { probe: { requests: [GET /ready] }, timeout: «[5m]» }",
      "wrong-type: expected a length of time, such as `15m`, found a list"),
    Slip(
      migrate, "migrate: { run: ops/migrate.sh, destructive: «no» }",
      "wrong-type: expected `true` or `false`, found text"),
    Slip(
      migrate, "migrate: { run: ops/migrate.sh, destructive: «\"false\"» }",
      "wrong-type: expected `true` or `false`, found text"),
    Slip(
      step, "- { to: «{}», hold: 15m }", "wrong-type: expected a share of the traffic, such as `10%`, found a mapping"),
    Slip("after: staging", "after: «[staging]»", "wrong-type: expected text, found a list"),
  ]) func valueOfAnotherTypeSaysWhatWasExpectedAndFound(slip: Slip) throws { try slip.expectFindings() }

  @Test(arguments: [
    Slip(ready, "ready: { probe: { requests: «[]» } }", "empty-list: this list must not be empty"),
    Slip(
      ready, "ready: { probe: { requests: [GET /ready], warm-up: «11» } }", "out-of-range: 11 is not between 0 and 10"),
    Slip(
      ready, "ready: { probe: { requests: [GET /ready], warm-up: «-1» } }", "out-of-range: -1 is not between 0 and 10"),
    Slip(
      ready, "ready: { probe: { requests: [GET /ready], warm-up: «99999999999999999999» } }",
      "wrong-type: expected a whole number, found `99999999999999999999`, a number"),
    Slip("better: lower", "better: «down»", "unknown-word: `down` is not one of `lower` or `higher`"),
    Slip(
      "unit: percent", "unit: «percents»",
      "unknown-word: `percents` is not one of `percent`, `ms`, `s`, `per-second`, `bytes`, `count` or `ratio`"),
    Slip(
      "smoke: { prod: required }", "smoke: { prod: «requird» }",
      "unknown-word: `requird` is not one of `required`, `recommended` or `optional`"),
    Slip(
      window, #"window: { days: [mon, «tues»], from: "02:00", to: "06:00", zone: UTC }"#,
      "unknown-word: `tues` is not one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`"),
    Slip(
      window, #"window: { days: «[]», from: "02:00", to: "06:00", zone: UTC }"#,
      "empty-list: this list must not be empty"),
    Slip(
      window, #"window: { days: [mon], from: «"2:00"», to: «"24:00"», zone: «"U TC"» }"#,
      "invalid-time: `2:00` is not a time of day", "invalid-time: `24:00` is not a time of day",
      "invalid-time: there is no time zone `U TC`"),
    Slip(
      window, #"window: { days: [mon], from: «"+2:+0"», to: "06:00", zone: UTC }"#,
      "invalid-time: `+2:+0` is not a time of day"),
    Slip("liftlock: 1", "liftlock: «2»", "unknown-version: this version of the language is not known here"),
  ]) func listsWordsRangesAndTimes(slip: Slip) throws { try slip.expectFindings() }

  @Test(
    arguments: [
      ("CEST", nil), ("Europe/Berln", "Europe/Berlin"), ("Mars/Base", nil), ("berlin", "Europe/Berlin"),
      ("New York", "America/New_York"), ("europe/berlin", "Europe/Berlin"), ("utc", "UTC"), ("UTC+2", nil),
      ("CET", "Europe/Brussels"), ("US/Eastern", "America/New_York"), ("Europe/Kiev", "Europe/Kyiv"), ("Zulu", "UTC"),
    ] as [(String, String?)]) func unknownTimeZoneSaysWhichWasMeant(name: String, meant: String?) throws
  {
    let text = try spec([(Self.window, Self.window.replacing("UTC", with: name))])
    let found = check(text).diagnostics
    #expect(found.map(\.code) == ["invalid-time"])
    let problem = try #require(found.first)
    #expect(problem.message.contains("`\(name)`"))
    #expect(problem.fixes.flatMap { $0.edits.map(\.replacement) } == (meant.map { [$0] } ?? []), "\(problem)")
    #expect(meant.map { problem.label?.contains("`\($0)`") == true } ?? (problem.help.count == 1))
  }

  @Test(arguments: [
    "UTC", "GMT", "Etc/UTC", "Etc/GMT-14", "Europe/Berlin", "America/Argentina/Buenos_Aires", "America/Port-au-Prince",
    "Asia/Kolkata", "Pacific/Chatham",
  ]) func timeZoneOfTodayIsTaken(name: String) throws {
    let text = try spec([(Self.window, Self.window.replacing("UTC", with: name))])
    #expect(findings(check(text)).isEmpty)
  }

  /// The list is kept here so that a spec means the same everywhere; this tells when the world has a new zone. Systems
  /// know old names as well, and have to lead to the present one.
  @Test func everyZoneOfThisSystemIsKnown() {
    for name in TimeZone.knownTimeZoneIdentifiers {
      #expect(TimeZoneNames.contains(name) || TimeZoneNames.isOld(name), "\(name) is in no list")
    }
    #expect(TimeZone.knownTimeZoneIdentifiers.count > 300)
  }

  @Test(arguments: ["15", "1mfoo", "15m5h", "5h5h", "m", "1.5h", "-5m", "+5m", "1 h", "1H", "15min", "99999999999d"])
  func lengthOfTimeIsRefused(text: String) throws {
    try Slip(
      Self.ready, "ready: { probe: { requests: [GET /ready] }, timeout: «\(text)» }",
      "invalid-duration: `\(text)` is not a length of time"
    ).expectFindings()
  }

  @Test func numberWithoutAUnitIsAskedForOne() throws {
    let text = try spec([(Self.ready, "ready: { probe: { requests: [GET /ready] }, timeout: 15 }")])
    #expect(check(text).diagnostics.first?.help == ["say in which unit: `15s`, `15m`, `15h` or `15d`"])
  }

  /// Findings are read in logs, and what stands in a repository by mistake must not stand there as well.
  @Test func aCredentialIsNeverShownAgain() throws {
    let token = "ghp" + "_" + String(repeating: "A1b2C3d4E5", count: 4)
    let address = "https://u:hunter2" + "@shop.example"
    let text = try spec([
      ("url: https://shop.example", "url: \(address)"),
      (
        "ready: { probe: { requests: [GET /ready] } }", "ready: { probe: { requests: [GET /ready], bearer: \(token) } }"
      ),
    ])
    let checked = check(text)
    #expect(
      Set(checked.diagnostics.map(\.code)) == ["invalid-text", "secret-literal", "unknown-name"])
    let shown: [String] = [
      TextRenderer(color: false).render(checked.diagnostics, in: checked.file),
      "\(checked.diagnostics)", String(decoding: checked.file.text, as: UTF8.self),
    ]
    for text in shown {
      #expect(!text.contains(token) && !text.contains("hunter2"), "\(text)")
    }
    #expect(checked.file.text.count == text.utf8.count)
    #expect(shown[0].contains("url: " + String(repeating: "*", count: address.count)))
  }

  private static let lastStep = "- { to: 100%, hold: 30m }"

  /// A pause of nothing never ends, and an age of nothing is never reached: each is found where it stands, and once.
  @Test(arguments: [
    Slip("canary:", "canary:\n  check-every: «0s»", "out-of-range: `0s` is shorter than a second"),
    Slip("canary:", "canary:\n  rest-limit: «0s»", "out-of-range: `0s` is shorter than a second"),
    Slip("canary:", "canary:\n  stabilise: { hold: «0m» }", "out-of-range: `0m` is shorter than a second"),
    Slip(lastStep, "- { to: 100%, hold: «30ms» }", "out-of-range: `30ms` is shorter than a second"),
    Slip(
      "rollout: { rolling: { verify: [ready], watch: 15m } }",
      "rollout: { rolling: { verify: [ready], watch: «0s» } }", "out-of-range: `0s` is shorter than a second"),
    Slip(
      "migrations: Additive only; keep the schema.",
      "migrations: Additive only; keep the schema.\nstages: { to: [50%, 100%], watch: «0s» }",
      "out-of-range: `0s` is shorter than a second"),
    Slip(
      "approvals: { prod: [owner] }", "approvals: { prod: { approvals: [owner], within: «0h» } }",
      "out-of-range: `0h` is shorter than a second"),
    Slip(
      "ci: { github-checks: [test] }",
      "ci: { github-checks: [test] }\nrehearsed: { title: rehearsed, workflow-run: { workflow: drill.yml, within: «0d» } }",
      "out-of-range: `0d` is shorter than a second"),
    Slip(
      "ci: { github-checks: [test] }",
      "ci: { github-checks: [test] }\nscan: { run: ops/scan.sh, timeout: «0s» }",
      "out-of-range: `0s` is shorter than a second"),
    Slip(
      "candidates: { tag: \"v*-rc.*\" }",
      "candidates: { tag: \"v*-rc.*\" }\nreadiness: { drills: { evidence: { report: { title: Report, artifact: report, file: r.json, healthy: .ok, max-age: «0s» } } } }",
      "out-of-range: `0s` is shorter than a second"),
    Slip(
      "when: [error-rate > 3% over 5m, latency > 900ms over 5m]",
      "when: [error-rate > 3% over «5ms», latency > 900ms for «0s»]",
      "invalid-condition: `5ms` is shorter than a second", "invalid-condition: `0s` is shorter than a second"),
  ]) func lengthOfTimeThatIsNoneIsRefused(slip: Slip) throws { try slip.expectFindings() }

  @Test func whatCanBeLeftOutMayTakeNoTime() throws {
    let text = try spec([
      ("canary:", "canary:\n  settle: 0s\n  no-data-limit: 0s"),
      (
        "prometheus: { prometheus: { url: PROMETHEUS_URL } }",
        "prometheus: { prometheus: { url: PROMETHEUS_URL }, lag: 0s }"
      ),
    ])
    #expect(findings(check(text)).isEmpty)
  }

  @Test(arguments: ["10", "101%", "10.5%", "-1%", "+10%", "ten%", "10 %", "10%%"])
  func shareOfTheTrafficIsRefused(text: String) throws {
    try Slip(
      Self.step, "- { to: «\(text)», hold: 15m }",
      "invalid-weight: `\(text)` is not a share of the traffic in whole percents"
    ).expectFindings()
  }

  @Test(arguments: [
    (migrate, "migrate: { run: ops/migrate.sh, destructive: no }", "write `false`"),
    (migrate, "migrate: { run: ops/migrate.sh, destructive: \"True\" }", "write `true`"),
    (step, "- { to: 10, hold: 15m }", "write `10%`"),
    (
      "approvals: { prod: [owner] }", "approvals: { prod: owner }",
      "for the criterion `approvals`, is a list of roles: `[owner]`"
    ),
    ("smoke: { prod: required }", "smoke: { prod: 24h }", "for the criterion `soak`, is `{ required: 24h }`"),
  ]) func whatWasMeantIsSaid(line: String, by: String, advice: String) throws {
    let found = check(try spec([(line, by)])).diagnostics
    let said = found.flatMap { $0.help + $0.fixes.map(\.title) }
    #expect(said.contains { $0.contains(advice) }, "\(said)")
    #expect(Set(said).count == said.count, "once is enough")
  }

  @Test(arguments: ["1 percent", "one%", "1,5%", "1e3ms", "-1%", "1234567890%", "1.%", ".5%"])
  func quantityIsRefused(text: String) throws {
    try Slip("target: 1%", "target: «\(text)»", "invalid-quantity: `\(text)` is not a number with its unit")
      .expectFindings()
  }

  @Test(arguments: [
    Slip("service: shop", "service: «Shop»", "invalid-name: `Shop` cannot be the name of a service"),
    Slip("service: shop", "service: «shop-»", "invalid-name: `shop-` cannot be the name of a service"),
    Slip("service: shop", "service: «a_b»", "invalid-name: `a_b` cannot be the name of a service"),
    Slip("service: shop", "service: «café»", "invalid-name: `café` cannot be the name of a service"),
    Slip(
      "operations: { reviewers: [acme/operations], duty: Runs the rollback by hand. }",
      "«Operations»: { reviewers: [acme/operations], duty: Runs the rollback by hand. }",
      "invalid-name: `Operations` cannot be the name of a role"),
    Slip(
      "ci: { github-checks: [test] }", "ci: { github-checks: [test] }\n«2nd»: { github-checks: [test] }",
      "invalid-name: `2nd` cannot be the name of a check"),
    Slip(
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }\n«GITHUB_X»: { in: [prod], purpose: x, optional: true, without: y, rotate: 90d }",
      "invalid-name: `GITHUB_X` cannot be the name of a secret"),
  ]) func nameIsRefused(slip: Slip) throws {
    let (text, places) = unmarked(try spec([(slip.line, slip.by)]))
    let found = findings(check(text)).filter { $0.contains("invalid-name") }
    #expect(found == zip(places, slip.findings).map { "\($0) \($1)" })
  }

  /// Their files or GitHub environments would have the names of others that are generated.
  @Test(arguments: ["rollback", "before-merge", "prod-rollback"]) func environmentCannotHaveTheNameOfSomethingGenerated(
    name: String
  ) throws {
    try Slip("staging:", "«\(name)»:", "invalid-name: `\(name)` cannot be the name of an environment")
      .expectFindings(also: [("after: staging", "after: \(name)")])
  }

  @Test(arguments: [
    Slip("after: staging", "after: «stagin»", "unknown-name: there is no environment `stagin`"),
    Slip(
      "rollout: { rolling: { verify: [ready], watch: 15m } }", "rollout: { rolling: { verify: [«redy»], watch: 15m } }",
      "unknown-name: there is no check `redy`"),
    Slip("approvals: { prod: [owner] }", "approvals: { prod: [«ownr»] }", "unknown-name: there is no role `ownr`"),
    Slip(
      "approvals: { prod: [owner] }", "approvals: { prod: [any-of: [owner, «opertions»]] }",
      "unknown-name: there is no role `opertions`"),
    Slip(
      "smoke: { prod: required }", "smoke: { «prd»: required, prod: required }",
      "unknown-name: there is no environment `prd`"),
    Slip(
      "when: [error-rate > 3% over 5m, latency > 900ms over 5m]", "when: [«eror-rate» > 3% over 5m]",
      "unknown-name: there is no metric `eror-rate`"),
    Slip(
      "when: [error-rate > 3% over 5m, latency > 900ms over 5m]",
      "when: [error-rate > 3% over 5m, «smok» fails for 1m]",
      "unknown-name: there is no check `smok`"),
    Slip(
      "candidates: { tag: \"v*-rc.*\" }", "summary: Without candidates.",
      "unknown-name: nothing says what a release candidate is"),
  ]) func nameOfNothingIsFoundWhereItIsUsed(slip: Slip) throws {
    let (text, places) = unmarked(try spec([(slip.line, slip.by)]))
    #expect(
      findings(check(text)).filter { $0.contains("unknown-name") }
        == slip.findings.map { "\(places.first ?? "37:16-26") \($0)" })
    #expect(check(text).diagnostics.allSatisfy { !$0.help.isEmpty || $0.label != nil })
  }

  @Test(arguments: [
    Slip(
      migrate, "migrate: { run: «ops/a.sh | ops/b.sh», destructive: false }",
      "invalid-program: `|` is shell syntax, and this is not run by a shell"),
    Slip(
      migrate, "migrate: { run: «ops/a.sh $HOME», destructive: false }",
      "invalid-program: `$` is shell syntax, and this is not run by a shell"),
    Slip(
      migrate, "migrate: { run: «/bin/true», destructive: false }",
      "invalid-program: `/bin/true` is not the path of a program inside the repository"),
    Slip(
      migrate, "migrate: { run: «../a.sh», destructive: false }",
      "invalid-program: `../a.sh` is not the path of a program inside the repository"),
    Slip(
      image, "artifact: { image: «ghcr.io/acme/shop:latest» }",
      "invalid-text: `ghcr.io/acme/shop:latest` is not an image name without tag or digest, such as `ghcr.io/acme/api`"),
    Slip(
      "url: https://shop.example", "url: «http://shop.example»",
      "invalid-text: `http://shop.example` is not an https address without credentials or query"),
    Slip(
      "url: https://shop.example", "url: ««https://u:p@shop.example»»",
      "invalid-text: `***` is not an https address without credentials or query",
      "secret-literal: an address with a password stands in the file"),
    Slip(
      "url: https://shop.example", "url: «https:///path»",
      "invalid-text: `https:///path` is not an https address without credentials or query"),
    Slip(
      "url: https://shop.example", "url: «https://:443»",
      "invalid-text: `https://:443` is not an https address without credentials or query"),
    Slip("url: https://shop.example", "url: «\"https://shop\\nexample\"»", "invalid-text: this must be on one line"),
  ]) func textThatWouldReachACommandIsRefused(slip: Slip) throws { try slip.expectFindings() }

  @Test(arguments: [
    ("GOT /x", "a request starts with a method: `GET`, `HEAD`, `POST`, `PUT`, `DELETE`, `PATCH` or `OPTIONS`"),
    ("GET x", "behind the method comes a path that starts with `/`, without spaces, quotes or control characters"),
    ("GET /a 999", "`999` is not an HTTP status"), ("GET /a +200", "`+200` does not belong to a request"),
    ("GET / < 5", "behind `<` comes a length of time, such as `500ms`"),
    ("GET / 200 500", "`500` does not belong to a request"),
    ("GET /\\\"x", "behind the method comes a path that starts with `/`, without spaces, quotes or control characters"),
  ]) func requestIsRefused(text: String, message: String) throws {
    try Slip(Self.ready, "ready: { probe: { requests: [«\"\(text)\"»] } }", "invalid-request: \(message)")
      .expectFindings()
  }

  @Test(arguments: ["v[0-9", "+v", "?", "v 1", "v*-rc.]", "a[]", "\\", "v~1", "!v*", "!"])
  func tagPatternThatNoTagCanMatchIsRefused(text: String) throws {
    let quoted = "'\(text)'"
    try Slip(
      "candidates: { tag: \"v*-rc.*\" }", "candidates: { tag: «\(quoted)» }",
      "invalid-text: `\(text)` is not a pattern of tags"
    )
    .expectFindings()
  }
}
