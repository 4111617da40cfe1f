import Foundation
import GitHubWorkflow
import Testing

/// Good releases of doc-0020 into each of its environments, and what is left of them.
@Suite(.threads) struct Doc0020ReleaseTests {
  private func release(_ place: Doc0020.Place, _ check: (ReleaseRepository, WorkflowRunner) throws -> Void) throws {
    try ReleaseRepository.doc0020(place) { repository in
      let runner = try repository.doc0020Runner(place)
      let run = try runner.run(
        event: place.target == "staging" ? "push" : "workflow_dispatch", secrets: Doc0020.secrets)
      #expect(run.conclusion == .success, "\(runner.output)")
      #expect(run.job("guard")?.result == .skipped)
      try check(repository, runner)
      try expectNoSecret(runner, repository)
    }
  }

  private func expectNoSecret(_ runner: WorkflowRunner, _ repository: ReleaseRepository) throws {
    var texts = try repository.texts(under: [
      repository.temporary, repository.checkout, runner.temporary("rollout"), runner.temporary("guard"),
    ])
    texts["output"] = runner.output
    texts["summary"] = runner.summary
    texts["arguments"] = try repository.calls.filter { !$0.hasPrefix("http ") }.joined(separator: "\n")
    texts["GitHub"] = try repository.state["github"].text
    texts["cluster"] = try repository.state["kubernetes"]["objects"].text
    for (place, text) in texts {
      for secret in Doc0020.hidden { #expect(!text.contains(secret), "\(secret) is in \(place)") }
    }
  }

  /// The record of the release (E4): who, what, when, how, approved by whom, and what was checked.
  private func expectRecord(
    _ runner: WorkflowRunner, _ repository: ReleaseRepository, _ place: Doc0020.Place, strategy: String,
    version: String, previous: String
  ) throws {
    let record = try repository.record(runner.temporary("rollout"), suffix: "1001-1.json")
    #expect(record["environment"] == .string(place.rawValue))
    #expect(record["strategy"] == .string(strategy))
    #expect(record["result"] == "success")
    #expect(record["commit"] == "abc")
    #expect(record["operator"] == "ann")
    #expect(record["artifact"] == .string(Doc0020.new))
    #expect(record["version"] == .string(version))
    #expect(record["previous"] == .string(previous))
    #expect(record["target"] == "promoted at 100 %")
    #expect(record["started"].string?.hasPrefix("2026-06-0") == true)
    #expect(record["duration_seconds"].number ?? 0 >= 180)
    #expect(record["approvals"].elements.map { $0["user"].string } == (Doc0020.approvals[place] ?? []).map(\.person))
    #expect(record["verification"].elements.contains { $0["event"] == "passed" && $0["text"] == "smoke passed" })
    #expect(runner.uploads.map(\.name) == ["app-\(place.rawValue)-evidence-1"])
    #expect(runner.uploads.first?.files.contains { $0.contains("logs/deployments/2026-06-0") } == true)
  }

  @Test func stagingIsReplacedByARollingUpdate() throws {
    try release(.staging) { (repository, runner) throws in
      #expect(try repository.doc0020State(.staging) == "new × 2, promoted")
      #expect(
        try Set(repository.statuses) == [
          "app/staging success", "app/staging/smoke success", "app/staging/errors-within-baseline success",
          "app/staging/latency-within-slo success", "app/staging/feature-flags success",
        ])
      try expectRecord(
        runner, repository, .staging, strategy: "rolling", version: Doc0020.new, previous: Doc0020.old)
      #expect(try repository.posted("hooks.slack.com").count == 2)
      #expect(try repository.state["pagerduty"].members.isEmpty)
      #expect(try repository.state["github"]["issues"].elements.isEmpty)
    }
  }

  @Test func thePilotTakesTheManifestsOfTheCanaryOneAfterTheOther() throws {
    try release(.pilot) { (repository, runner) throws in
      #expect(try repository.doc0020State(.pilot) == "new × 4, canary × 0, promoted")
      #expect(try repository.traffic.map { $0["app-canary"] ?? 0 } == [0, 5, 25, 100, 0])
      try expectRecord(runner, repository, .pilot, strategy: "canary", version: Doc0020.new, previous: Doc0020.old)
      #expect(runner.summary.contains("- Rollback rehearsed in staging: **passed**"), "\(runner.summary)")
      #expect(runner.summary.contains("- Live in staging for 24h: **passed** (advisory)"))
      let duties = try repository.state["github"]["issues"].elements.compactMap { $0["title"].string }
      #expect(duties.count == 1 && duties[0].contains("After the deployment — app v1.2.3 in pilot"), "\(duties)")
    }
  }

  @Test func productionIsSwitchedToTheOtherColourAndEverybodyHearsOfIt() throws {
    try release(.production) { (repository, runner) throws in
      #expect(
        try repository.doc0020State(.production) == "green live, blue old × 0, green new × 4, promoted")
      #expect(try repository.traffic == [["app-blue": 100], ["app-green": 100]])
      try expectRecord(
        runner, repository, .production, strategy: "blue-green", version: "green=\(Doc0020.new)",
        previous: "blue=\(Doc0020.old)")
      let slack = try repository.posted("hooks.slack.com").compactMap { $0["text"].string }
      #expect(slack.count == 2)
      #expect(slack.last?.hasPrefix("app v1.2.3 is released to production\nstatus: succeeded\n") == true, "\(slack)")
      let incident = try repository.state["status_page"]["entry-1"]["incident"]
      #expect(incident["name"] == "app in production: release")
      #expect(incident["status"] == "resolved")
      // Checked before anything was touched, in this order.
      let calls = try repository.calls
      let switched = try #require(calls.firstIndex { $0.contains("patch service/app-service ") })
      let proved = try #require(
        calls.firstIndex { $0.hasPrefix("http GET https://preview.api.doc0020.example/health") })
      #expect(proved < switched)
      #expect(runner.summary.contains("- succeeded: app v1.2.3 is released to production"))
    }
  }

  @Test func theNextReleaseIntoProductionIsProvedOnTheOtherColour() throws {
    try ReleaseRepository.doc0020(.production) { repository in
      for run in ["1001", "1002"] {
        var environment = Doc0020.environment(.production)
        environment["GITHUB_RUN_ID"] = run
        environment["ARTIFACT"] = run == "1001" ? Doc0020.new : Doc0020.old
        // As once a month: the second one within the same window.
        for phase in ["deploy", "verify-candidate", "step 1", "finish", "complete"] {
          let outcome = try repository.script("production/rollout.sh \(phase)", environment)
          #expect(outcome.code == 0, "\(outcome.output)")
        }
      }
      #expect(try repository.doc0020State(.production) == "blue live, blue old × 4, green new × 0, promoted")
    }
  }

  // MARK: - Hotfixes

  @Test func aHotfixIsProvedInStagingByTargetedTests() throws {
    try release(.stagingHotfix) { (repository, runner) throws in
      #expect(try repository.doc0020State(.stagingHotfix) == "new × 2, promoted")
      #expect(
        try Set(repository.statuses) == [
          "app/staging-hotfix success", "app/staging-hotfix/smoke success", "app/staging-hotfix/critical-path success",
        ])
    }
  }

  /// On a Saturday afternoon, a quarter of an hour after staging, and by any two of the board.
  @Test func aHotfixGoesOutsideTheWindowsAndOpensItsDuties() throws {
    try release(.productionHotfix) { (repository, runner) throws in
      #expect(
        try repository.doc0020State(.productionHotfix) == "green live, blue old × 0, green new × 4, promoted")
      try expectRecord(
        runner, repository, .productionHotfix, strategy: "blue-green", version: "green=\(Doc0020.new)",
        previous: "blue=\(Doc0020.old)")
      let issues = try repository.state["github"]["issues"].elements
      let titles = issues.compactMap { $0["title"].string }
      for duty in ["Postmortem of the hotfix", "Merge the hotfix back to main"] {
        let issue = try #require(issues.first { $0["title"].string?.contains(": \(duty) — ") == true }, "\(titles)")
        #expect(issue["title"].string?.hasPrefix("Due 2026-06-07 14:") == true, "\(titles)")
      }
    }
  }

  @Test func aHotfixWaivesNothingButWhatTheSpecSays() throws {
    let plan = try Doc0020.example.get().plan
    let usual = try #require(plan.environment("production")).gates.map(\.name)
    let hotfix = try #require(plan.environment("production-hotfix")).gates.map(\.name)
    #expect(
      Set(usual.map { $0.replacingOccurrences(of: "pilot", with: "staging-hotfix") }).subtracting(hotfix) == [
        "feature-flags"
      ])
  }
}
