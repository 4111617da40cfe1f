import Foundation
import Testing

/// Small specs for what runs on a schedule.
private enum Upkeep {
  static let spec = """
    liftlock: 1
    service: shop
    artifact: { image: ghcr.io/acme/shop }
    roles:
      on-call: { title: On call, reviewers: [ann] }
    secrets:
      TOKEN: { in: [staging, prod], purpose: reaching the target, rotate: 30d }
      EXTRA: { in: [prod], purpose: tests, rotate: 90d, optional: true, without: it is left out }
      READER: { in: [prod], purpose: reads ages, rotate: 90d }
    checks:
      ready: { probe: { requests: [GET /ready] } }
      proof: { run: ops/proof.sh, secrets: [EXTRA] }
    environments:
      staging:
        on: { push: { branches: [main] } }
        url: https://staging.shop.example
        deploy: { command: { run: ops/target.sh, secrets: [TOKEN] } }
        rollout: { rolling: { verify: [ready], watch: 5m } }
        verify: [ready]
        rollback: { when: [ready fails for 1m], verify: [ready] }
      prod:
        after: staging
        on: { tag: "v*" }
        url: https://shop.example
        deploy: { command: { run: ops/target.sh, secrets: [TOKEN] } }
        rollout: { rolling: { verify: [ready], watch: 5m } }
        verify: [proof]
        rollback: { when: [ready fails for 1m], verify: [ready] }
    promotion:
      ready: { prod: required }
    drills:
      rehearsal:
        title: Rehearsal | of all
        schedule: "0 11 * * 4"
        exercise: { staging: dry-run, prod: dry-run }
        owner: on-call
        labels: [drill]
      restore:
        title: Restore
        schedule: "0 5 * * 1"
        program: { run: ops/restore.sh --into scratch, in: prod, secrets: [EXTRA], timeout: 5m }
        owner: on-call
    readiness:
      release:
        evidence:
          receiver: { title: Receiver report, artifact: receiver, file: out/report.json, healthy: '.status == "healthy"' }
          drill: { title: Drill report, artifact: shop-rehearsal-delta-report, file: rehearsal-delta-report.json, healthy: '-1 < 0 and .healthy', max-age: 14d }
    rotation:
      owner: on-call
      token: READER
      labels: [rotation]
      at-once: [It leaked.]
      steps: [Make a new one., Revoke the old one.]

    """

  static let start = "2026-06-02T09:00:00Z"

  /// The same with a channel that hears of everything that is found by the clock.
  static let toldSpec = spec.replacing(
    "checks:\n  ready",
    with: "notify: { team: { slack: CHAT, on: [drill-failed, secret-due], in: [prod] } }\nchecks:\n  ready"
  )
  .replacing("  READER: {", with: "  CHAT: { in: [prod], purpose: telling, rotate: 90d }\n  READER: {")

  static func gitHub(_ more: JSON) -> JSON {
    var gitHub: JSON = [
      "repository": "acme/shop", "users": ["ann"], "labels": ["drill", "rotation"],
      "runs": ["900": ["head_sha": "abc"], "901": ["head_sha": "abc"], "2001": ["head_sha": "abc"]],
    ]
    for (key, value) in more.members { gitHub[key] = value }
    return ["start": .string(start), "github": gitHub]
  }

  static let environment: [String: String?] = [
    "GITHUB_RUN_ID": "2001", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": "abc", "GITHUB_REPOSITORY": "acme/shop",
    "GH_TOKEN": "t", "GITHUB_SERVER_URL": "https://github.com",
  ]

  static func with(
    _ more: JSON, faults: JSON = [], spec: String = spec, _ body: (ReleaseRepository) throws -> Void
  ) throws {
    var scenario = gitHub(more)
    scenario["faults"] = faults
    scenario["webhooks"] = [["match": "hooks.slack.example", "kind": "slack"]]
    try ReleaseRepository.with(Example(name: "small", text: spec), scenario) { try body($0) }
  }
}

extension ReleaseRepository {
  /// A file that a script of the service left, from its folder of notes.
  fileprivate func left(_ path: String) throws -> String {
    try Program.text(of: runnerTemporary().appendingPathComponent("liftlock/shop/" + path))
  }
}

@Suite(.threads) struct DrillEvaluationTests {
  private static let log = "drill-rehearsal/log-report/rehearsal-log.md"
  private static let delta = "drill-rehearsal/report/rehearsal-delta-report"

  private func report(_ environment: String, _ status: String, seconds: Int = 4) -> String {
    """
    {"drill": "rehearsal", "environment": "\(environment)", "exercise": "dry-run", "status": "\(status)",
     "seconds": \(seconds), "reason": "\(status == "drill_passed" ? "" : "a | b")"}
    """
  }

  private func evaluate(
    _ repository: ReleaseRepository, _ reports: [String: String], _ values: [String: String?] = [:]
  ) throws -> Outcome {
    try? FileManager.default.removeItem(at: repository.checkout.appendingPathComponent("reports"))
    try repository.write("reports/readme", "reports")
    for (environment, text) in reports { try repository.write("reports/drill-\(environment).json", text) }
    return try repository.script("drill-rehearsal.sh evaluate reports", Upkeep.environment.merging(values) { $1 })
  }

  @Test func theFirstDrillThatPassesBeginsTheLog() throws {
    try Upkeep.with([:]) { (repository) throws in
      let both = ["staging": report("staging", "drill_passed"), "prod": report("prod", "drill_passed")]
      let outcome = try evaluate(repository, both, ["DELTA_APPLIED": "yes, the limit", "NOTES": "one | two"])
      #expect(outcome.code == 0, "\(outcome.output)")
      let report = try JSON(parsing: repository.left(Self.delta + ".json"))
      #expect(report["healthy"] == true && report["before"] == .null)
      #expect(report["environments"]["prod"]["status"] == "drill_passed")
      #expect(report["environments"]["prod"]["delta"] == .null)
      #expect(
        try repository.left(Self.log) == """
          | Date (UTC) | staging status | prod status | Delta applied | Owner | Notes |
          | --- | --- | --- | --- | --- | --- |
          | 2026-06-02 | drill_passed | drill_passed | yes, the limit | On call (@ann) | one \\| two; https://github.com/acme/shop/actions/runs/2001 |

          """)
      #expect(try repository.state["github"]["issues"].elements.isEmpty)
    }
  }

  @Test func whatIsMissingOrFailedIsComparedLoggedAndAnIssueOnce() throws {
    let old: JSON = [
      "at": "2026-05-26T11:00:00Z", "run": "900-1",
      "environments": [
        "staging": ["status": "drill_passed", "seconds": 3], "prod": ["status": "drill_passed", "seconds": 9],
      ],
    ]
    let header = "| Date (UTC) | x |\n| --- | --- |\n| 2026-05-26 | earlier |\n"
    let artifacts: JSON = [
      [
        "name": "shop-rehearsal-delta-report", "run": 900, "created_at": "-7d",
        "files": ["rehearsal-delta-report.json": old],
      ],
      [
        "name": "shop-drill-rehearsal-log", "run": 900, "created_at": "-7d",
        "files": ["rehearsal-log.md": .string(header)],
      ],
    ]
    try Upkeep.with(["artifacts": artifacts]) { (repository) throws in
      let reports = ["staging": report("staging", "attention_required", seconds: 5)]
      for _ in 1...2 {
        let outcome = try evaluate(repository, reports)
        #expect(outcome.code == 1, "\(outcome.output)")
      }
      let report = try JSON(parsing: repository.left(Self.delta + ".json"))
      #expect(report["healthy"] == false && report["before"]["run"] == "900-1")
      #expect(report["environments"]["prod"]["status"] == "missing")
      #expect(report["environments"]["staging"]["delta"]["seconds"]["change"] == 2)
      #expect(report["environments"]["staging"]["delta"]["status"]["before"] == "drill_passed")
      let log = try repository.left(Self.log).split(separator: "\n")
      #expect(log.count == 4 && log[2] == "| 2026-05-26 | earlier |")
      #expect(log[3].hasPrefix("| 2026-06-02 | attention_required | missing | no | On call (@ann) | "))
      let issues = try repository.state["github"]["issues"].elements
      #expect(issues.count == 1)
      #expect(issues[0]["title"] == "Drill rehearsal of shop: something needs attention")
      #expect(issues[0]["body"].string?.contains("@ann") == true)
    }
  }

  @Test func aDrillThatNeedsAttentionIsToldOfWithItsName() throws {
    try Upkeep.with([:], spec: Upkeep.toldSpec) { (repository) throws in
      let values: [String: String?] = ["CHAT": "https://hooks.slack.example/services/x"]
      let outcome = try evaluate(repository, ["staging": report("staging", "drill_passed")], values)
      #expect(outcome.code == 1, "\(outcome.output)")
      let told = try repository.posted("hooks.slack.example").compactMap { $0["text"].string }
      #expect(told.count == 1 && told[0].hasPrefix("shop: the drill rehearsal needs attention\n"), "\(told)")
    }
  }

  @Test func aReportOfAnotherDrillOrWithAnotherStatusIsNotBelieved() throws {
    try Upkeep.with([:]) { (repository) throws in
      let other = report("prod", "drill_passed").replacing("rehearsal", with: "restore")
      _ = try evaluate(repository, ["staging": report("staging", "fine"), "prod": other])
      let environments = try JSON(parsing: repository.left(Self.delta + ".json"))["environments"]
      #expect(environments["staging"]["status"] == "attention_required")
      #expect(environments["prod"]["status"] == "attention_required")
    }
  }

  @Test func aLogThatCannotBeReadIsNotBegunAnew() throws {
    let fault: JSON = [
      ["command": "gh", "match": "artifacts.name=shop-drill-rehearsal-log", "kind": "fail", "exit": 1]
    ]
    try Upkeep.with([:], faults: fault) { (repository) throws in
      let both = ["staging": report("staging", "drill_passed"), "prod": report("prod", "drill_passed")]
      let outcome = try evaluate(repository, both)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("stays without this row: | 2026-06-02"))
      #expect(throws: (any Error).self) { try repository.left(Self.log) }
    }
  }

  @Test(arguments: [
    ("exit 0", 0, "drill_passed"), ("echo gone >&2; exit 3", 1, "attention_required"),
    ("sleep 900", 1, "attention_required"),
  ])
  func aProgramIsADrillToo(line: String, code: Int32, status: String) throws {
    try Upkeep.with([:]) { (repository) throws in
      try repository.write(
        "ops/restore.sh", "#!/usr/bin/env bash\n[[ $1 == --into && $2 == scratch ]] || exit 9\n\(line)\n",
        isExecutable: true)
      let outcome = try repository.script("drill-restore.sh run prod", Upkeep.environment)
      #expect(outcome.code == code, "\(outcome.output)")
      let report = try JSON(parsing: repository.left("drill-restore/report/drill-prod.json"))
      #expect(report["status"] == .string(status) && report["exercise"] == "program")
      #expect((report["reason"] == "") == (code == 0))
    }
  }
}

@Suite(.threads) struct ReadinessTests {
  private func artifact(_ name: String, _ age: String, _ file: String, _ content: JSON, expired: Bool = false) -> JSON {
    [
      "name": .string(name), "run": 900, "created_at": .string(age), "expired": .bool(expired),
      "files": [file: content],
    ]
  }
  private var receiver: JSON { artifact("receiver", "-20d", "out/report.json", ["status": "healthy"]) }
  private func drill(_ age: String = "-13d", _ content: JSON = ["healthy": true]) -> JSON {
    artifact("shop-rehearsal-delta-report", age, "rehearsal-delta-report.json", content)
  }

  private func judge(
    _ artifacts: [JSON], faults: JSON = [], spec: String = Upkeep.spec, _ body: (Outcome, JSON) throws -> Void
  ) throws {
    try Upkeep.with(["artifacts": .array(artifacts)], faults: faults, spec: spec) { (repository) throws in
      let outcome = try repository.script("readiness.sh release", Upkeep.environment)
      try body(outcome, JSON(parsing: repository.left("readiness-release/report/readiness-release.json")))
    }
  }

  @Test func allEvidenceThatIsYoungAndHealthyIsReadiness() throws {
    try judge([receiver, drill()]) { outcome, report in
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(report["healthy"] == true)
      #expect(report["evidence"]["drill"]["status"] == "healthy")
    }
  }

  @Test func onlyTheNewestCounts() throws {
    try judge([receiver, drill("-1d", ["healthy": false]), drill("-2d")]) { outcome, report in
      #expect(outcome.code == 1)
      #expect(report["evidence"]["drill"]["status"] == "unhealthy")
      #expect(report["evidence"]["receiver"]["status"] == "healthy")
    }
  }

  @Test func whatIsNotProvedHealthyIsNot() throws {
    let cases: [(JSON, String)] = [
      (drill("-15d"), "too_old"), (drill("-1d", ["healthy": .null]), "unhealthy"),
      (drill("-1d", .string("no json {")), "unhealthy"),
      (artifact("shop-rehearsal-delta-report", "-1d", "other.json", [:]), "unreadable"),
      (
        artifact("shop-rehearsal-delta-report", "-1d", "rehearsal-delta-report.json", ["healthy": true], expired: true),
        "missing"
      ),
      (artifact("another", "-1d", "rehearsal-delta-report.json", ["healthy": true]), "missing"),
    ]
    for (evidence, status) in cases {
      try judge([receiver, evidence]) { outcome, report in
        #expect(outcome.code == 1)
        #expect(report["healthy"] == false)
        #expect(report["evidence"]["drill"]["status"] == .string(status), "\(outcome.output)")
      }
    }
  }

  @Test func whatCannotBeAskedIsUnknownAndNotReady() throws {
    let fault: JSON = [["command": "gh", "match": "artifacts.name=receiver", "kind": "fail", "exit": 1]]
    try judge([receiver, drill()], faults: fault) { outcome, report in
      #expect(outcome.code == 1)
      #expect(report["evidence"]["receiver"]["status"] == "unknown")
    }
  }

  @Test func aFilterThatIsNoneIsUnhealthyWithTheWordsOfJq() throws {
    let spec = Upkeep.spec.replacing("'.status == \"healthy\"'", with: "'.status == ; rm -rf \"$HOME\" $(id) `id`'")
    try judge([receiver, drill()], spec: spec) { outcome, report in
      #expect(outcome.code == 1)
      #expect(report["evidence"]["receiver"]["status"] == "unhealthy")
      #expect(report["evidence"]["receiver"]["reason"].string?.contains("jq: ") == true)
      #expect(report["evidence"]["receiver"]["reason"].string?.contains("error") == true)
    }
  }
}

@Suite(.threads) struct SecretAgeTests {
  private func secrets(_ age: String) -> JSON { ["TOKEN": ["created_at": "-300d", "updated_at": .string(age)]] }
  private func environments(prod: JSON) -> JSON {
    [
      "staging": ["secrets": secrets("-3d")], "staging-rollback": ["secrets": secrets("-3d")],
      "prod": ["secrets": prod],
      "prod-rollback": ["secrets": ["TOKEN": ["updated_at": "-3d"], "READER": ["updated_at": "-3d"]]],
    ]
  }
  private static let values = Upkeep.environment.merging(["READER": "reader", "GITHUB_ACTIONS": "true"]) { $1 }

  @Test func youngSecretsAreFine() throws {
    try Upkeep.with(["environments": environments(prod: secrets("-29d"))]) { (repository) throws in
      let outcome = try repository.script("secrets.sh", Self.values)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.state["github"]["issues"].elements.isEmpty)
    }
  }

  @Test func oneIssueForEachSecretThatIsDueHoweverOftenItIsLookedAt() throws {
    try Upkeep.with(["environments": environments(prod: secrets("-31d"))]) { (repository) throws in
      for _ in 1...2 {
        let outcome = try repository.script("secrets.sh", Self.values)
        #expect(outcome.code == 1, "\(outcome.output)")
      }
      let issues = try repository.state["github"]["issues"].elements
      #expect(issues.map { $0["title"] } == ["Rotate TOKEN of shop"])
      let body = issues[0]["body"].string ?? ""
      for text in [
        "@ann", "in prod: 31 days old, 30 days", "- [ ] Make a new one.\n- [ ] Revoke the old one.", "- It leaked.",
      ] {
        #expect(body.contains(text), "\(body)")
      }
      let report = try JSON(parsing: repository.left("secrets/report/secrets.json"))
      #expect(report["healthy"] == false && report["findings"].elements.count == 1)
    }
  }

  @Test func aSecretThatIsDueIsToldOfOnce() throws {
    var environments = environments(prod: secrets("-31d"))
    environments["prod"]["secrets"]["CHAT"] = ["updated_at": "-3d"]
    environments["prod-rollback"]["secrets"]["CHAT"] = ["updated_at": "-3d"]
    try Upkeep.with(["environments": environments], spec: Upkeep.toldSpec) { (repository) throws in
      for _ in 1...2 {
        let values = Self.values.merging(["CHAT": "https://hooks.slack.example/services/x"]) { $1 }
        #expect(try repository.script("secrets.sh", values).code == 1)
      }
      let told = try repository.posted("hooks.slack.example").compactMap { $0["text"].string }
      #expect(
        told.count == 1 && told[0].hasPrefix("shop: a secret of prod is to be replaced\nRotate TOKEN of shop\n"),
        "\(told)")
    }
  }

  @Test func aDryRunOpensNothing() throws {
    try Upkeep.with(["environments": environments(prod: secrets("-31d"))]) { (repository) throws in
      #expect(try repository.script("secrets.sh --dry-run", Self.values).code == 1)
      #expect(try repository.state["github"]["issues"].elements.isEmpty)
    }
  }

  @Test func aMissingSecretIsNamed() throws {
    try Upkeep.with(["environments": environments(prod: [:])]) { (repository) throws in
      let outcome = try repository.script("secrets.sh --dry-run", Self.values)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("prod: the secret TOKEN is missing: gh secret set TOKEN --env prod"))
      #expect(!outcome.output.contains("EXTRA is missing"))
    }
  }

  @Test func whatCannotBeReadIsNeverFine() throws {
    let fault: JSON = [["command": "gh", "match": "environments/staging-rollback/secrets", "kind": "fail", "exit": 1]]
    try Upkeep.with(["environments": environments(prod: secrets("-1d"))], faults: fault) { (repository) throws in
      let outcome = try repository.script("secrets.sh", Self.values)
      #expect(outcome.code == 3)
      #expect(!outcome.output.contains("No secret is due"))
    }
  }

  @Test func withoutTheTokenNothingIsSaidToBeFine() throws {
    try Upkeep.with([:]) { (repository) throws in
      let outcome = try repository.script("secrets.sh", Self.values.merging(["READER": ""]) { $1 })
      #expect(outcome.code == 3)
      #expect(outcome.output.contains("no value for READER"))
    }
  }
}
