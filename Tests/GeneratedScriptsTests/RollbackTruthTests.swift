import Foundation
import Testing

/// What a rollback believes, and of what it speaks: the target and not the note on it, and the commit that is taken back
/// and not the one that its run stands on.
@Suite(.threads) struct RollbackTruthTests {
  /// A later run, from the head of the default branch, as the rollback workflow has it.
  private static func later(_ environment: String = "prod") -> [String: String?] {
    NextgenMarket.environment(environment).merging([
      "GITHUB_RUN_ID": "1002", "GITHUB_SHA": "head", "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main",
      "ARTIFACT": nil,
    ]) { $1 }
  }

  private static func world(weight: Int, state: String) -> JSON {
    var scenario = NextgenMarket.underWay(weight: weight, state: state)
    scenario["github"]["commits"]["head"] = ["pulls": [99]]
    scenario["github"]["pulls"]["99"] = ["head_sha": "head"]
    return scenario
  }

  private func rollBack(
    _ scenario: JSON, _ arguments: String = "--yes", _ body: (ReleaseRepository, Outcome) throws -> Void
  ) throws {
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      try body(repository, repository.script("prod/rollback.sh \(arguments)", Self.later()))
    }
  }

  // MARK: - The commit

  @Test func whatIsTakenBackIsCalledByItsOwnCommit() throws {
    try rollBack(Self.world(weight: 100, state: "promoted")) { repository, outcome in
      #expect(outcome.code == 0, "\(outcome.output)")
      let github = try repository.state["github"]
      let issues = github["issues"].elements
      let incident = try #require(issues.first { $0["title"].string?.hasPrefix("Rolled back") == true }?["body"].string)
      #expect(incident.contains("- commit: abc\n"), "\(incident)")
      #expect(issues.contains { $0["title"].string?.contains("nextgen-market abc in prod") == true })
      #expect(
        github["pulls"]["12"]["comments"].elements.contains { $0["body"].string?.hasPrefix("Rolled back") == true })
      #expect(github["pulls"]["99"]["comments"].elements.isEmpty)
      #expect(github["commits"]["head"]["statuses"].elements.isEmpty)
      let record = try repository.record(repository.runnerTemporary(), suffix: "1002-1-rollback.json")
      #expect(record["commit"] == "abc")
      let page = try #require(try repository.posted("events.pagerduty.com").last)
      #expect(page["payload"]["custom_details"]["commit"] == "abc")
    }
  }

  @Test func whatIsTakenBackIsRefusedByWhicheverWayItCameIn() throws {
    try rollBack(Self.world(weight: 100, state: "promoted")) { repository, _ in
      let statuses = try repository.nextgenMarketStatuses
      #expect(statuses["nextgen-market/prod"] == "failure" && statuses["nextgen-market/prod-hotfix"] == "failure")
    }
  }

  @Test func aHotfixThatWasTakenBackInStagingIsNotPromoted() throws {
    var scenario = NextgenMarket.scenario("staging-hotfix")
    scenario["azure"]["traffic_managers"]["tm-staging"]["tags"] = [
      "liftlock-state": "promoted", "liftlock-run": "900-1", "liftlock-commit": "abc",
      "liftlock-candidate": .string("aci-staging-v0-9-5=\(NextgenMarket.old)"),
      "liftlock-previous": .string("aci-staging-v0-9-4=\(NextgenMarket.old)"),
    ]
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      let gate = "prod-hotfix/gates.sh released-in-staging-hotfix"
      let hotfix = NextgenMarket.environment("prod-hotfix")
      #expect(try repository.script(gate, hotfix).code == 0)
      let outcome = try repository.script("staging/rollback.sh --yes", Self.later("staging"))
      #expect(outcome.code == 0, "\(outcome.output)")
      let refused = try repository.script(gate, hotfix)
      #expect(refused.code == 1)
      #expect(refused.output.contains("Released in staging-hotfix: failed"), "\(refused.output)")
    }
  }

  // MARK: - Run again

  @Test func aNoteThatItIsBackDoesNotKeepTheBadVersionLive() throws {
    try rollBack(Self.world(weight: 100, state: "rolled-back")) { repository, outcome in
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("is not seen to have all traffic: going on"))
      try repository.expectNextgenMarketTakenBack("prod")
    }
  }

  @Test func whatIsBackAndDoesWellIsLeftAlone() throws {
    try rollBack(Self.world(weight: 0, state: "rolled-back")) { repository, outcome in
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("already taken back to \(NextgenMarket.stable)="))
      let changes = try repository.calls.filter { $0.contains("endpoint update") || $0.contains("tag update") }
      #expect(changes.isEmpty)
      #expect(try repository.state["github"]["commits"]["abc"]["statuses"].elements.count == 4)
    }
  }

  @Test(arguments: [["paths": ["/api/invoices": 500]], ["error_percent": 2]] as [JSON])
  func whatIsBackAndDoesNotDoWellEndsWithFourEveryTime(old: JSON) throws {
    var scenario = Self.world(weight: 0, state: "rolled-back")
    for (key, value) in old.members { scenario["versions"]["old"][key] = value }
    try rollBack(scenario) { repository, outcome in
      #expect(outcome.code == 4, "\(outcome.output)")
      let target = try repository.nextgenMarketTarget("prod")
      #expect(target.endpoints == [NextgenMarket.stable: 100])
    }
  }

  // MARK: - Who hears of it

  @Test func numbersThatDoNotComeBackAreToldAfterAll() throws {
    var scenario = Self.world(weight: 50, state: "rolling-out")
    scenario["versions"]["old"]["error_percent"] = 2
    try rollBack(scenario) { repository, outcome in
      #expect(outcome.code == 4, "\(outcome.output)")
      let texts = try repository.posted("hooks.slack.com").compactMap { $0["text"].string }
      #expect(texts.count == 2, "\(texts)")
      #expect(texts.last?.contains("the numbers are not back: ") == true, "\(texts)")
      #expect(texts.last?.contains("error-rate &lt; 1% over 2m") == true, "\(texts)")
      #expect(try repository.state["pagerduty"]["nextgen-market/prod"]["severity"] == "critical")
    }
  }

  // MARK: - Drills

  private static let drill = "drill-rollback.sh run prod"

  /// Nobody was told, and nothing has changed.
  private func expectQuiet(_ repository: ReleaseRepository, _ before: NextgenMarket.Target) throws {
    #expect(try repository.nextgenMarketTarget("prod") == before)
    #expect(try repository.posted("hooks.slack.com").isEmpty)
    #expect(try repository.posted("events.pagerduty.com").isEmpty)
  }

  @Test(arguments: [nil, "unknown"] as [JSON?])
  func aDrillAfterARollbackPlansTheWayThatThereIs(candidate: JSON?) throws {
    var scenario = Self.world(weight: 0, state: "rolled-back")
    if let candidate { scenario["azure"]["traffic_managers"]["tm-prod"]["tags"]["liftlock-candidate"] = candidate }
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      let before = try repository.nextgenMarketTarget("prod")
      let outcome = try repository.script(Self.drill, Self.later())
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("there is nothing to go back to") == (candidate != nil), "\(outcome.output)")
      #expect(outcome.output.contains("--name \(NextgenMarket.candidate) ") == (candidate == nil), "\(outcome.output)")
      try expectQuiet(repository, before)
    }
  }

  @Test(arguments: [true, false])
  func aDrillThatFailsIsNoRollbackThatFailed(isBadAgain: Bool) throws {
    let scenario = isBadAgain ? Self.world(weight: 100, state: "rolled-back") : NextgenMarket.prod
    try ReleaseRepository.nextgenMarket(scenario) { repository in
      let before = try repository.nextgenMarketTarget("prod")
      let outcome = try repository.script(Self.drill, Self.later())
      #expect(outcome.code == 1)
      let said = isBadAgain ? "was taken back by run 1001-1, and is live again" : "name it: --to <version>"
      #expect(outcome.output.contains(said), "\(outcome.output)")
      try expectQuiet(repository, before)
    }
  }

  /// What the release before said of the schema is about its own migration.
  @Test func aReleaseWithoutAMigrationBeginsWithNothingSaidOfTheSchema() throws {
    let line = "        migrate: { run: ops/migrate.sh, secrets: [DATABASE_URL], destructive: false }\n"
    try #require(GradualRelease.text.contains("    migrate: {"))
    let text = GradualRelease.text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { $0.drop { $0 == " " } != line.dropLast().drop { $0 == " " } }.joined(separator: "\n")
    var scenario = GradualRelease.scenario()
    scenario["azure"]["apps"]["market"]["tags"] = [
      "liftlock-state": "promoted", "liftlock-run": "900-1", "liftlock-schema": "incompatible",
    ]
    try ReleaseRepository.with(Example(name: "market", text: text), scenario) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollout) deploy")
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.marketMarker["schema"] == "")
    }
  }

  /// By hand all runs share a folder: why one of them stopped is no reason of another.
  @Test func whyAnotherRunWasStoppedIsNotTheReason() throws {
    let byHand: [String: String?] = ["GITHUB_RUN_ID": nil, "GITHUB_RUN_ATTEMPT": nil]
    let scenario = GradualRelease.underWay(weight: 0, run: "by-hand-ann", new: ["error_percent": 9])
    try ReleaseRepository.gradual(scenario) { repository in
      let stopped = try repository.gradual(
        "\(GradualRelease.rollout) step 1", byHand.merging(["LIFTLOCK_RUN": "by-hand-ann"]) { $1 })
      #expect(stopped.output.contains("rollback condition met"), "\(stopped.output)")
      let own = try repository.gradual(
        "\(GradualRelease.rollback) --yes --dry-run", byHand.merging(["LIFTLOCK_RUN": "by-hand-ann"]) { $1 })
      #expect(own.output.contains("rollback condition met"), "\(own.output)")
      let other = try repository.gradual("\(GradualRelease.rollback) --yes --dry-run", byHand)
      #expect(other.code == 0 && !other.output.contains("rollback condition met"), "\(other.output)")
    }
  }
}
