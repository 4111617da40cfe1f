import Foundation
import GitHubWorkflow
import Testing

/// Webhooks that are missing, fail or disagree, and runs that are broken off.
@Suite(.threads) struct EcomBackTroubleTests {
  private func bad(_ place: EcomBack.Place, _ route: EcomBack.Route? = nil, answers: JSON = [:]) -> JSON {
    var scenario = EcomBack.scenario
    scenario["versions"]["new"]["health"] = 503
    if let route {
      for (key, value) in answers.members { scenario["http"][EcomBack.route(route, of: place)][key] = value }
    }
    return scenario
  }

  // MARK: - What may be missing

  @Test func withoutItsTwoWebhooksStagingSaysInItsReportThatNothingWasTakenBack() throws {
    try ReleaseRepository.ecomBack(bad(.staging)) { repository in
      let release = try repository.release(
        .staging, without: ["STAGING_ROLLBACK_WEBHOOK", "STAGING_ROLLBACK_VERIFY_WEBHOOK"])
      #expect(release.run.conclusion == .failure)
      let record = try release.record()
      #expect(record["rollbackState"] == "skipped_missing_webhook", "\(record)")
      #expect(record["rollbackCallbackState"] == "skipped_missing_webhook")
      #expect(release.runner.uploads.first?.name == "staging-release-gate-report")
      #expect(release.runner.summary.contains("skipped_missing_webhook"), "\(release.runner.summary)")
      #expect(release.runner.output.contains("NOT TAKEN BACK: no rollback webhook"))
      #expect(try release.live == "new")
      #expect(try release.hooks == ["deploy"])
      // Production stays closed, and somebody is told.
      #expect(try release.statuses()["staging"] == "failure")
      #expect(try release.pages.map { $0["severity"] } == ["critical"])
      #expect(release.run.job("result")?.result == .failure)
      try release.expectNoSecret()
    }
  }

  @Test func withoutItsVerifyWebhookStagingIsTakenBackAndTheReportSaysThatNobodyConfirmedIt() throws {
    try ReleaseRepository.ecomBack(bad(.staging)) { repository in
      let release = try repository.release(.staging, without: ["STAGING_ROLLBACK_VERIFY_WEBHOOK"])
      #expect(release.run.conclusion == .failure)
      let record = try release.record()
      #expect(record["rollbackState"] == "succeeded" && record["rollbackCallbackState"] == "skipped_missing_webhook")
      #expect(try release.live == "old")
      #expect(try release.marker["state"] == "rolled-back")
      #expect(try release.pages.isEmpty)
    }
  }

  @Test(arguments: ["ROLLBACK_WEBHOOK", "ROLLBACK_VERIFY_WEBHOOK", "DEPLOY_WEBHOOK", "SMOKE_URLS"])
  func whatProductionNeedsItDoesNotBeginWithout(secret: String) throws {
    try ReleaseRepository.ecomBack { repository in
      let release = try repository.release(.production, without: ["PRODUCTION_\(secret)"])
      #expect(release.run.conclusion == .failure)
      #expect(release.runner.output.contains("no value for: PRODUCTION_\(secret) ("), "\(release.runner.output)")
      #expect(try release.hooks.isEmpty)
      #expect(try release.live == "old")
      #expect(try release.record()["result"] == "failure")
    }
  }

  @Test func aListWithoutAddressesIsUnknownAndNotGood() throws {
    try ReleaseRepository.ecomBack { repository in
      let environment = EcomBack.environment(.staging).merging(["STAGING_SMOKE_URLS": " , "]) { $1 }
      #expect(try repository.script("staging/rollout.sh deploy", environment).code == 0)
      let step = try repository.script("staging/rollout.sh step 1", environment)
      #expect(step.code == 1)
      #expect(step.output.contains("staging-smoke is unknown on the new version, which is not good enough"))
    }
  }

  @Test func aTokenThatIsNotAcceptedFailsTheProbes() throws {
    try ReleaseRepository.ecomBack { repository in
      let release = try repository.release(.staging, without: ["STAGING_SMOKE_BEARER_TOKEN"])
      #expect(release.run.conclusion == .failure)
      #expect(release.runner.output.contains("address 1 of the list: answered 401 instead of 200"))
      #expect(release.runner.output.contains("address 2 of the list: answered 401 instead of 200"))
      #expect(try release.live == "old")
    }
  }

  // MARK: - Webhooks that fail

  @Test(arguments: EcomBack.Place.allCases)
  func aRollbackWebhookThatFailsFailsTheRunAndPagesThePlatformOnCall(place: EcomBack.Place) throws {
    try ReleaseRepository.ecomBack(bad(place, .rollback, answers: ["status": 500])) { repository in
      let release = try repository.release(place)
      #expect(release.run.conclusion == .failure)
      #expect(release.run.job("guard")?.result == .failure)
      #expect(try release.live == "new")
      let record = try release.record()
      #expect(record["rollbackState"] == "failed" && record["rollbackCallbackState"] == "not_needed", "\(record)")
      #expect(release.runner.summary.contains("The rollback webhook of ecom-back in \(place) failed."))
      #expect(release.runner.summary.contains("Look at the target now: docs/runbooks/ecom-back.md"))
      let page = try #require(try release.pages.first)
      #expect(page["severity"] == "critical" && page["source"] == .string("ecom-back/\(place)"))
      // Unfinished, so that the next rollback tries again and no release begins on top of it.
      #expect(try release.marker["state"] == "rolling-back")
      #expect(try release.comments.contains { $0.contains("THE ROLLBACK IN \(place) FAILED") })
      try release.expectNoSecret()
    }
  }

  @Test func aCallbackThatDisagreesFailsTheGateAndStandsInTheSummary() throws {
    try ReleaseRepository.ecomBack(bad(.production, .verify, answers: ["status": 409])) { repository in
      let release = try repository.release(.production)
      #expect(release.run.conclusion == .failure)
      #expect(try release.live == "old")
      let record = try release.record()
      #expect(record["rollbackState"] == "succeeded" && record["rollbackCallbackState"] == "failed", "\(record)")
      #expect(release.runner.summary.contains("The verify webhook of ecom-back in production failed."))
      #expect(try release.statuses()["production"] == "failure")
    }
  }

  @Test(arguments: [["status": 500], ["error": "hang"]] as [JSON])
  func aDeploymentOfWhichNobodyKnowsHowItEndedIsTakenBack(answer: JSON) throws {
    var scenario = EcomBack.scenario
    for (key, value) in answer.members { scenario["http"][EcomBack.route(.deploy, of: .production)][key] = value }
    try ReleaseRepository.ecomBack(scenario) { repository in
      let release = try repository.release(.production)
      #expect(release.run.conclusion == .failure)
      #expect(try release.hooks == ["deploy", "rollback", "verify"])
      #expect(try release.live == "old")
      #expect(try release.marker["state"] == "rolled-back")
    }
  }

  // MARK: - Broken off

  enum Interruption: CaseIterable { case cancelled, timedOut, timedOutInItsRollback, runnerLost }

  @Test(arguments: Interruption.allCases)
  func aRunThatIsBrokenOffInItsWatchIsTakenBack(interruption: Interruption) throws {
    var scenario = EcomBack.scenario
    if interruption == .timedOutInItsRollback {
      // What is left of the job's time is not enough for its own rollback, so that it falls to the guard.
      scenario["faults"] = [["command": "http", "match": "POST .*/rollback", "kind": "kill", "times": 1]]
    }
    try ReleaseRepository.ecomBack(scenario) { repository in
      let steps = try repository.example.workflow("production").jobs.first { $0.id == "rollout" }?.steps ?? []
      let watch = try #require(steps.firstIndex { $0.name.hasPrefix("100 %") })
      let disturbance: Disturbance =
        switch interruption {
        case .cancelled: .runCancelledDuringStep(job: "rollout", step: watch)
        case .timedOut, .timedOutInItsRollback: .jobTimesOut(job: "rollout", step: watch)
        case .runnerLost: .runnerLost(job: "rollout", step: watch)
        }
      let release = try repository.release(.production, disturbances: [disturbance])
      #expect(release.run.conclusion != .success)
      #expect(release.run.job("result")?.result == .failure)
      #expect(release.run.job("guard")?.result == .success, "\(release.runner.output)")
      #expect(try repository.ecomLive(.production).map(\.version) == ["old", "new", "old"])
      #expect(try release.hooks.last == "verify")
      #expect(try release.marker["state"] == "rolled-back")
      #expect(try repository.state["github"]["issues"].elements.count == 1)
      // GitHub cancels a job whose time is up, and a cancelled job has five more minutes for steps with `cancelled()`
      // or `always()`: the rollback in the job is the rule there, too. The guard is for when that does not get through.
      let rolledBackInTheJob = release.run.job("rollout")?.steps.first { $0.name == "Roll back" }?.outcome == .success
      #expect(rolledBackInTheJob == (interruption == .cancelled || interruption == .timedOut))
    }
  }

  @Test(arguments: [
    "gh api --method POST .*state\\]=rolling-back", "http POST .*/rollback", "http POST .*/verify",
    "gh api --method POST .*state\\]=rolled-back",
  ])
  func aRollbackThatWasKilledCanBeRunAgain(afterThis call: String) throws {
    let words = call.split(separator: " ", maxSplits: 1).map(String.init)
    try ReleaseRepository.ecomBack(bad(.production)) { repository in
      let environment = EcomBack.environment(.production)
      #expect(try repository.script("production/rollout.sh deploy", environment).code == 0)
      #expect(try repository.script("production/rollout.sh step 1", environment).code == 1)
      try repository.set(
        "/faults",
        [["command": .string(words[0]), "match": .string(words[1]), "kind": "kill", "when": "after", "times": 1]])
      #expect(try repository.script("production/rollback.sh --yes --if-needed", environment).code == 137)
      let again = try repository.script("production/rollback.sh --yes", environment)
      #expect(again.code == 0, "\(again.output)")
      #expect(try repository.ecomLive(.production).last?.version == "old")
      #expect(try repository.ecomMarker(.production)["state"] == "rolled-back")
      #expect(try repository.state["github"]["issues"].elements.count == 1)
    }
  }

  @Test func aSecondReleaseIsRefusedWhileOneIsUnderWay() throws {
    try ReleaseRepository.ecomBack { repository in
      let first = EcomBack.environment(.staging).merging(["GITHUB_RUN_ID": "1000"]) { $1 }
      #expect(try repository.script("staging/rollout.sh deploy", first).code == 0)
      let release = try repository.release(.staging)
      #expect(release.run.job("rollout")?.result == .failure)
      #expect(release.runner.output.contains(/run 1000-1 .*unfinished \(deploying\)/), "\(release.runner.output)")
      #expect(try release.hooks.isEmpty)
      #expect(try release.marker["run"] == "1000-1")
    }
  }

  // MARK: - By hand

  @Test(arguments: EcomBack.Place.allCases)
  func aPromotedReleaseGoesBackWhenAPersonStartsTheWorkflow(place: EcomBack.Place) throws {
    try ReleaseRepository.ecomBack { repository in
      #expect(try repository.release(place).run.conclusion == .success)
      let runner = WorkflowRunner(
        repository, try repository.example.workflow("rollback"),
        EcomBack.github.merging(["GITHUB_RUN_ID": "1002"]) { $1 })
      let run = try runner.run(
        event: "workflow_dispatch", secrets: place.secrets,
        inputs: [
          "environment": .string(place.rawValue), "to": .string(""), "reason": .string("orders are lost; $(id) `id`"),
        ])
      #expect(run.conclusion == .success, "\(runner.output)")
      let release = EcomBackRun(place: place, repository: repository, runner: runner, run: run)
      #expect(try repository.ecomLive(place).map(\.version) == ["old", "new", "old"])
      #expect(try release.hooks == ["deploy", "rollback", "verify"])
      #expect(try release.statuses()["\(place)"] == "failure")
      #expect(runner.summary.contains("- reason: orders are lost; $(id) `id`"))
      try release.expectNoSecret()
    }
  }

  @Test func aDryRunAndAStatusChangeNothing() throws {
    try ReleaseRepository.ecomBack { repository in
      let environment = EcomBack.environment(.production)
      #expect(try repository.script("production/rollout.sh all", environment).code == 0)
      let before = try repository.state["github"]
      for (option, texts) in [
        "--status": ["live:           ", "version before: \(EcomBack.old)", "weight now:     100 %"],
        "--dry-run": ["back to \(EcomBack.old)", "(call the rollback webhook)"],
      ] {
        let outcome = try repository.script("production/rollback.sh \(option)", environment)
        #expect(outcome.code == 0, "\(outcome.output)")
        for text in texts { #expect(outcome.output.contains(text), "\(outcome.output)") }
      }
      #expect(try repository.state["github"] == before)
      #expect(try repository.ecomLive(.production).last?.version == "new")
    }
  }
}
