import Foundation
import Testing

/// `liftlock doctor`: what the generated doctors find in a small world.
@Suite struct DoctorTests {
  private static let spec = """
    liftlock: 1
    service: shop
    artifact: { image: ghcr.io/acme/shop }
    roles:
      owner: { title: Owner, reviewers: [ann] }
    secrets:
      TARGET_TOKEN: { in: [prod], purpose: reaching the target, rotate: 90d }
    checks:
      health: { probe: { requests: [GET /health] } }
    environments:
      prod:
        on: { push: { branches: [main] } }
        url: https://shop.example
        deploy: { command: { run: ops/target.sh, secrets: [TARGET_TOKEN] } }
        rollout: { rolling: { verify: [health], watch: 5m } }
        verify: [health]
        rollback: { when: [health fails for 1m], verify: [health] }
    promotion:
      approvals: { prod: [owner] }

    """

  /// The target of the service, which answers or does not.
  private static let target = """
    #!/usr/bin/env bash
    case $1 in
      marker) echo '{"liftlock-state": "promoted", "liftlock-previous": "1.0.0"}' ;;
      live) echo '"1.1.0"' ;;
      *) exit 9 ;;
    esac
    exit "${TARGET_CODE:-0}"

    """

  private static func environment(_ name: String, reviewed: Bool, secrets: [String]) -> [String: Any] {
    var environment: [String: Any] = ["policies": ["branch main"], "secrets": secrets]
    if reviewed {
      environment["reviewers"] = ["ann"]
      environment["prevent_self_review"] = true
      environment["can_admins_bypass"] = false
    }
    return environment
  }

  private static var complete: [String: Any] {
    [
      "prod": environment("prod", reviewed: true, secrets: ["TARGET_TOKEN"]),
      "prod-rollback": environment("prod-rollback", reviewed: false, secrets: ["TARGET_TOKEN"]),
    ]
  }

  /// Calls the doctor of the spec in a world with these environments of GitHub.
  private func doctor(
    _ environments: [String: Any] = complete, faults: [[String: Any]] = [], values: [String: String] = [:]
  ) throws -> Outcome {
    try withTemporaryFolder { folder in
      let checkout = folder.appendingPathComponent("checkout")
      try FileManager.default.createDirectory(
        at: checkout.appendingPathComponent("ops"), withIntermediateDirectories: true)
      try Self.spec.write(to: checkout.appendingPathComponent("release.yaml"), atomically: true, encoding: .utf8)
      let target = checkout.appendingPathComponent("ops/target.sh")
      try Self.target.write(to: target, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: target.path)
      let generated = try liftlock("generate", in: checkout)
      try #require(generated.code == 0, "\(generated)")
      let scenario: [String: Any] = [
        "github": ["repository": "acme/shop", "users": ["ann"], "environments": environments], "faults": faults,
      ]
      let file = folder.appendingPathComponent("scenario.json")
      try JSONSerialization.data(withJSONObject: scenario).write(to: file)
      let world = folder.appendingPathComponent("world").path
      let program = repository.appendingPathComponent("Sources/Rehearsal/World/world").path
      let surroundings = ["GH_TOKEN": "token", "HOME": folder.path, "GITHUB_RUN_ID": ""].merging(values) { $1 }
      let start = try run("python3", [program, "start", world, "--scenario", file.path, "--no-http"], in: folder)
      try #require(start.code == 0, "\(start)")
      defer { _ = try? run("python3", [program, "stop", world], in: folder) }
      return try run(
        "python3", [program, "run", world, "--", liftlockPath, "doctor"], in: checkout, environment: surroundings)
    }
  }

  @Test func whenAllIsThereItEndsWithZero() throws {
    let outcome = try doctor(values: ["TARGET_TOKEN": "t"])
    #expect(outcome.code == 0, "\(outcome)")
    #expect(outcome.text.contains("ok           prod: reviewers, branches and tags are as the spec says"), "\(outcome)")
    #expect(!outcome.text.contains("missing  ") && !outcome.text.contains("cannot tell"), "\(outcome)")
  }

  @Test func anEnvironmentThatIsNotThereIsMissing() throws {
    var environments = Self.complete
    environments["prod-rollback"] = nil
    let outcome = try doctor(environments, values: ["TARGET_TOKEN": "t"])
    #expect(outcome.code == 1, "\(outcome)")
    #expect(outcome.text.split(separator: "\n").contains { $0.hasPrefix("missing      prod-rollback") }, "\(outcome)")
  }

  @Test func aSecretThatIsNotThereIsMissing() throws {
    var environments = Self.complete
    environments["prod"] = Self.environment("prod", reviewed: true, secrets: [])
    let outcome = try doctor(environments, values: ["TARGET_TOKEN": "t"])
    #expect(outcome.code == 1, "\(outcome)")
    #expect(
      outcome.text.split(separator: "\n").contains { $0.hasPrefix("missing      ") && $0.contains("TARGET_TOKEN") },
      "\(outcome)")
  }

  @Test func aTargetThatDoesNotAnswerIsNeverFine() throws {
    let outcome = try doctor(values: ["TARGET_TOKEN": "t", "TARGET_CODE": "1"])
    #expect(outcome.code == 1 || outcome.code == 3, "\(outcome)")
    #expect(!outcome.text.contains("is set up for releases"), "\(outcome)")
  }

  @Test func whatCannotBeAskedIsUnknown() throws {
    let fault: [String: Any] = ["command": "gh", "match": "environments/prod/secrets", "kind": "fail", "exit": 1]
    let outcome = try doctor(faults: [fault], values: ["TARGET_TOKEN": "t"])
    #expect(outcome.code == 3, "\(outcome)")
    #expect(outcome.text.contains("cannot tell  "), "\(outcome)")
  }

  @Test func aValueThatThisShellLacksIsUnknown() throws {
    let outcome = try doctor()
    #expect(outcome.code == 3, "\(outcome)")
    #expect(outcome.text.contains("cannot tell  prod: no value for TARGET_TOKEN in this shell"), "\(outcome)")
  }

  @Test func anOlderScriptIsNotRun() throws {
    try withTemporaryFolder { folder in
      try Self.spec.write(to: folder.appendingPathComponent("release.yaml"), atomically: true, encoding: .utf8)
      #expect(try liftlock("generate", in: folder).code == 0)
      let script = folder.appendingPathComponent("ops/shop/prod/doctor.sh")
      try "#!/usr/bin/env bash\necho all is well\n".write(to: script, atomically: true, encoding: .utf8)
      let outcome = try liftlock("doctor", in: folder)
      #expect(outcome.code == 1, "\(outcome)")
      #expect(outcome.complaint.contains("ops/shop/prod/doctor.sh is not as this spec says"))
      #expect(!outcome.text.contains("all is well"))
    }
  }
}
