import Foundation
import GitHubWorkflow
import Testing

/// Emergencies of nextgen-market: by a tag of their own, outside the window, signed by the VP and the tech lead.
@Suite(.threads) struct NextgenMarketHotfixTests {
  // MARK: - What is waived

  @Test func anEmergencyWaivesTheLoadTestAndTheScanAndNothingElseThatWasProved() throws {
    let plan = try NextgenMarket.example.get().plan
    let prod = try #require(plan.environment("prod"))
    let hotfix = try #require(plan.environment("prod-hotfix"))
    let waived = ["load-test", "security-scan"]
    #expect(hotfix.spec.window == nil && prod.spec.window != nil)
    let recorded = ["ci", "full-smoke"] + waived
    #expect(prod.gates.map(\.name).filter(recorded.contains) == recorded)
    #expect(hotfix.gates.map(\.name).filter(recorded.contains) == recorded.filter { !waived.contains($0) })
    let staging = try #require(plan.environment("staging-hotfix"))
    #expect(staging.verify.map(\.name) == ["full-smoke"])
  }

  /// What a hotfix holds, judges and goes back for is the same text as in prod, where each of it is tripped.
  @Test(arguments: [("prod", "prod-hotfix"), ("staging", "staging-hotfix")])
  func anEmergencyIsJudgedByTheSameFunctions(environment: String, hotfix: String) throws {
    let example = try NextgenMarket.example.get()
    func functions(_ environment: String, _ script: String) throws -> [String: String] {
      let path = "ops/nextgen-market/\(environment)/\(script).sh"
      let text = try #require(example.files.first { $0.path == path }?.text)
      let found = text.matches(of: /\n((?:step|when|stabilise|recovered)_[0-9_]+)\(\) \{\n((?:[^}].*\n|\n)*)\}/)
      return Dictionary(uniqueKeysWithValues: found.map { (String($0.1), String($0.2)) })
    }
    #expect(try !functions(environment, "rollout").isEmpty)
    for script in ["rollout", "rollback"] {
      #expect(try functions(hotfix, script) == functions(environment, script))
    }
    let (usual, other) = (example.plan.environment(environment), example.plan.environment(hotfix))
    func shared(_ name: String) -> Bool {
      ["gate", "approval", "window", "precondition", "verify"].allSatisfy { !name.hasPrefix($0) }
    }
    #expect(other?.tripwires.filter(shared) == usual?.tripwires.filter(shared))
  }

  // MARK: - Releases

  @Test func anEmergencyGoesThroughStagingOutsideOfEverything() throws {
    try ReleaseRepository.nextgenMarket(NextgenMarket.scenario("staging-hotfix")) { repository in
      let runner = try repository.nextgenMarketRunner("staging-hotfix")
      let run = try runner.run(secrets: NextgenMarket.secrets)
      #expect(run.conclusion == .success, "\(runner.output)")
      #expect(try repository.nextgenMarketTarget("staging").endpoints == ["aci-staging-gh-1001-1": 100])
      let statuses = try repository.nextgenMarketStatuses
      #expect(statuses["nextgen-market/staging-hotfix"] == "success")
      #expect(statuses["nextgen-market/staging-hotfix/full-smoke"] == "success")
      #expect(!(try repository.calls.contains { $0.contains("load-test") }))
    }
  }

  @Test func anEmergencyGoesIntoProdAtNoon() throws {
    try ReleaseRepository.nextgenMarket(NextgenMarket.scenario("prod-hotfix")) { repository in
      let runner = try repository.nextgenMarketRunner("prod-hotfix")
      let run = try runner.run(event: "workflow_dispatch", secrets: NextgenMarket.secrets)
      #expect(run.conclusion == .success, "\(runner.output)")
      let shares = try repository.traffic.map { ($0[NextgenMarket.candidate] ?? 0).rounded() }
      #expect(shares == [0, 5, 25, 50, 100])
      #expect(try repository.nextgenMarketTarget("prod").endpoints == [NextgenMarket.candidate: 100])
      let statuses = try repository.nextgenMarketStatuses
      #expect(statuses["nextgen-market/prod-hotfix"] == "success")
      #expect(statuses["nextgen-market/prod-hotfix/full-smoke"] == "success")
    }
  }

  // MARK: - Gates

  @Test func everyGateOfAnEmergencyIsInATable() throws {
    for (environment, trips) in [
      ("staging-hotfix", NextgenMarket.stagingHotfixTrips), ("prod-hotfix", NextgenMarket.prodHotfixTrips),
    ] {
      let plan = try #require(NextgenMarket.example.get().plan.environment(environment))
      let own = plan.tripwires.filter { name in
        ["gate", "approval", "window", "precondition", "verify"].contains { name.hasPrefix($0) }
      }
      #expect(Set(trips.map(\.name)) == own)
    }
  }

  @Test(arguments: [
    ("staging-hotfix", NextgenMarket.stagingHotfixTrips), ("prod-hotfix", NextgenMarket.prodHotfixTrips),
  ])
  func whatKeepsAnEmergencyBack(environment: String, trips: [NextgenMarketTrip]) throws {
    for trip in trips where trip.outcome == .refused {
      var scenario = NextgenMarket.scenario(environment)
      trip.change(&scenario)
      try ReleaseRepository.nextgenMarket(scenario, programs: trip.programs) { repository in
        let outcome = try repository.script(trip.refusal(environment), NextgenMarket.environment(environment))
        #expect(outcome.code != 0, "\(trip.name): \(outcome.output)")
        #expect(outcome.output.contains(trip.says), "\(trip.name): \(outcome.output)")
      }
    }
  }

  @Test(
    arguments: NextgenMarket.stagingHotfixTrips.map { ("staging-hotfix", $0) }
      + NextgenMarket.prodHotfixTrips.filter { ["gate soak", "verify full-smoke"].contains($0.name) }
      .map { ("prod-hotfix", $0) })
  func theWorkflowOfAnEmergencyStops(environment: String, trip: NextgenMarketTrip) throws {
    var scenario = NextgenMarket.scenario(environment)
    trip.change(&scenario)
    let target = String(environment.dropLast("-hotfix".count))
    try ReleaseRepository.nextgenMarket(scenario, programs: trip.programs) { repository in
      let before = try repository.nextgenMarketTarget(target)
      let runner = try repository.nextgenMarketRunner(environment)
      // A tag begins an emergency in staging; into prod it goes by hand.
      let event = environment == "prod-hotfix" ? "workflow_dispatch" : "push"
      let run = try runner.run(event: event, secrets: NextgenMarket.secrets)
      #expect(run.conclusion == .failure)
      #expect(runner.output.contains(trip.says), "\(runner.output)")
      if trip.outcome == .refused {
        #expect(try repository.nextgenMarketTarget(target) == before)
      } else {
        try repository.expectNextgenMarketTakenBack(target, before)
      }
    }
  }
}
