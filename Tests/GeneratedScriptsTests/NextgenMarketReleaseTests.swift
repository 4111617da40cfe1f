import GitHubWorkflow
import Testing

/// Releases of nextgen-market that go well, environment by environment, workflow and all.
@Suite struct NextgenMarketReleaseTests {
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
      try expectNoSecret(in: runner, repository)
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
