import Foundation
import GitHubWorkflow
import Testing

/// The ways back of nextgen-market's production: halfway, in stages, and after whatever broke a release off.
@Suite(.threads) struct NextgenMarketRollbackTests {
  private static let environment = NextgenMarket.environment("prod")
  /// A later run of GitHub, or a person at a keyboard.
  private static let later = environment.merging(["GITHUB_RUN_ID": "1002", "ARTIFACT": nil]) { $1 }

  private func shares(_ repository: ReleaseRepository) throws -> [Double] {
    try repository.traffic.map { ($0[NextgenMarket.candidate] ?? 0).rounded() }
  }

  // MARK: - 50 % falls back to 25 %

  @Test func whatFailsAtFiftyRestsAtTwentyFiveUntilNobodyHasDecided() throws {
    var scenario = NextgenMarket.prod
    // Above the 0.2 % that half of the traffic asks for, below the 0.5 % of a quarter.
    scenario["versions"]["new"]["error_percent"] = 0.3
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      let runner = try repository.nextgenMarketRunner("prod")
      let run = try runner.run(secrets: NextgenMarket.secrets)
      #expect(run.conclusion == .failure)
      #expect(runner.output.contains("resting at 25 %: required, but not so: error-rate < 0.2%"), "\(runner.output)")
      #expect(runner.output.contains("and nobody decided"))
      #expect(runner.summary.contains("Rested at 25 %, because: required, but not so: error-rate < 0.2%"))
      #expect(try shares(repository) == [0, 5, 25, 50, 25, 0])
      try repository.expectNextgenMarketTakenBack("prod")
    }
  }

  @Test func aPersonWhoRollsBackEndsTheRest() throws {
    var scenario = NextgenMarket.underWay(weight: 25, state: "resting")
    scenario["azure"]["traffic_managers"]["tm-prod"]["tags"]["liftlock-rest-until"] = "1780369200"
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      let outcome = try repository.script("prod/rollback.sh --yes --reason decided", Self.later)
      #expect(outcome.code == 0, "\(outcome.output)")
      try repository.expectNextgenMarketTakenBack("prod")
      // The run that rests finds that the target is no longer its own.
      let rest = try repository.script("prod/rollout.sh step 3", Self.environment)
      #expect(rest.code == 1)
      #expect(rest.output.contains("now belongs to run 1002-1"))
      try repository.expectNextgenMarketTakenBack("prod")
    }
  }

  // MARK: - In stages, once it was fully promoted

  /// Run 1001 has finished: its container is the only one.
  private static let promoted: JSON = {
    var scenario = NextgenMarket.underWay(weight: 100, state: "promoted")
    scenario["azure"]["containers"][NextgenMarket.stable] = .null
    var containers = scenario["azure"]["containers"].members
    containers[NextgenMarket.stable] = nil
    scenario["azure"]["containers"] = .object(containers)
    var profile = scenario["azure"]["traffic_managers"]["tm-prod"]
    profile["endpoints"] = .array([profile["endpoints"][1]])
    scenario["azure"]["traffic_managers"]["tm-prod"] = profile
    return scenario
  }()

  @Test func inStagesTheOldVersionIsMadeTestedAndGetsAQuarterHalfAndAll() throws {
    try ReleaseRepository.nextgenMarket(Self.promoted) { repository in
      let outcome = try repository.script("prod/rollback.sh --yes --staged --reason invoices", Self.later)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try shares(repository) == [100, 75, 50, 0])
      // Each stage is watched for its 90 s before the next; in the spec as it is these are five minutes.
      let changes = try repository.trafficChanges
      #expect(try #require(changes.last) - #require(changes.dropFirst().first) >= 180)
      let stages = try #require(NextgenMarket.example.get().plan.environment("prod")?.spec.rollback?.stages)
      #expect(stages.watch == .minutes(5))
      let calls = try repository.calls
      let smoke = try #require(calls.firstIndex { $0.contains("http GET http://\(NextgenMarket.stable).") })
      let shift = try #require(calls.firstIndex { $0.contains("endpoint update --name \(NextgenMarket.stable)") })
      #expect(smoke < shift, "the old version is tested before it gets traffic")
      try repository.expectNextgenMarketTakenBack("prod")
    }
  }

  @Test func anOldVersionThatFailsItsSmokeTestGetsNothing() throws {
    var scenario = Self.promoted
    scenario["versions"]["old"]["paths"] = ["/api/invoices": 500]
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      let outcome = try repository.script("prod/rollback.sh --yes --staged", Self.later)
      #expect(outcome.code == 7, "\(outcome.output)")
      #expect(outcome.output.contains("smoke does not pass on the version before, so it got no more traffic"))
      #expect(try shares(repository) == [100])
    }
  }

  @Test func aStageThatDoesNotGoWellStopsForAPersonWhoCanGoAllTheWay() throws {
    var scenario = Self.promoted
    scenario["versions"]["old"]["rules"] = [["weight_at_least": 50, "weight_below": 100, "error_percent": 5]]
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      let stopped = try repository.script("prod/rollback.sh --yes --staged", Self.later)
      #expect(stopped.code == 7)
      #expect(stopped.output.contains("STOPPED with 50 % on \(NextgenMarket.stable)"), "\(stopped.output)")
      #expect(try shares(repository) == [100, 75, 50])
      let all = try repository.script("prod/rollback.sh --yes", Self.later)
      #expect(all.code == 0, "\(all.output)")
      #expect(try shares(repository) == [100, 75, 50, 0])
      try repository.expectNextgenMarketTakenBack("prod")
    }
  }

  // MARK: - Broken off

  @Test(arguments: [
    "tag update .*state=rolling-back", "endpoint update --name prod-v0-9-5", "endpoint update --name prod-gh-1001-1",
    "endpoint delete", "container delete", "tag update .*state=rolled-back", "tag update .*incident=",
  ])
  func aRollbackThatWasKilledCanBeRunAgain(afterThis call: String) throws {
    var scenario = NextgenMarket.underWay(weight: 50)
    scenario["faults"] = [["command": "az", "match": .string(call), "kind": "kill", "when": "after", "times": 1]]
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      let killed = try repository.script("prod/rollback.sh --yes --if-needed", Self.environment)
      #expect(killed.code == 137)
      let again = try repository.script("prod/rollback.sh --yes", Self.environment)
      #expect(again.code == 0, "\(again.output)")
      try repository.expectNextgenMarketTakenBack("prod")
      #expect(
        try repository.state["github"]["issues"].elements.filter {
          $0["title"].string?.hasPrefix("Rolled back") == true
        }.count == 1)
    }
  }

  enum Interruption: CaseIterable { case cancelled, runnerLost }

  @Test(arguments: Interruption.allCases)
  func whateverBreaksTheReleaseOffTheTrafficGoesBack(interruption: Interruption) throws {
    try ReleaseRepository.nextgenMarket(NextgenMarket.prod) { repository in
      let runner = try repository.nextgenMarketRunner("prod")
      let steps = try #require(runner.workflow.jobs.first { $0.id == "rollout" }?.steps)
      let half = try #require(steps.firstIndex { $0.name.hasPrefix("50 %") })
      let run = try runner.run(
        secrets: NextgenMarket.secrets,
        disturbances: [
          interruption == .cancelled
            ? .runCancelledDuringStep(job: "rollout", step: half) : .runnerLost(job: "rollout", step: half)
        ])
      #expect(run.conclusion != .success)
      #expect(run.job("guard")?.result == .success, "\(runner.output)")
      #expect(try shares(repository) == [0, 5, 25, 50, 0])
      try repository.expectNextgenMarketTakenBack("prod")
      let inTheJob = run.job("rollout")?.steps.first { $0.name == "Roll back" }?.outcome == .success
      #expect(inTheJob == (interruption == .cancelled))
    }
  }
}
