import Testing

/// A platform behind webhooks: what it was told, and what is noted about it on GitHub.
@Suite(.threads) struct WebhookTests {
  private func release(
    idempotent: Bool = false, without: Set<String> = [], deploy: JSON = [["status": 202]],
    rollback: JSON = [["status": 200]], verify: JSON = [["status": 200]]
  ) -> SmallRelease {
    let addresses = [
      "DEPLOY_URL": "https://hooks.example/deploy?key=hook-secret-c4e8",
      "ROLLBACK_URL": "https://hooks.example/rollback",
      "VERIFY_URL": "https://hooks.example/verify", "HOOK_TOKEN": "token-5a5a",
    ]
    func hook(_ path: String, _ sequence: JSON, sets: JSON) -> JSON {
      [
        "host": "hooks.example", "path": .string("^/\(path)"), "method": "POST", "sequence": sequence,
        "require_headers": [
          "authorization": "^Bearer token-5a5a$", "idempotency-key": .string("^shop-prod-\\d+-\\d+-\(path)$"),
        ],
        "set": sets,
      ]
    }
    return SmallRelease(
      deploy: """
        { webhook: { deploy: DEPLOY_URL, rollback: ROLLBACK_URL, verify: VERIFY_URL, token: HOOK_TOKEN, idempotent: \
        \(idempotent) } }
        """,
      rollout: SmallRelease.rolling, secrets: ["DEPLOY_URL", "ROLLBACK_URL?", "VERIFY_URL?", "HOOK_TOKEN"],
      values: addresses.filter { !without.contains($0.key) }.merging(["GH_TOKEN": "token"]) { $1 },
      scenario: [
        "services": ["shop": ["requests_per_second": 20, "from": ["live": "old"], "hosts": ["shop.example"]]],
        "github": ["repository": "acme/shop", "commits": ["abc": [:]]],
        "http": [
          hook("deploy", deploy, sets: ["services.shop.from.live": "new"]),
          hook("rollback", rollback, sets: ["services.shop.from.live": "old"]),
          hook("verify", verify, sets: [:]),
        ],
      ])
  }

  private let bad: JSON = ["paths": ["/ready": 503]]

  /// The newest value of each field of the marker.
  private func marker(_ repository: ReleaseRepository) throws -> [String: String] {
    try repository.state["github"]["deployments"].elements.reduce(into: [:]) { result, item in
      for (key, value) in item["payload"].members { result[String(key.dropFirst("liftlock-".count))] = value.string }
    }
  }

  private func outcomes(_ repository: ReleaseRepository) throws -> [String: String] {
    let texts = try repository.texts(under: [repository.runnerTemporary()])
    let lines = texts.first { $0.key.hasSuffix("/shop/prod/outcomes") }?.value.split(separator: "\n") ?? []
    return lines.reduce(into: [:]) { result, line in
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      result[parts[0]] = parts.count > 1 ? parts[1] : nil
    }
  }

  private func calls(_ repository: ReleaseRepository, of path: String) throws -> Int {
    try repository.calls.filter { $0.hasPrefix("http POST https://hooks.example/\(path)") }.count
  }

  @Test func aGoodReleaseCallsOnceAndNeedsNoWayBack() throws {
    let release = release()
    try release.run { repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try calls(repository, of: "deploy") == 1)
      let marker = try marker(repository)
      #expect(marker["state"] == "promoted" && marker["live"] == SmallRelease.new && marker["previous"] == "unknown")
      #expect(try outcomes(repository) == ["rollbackState": "not_needed", "rollbackCallbackState": "not_needed"])
      #expect(!outcome.output.contains("hook-secret-c4e8") && !outcome.output.contains("token-5a5a"))
    }
  }

  @Test func aVersionThatFailsItsCheckIsTakenBackAndTheCallbackAgrees() throws {
    let release = release()
    try release.run(new: bad) { repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 1)
      #expect(try calls(repository, of: "rollback") == 1)
      #expect(try outcomes(repository) == ["rollbackState": "succeeded", "rollbackCallbackState": "succeeded"])
      let marker = try marker(repository)
      #expect(marker["state"] == "rolled-back" && marker["live"] == "unknown", "\(outcome.output)")
      #expect(try repository.state["services"]["shop"]["from"]["live"] == "old")
    }
  }

  @Test func withoutARollbackWebhookItSaysThatNothingWasTakenBack() throws {
    let release = release(without: ["ROLLBACK_URL", "VERIFY_URL"])
    try release.run(new: bad) { repository in
      #expect(try repository.script("prod/rollout.sh all", release.environment).code == 1)
      #expect(try outcomes(repository)["rollbackState"] == "skipped_missing_webhook")
      let marker = try marker(repository)
      // No change has begun, so none is noted: the bad version is what is live.
      #expect(marker["state"] == "rolling-back" && marker["live"] == SmallRelease.new)
      let again = try repository.script("prod/rollback.sh --yes", release.environment)
      #expect(again.code == 5, "\(again.output)")
      #expect(again.output.contains("NOT TAKEN BACK: no rollback webhook"))
      #expect(!again.output.contains("has all traffic"))
    }
  }

  @Test func withoutAVerifyWebhookTheRollbackIsDoneAndSaysThatNobodyConfirmedIt() throws {
    let release = release(without: ["VERIFY_URL"])
    try release.run(new: bad) { repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 1)
      #expect(
        try outcomes(repository) == ["rollbackState": "succeeded", "rollbackCallbackState": "skipped_missing_webhook"])
      #expect(try marker(repository)["state"] == "rolled-back")
    }
  }

  @Test(arguments: [false, true])
  func aRollbackWebhookThatFailsIsOnlyCalledAgainWhereItMay(idempotent: Bool) throws {
    let release = release(idempotent: idempotent, rollback: [["status": 500]])
    try release.run(new: bad) { repository in
      #expect(try repository.script("prod/rollout.sh deploy", release.environment).code == 0)
      #expect(try repository.script("prod/rollout.sh step 1", release.environment).code == 1)
      let outcome = try repository.script("prod/rollback.sh --yes --if-needed", release.environment)
      #expect(outcome.code == 1, "\(outcome.output)")
      #expect(outcome.output.contains("THE TRAFFIC COULD NOT BE MOVED"))
      #expect(try calls(repository, of: "rollback") == (idempotent ? 9 : 1))
      #expect(try outcomes(repository)["rollbackState"] == "failed")
      #expect(try marker(repository)["state"] == "rolling-back")
    }
  }

  @Test func aCallbackThatDisagreesFailsTheRollback() throws {
    let release = release(verify: [["status": 500]])
    try release.run(new: bad) { repository in
      #expect(try repository.script("prod/rollout.sh deploy", release.environment).code == 0)
      #expect(try repository.script("prod/rollout.sh step 1", release.environment).code == 1)
      let summary = repository.temporary.appendingPathComponent("summary.md")
      let outcome = try repository.script(
        "prod/rollback.sh --yes --if-needed", release.environment.merging(["GITHUB_STEP_SUMMARY": summary.path]) { $1 })
      #expect(outcome.code == 4, "\(outcome.output)")
      #expect(try outcomes(repository) == ["rollbackState": "succeeded", "rollbackCallbackState": "failed"])
      let text = try Program.text(of: summary)
      #expect(text.contains("The verify webhook of shop in prod failed"))
    }
  }

  /// What each call of a webhook calls itself.
  private func keys(_ repository: ReleaseRepository, of path: String) throws -> [String] {
    try repository.requests.filter { $0["args"][1].string?.hasPrefix("https://hooks.example/\(path)") == true }
      .compactMap {
        $0["headers"]["idempotency-key"].string
      }
  }

  /// A runner is lost before or after the answer is noted; another run, or a person, asks again.
  @Test(arguments: [false, true])
  func aRollbackThatIsAskedForAgainIsTheSameToItsReceiver(noted: Bool) throws {
    let kill: JSON =
      noted
      ? ["command": "gh", "match": "live\\]=unknown", "kind": "kill", "when": "after", "times": 1]
      : ["command": "http", "match": "POST .*/rollback", "kind": "kill", "when": "after", "times": 1]
    let release = release(idempotent: true)
    try release.run(new: bad, faults: [kill]) { repository in
      #expect(try repository.script("prod/rollout.sh deploy", release.environment).code == 0)
      #expect(try repository.script("prod/rollout.sh step 1", release.environment).code == 1)
      #expect(try repository.script("prod/rollback.sh --yes --if-needed", release.environment).code == 137)
      let other = release.environment.merging(["GITHUB_RUN_ID": "1002"]) { $1 }
      let again = try repository.script("prod/rollback.sh --yes", other)
      #expect(again.code == 0, "\(again.output)")
      let keys = try keys(repository, of: "rollback")
      // What is noted as done is not asked for again.
      #expect(keys.count == (noted ? 1 : 2) && Set(keys).count == 1, "\(keys)")
      #expect(try marker(repository)["state"] == "rolled-back")
    }
  }

  @Test func theSameReleaseOnceMoreIsAnotherChange() throws {
    let release = release()
    try release.run(new: bad) { repository in
      for run in ["1001", "1002"] {
        let environment = release.environment.merging(["GITHUB_RUN_ID": run]) { $1 }
        #expect(try repository.script("prod/rollout.sh all", environment).code == 1)
      }
      for path in ["deploy", "rollback", "verify"] {
        let keys = try keys(repository, of: path)
        #expect(keys.count == 2 && Set(keys).count == 2, "\(keys)")
      }
    }
  }

  @Test func aDeploymentThatIsKilledIsTakenBack() throws {
    let kill: JSON = ["command": "http", "match": "POST .*/deploy", "kind": "kill", "when": "after", "times": 1]
    let release = release()
    try release.run(faults: [kill]) { repository in
      #expect(try repository.script("prod/rollout.sh all", release.environment).code == 137)
      let outcome = try repository.script("prod/rollback.sh --yes --if-needed", release.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.state["services"]["shop"]["from"]["live"] == "old")
      let again = try repository.script("prod/rollback.sh --yes", release.environment)
      #expect(again.code == 0)
      #expect(try calls(repository, of: "rollback") == 1)
    }
  }

  /// A hotfix is released into the same target: what it notes must be found by the rollback of the usual way.
  @Test func aHotfixIsNotedWhereTheRollbackOfItsTargetLooks() throws {
    let release = release()
    let hotfix = """
      hotfix:
        tag: "hotfix-v*"
        environments:
          prod: {}

      """
    let example = try Example(name: "small", text: release.text + hotfix)
    try ReleaseRepository.with(example, release.world()) { repository in
      var environment = release.environment
      environment["GITHUB_REF_TYPE"] = "tag"
      environment["GITHUB_REF_NAME"] = "hotfix-v1"
      let outcome = try repository.script("prod-hotfix/rollout.sh all", environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      let places = try repository.state["github"]["deployments"].elements.map { $0["environment"] }
      #expect(!places.isEmpty && places.allSatisfy { $0 == "prod" })
      let body = try repository.posted("hooks.example").first
      #expect(body?["environment"] == "prod")
      let status = try repository.script("prod/rollback.sh --status", release.environment)
      #expect(status.output.contains("promoted") && status.output.contains(SmallRelease.new), "\(status.output)")
    }
  }
}
