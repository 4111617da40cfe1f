import GitHubWorkflow
import Testing

/// Releases of nextgen-market that go well, environment by environment, workflow and all.
@Suite(.threads) struct NextgenMarketReleaseTests {
  @Test func devReplacesItsContainer() throws {
    try ReleaseRepository.nextgenMarket(NextgenMarket.dev) { repository in
      let runner = try repository.nextgenMarketRunner("dev")
      let run = try runner.run(secrets: NextgenMarket.secrets)
      #expect(run.conclusion == .success, "\(runner.output)")
      let target = try repository.nextgenMarketTarget("dev")
      #expect(target.images == ["aci-dev-nextgen": NextgenMarket.new])
      #expect(target.marker["state"] == "promoted")
      #expect(try repository.nextgenMarketStatuses["nextgen-market/dev/smoke"] == "success")
      #expect(try repository.nextgenMarketStatuses["nextgen-market/dev"] == "success")
      try expectNoSecret(in: runner, repository)
    }
  }

  @Test func stagingSwitchesFromBlueToGreenAndThenRemovesBlue() throws {
    try ReleaseRepository.nextgenMarket(NextgenMarket.staging) { repository in
      let runner = try repository.nextgenMarketRunner("staging")
      let run = try runner.run(secrets: NextgenMarket.secrets)
      #expect(run.conclusion == .success, "\(runner.output)")
      let green = "aci-staging-gh-1001-1"
      let target = try repository.nextgenMarketTarget("staging")
      #expect(target.images == [green: NextgenMarket.new])
      #expect(target.endpoints == [green: 100])
      #expect(target.marker["state"] == "promoted")
      let statuses = try repository.nextgenMarketStatuses
      for name in ["", "/full-smoke", "/load-test", "/security-scan"] {
        #expect(statuses["nextgen-market/staging\(name)"] == "success")
      }
      try expectNoSecret(in: runner, repository)
    }
  }

  @Test func prodGoesUpInSharesIsStabilisedAndThenAlone() throws {
    try ReleaseRepository.nextgenMarket(NextgenMarket.prod) { repository in
      let runner = try repository.nextgenMarketRunner("prod")
      let run = try runner.run(secrets: NextgenMarket.secrets)
      #expect(run.conclusion == .success, "\(runner.output)")
      let shares = try repository.traffic.map { ($0[NextgenMarket.candidate] ?? 0).rounded() }
      #expect(shares == [0, 5, 25, 50, 100])
      let target = try repository.nextgenMarketTarget("prod")
      #expect(target.images == [NextgenMarket.candidate: NextgenMarket.new])
      #expect(target.endpoints == [NextgenMarket.candidate: 100])
      #expect(target.marker["state"] == "promoted")
      #expect(try repository.nextgenMarketStatuses["nextgen-market/prod"] == "success")
      try expectEverybodyKnows(runner, repository)
      try expectRecord(runner)
      let duties = try repository.state["github"]["issues"].elements.dropFirst().map { $0["title"].string ?? "" }
      #expect(duties.count == 3, "\(duties)")
      for title in ["The first hour", "The first day", "The first week"] {
        #expect(duties.contains { $0.contains(title) && $0.contains("nextgen-market") }, "\(duties)")
      }
      try expectNoSecret(in: runner, repository)
    }
  }

  private func expectEverybodyKnows(_ runner: WorkflowRunner, _ repository: ReleaseRepository) throws {
    let messages = try repository.posted("hooks.slack.com").compactMap { $0["text"].string }
    #expect(messages.count == 2)
    #expect(messages.first?.hasPrefix("nextgen-market v1.0.0 is being released to prod\n") == true)
    let success = try #require(messages.last)
    #expect(success.hasPrefix("nextgen-market v1.0.0 is released to prod\nstatus: succeeded\nversion: "), "\(success)")
    for text in ["\nafter: ", "/actions/runs/1001\n", "\nDashboards: https://grafana.nextgen.example"] {
      #expect(success.contains(text), "\(success)")
    }
    #expect(try repository.state["pagerduty"].members.isEmpty, "nobody is woken up because all is well")
    #expect(try repository.state["status_page"]["entry-1"]["incident"]["status"] == "resolved")
    let mail = try Program.text(of: repository.checkout.appendingPathComponent("mail.txt"))
    #expect(
      mail.hasPrefix("--to stakeholders@nextgen.example succeeded nextgen-market v1.0.0 is released to prod\n"),
      "\(mail)")
    #expect(runner.summary.contains("- succeeded: nextgen-market v1.0.0 is released to prod"))
  }

  private func expectRecord(_ runner: WorkflowRunner) throws {
    let upload = try #require(runner.uploads.first)
    #expect(upload.name == "nextgen-market-prod-evidence-1")
    let texts = try runner.repository.texts(under: [runner.temporary("rollout")])
    let record = try JSON(parsing: try #require(texts.first { $0.key.hasSuffix("prod-1001-1.json") }?.value))
    #expect(record["kind"] == "release" && record["result"] == "success" && record["strategy"] == "canary")
    #expect(record["commit"] == "abc" && record["operator"] == "ann" && record["artifact"].string == NextgenMarket.new)
    #expect(record["version"].string == "\(NextgenMarket.candidate)=\(NextgenMarket.new)")
    #expect(record["previous"].string == "\(NextgenMarket.stable)=\(NextgenMarket.old)")
    #expect(record["approvals"].elements.compactMap { $0["user"].string }.sorted() == ["olga", "rita", "tom"])
    #expect(record["started"].string?.hasPrefix("2026-06-02T02:0") == true)
    let verified = record["verification"].elements.compactMap { $0["text"].string }
    for text in ["error-rate < 0.5% (is 0.05", "database-integrity at the end of the stabilisation", "50 % held for "] {
      #expect(verified.contains { $0.contains(text) }, "\(verified)")
    }
  }

  private func expectNoSecret(in runner: WorkflowRunner, _ repository: ReleaseRepository) throws {
    let folders = [repository.temporary, repository.checkout, runner.temporary("rollout"), runner.temporary("guard")]
    var texts = try repository.texts(under: folders)
    texts["output"] = runner.output
    texts["summary"] = runner.summary
    texts["arguments"] = try repository.calls.filter { !$0.hasPrefix("http ") }.joined(separator: "\n")
    texts["GitHub"] = try repository.state["github"].text
    texts["Azure"] = try repository.state["azure"].text
    for (place, text) in texts {
      for secret in NextgenMarket.hidden { #expect(!text.contains(secret), "\(secret) is in \(place)") }
    }
  }
}
