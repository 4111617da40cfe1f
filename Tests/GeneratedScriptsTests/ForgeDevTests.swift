import GitHubWorkflow
import Testing

/// Releases of forge into dev: Kubernetes' own rolling update, then a watch.
@Suite(.threads) struct ForgeDevTests {
  @Test func aGoodReleaseReplacesTheOldVersionAndReports() throws {
    try ReleaseRepository.forge(Forge.development) { repository in
      let runner = try repository.forgeRunner("dev")
      let run = try runner.run(secrets: Forge.secrets)
      #expect(run.conclusion == .success, "\(runner.output)")
      let deployment = try repository.deployment(Forge.dev)
      #expect(deployment.image.hasPrefix("\(Forge.image)@sha256:"))
      #expect(deployment.image != Forge.old)
      #expect(deployment.marker["state"] == "promoted")
      let posted = try repository.state["github"]["commits"]["abc"]["statuses"].elements.filter {
        $0["context"].string?.hasPrefix("forge-api/dev") == true && $0["state"] == "success"
      }
      #expect(
        Set(posted.compactMap { $0["context"].string }) == [
          "forge-api/dev", "forge-api/dev/smoke", "forge-api/dev/error-rate-quiet", "forge-api/dev/integration",
          "forge-api/dev/performance", "forge-api/dev/security",
        ], "\(runner.output)")
    }
  }

  @Test func aReportThatFailsIsRecordedAndStopsNothing() throws {
    let critical = """
      mkdir -p build
      printf '{"runs": [{"results": [{"ruleId": "CVE-1", "properties": {"security-severity": "9.8"}}]}]}' >build/trivy.sarif
      """
    var scenario = Forge.development
    scenario["kubernetes"]["deployments"][0]["annotations"] = [
      "liftlock.dev/state": "verifying", "liftlock.dev/run": "1001-1", "liftlock.dev/previous": .string(Forge.old),
      "liftlock.dev/candidate": .string(Forge.new),
    ]
    try ReleaseRepository.forge(scenario, programs: ["scan": critical]) { repository in
      let outcome = try repository.script("dev/rollout.sh report security", Forge.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      let status = try repository.state["github"]["commits"]["abc"]["statuses"].elements.first {
        $0["context"] == "forge-api/dev/security"
      }
      #expect(status?["state"] == "failure")
    }
  }

  @Test func anImageThatNeverBecomesReadyIsTakenBack() throws {
    var scenario = Forge.development
    scenario["versions"]["new"]["ready"] = false
    scenario["faults"] = [Forge.slowAnswers]
    try ReleaseRepository.forge(scenario) { repository in
      let outcome = try repository.script("dev/rollout.sh all", Forge.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("waited 600s, and still not: every replica runs the new image"))
      let deployment = try repository.deployment(Forge.dev)
      #expect(deployment.image == Forge.old)
      #expect(deployment.marker["state"] == "rolled-back")
      #expect(try repository.traffic == [["forge-api": 100]])
    }
  }

  @Test func aVersionThatFailsItsSmokeTestOnceLiveIsTakenBack() throws {
    var scenario = Forge.development
    scenario["versions"]["new"]["paths"] = ["/health/ready": 503]
    try ReleaseRepository.forge(scenario) { repository in
      let outcome = try repository.script("dev/rollout.sh all", Forge.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("smoke fails on the new version"))
      #expect(try repository.deployment(Forge.dev).image == Forge.old)
      #expect(try repository.deployment(Forge.dev).marker["state"] == "rolled-back")
    }
  }

  // MARK: - Answers of Prometheus

  /// A release in dev that is live and being watched.
  private func watched(_ firstQuery: JSON) -> JSON {
    var scenario = Forge.development
    scenario["kubernetes"]["deployments"][0]["containers"] = ["api": .string(Forge.new)]
    scenario["kubernetes"]["deployments"][0]["annotations"] = [
      "liftlock.dev/state": "deploying", "liftlock.dev/run": "1001-1", "liftlock.dev/previous": .string(Forge.old),
      "liftlock.dev/candidate": .string(Forge.new),
    ]
    scenario["queries"] = .array([firstQuery] + scenario["queries"].elements)
    return scenario
  }

  @Test func noSeriesOfErrorsWhileThereAreRequestsIsZero() throws {
    let absent: JSON = ["match": "http_requests_total.*code=", "result": "empty"]
    try ReleaseRepository.forge(watched(absent)) { repository in
      let step = try repository.script("dev/rollout.sh step 1", Forge.environment)
      #expect(step.code == 0, "\(step.output)")
      #expect(!step.output.contains("unknown"))
    }
  }

  @Test(arguments: ["empty", "nan", "error", "garbage"])
  func noSeriesOfRequestsIsUnknownAndNotZero(result: String) throws {
    let absent: JSON = ["match": "increase\\(http_requests_total[^,]*,track=\"\\w+\"\\}", "result": .string(result)]
    try ReleaseRepository.forge(watched(absent)) { repository in
      let step = try repository.script("dev/rollout.sh step 1", Forge.environment)
      #expect(step.code == 1)
      #expect(step.output.contains(/ERROR: no data for \d+s: error-rate > 3% over 2m/), "\(step.output)")
    }
  }
}
