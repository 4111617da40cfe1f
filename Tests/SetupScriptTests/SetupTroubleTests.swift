import Testing

@Suite struct SetupTroubleTests {
  @Test func aPlanWithoutReviewersIsSaidInPlainWordsAndTheRestIsDone() throws {
    var fresh = Shop.declared
    fresh["private"] = true
    fresh["environments"] = [String: Any]()
    try SetupWorld.with(fresh) { world in
      let outcome = try world.run()
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("ERROR: prod: cannot be changed: gh: Failed to create the environment"))
      #expect(outcome.output.contains("required reviewers and wait timers only with GitHub Enterprise"))
      // It needs no reviewers, so the plan has all that it needs.
      #expect(outcome.output.contains("prod-rollback: is now as the spec says\n"))
      #expect(try world.refs("prod-rollback") == ["branch main", "tag v[0-9]*"])
    }
  }

  @Test func someoneWithoutTheRightsIsTold() throws {
    let refusal: [String: Any] = [
      "command": "gh", "match": "--method PUT .*/prod ", "kind": "fail", "stderr": "gh: Not Found (HTTP 404)",
    ]
    try SetupWorld.with(Shop.drifted("prod", ["reviewers": ["eve"]]), faults: [refusal]) { world in
      let outcome = try world.run()
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("ERROR: prod: cannot be changed: gh: Not Found (HTTP 404)\n"))
      #expect(outcome.output.contains("Is this login an administrator's"))
    }
  }

  @Test func withoutAnAnswerAboutAReviewerTheEnvironmentStaysAsItIs() throws {
    for fault: [String: Any] in [
      ["command": "gh", "match": "users/ann", "kind": "fail", "stderr": "gh: Bad Gateway (HTTP 502)"],
      ["command": "gh", "match": "users/ann", "kind": "garbage"],
    ] {
      try SetupWorld.with(Shop.drifted("prod", ["reviewers": ["ann", "eve"]]), faults: [fault]) { world in
        let outcome = try world.run()
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("ERROR: prod: left as it is, because the reviewer ann could not be looked up"))
        #expect(try world.changes.isEmpty)
      }
    }
  }

  @Test(arguments: ["/environments/prod$", "/environments/prod/deployment", "/environments/prod/secrets", "/rulesets"])
  func halfAnAnswerIsNotTakenForAWholeOne(path: String) throws {
    let fault: [String: Any] = ["command": "gh", "match": path, "kind": "garbage"]
    try SetupWorld.with(Shop.declared, faults: [fault]) { world in
      let outcome = try world.run()
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("ERROR: "))
      #expect(try world.changes.isEmpty)
    }
  }

  @Test func aCallThatFailsOnceIsMadeAgain() throws {
    let faults: [[String: Any]] = [
      [
        "command": "gh", "match": "environments/prod$", "nth": 1, "kind": "fail",
        "stderr": "gh: Bad Gateway (HTTP 502)",
      ],
      ["command": "gh", "match": "environments/prod-rollback$", "nth": 1, "kind": "hang"],
    ]
    try SetupWorld.with(Shop.declared, faults: faults) { world in
      let outcome = try world.run()
      #expect(outcome.code == 0)
    }
  }

  @Test func whatGitHubTookAndDidNotDoIsFound() throws {
    // The call succeeds and nothing happens.
    let fault: [String: Any] = ["command": "gh", "match": "--method DELETE", "kind": "fail", "exit": 0]
    let drift = Shop.drifted("prod", ["policies": ["branch main", "tag v[0-9]*", "branch *"]])
    try SetupWorld.with(drift, faults: [fault]) { world in
      let outcome = try world.run()
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("ERROR: changed, and yet: prod: deployment branches and tags are "))
    }
  }

  @Test func withoutALoginNothingIsTried() throws {
    try SetupWorld.with(Shop.declared) { world in
      let outcome = try world.run(values: ["GH_TOKEN": ""])
      #expect(outcome.code == 3)
      #expect(outcome.output.contains("gh is not logged in: set GH_TOKEN, or run: gh auth login"))
      #expect(try world.calls.count == 1)
    }
  }

  @Test func callingItWronglyChangesNothing() throws {
    try SetupWorld.with(Shop.drifted("prod", ["reviewers": ["eve"]])) { world in
      #expect(try world.run("--apply").code == 2)
      #expect(try world.run("--dry-run", "now").code == 2)
      let help = try world.run("--help")
      #expect(help.code == 0)
      #expect(help.output.contains("ops/shop/setup-environments.sh --dry-run    # only says what differs"))
      #expect(try world.calls.isEmpty)
    }
  }
}
