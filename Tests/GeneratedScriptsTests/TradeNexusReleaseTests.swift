import Foundation
import GitHubWorkflow
import Testing

/// The release workflow of trade-nexus, from the push to the last status.
@Suite(.threads) struct TradeNexusReleaseTests {
  @Test func aGoodReleaseGoesThroughEveryStepAndLeavesItsRecord() throws {
    try ReleaseRepository.tradeNexus { repository in
      let runner = try repository.tradeNexusRunner()
      let run = try runner.run(secrets: TradeNexus.secrets)
      #expect(run.conclusion == .success, "\(runner.output)")
      #expect(run.job("guard")?.result == .skipped)
      #expect(
        try repository.traffic == [
          [TradeNexus.old: 100], [TradeNexus.old: 90, TradeNexus.new: 10], [TradeNexus.old: 50, TradeNexus.new: 50],
          [TradeNexus.new: 100],
        ])
      let marker = try repository.azureMarker
      #expect(marker["state"] == "promoted")
      #expect(marker["candidate"] == TradeNexus.new)
      #expect(marker["previous"] == TradeNexus.old)

      let statuses = try repository.state["github"]["commits"]["abc"]["statuses"].elements
      #expect(
        statuses.map { [$0["context"].string, $0["state"].string] } == [
          ["trade-nexus-backend/production", "success"], ["trade-nexus-backend/production/smoke", "success"],
        ])

      let record = "/.ops/evidence/2026-06-02-trade-nexus-backend-production-1001-1"
      let upload = try #require(runner.uploads.first)
      #expect(upload.name == "trade-nexus-backend-production-evidence-1")
      #expect(upload.files == ["\(record).json", "\(record).md"].map { String($0.dropFirst()) })
      let folder = runner.temporary("rollout").path + "/liftlock/trade-nexus-backend/production/evidence"
      let text = try Program.text(of: URL(fileURLWithPath: "\(folder)\(record).md"))
      #expect(text.hasPrefix("# Release evidence: trade-nexus-backend to production\n"))
      for line in [
        "- Result: success", "- Revision: \(TradeNexus.new)", "- Revision before: \(TradeNexus.old)", "- Commit: abc",
        "- Workflow run: 1001-1", "- Operator: ann", "- [ ] Follow-up work:",
      ] {
        #expect(text.contains("\n\(line)\n"))
      }
      #expect(text.contains("passed: smoke on the new version, before any traffic"))
      #expect(!text.contains("{{"))
      let json = try JSON(parsing: try Program.text(of: URL(fileURLWithPath: "\(folder)\(record).json")))
      #expect(json["result"] == "success")
      #expect(json["journal"].elements.contains { $0["event"] == "promoted" })
      #expect(runner.summary.contains("# Release evidence: trade-nexus-backend to production"))
    }
  }

  @Test func tooManyErrorsAtHalfOfTheTrafficTakeTheReleaseBackInTheJob() throws {
    let scenario = TradeNexus.scenario(new: ["weight_at_least": 50, "error_percent": 9])
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let runner = try repository.tradeNexusRunner()
      let run = try runner.run(secrets: TradeNexus.secrets)
      #expect(run.conclusion == .failure)
      #expect(run.job("rollout")?.steps.first { $0.name == "Roll back" }?.outcome == .success, "\(runner.output)")
      try repository.expectTakenBack()
      #expect(!(try repository.traffic.contains { $0[TradeNexus.new] == 100 }))
      // The guard looks, and finds the work done.
      #expect(run.job("guard")?.result == .success)
      #expect(runner.output.contains("nothing to take back: rolled-back (run 1001-1)"))
      #expect(try repository.calls.filter { $0.contains("\(TradeNexus.old)=100") }.count == 1)

      let issues = try repository.state["github"]["issues"].elements
      #expect(issues.count == 1)
      #expect(issues.first?["labels"].elements.map { $0["name"].string } == ["root-cause-pending"])
      let body = issues.first?["body"].string ?? ""
      #expect(body.contains("- reason: rollback condition met: error-rate > 5% over 2m"))
      #expect(body.contains("- from: \(TradeNexus.new)\n- to: \(TradeNexus.old)\n"))
      #expect(body.contains("Find the root cause before the next attempt"))
      let comments = try repository.state["github"]["pulls"]["12"]["comments"].elements
      #expect(comments.count == 1)
      let number = Int(issues.first?["number"].number ?? 0)
      #expect(comments.first?["body"].string?.contains("Incident: #\(number)") == true)
      #expect(try repository.azureMarker["incident"] == "\(number)")
      let statuses = try repository.state["github"]["commits"]["abc"]["statuses"].elements
      #expect(statuses.first?["context"] == "trade-nexus-backend/production")
      #expect(statuses.first?["state"] == "failure")
      let record = runner.uploads.first?.files ?? []
      #expect(record.contains { $0.hasSuffix("production-1001-1-incident.md") })
    }
  }

  /// Nothing is edited here: the very times of the example, with logs that come three minutes late.
  @Test func theExampleAsItIsWrittenTakesABadReleaseBack() throws {
    var scenario = TradeNexus.scenario(new: ["weight_at_least": 10, "error_percent": 9])
    scenario["queries"][0]["lag"] = "3m"
    scenario["queries"][1]["lag"] = "3m"
    scenario["azure"]["token_minutes"] = 6000
    try ReleaseRepository.tradeNexus(scenario, TradeNexus.asWritten) { repository in
      let outcome = try repository.script("\(TradeNexus.rollout) all", TradeNexus.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("rollback condition met: error-rate > 5% over 5m"))
      try repository.expectTakenBack()
    }
  }

  // MARK: - Gates

  enum Obstacle: CaseIterable { case redCheck, openIncident, youngRelease, failedRelease, noApproval, ownApproval }

  @Test(arguments: Obstacle.allCases)
  func aGateThatFailsLeavesEverythingUntouched(obstacle: Obstacle) throws {
    var scenario = TradeNexus.scenario
    switch obstacle {
    case .redCheck: scenario["github"]["commits"]["abc"]["check_runs"][2]["conclusion"] = "failure"
    case .openIncident: scenario["github"]["issues"] = [["title": "Down", "labels": ["sev-1"]]]
    case .youngRelease: scenario["github"]["deployments"][0]["created_at"] = "-59m"
    case .failedRelease: scenario["github"]["deployments"][0]["statuses"] = [["state": "failure"]]
    case .noApproval: scenario["github"]["approvals"] = [:]
    case .ownApproval: scenario["github"]["approvals"]["1001"][0]["environments"] = ["production-rollback"]
    }
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let before = try repository.app
      let runner = try repository.tradeNexusRunner()
      let run = try runner.run(secrets: TradeNexus.secrets)
      #expect(run.conclusion == .failure)
      #expect(try repository.app == before)
      #expect(!(try repository.calls.contains { $0.hasPrefix("docker") }))
      #expect(try repository.state["github"]["commits"]["abc"]["statuses"].elements.isEmpty)
    }
  }

  @Test func aPendingCheckIsWaitedForAndThenCounts() throws {
    var scenario = TradeNexus.scenario
    scenario["github"]["commits"]["abc"]["check_runs"][2] = [
      "name": "tests", "status": "in_progress", "later": ["at": "5m", "conclusion": "success"],
    ]
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let outcome = try repository.script("production/gates.sh ci", TradeNexus.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("tests is pending, waiting"))
    }
  }
}
