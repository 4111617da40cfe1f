import Foundation
import Testing

/// Drills of trade-nexus: back to the version before, and forward again.
@Suite(.threads) struct DrillTests {
  static func example(_ exercise: String) -> Result<Example, any Error> {
    let drills = """
      drills:
        rollback:
          title: Rollback rehearsal
          schedule: "0 9 1 * *"
          exercise: { production: \(exercise) }
          owner: backend-on-call
          labels: [drill]

      evidence:

      """
    return Result { try Example("trade-nexus", edits: TradeNexus.fasterEdits + [Edit("evidence:\n", drills)]) }
  }
  static let goingBack = example("roll-back")
  static let dry = example("dry-run")

  static let run = "drill-rollback.sh run production"
  /// Run 1001 has released the new version; run 2001 is the drill.
  static let live = TradeNexus.underWay(weight: 100, state: "promoted")
  static var environment: [String: String?] {
    var values = TradeNexus.environment
    values["GITHUB_RUN_ID"] = "2001"
    values["ARTIFACT"] = .some(nil)
    return values
  }

  static func report(_ repository: ReleaseRepository) throws -> JSON {
    let path = "liftlock/trade-nexus-backend/drill-rollback/report/drill-production.json"
    return try JSON(parsing: Program.text(of: repository.runnerTemporary().appendingPathComponent(path)))
  }

  private func drill(
    _ scenario: JSON = live, _ example: Result<Example, any Error> = goingBack,
    _ body: (ReleaseRepository, Outcome) throws -> Void
  ) throws {
    try ReleaseRepository.tradeNexus(scenario, example) { repository in
      try body(repository, repository.script(Self.run, Self.environment))
    }
  }

  private func faulty(_ faults: JSON...) -> JSON {
    var scenario = Self.live
    scenario["faults"] = .array(faults)
    return scenario
  }

  @Test func theTrafficGoesBackAndForwardAndTheTargetIsAsItWas() throws {
    try ReleaseRepository.tradeNexus(Self.live, Self.goingBack) { repository in
      let before = try repository.azureMarker
      let outcome = try repository.script(Self.run, Self.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.traffic == [[TradeNexus.new: 100], [TradeNexus.old: 100], [TradeNexus.new: 100]])
      #expect(try repository.azureMarker.filter { !$0.value.isEmpty } == before.filter { !$0.value.isEmpty })
      let report = try Self.report(repository)
      #expect(report["status"] == "drill_passed" && report["rollbackState"] == "succeeded")
      #expect(report["live"] == .string(TradeNexus.new) && report["before"] == .string(TradeNexus.old))
      #expect(report["seconds"].number != nil && report["forwardSeconds"].number != nil)
      // Nothing was taken back in earnest: promotions and people are left alone.
      #expect(try repository.state["github"]["issues"].elements.isEmpty)
      let statuses = try repository.calls.filter { $0.contains("statuses/") }
      #expect(statuses.isEmpty)
      // A real rollback afterwards is not fooled by the drill.
      let rollback = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.byHand)
      #expect(rollback.code == 0, "\(rollback.output)")
      try repository.expectTakenBack()
    }
  }

  @Test func aReleaseThatIsUnderWayIsNotDisturbed() throws {
    try drill(TradeNexus.underWay(weight: 50)) { (repository, outcome) throws in
      #expect(outcome.code == 1)
      #expect(try repository.split == [TradeNexus.old: 50, TradeNexus.new: 50])
      #expect(try repository.azureMarker["state"] == "rolling-out")
      let report = try Self.report(repository)
      #expect(report["status"] == "attention_required")
      #expect(report["reason"].string?.contains("has left a release unfinished") == true)
    }
  }

  @Test func nothingMovesWhenTheVersionBeforeCannotServe() throws {
    var scenario = TradeNexus.underWay(weight: 100, state: "promoted", oldIsActive: false)
    scenario["faults"] = [["command": "az", "match": "revision activate", "kind": "fail", "exit": 1]]
    try drill(scenario) { (repository, outcome) throws in
      #expect(outcome.code == 1)
      #expect(try repository.traffic == [[TradeNexus.new: 100]])
      #expect(try repository.azureMarker["state"] == "promoted")
      #expect(try Self.report(repository)["reason"].string?.contains("no traffic was moved") == true)
    }
  }

  @Test func aVersionBeforeThatFailsItsChecksIsFoundAndTheLiveOneComesBack() throws {
    var scenario = Self.live
    scenario["versions"]["old"]["health"] = 500
    try drill(scenario) { (repository, outcome) throws in
      #expect(outcome.code == 1)
      #expect(try repository.split == [TradeNexus.new: 100])
      #expect(try repository.azureMarker["state"] == "promoted")
      let report = try Self.report(repository)
      #expect(report["status"] == "attention_required" && report["rollbackState"] == "failed")
      #expect(report["live"] == .string(TradeNexus.new))
    }
  }

  @Test func whenTheWayForwardIsBlockedTheVersionThatPassedKeepsTheTraffic() throws {
    let blocked: JSON = ["command": "az", "match": "traffic set .*gh-1001-1=100", "kind": "fail", "exit": 1]
    try drill(faulty(blocked)) { (repository, outcome) throws in
      #expect(outcome.code == 1)
      try repository.expectTakenBack()
      #expect(try Self.report(repository)["live"] == .string(TradeNexus.old))
    }
  }

  @Test func aDrillThatIsKilledHalfWayLeavesAMarkThatARollbackUnderstands() throws {
    let kill: JSON = ["command": "az", "match": "traffic set .*v1-0-0=100", "kind": "kill", "when": "after", "nth": 1]
    try drill(faulty(kill)) { (repository, outcome) throws in
      #expect(outcome.code == 137)
      #expect(try repository.azureMarker["state"] == "rolling-back")
      let report = try Self.report(repository)
      #expect(report["status"] == "attention_required" && report["reason"] == "it was broken off")
      let again = try repository.script(Self.run, Self.environment)
      #expect(again.code == 1, "no drill while something is unfinished")
      let rollback = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.byHand)
      #expect(rollback.code == 0, "\(rollback.output)")
      try repository.expectTakenBack()
    }
  }

  @Test func nothingMovesToWhatWasTakenBack() throws {
    try drill(TradeNexus.underWay(weight: 0, state: "rolled-back")) { (repository, outcome) throws in
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.traffic == [[TradeNexus.old: 100]])
      #expect(try repository.azureMarker["state"] == "rolled-back")
      let report = try Self.report(repository)
      #expect(report["status"] == "drill_passed" && report["rollbackState"] == "not_exercised")
    }
  }

  @Test func aDryRunChangesNothing() throws {
    try ReleaseRepository.tradeNexus(Self.live, Self.dry) { repository in
      let app = try repository.app
      let outcome = try repository.script(Self.run, Self.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.app == app)
      let report = try Self.report(repository)
      #expect(report["status"] == "drill_passed" && report["rollbackState"] == "not_exercised")
      #expect(report["before"] == .string(TradeNexus.old))
    }
  }

  @Test func aDryRunNeedsTheLiveVersionToPassTheChecks() throws {
    var scenario = Self.live
    scenario["versions"]["new"]["health"] = 503
    try drill(scenario, Self.dry) { (repository, outcome) throws in
      #expect(outcome.code == 1)
      #expect(try Self.report(repository)["reason"].string?.contains("does not pass the checks") == true)
    }
  }
}

/// Drills of a target that is reached by webhooks.
@Suite(.threads) struct HookDrillTests {
  private static func spec(verify: String) -> String {
    """
    liftlock: 1
    service: shop
    artifact: { image: ghcr.io/acme/shop }
    roles:
      on-call: { title: On call, reviewers: [ann] }
    secrets:
      DEPLOY_HOOK: { in: [prod], purpose: tests, rotate: 90d }
      ROLLBACK_HOOK: { in: [prod], purpose: tests, rotate: 90d }
      VERIFY_HOOK: { in: [prod], purpose: tests, rotate: 90d\(verify) }
    checks:
      ready: { probe: { requests: [GET /ready] } }
    environments:
      prod:
        on: { push: { branches: [main] } }
        url: https://shop.example
        deploy: { webhook: { deploy: DEPLOY_HOOK, rollback: ROLLBACK_HOOK, verify: VERIFY_HOOK } }
        rollout: { rolling: { verify: [ready], check-every: 1m, watch: 3m } }
        rollback: { when: [ready fails for 1m], verify: [ready] }
    drills:
      hooks:
        title: Hook drill
        schedule: "0 11 * * 4"
        exercise: { prod: call-hooks }
        owner: on-call

    """
  }

  private static let payload: JSON = [
    "liftlock-state": "promoted", "liftlock-run": "1001-1", "liftlock-previous": "1.9.0",
    "liftlock-candidate": "1.10.0", "liftlock-live": "1.10.0",
  ]

  private func drill(
    verify: String = "", answer: Int = 202, _ values: [String: String?],
    _ body: (ReleaseRepository, Outcome, JSON) throws -> Void
  ) throws {
    let scenario: JSON = [
      "start": "2026-06-02T09:00:00Z", "versions": ["1.10.0": [:]],
      "services": ["shop": ["requests_per_second": 1, "from": ["live": "1.10.0"], "hosts": ["shop.example"]]],
      "github": [
        "repository": "acme/shop",
        "deployments": [["environment": "prod", "sha": "abc", "task": "liftlock-marker", "payload": Self.payload]],
      ],
      "http": [
        [
          "host": "hooks.example", "path": "^/rollback", "method": "POST",
          "sequence": [["status": .number(Double(answer))]],
        ],
        ["host": "hooks.example", "path": "^/verify", "method": "POST", "sequence": [["status": 200]]],
      ],
    ]
    let environment: [String: String?] = [
      "GITHUB_RUN_ID": "2001", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": "abc", "GITHUB_REPOSITORY": "acme/shop",
      "DEPLOY_HOOK": "https://hooks.example/deploy", "GH_TOKEN": "t",
    ]
    let example = try Example(name: "small", text: Self.spec(verify: verify))
    try ReleaseRepository.with(example, scenario) { repository in
      let outcome = try repository.script("drill-hooks.sh run prod", environment.merging(values) { $1 })
      let report = repository.runnerTemporary().appendingPathComponent(
        "liftlock/shop/drill-hooks/report/drill-prod.json")
      try body(repository, outcome, JSON(parsing: Program.text(of: report)))
    }
  }

  private static let both: [String: String?] = [
    "ROLLBACK_HOOK": "https://hooks.example/rollback?key=s3cret", "VERIFY_HOOK": "https://hooks.example/verify",
  ]

  @Test func bothHooksAreCalledAsADrill() throws {
    try drill(Self.both) { _, outcome, report in
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(report["status"] == "drill_passed")
      #expect(report["rollbackState"] == "succeeded" && report["rollbackCallbackState"] == "succeeded")
      #expect(!outcome.output.contains("s3cret"))
    }
  }

  @Test func aHookThatIsNotThereIsNotExercised() throws {
    let missing = ["ROLLBACK_HOOK": Self.both["ROLLBACK_HOOK"] ?? nil]
    try drill(verify: ", optional: true, without: it is left out", missing) { _, outcome, report in
      #expect(outcome.code == 1)
      #expect(report["status"] == "attention_required")
      #expect(report["rollbackState"] == "succeeded")
      #expect(report["rollbackCallbackState"] == "skipped_missing_webhook")
    }
  }

  @Test func aHookThatFailsIsFoundAndTheOtherIsStillTried() throws {
    try drill(answer: 500, Self.both) { _, outcome, report in
      #expect(outcome.code == 1)
      #expect(report["rollbackState"] == "failed" && report["rollbackCallbackState"] == "succeeded")
      #expect(report["reason"].string?.contains("rollbackState") == true)
    }
  }
}
