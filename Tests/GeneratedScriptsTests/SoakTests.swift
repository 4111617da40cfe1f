import Testing

/// How long a version must have been live in the environment before.
@Suite(.threads) struct SoakTests {
  private func soak(_ change: (inout JSON) -> Void = { _ in }) throws -> Outcome {
    var outcome = Outcome(code: -1, output: "")
    try ReleaseRepository.market(change) { outcome = try $0.market("prod/gates.sh soak") }
    return outcome
  }

  /// Another commit that was released into an environment after this one.
  private func newer(_ environment: String = "staging", state: String = "success", at: String = "-20h") -> JSON {
    [
      "environment": .string(environment), "sha": "bbb", "created_at": .string(at),
      "statuses": [["state": .string(state)]],
    ]
  }

  @Test func aVersionThatHasBeenLiveLongEnoughPasses() throws {
    let outcome = try soak()
    #expect(outcome.code == 0, "\(outcome.output)")
  }

  @Test func aYoungVersionFailsAndTellsWhenItWillPass() throws {
    let outcome = try soak { $0["github"]["commits"]["abc"]["statuses"][0]["created_at"] = "-23h" }
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("this passes at 2026-06-01T13:00:00Z"), "\(outcome.output)")
  }

  @Test func aVersionThatANewerOneReplacedIsNoLongerLive() throws {
    let outcome = try soak { $0["github"]["deployments"].append(newer()) }
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("commit bbb was released into staging after commit abc"), "\(outcome.output)")
  }

  @Test func aReleaseThatFailedReplacedNothing() throws {
    let outcome = try soak { $0["github"]["deployments"].append(newer(state: "failure")) }
    #expect(outcome.code == 0, "\(outcome.output)")
  }

  @Test func aReleaseUnderWayMayReplaceIt() throws {
    let outcome = try soak { $0["github"]["deployments"].append(newer(state: "in_progress")) }
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("under way"))
  }

  /// The time begins again when the newer version was taken back: until then this one was not live.
  @Test(arguments: [("-24h", Int32(0)), ("-3h", 1)])
  func afterANewerOneWasTakenBackTheTimeCountsFromThere(takenBack: String, code: Int32) throws {
    let outcome = try soak {
      $0["github"]["deployments"].append(newer(at: "-24h"))
      $0["github"]["commits"]["bbb"]["statuses"] = [
        ["context": "market/staging", "state": "failure", "created_at": .string(takenBack)]
      ]
    }
    #expect(outcome.code == code, "\(outcome.output)")
    #expect(outcome.output.contains("this passes at 2026-06-02T09:00:00Z") == (code == 1), "\(outcome.output)")
  }

  @Test func aVersionThatWasTakenBackDoesNotPass() throws {
    let outcome = try soak { $0["github"]["commits"]["abc"]["statuses"][0]["state"] = "failure" }
    #expect(outcome.code == 1)
  }

  @Test func withoutARecordNobodyKnows() throws {
    let noStatus = try soak { $0["github"]["commits"]["abc"]["statuses"] = [] }
    let noDeployment = try soak { $0["github"]["deployments"] = [] }
    let noAnswer = try soak { $0["faults"] = [["command": "gh", "match": "deployments", "kind": "fail"]] }
    #expect([noStatus, noDeployment, noAnswer].map(\.code) == [3, 3, 3])
  }
}
