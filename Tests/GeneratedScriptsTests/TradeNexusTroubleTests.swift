import GitHubWorkflow
import Testing

/// What goes wrong in the middle of a release of trade-nexus, and where the traffic is afterwards.
@Suite(.threads) struct TradeNexusTroubleTests {
  // MARK: - The new version

  @Test func aCandidateThatFailsItsSmokeTestNeverGetsTraffic() throws {
    let scenario = TradeNexus.scenario(new: ["paths": ["/v1/markets": 503]])
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let outcome = try repository.script("\(TradeNexus.rollout) all", TradeNexus.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("smoke fails on the new version, before any traffic"))
      #expect(try repository.traffic == [[TradeNexus.old: 100]])
      try repository.expectTakenBack()
    }
  }

  enum Failure: CaseIterable {
    case smoke, health, silence

    /// How the new version behaves from its first traffic on.
    var rule: JSON {
      switch self {
      case .smoke: ["weight_at_least": 10, "paths": ["/v1/markets": 503]]
      case .health: ["weight_at_least": 10, "health": 503]
      case .silence: ["weight_at_least": 10, "health": "hang"]
      }
    }

    var reason: String { self == .smoke ? "smoke fails for 2m" : "health fails for 1m" }
  }

  @Test(arguments: Failure.allCases)
  func aVersionThatFailsItsProbesUnderTrafficIsTakenBack(failure: Failure) throws {
    try ReleaseRepository.tradeNexus(TradeNexus.scenario(new: failure.rule)) { repository in
      let outcome = try repository.script("\(TradeNexus.rollout) all", TradeNexus.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("ERROR: rollback condition met: \(failure.reason)"))
      try repository.expectTakenBack()
      #expect(try repository.traffic.contains([TradeNexus.old: 90, TradeNexus.new: 10]))
      #expect(!(try repository.traffic.contains([TradeNexus.old: 50, TradeNexus.new: 50])))
    }
  }

  @Test func oneBadMinuteIsNoReasonToTakeAReleaseBack() throws {
    var scenario = TradeNexus.underWay(weight: 0, state: "deploying")
    scenario["versions"]["new"]["rules"] = [["from": "1m", "lasts": "70s", "paths": ["/v1/markets": 503]]]
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let outcome = try repository.script("\(TradeNexus.rollout) step 1", TradeNexus.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("smoke fails for 2m: true since"))
    }
  }

  // MARK: - No data

  @Test(arguments: ["empty", "nan", "error", "hang"])
  func noDataForTooLongTakesTheReleaseBackAndSaysSo(result: String) throws {
    var scenario = TradeNexus.underWay(weight: 10)
    let blind: JSON = ["match": "AppRequests", "result": .string(result), "until": "20m"]
    scenario["queries"] = .array([blind] + scenario["queries"].elements)
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let step = try repository.script("\(TradeNexus.rollout) step 2", TradeNexus.environment)
      #expect(step.code == 1)
      #expect(step.output.contains(/ERROR: no data for \d+s: error-rate > 5% over 2m/), "\(step.output)")
      // As after a cancellation: without the wait for numbers that cannot be read.
      let environment = TradeNexus.environment.merging(["RESULT": "cancelled"]) { $1 }
      let rollback = try repository.script("\(TradeNexus.rollback) --yes --if-needed", environment)
      #expect(rollback.code == 0, "\(rollback.output)")
      try repository.expectTakenBack()
      let body = try repository.state["github"]["issues"][0]["body"].string ?? ""
      #expect(body.contains("- reason: no data for "))
    }
  }

  @Test func aShortGapInTheDataDoesNot() throws {
    var scenario = TradeNexus.underWay(weight: 10)
    let blind: JSON = ["match": "AppRequests", "result": "empty", "from": "110s", "until": "150s"]
    scenario["queries"] = .array([blind] + scenario["queries"].elements)
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let step = try repository.script("\(TradeNexus.rollout) step 2", TradeNexus.environment)
      #expect(step.code == 0, "\(step.output)")
      #expect(step.output.contains("error-rate > 5% over 2m: unknown since 0s"))
      #expect(try repository.split == [TradeNexus.old: 50, TradeNexus.new: 50])
    }
  }

  @Test func aRequirementThatIsNotMetEndsTheRelease() throws {
    // Above the 2 % that a step requires, below the 5 % that take a release back at once.
    var scenario = TradeNexus.underWay(weight: 10)
    scenario["versions"]["new"]["error_percent"] = 3
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let step = try repository.script("\(TradeNexus.rollout) step 2", TradeNexus.environment)
      #expect(step.code == 1)
      #expect(step.output.contains("required, but not so: error-rate < 2% (is 3)"))
    }
  }

  // MARK: - The machine

  @Test func aRolloutKilledRightAfterItsFirstShiftIsTakenBackByTheScript() throws {
    var scenario = TradeNexus.underWay(weight: 0, state: "deploying")
    scenario["faults"] = [["command": "az", "match": "traffic set .*=10 ", "kind": "kill", "when": "after"]]
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let killed = try repository.script("\(TradeNexus.rollout) step 1", TradeNexus.environment)
      #expect(killed.code == 137)
      #expect(try repository.split == [TradeNexus.old: 90, TradeNexus.new: 10])
      let outcome = try repository.script("\(TradeNexus.rollback) --yes --if-needed", TradeNexus.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      try repository.expectTakenBack()
    }
  }

  enum Interruption: CaseIterable { case cancelled, timedOutAsCancelled, timedOutAsFailure, runnerLost }

  @Test(arguments: Interruption.allCases)
  func whateverBreaksTheHoldOffTheTrafficGoesBack(interruption: Interruption) throws {
    var scenario = TradeNexus.scenario
    if interruption == .timedOutAsCancelled || interruption == .timedOutAsFailure {
      // What is left of the job's time is not enough for its own rollback, so that it falls to the guard.
      scenario["faults"] = [["command": "az", "match": "traffic set .*v1-0-0=100", "kind": "kill", "times": 1]]
    }
    try ReleaseRepository.tradeNexus(scenario, TradeNexus.halfAtOnce) { repository in
      let runner = try repository.tradeNexusRunner()
      let steps = try #require(runner.workflow.jobs.first { $0.id == "rollout" }?.steps)
      let half = try #require(steps.firstIndex { $0.name.hasPrefix("50 %") })
      let disturbance: Disturbance =
        switch interruption {
        case .cancelled: .runCancelledDuringStep(job: "rollout", step: half)
        case .timedOutAsCancelled, .timedOutAsFailure: .jobTimesOut(job: "rollout", step: half)
        case .runnerLost: .runnerLost(job: "rollout", step: half)
        }
      let run = try runner.run(
        secrets: TradeNexus.secrets, disturbances: [disturbance],
        timedOut: interruption == .timedOutAsFailure ? .failure : .cancelled)
      #expect(run.conclusion != .success)
      #expect(run.job("result")?.result == .failure)
      #expect(run.job("guard")?.result == .success, "\(runner.output)")
      #expect(try repository.traffic.contains([TradeNexus.old: 50, TradeNexus.new: 50]))
      try repository.expectTakenBack()
      #expect(try repository.state["github"]["issues"].elements.count == 1)
      let rolledBackInTheJob = run.job("rollout")?.steps.first { $0.name == "Roll back" }?.outcome == .success
      #expect(rolledBackInTheJob == (interruption == .cancelled))
    }
  }

  // MARK: - Two at once

  @Test func aSecondReleaseIsRefusedBeforeAnythingIsTouched() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50, run: "900-1")) { repository in
      let before = try repository.app
      let runner = try repository.tradeNexusRunner()
      let run = try runner.run(secrets: TradeNexus.secrets)
      #expect(run.job("rollout")?.result == .failure)
      #expect(run.job("rollout")?.steps.first { $0.name == "Roll back" }?.outcome == .skipped)
      #expect(runner.output.contains(/run 900-1 .*unfinished \(rolling-out\)/), "\(runner.output)")
      #expect(try repository.app == before)
      // Also when it comes past the first look.
      let deploy = try repository.script("\(TradeNexus.rollout) deploy", TradeNexus.environment)
      #expect(deploy.code == 3)
      let step = try repository.script("\(TradeNexus.rollout) step 3", TradeNexus.environment)
      #expect(step.code == 1)
      #expect(step.output.contains("now belongs to run 900-1"))
      #expect(try repository.app == before)
    }
  }

  /// What stands on the target is the other release's; a record that claims it would be wrong evidence.
  @Test func theRecordOfARefusedReleaseDoesNotClaimTheOtherOnesVersion() throws {
    var scenario = TradeNexus.underWay(weight: 50, run: "900-1")
    scenario["azure"]["apps"]["trade-nexus-backend"]["tags"]["liftlock-candidate"] = "trade-nexus-backend--gh-900-1"
    scenario["azure"]["apps"]["trade-nexus-backend"]["tags"]["liftlock-incident"] = "99"
    try ReleaseRepository.tradeNexus(scenario) { repository in
      #expect(try repository.script("\(TradeNexus.rollout) preflight", TradeNexus.environment).code == 3)
      #expect(try repository.script("\(TradeNexus.rollout) record failure", TradeNexus.environment).code == 0)
      let records = try repository.texts(under: [repository.runnerTemporary()])
      let record = try JSON(parsing: try #require(records.first { $0.key.hasSuffix("production-1001-1.json") }?.value))
      #expect(record["version"] != "trade-nexus-backend--gh-900-1")
      #expect(record["incident"] != "99")
    }
  }

  @Test func aReleaseThatARollbackHasOvertakenStops() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 0, state: "rolled-back")) { repository in
      let before = try repository.app
      let step = try repository.script("\(TradeNexus.rollout) step 2", TradeNexus.environment)
      #expect(step.code == 1)
      #expect(step.output.contains("this release is rolled-back; it cannot go on"))
      #expect(try repository.app == before)
    }
  }

  // MARK: - The platform's own command

  @Test func aCallOfTheRolloutThatIsWrongEndsWithTwo() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50)) { repository in
      let before = try repository.app
      for words in ["", "nonsense", "step", "step 9", "verify", "verify nonsense", "record"] {
        let outcome = try repository.script("\(TradeNexus.rollout) \(words)", TradeNexus.environment)
        #expect(outcome.code == 2, "\(words): \(outcome.output)")
      }
      #expect(try repository.app == before)
    }
  }

  enum AzureTrouble: CaseIterable { case hang, loggedOut, deadRevision, unreadable, refusedShift }

  @Test(arguments: AzureTrouble.allCases)
  func aPlatformThatMisbehavesNeverLeavesAReleaseHalfway(trouble: AzureTrouble) throws {
    var scenario = TradeNexus.scenario
    switch trouble {
    case .hang: scenario["faults"] = [["command": "az", "match": "containerapp update", "kind": "hang"]]
    case .loggedOut:
      scenario["faults"] = [
        ["command": "az", "match": "containerapp update", "kind": "fail", "times": 3],
        ["command": "az", "match": "tag update", "nth": "2-", "kind": "logged-out", "until_login": true],
      ]
    case .deadRevision:
      scenario["versions"]["new"]["ready"] = false
      // Slow answers, so that ten minutes of waiting are few questions.
      scenario["faults"] = [
        ["command": "az", "match": "revision show", "kind": "slow", "delay": "55s", "until": "10m"]
      ]
    case .unreadable:
      scenario["faults"] = [["command": "az", "match": "containerapp show", "nth": "6-9", "kind": "garbage"]]
    case .refusedShift:
      scenario["faults"] = [["command": "az", "match": "traffic set .*gh-1001-1=10", "kind": "fail", "when": "after"]]
    }
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let before = try repository.app
      let runner = try repository.tradeNexusRunner()
      let run = try runner.run(secrets: TradeNexus.secrets)
      let state = try repository.azureMarker["state"]
      let isUntouched = try repository.app == before
      let split = try repository.split
      // None of these can end well, and the target shows it.
      #expect(run.conclusion == .failure)
      #expect(split == [TradeNexus.old: 100], "\(runner.output)")
      #expect(state == "rolled-back" || isUntouched, "\(runner.output)")
    }
  }
}
