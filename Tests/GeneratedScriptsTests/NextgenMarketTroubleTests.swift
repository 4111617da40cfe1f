import Foundation
import GitHubWorkflow
import ReleaseModel
import Testing

/// Everything that can go wrong in a release of nextgen-market, one after the other, and where that leaves the target.
@Suite(.threads) struct NextgenMarketTroubleTests {
  // MARK: - The tables are complete

  @Test(arguments: [
    ("dev", NextgenMarket.devGates + NextgenMarket.devTroubles),
    ("staging", NextgenMarket.stagingGates + NextgenMarket.stagingTroubles),
    (
      "prod",
      NextgenMarket.prodGates + [NextgenMarket.prodCandidate] + (1...4).flatMap(NextgenMarket.prodRequirements)
        + NextgenMarket.prodStabilisation + NextgenMarket.prodConditions + NextgenMarket.prodRollback
    ),
  ])
  func everythingThatCanGoWrongIsInATable(environment: String, trips: [NextgenMarketTrip]) throws {
    let plan = try #require(NextgenMarket.example.get().plan.environment(environment))
    #expect(Set(trips.map(\.name)) == plan.tripwires)
  }

  // MARK: - Before anything is touched

  @Test(arguments: [
    ("dev", NextgenMarket.devGates), ("staging", NextgenMarket.stagingGates), ("prod", NextgenMarket.prodGates),
  ])
  func everyGateSaysNo(environment: String, trips: [NextgenMarketTrip]) throws {
    for trip in trips {
      var scenario = NextgenMarket.scenario(environment)
      trip.change(&scenario)
      try ReleaseRepository.nextgenMarket(scenario, programs: trip.programs) { repository in
        let before = try repository.nextgenMarketTarget(environment)
        let outcome = try repository.script(trip.refusal(environment), NextgenMarket.environment(environment))
        #expect(outcome.code != 0, "\(trip.name): \(outcome.output)")
        #expect(outcome.output.contains(trip.says), "\(trip.name): \(outcome.output)")
        #expect(try repository.nextgenMarketTarget(environment) == before, "\(trip.name)")
      }
    }
  }

  /// One of each kind, with its whole workflow: what says no keeps everything behind it from beginning.
  @Test(
    arguments: [("dev", NextgenMarket.devGates), ("staging", NextgenMarket.stagingGates)]
      + ["gate soak", "approval prod", "window", "precondition headroom"].map { name in
        ("prod", NextgenMarket.prodGates.filter { $0.name == name })
      })
  func whatSaysNoKeepsTheTargetAsItIs(environment: String, trips: [NextgenMarketTrip]) throws {
    let trip = try #require(trips.first)
    var scenario = NextgenMarket.scenario(environment)
    trip.change(&scenario)
    try ReleaseRepository.nextgenMarket(scenario, programs: trip.programs) { repository in
      let before = try repository.nextgenMarketTarget(environment)
      let released = try repository.nextgenMarketStatuses["nextgen-market/\(environment)"]
      let runner = try repository.nextgenMarketRunner(environment)
      let run = try runner.run(secrets: NextgenMarket.secrets)
      #expect(run.conclusion == .failure)
      #expect(runner.output.contains(trip.says), "\(runner.output)")
      #expect(try repository.nextgenMarketTarget(environment) == before)
      #expect(try repository.nextgenMarketStatuses["nextgen-market/\(environment)"] == released)
    }
  }

  // MARK: - Under way

  @Test(arguments: NextgenMarket.devTroubles)
  func whatGoesWrongInDevIsTakenBack(trip: NextgenMarketTrip) throws { try expectTakenBack(trip, "dev") }

  @Test(arguments: NextgenMarket.stagingTroubles)
  func whatGoesWrongInStagingIsTakenBack(trip: NextgenMarketTrip) throws { try expectTakenBack(trip, "staging") }

  @Test(arguments: NextgenMarket.prodConditions.prefix(1) + [NextgenMarket.prodCandidate])
  func whatGoesWrongInProdIsTakenBack(trip: NextgenMarketTrip) throws {
    try expectTakenBack(trip, "prod", NextgenMarket.example)
  }

  /// "Rolled back in < 30 s after the trigger", each condition in the step that watches it.
  @Test(arguments: NextgenMarket.prodConditions.dropFirst())
  func aConditionOfProdTakesTheReleaseBackWithinHalfAMinute(trip: NextgenMarketTrip) throws {
    var scenario = NextgenMarket.underWay(weight: 0)
    trip.change(&scenario)
    try ReleaseRepository.nextgenMarket(scenario, NextgenMarket.example) { repository in
      let environment = NextgenMarket.environment("prod")
      let outcome = try repository.script("prod/rollout.sh step 1", environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains(trip.says), "\(outcome.output)")
      let rollback = try repository.script("prod/rollback.sh --yes --if-needed", environment)
      #expect(rollback.code == 0, "\(rollback.output)")
      try repository.expectNextgenMarketTakenBack("prod")
      let seconds = try repository.secondsFromStopToBack(runner: "runner")
      #expect(seconds < 30, "\(seconds) s")
    }
  }

  private func expectTakenBack(
    _ trip: NextgenMarketTrip, _ environment: String, _ example: Result<Example, any Error> = NextgenMarket.faster
  ) throws {
    var scenario = NextgenMarket.scenario(environment)
    trip.change(&scenario)
    try ReleaseRepository.nextgenMarket(scenario, example, programs: trip.programs) { repository in
      let before = try repository.nextgenMarketTarget(environment)
      let runner = try repository.nextgenMarketRunner(environment)
      let run = try runner.run(secrets: NextgenMarket.secrets)
      #expect(run.conclusion == .failure)
      #expect(runner.output.contains(trip.says), "\(runner.output)")
      try repository.expectNextgenMarketTakenBack(environment, before)
      #expect(run.job("guard")?.result == .success)
      let isVerified = run.job("rollout")?.steps.first { $0.name == "Roll back" }?.outcome == .success
      #expect(isVerified == (trip.outcome == .takenBack))
      #expect(try repository.nextgenMarketStatuses["nextgen-market/\(environment)"] == "failure")
      // "Rolled back in < 30 s after the trigger": from the look that met the condition to the last of the traffic.
      if environment == "prod" { try expectEverybodyKnows(repository) }
      if trip.name.hasPrefix("rollback when "), environment == "prod" {
        let seconds = try repository.secondsFromStopToBack()
        #expect(seconds < 30, "\(seconds) s")
      }
    }
  }

  private func expectEverybodyKnows(_ repository: ReleaseRepository) throws {
    let messages = try repository.posted("hooks.slack.com").compactMap { $0["text"].string }
    #expect(messages.count == 2)
    #expect(messages.last?.hasPrefix("nextgen-market v1.0.0 was taken back in prod\n") == true)
    let alert = try repository.state["pagerduty"]["nextgen-market/prod"]
    #expect(alert["state"] == "triggered")
    #expect(alert["events"] == 1)
    #expect(try repository.state["status_page"]["entry-1"]["incident"]["status"] == "resolved")
    let mail = try Program.text(of: repository.checkout.appendingPathComponent("mail.txt"))
    #expect(mail.hasPrefix("--to stakeholders@nextgen.example rolled-back "), "\(mail)")
    let issues = try repository.state["github"]["issues"].elements.dropFirst()
    let labels = issues.map { $0["labels"].elements.compactMap { $0["name"].string }.joined(separator: " ") }
    #expect(labels.sorted() == ["postmortem", "sev-2"])
  }

  // MARK: - Step by step

  @Test(arguments: 1...4)
  func requirementsOfProdThatAreNotMet(step: Int) throws {
    let (from, to) = ([0, 5, 25, 50][step - 1], [5, 25, 50, 100][step - 1])
    let trips = NextgenMarket.prodRequirements(step)
    var scenario = NextgenMarket.underWay(weight: from)
    let first = try #require(trips.first)
    for trip in trips { trip.change(&scenario) }
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      let environment = NextgenMarket.environment("prod")
      let outcome = try repository.script("prod/rollout.sh step \(step)", environment)
      #expect(outcome.code == 1)
      // Each by itself; the first of them is the reason.
      #expect(outcome.output.contains(first.says), "\(outcome.output)")
      for trip in trips {
        let text = trip.name.dropFirst("step 1 requires ".count)
        #expect(outcome.output.contains("\(text) is not so (is "), "\(trip.name): \(outcome.output)")
      }
      let rollback = try repository.script("prod/rollback.sh --yes --if-needed", environment)
      #expect(rollback.code == 0, "\(rollback.output)")
      try repository.expectNextgenMarketTakenBack("prod")
      let shares = try repository.traffic.map { ($0[NextgenMarket.candidate] ?? 0).rounded() }
      let rests = trips.contains { $0.outcome == .rests(at: 25) }
      #expect(shares == [Double(from), Double(to)] + (rests ? [25, 0] : [0]))
    }
  }

  @Test func aStabilisationThatFailsGoesBackToTheVersionThatIsStillThere() throws {
    let scenario = NextgenMarket.underWay(weight: 100)
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      let environment = NextgenMarket.environment("prod")
      for trip in NextgenMarket.prodStabilisation {
        var troubled = scenario
        trip.change(&troubled)
        try repository.set("/versions/new/rules", troubled["versions"]["new"]["rules"])
        for (name, body) in trip.programs { try repository.nextgenMarketProgram(name, body) }
        let outcome = try repository.script("prod/rollout.sh stabilise", environment)
        for name in trip.programs.keys { try repository.nextgenMarketProgram(name, "exit 0") }
        #expect(outcome.code == 1, "\(trip.name)")
        #expect(outcome.output.contains(trip.says), "\(trip.name): \(outcome.output)")
      }
      let rollback = try repository.script("prod/rollback.sh --yes --if-needed", environment)
      #expect(rollback.code == 0, "\(rollback.output)")
      try repository.expectNextgenMarketTakenBack("prod")
      #expect(
        !(try repository.calls.contains { $0.contains("az container create") }), "the old version was still there")
    }
  }

  @Test(arguments: NextgenMarket.prodRollback)
  func aVersionBeforeThatDoesNotDoWellGetsTheTrafficAllTheSame(trip: NextgenMarketTrip) throws {
    var scenario = NextgenMarket.underWay(weight: 25)
    trip.change(&scenario)
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      let rollback = try repository.script("prod/rollback.sh --yes --if-needed", NextgenMarket.environment("prod"))
      #expect(rollback.code == 4, "\(rollback.output)")
      #expect(rollback.output.contains(trip.says), "\(rollback.output)")
      try repository.expectNextgenMarketTakenBack("prod")
    }
  }
}
