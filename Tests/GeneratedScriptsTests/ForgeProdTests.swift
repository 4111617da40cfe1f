import Foundation
import GitHubWorkflow
import Testing

/// Releases of forge into production: canary by HTTPRoute, judged by Prometheus.
@Suite(.threads) struct ForgeProdTests {
  @Test func aGoodReleaseEndsOnTheStableDeployment() throws {
    try ReleaseRepository.forge(Forge.prod) { repository in
      let runner = try repository.forgeRunner("prod")
      let run = try runner.run(event: "workflow_dispatch", secrets: Forge.secrets)
      #expect(run.conclusion == .success, "\(runner.output)")
      let weights = try repository.traffic.map { $0["forge-api-canary"] ?? 0 }
      #expect(weights == [0, 5, 25, 100, 0])
      #expect(try repository.route == [100, 0])
      let stable = try repository.deployment(Forge.stable)
      #expect(stable.image == Forge.new)
      #expect(stable.marker["state"] == "promoted")
      #expect(stable.marker["previous"] == Forge.old)
      #expect(try repository.deployment(Forge.canary).replicas == 0)
      let posted = try repository.calls.filter { $0.hasPrefix("http POST https://hooks.slack.example") }
      #expect(posted.count == 2, "the start and the success are announced")
      try expectNoSecret(in: runner, repository)
    }
  }

  @Test func moreThanTwiceTheBaselineAtAQuarterTakesTheReleaseBack() throws {
    var scenario = Forge.prod
    // Far below the absolute limit of 3 %, far above the 0.2 % of the version before.
    scenario["versions"]["new"]["rules"] = [["weight_at_least": 25, "error_percent": 1.5]]
    try ReleaseRepository.forge(scenario) { repository in
      let runner = try repository.forgeRunner("prod")
      let run = try runner.run(event: "workflow_dispatch", secrets: Forge.secrets)
      #expect(run.conclusion == .failure)
      #expect(runner.output.contains("ERROR: rollback condition met: error-rate > 2x baseline"), "\(runner.output)")
      #expect(try repository.traffic.map { $0["forge-api-canary"] ?? 0 } == [0, 5, 25, 0])
      try repository.expectProdTakenBack()
      #expect(run.job("guard")?.result == .success)
      let issue = try repository.state["github"]["issues"][0]
      #expect(issue["labels"].elements.map { $0["name"].string } == ["sev-2"])
      try expectNoSecret(in: runner, repository)
    }
  }

  @Test func aStableDeploymentThatNeverBecomesReadyGoesBackToItsImage() throws {
    var scenario = Forge.underWay(weight: 100)
    scenario["versions"]["new"]["ready"] = false
    scenario["faults"] = [Forge.slowAnswers]
    try ReleaseRepository.forge(scenario) { repository in
      let finish = try repository.script("prod/rollout.sh finish", Forge.environment)
      #expect(finish.code == 1)
      #expect(finish.output.contains("the new version could not be made the only one"))
      #expect(try repository.deployment(Forge.stable).image == Forge.new)
      // The canary carries the traffic all the while.
      #expect(try repository.route == [0, 100])
      let rollback = try repository.script("prod/rollback.sh --yes --if-needed", Forge.environment)
      #expect(rollback.code == 0, "\(rollback.output)")
      try repository.expectProdTakenBack()
    }
  }

  @Test func aRolloutKilledInTheMiddleOfItsFinishIsTakenBack() throws {
    var scenario = Forge.underWay(weight: 100)
    scenario["faults"] = [
      ["command": "kubectl", "match": "set image deployment/forge-api ", "kind": "kill", "when": "after", "times": 1]
    ]
    try ReleaseRepository.forge(scenario) { repository in
      #expect(try repository.script("prod/rollout.sh finish", Forge.environment).code == 137)
      let rollback = try repository.script("prod/rollback.sh --yes --if-needed", Forge.environment)
      #expect(rollback.code == 0, "\(rollback.output)")
      try repository.expectProdTakenBack()
    }
  }

  // MARK: - Before anything is touched

  @Test(arguments: [
    "2026-06-02T09:00:00Z", "2026-06-02T01:59:00Z", "2026-06-05T02:30:00Z", "2026-06-02T05:30:00Z",
  ])
  func outsideTheChangeWindowNothingIsTouched(start: String) throws {
    var scenario = Forge.prod
    scenario["start"] = .string(start)
    try ReleaseRepository.forge(scenario) { repository in
      let outcome = try repository.script("prod/rollout.sh preflight", Forge.environment)
      #expect(outcome.code == 3)
      #expect(outcome.output.contains("outside the change window (mon, tue, wed, thu 02:00"), "\(outcome.output)")
      // Only GitHub is told when the window opens, so that the run can be started again.
      #expect(try repository.calls.allSatisfy { $0.hasPrefix("gh ") })
    }
  }

  @Test func insideTheChangeWindowAReleaseMayBegin() throws {
    try ReleaseRepository.forge(Forge.prod) { repository in
      let outcome = try repository.script("prod/rollout.sh preflight", Forge.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
    }
  }

  @Test func aRollbackWaitsForNoWindow() throws {
    var scenario = Forge.underWay(weight: 25)
    scenario["start"] = "2026-06-06T14:00:00Z"
    try ReleaseRepository.forge(scenario) { repository in
      let outcome = try repository.script("prod/rollback.sh --yes", Forge.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      try repository.expectProdTakenBack()
    }
  }

  @Test func onePersonCannotPassTwoGates() throws {
    var scenario = Forge.prod
    scenario["github"]["approvals"]["1001"] = [
      ["user": "sue", "environments": ["prod-approval-service-owner"]], ["user": "sue", "environments": ["prod"]],
    ]
    try ReleaseRepository.forge(scenario) { repository in
      let before = try repository.state["kubernetes"]["objects"]
      let runner = try repository.forgeRunner("prod")
      let run = try runner.run(event: "workflow_dispatch", secrets: Forge.secrets)
      #expect(run.conclusion == .failure)
      #expect(runner.output.contains("one person, two approvals: sue passed"))
      #expect(try repository.state["kubernetes"]["objects"] == before)
    }
  }

  @Test func whatStagingHasNotShownIsNotReleased() throws {
    for status in ["forge-api/staging", "forge-api/staging/security"] {
      var scenario = Forge.prod
      let shown = scenario["github"]["commits"]["abc"]["statuses"].elements
      scenario["github"]["commits"]["abc"]["statuses"] = .array(shown.filter { $0["context"] != .string(status) })
      try ReleaseRepository.forge(scenario) { repository in
        let outcome = try repository.script("prod/gates.sh all", Forge.environment)
        #expect(outcome.code == 3, "\(outcome.output)")
        #expect(outcome.output.contains("\(status) is missing"))
      }
    }
  }

  @Test func aCheckOfTheTeamThatFailsStopsBeforeAnythingIsTouched() throws {
    try ReleaseRepository.forge(Forge.prod, programs: ["verify-backup": "exit 1"]) { repository in
      let before = try repository.state["kubernetes"]["objects"]
      let outcome = try repository.script("prod/rollout.sh all", Forge.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("backup failed; nothing was touched"))
      #expect(try repository.state["kubernetes"]["objects"] == before)
    }
  }

  // MARK: - Secrets

  @Test func everyMissingSecretIsNamedAndAnOptionalOneIsNotMissed() throws {
    try ReleaseRepository.forge(Forge.prod) { repository in
      let nothing: [String: String?] = ["PROMETHEUS_URL": "", "DATABASE_URL": "", "ANNOUNCE_WEBHOOK": ""]
      let outcome = try repository.script("prod/rollout.sh preflight", Forge.environment.merging(nothing) { $1 })
      #expect(outcome.code == 3)
      #expect(outcome.output.contains("no value for: PROMETHEUS_URL DATABASE_URL ("), "\(outcome.output)")
      let optional = Forge.environment.merging(["ANNOUNCE_WEBHOOK": ""]) { $1 }
      #expect(try repository.script("prod/rollout.sh preflight", optional).code == 0)
      let telling = try repository.script("prod/rollout.sh notify started", optional)
      #expect(telling.code == 0)
      let without = "the announcement is written to the job summary only"
      #expect(
        telling.output.contains("release-channel was not told: no ANNOUNCE_WEBHOOK; \(without)"), "\(telling.output)")
    }
  }

  @Test func aMessageThatDoesNotGetThroughStopsNothing() throws {
    var scenario = Forge.prod
    scenario["faults"] = [["command": "http", "match": "hooks.slack", "kind": "fail", "status": 500]]
    try ReleaseRepository.forge(scenario) { repository in
      let outcome = try repository.script("prod/rollout.sh notify started", Forge.environment)
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("ERROR: release-channel could not be told"), "\(outcome.output)")
      #expect(!outcome.output.contains("hook-secret"))
    }
  }

  @Test func theKubeconfigIsAPrivateFileForAsLongAsTheScriptRuns() throws {
    let look = #"stat -c 'mode %a' "${KUBECONFIG}"; grep -c kube-token "${KUBECONFIG}"; echo "left: ${KUBECONFIG}""#
    try ReleaseRepository.forge(Forge.prod, programs: ["migrate": look]) { repository in
      let outcome = try repository.script("prod/rollout.sh migrate", Forge.environment)
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("mode 600\n1\nleft: \(repository.temporary.path)/"), "\(outcome.output)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: repository.temporary.path).isEmpty)
      // Also when it fails, and when it is a path from the start.
      #expect(try repository.script("prod/rollout.sh step 1", Forge.environment).code == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: repository.temporary.path).isEmpty)
      let own = repository.base.appendingPathComponent("home/config")
      try "mine".write(to: own, atomically: true, encoding: .utf8)
      let byHand = Forge.environment.merging(["KUBECONFIG": own.path]) { $1 }
      #expect(try repository.script("prod/rollout.sh preflight", byHand).code == 0)
      #expect(try Program.text(of: own) == "mine")
      // Several, as kubectl takes them.
      let several = byHand.merging(["KUBECONFIG": "\(own.path):/no/such/config"]) { $1 }
      let migration = try repository.script("prod/rollout.sh migrate", several)
      #expect(migration.output.contains("left: \(own.path):/no/such/config\n"), "\(migration.output)")
    }
  }

  /// No secret in what was printed, written down, left lying about, or visible in a process list.
  private func expectNoSecret(in runner: WorkflowRunner, _ repository: ReleaseRepository) throws {
    let folders = [repository.temporary, repository.checkout, runner.temporary("rollout"), runner.temporary("guard")]
    var texts = try repository.texts(under: folders)
    texts["output"] = runner.output
    texts["summary"] = runner.summary
    texts["arguments"] = try repository.calls.filter { !$0.hasPrefix("http ") }.joined(separator: "\n")
    texts["GitHub"] = try repository.state["github"].text
    texts["cluster"] = try repository.state["kubernetes"]["objects"].text
    for (place, text) in texts {
      for secret in Forge.hidden { #expect(!text.contains(secret), "\(secret) is in \(place)") }
    }
  }
}
