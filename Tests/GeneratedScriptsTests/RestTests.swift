import Foundation
import Testing

/// Steps that fall back, and the rest at an earlier weight.
@Suite(.threads) struct RestTests {
  private static let slowAtHalf: JSON = ["weight_at_least": 50, "p99_ms": 900]

  @Test func aGoodReleaseGoesUpIsStabilisedAndFinished() throws {
    try ReleaseRepository.gradual(GradualRelease.scenario()) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollout) all")
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.newShares == [0, 5, 25, 50, 100])
      #expect(try repository.marketMarker["state"] == "promoted")
      #expect(try repository.marketMarker["schema"] == "compatible")
      #expect(repository.called == ["compatible.sh", "migrate.sh"])
    }
  }

  @Test func halfFallsBackToAQuarterAndRestsUntilTheLimitThenToZero() throws {
    try ReleaseRepository.gradual(GradualRelease.scenario(new: Self.slowAtHalf)) { repository in
      let began = try repository.clock
      let outcome = try repository.gradual("\(GradualRelease.rollout) all")
      #expect(outcome.code == 1)
      #expect(try repository.newShares == [0, 5, 25, 50, 25, 0], "\(outcome.output)")
      #expect(outcome.output.contains("back to 25 %, because: this step fails: p99-latency > 800ms for 2 checks"))
      #expect(outcome.output.contains("25 % held; the release still rests"))
      #expect(outcome.output.contains(/rested at 25 % until .*, and nobody decided/))
      #expect(try repository.clock - began > 4 * 60_000)
      let marker = try repository.marketMarker
      #expect(marker["state"] == "rolled-back")
      #expect(marker["reason"] == "this step fails: p99-latency > 800ms for 2 checks")
    }
  }

  @Test func aRequirementThatIsNotMetAtTheEndOfTheStepRestsToo() throws {
    let scenario = GradualRelease.underWay(
      weight: 25, new: ["weight_at_least": 50, "error_percent": 0.6],
      faults: [["command": "sleep", "at": "5m", "kind": "kill"]])
    try ReleaseRepository.gradual(scenario) { repository in
      let killed = try repository.gradual("\(GradualRelease.rollout) step 3")
      #expect(killed.code == 137)
      #expect(try repository.newShares == [25, 50, 25])
      let marker = try repository.marketMarker
      #expect(marker["state"] == "resting")
      #expect(marker["weight"] == "25")
      #expect(marker["reason"]?.hasPrefix("required, but not so: error-rate < 0.4%") == true)
    }
  }

  @Test func oneSlowCheckDoesNotFailAStep() throws {
    // The query looks back a minute: too slow at the first look, diluted at the second.
    let rule: JSON = ["weight_at_least": 50, "until": "20s", "p99_ms": 1400]
    try ReleaseRepository.gradual(GradualRelease.underWay(weight: 25, new: rule)) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollout) step 3")
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("p99-latency > 800ms for 2 checks: true since 0s"))
      #expect(try repository.newShares == [25, 50])
    }
  }

  @Test func aQuarterFallsToZeroAtOnce() throws {
    let scenario = GradualRelease.scenario(new: ["weight_at_least": 25, "error_percent": 0.7])
    try ReleaseRepository.gradual(scenario) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollout) all")
      #expect(outcome.code == 1)
      #expect(try repository.newShares == [0, 5, 25, 0])
    }
  }

  @Test func whatGetsWorseInARestIsTakenBack() throws {
    let scenario = GradualRelease.scenario(
      new: Self.slowAtHalf, ["weight_below": 50, "from": "4m", "error_percent": 3])
    try ReleaseRepository.gradual(scenario) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollout) all")
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("rollback condition met: error-rate > 1% for 2 checks"), "\(outcome.output)")
      #expect(!outcome.output.contains("nobody decided"))
      let shares = try repository.newShares
      #expect(shares.suffix(3) == [50, 25, 0])
    }
  }

  @Test func theEarlierStepsRequirementsHoldInARestAsWell() throws {
    let scenario = GradualRelease.scenario(
      new: Self.slowAtHalf, ["from": "3m", "weight_below": 50, "error_percent": 0.8])
    try ReleaseRepository.gradual(scenario) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollout) all")
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("required, but not so: error-rate < 0.5%"), "\(outcome.output)")
      let shares = try repository.newShares
      #expect(shares.suffix(3) == [50, 25, 0])
    }
  }

  @Test(arguments: ["state=resting", "market--gh-1001-1=25 ", "sleep"])
  func aRestThatWasKilledGoesOnUntilTheSameMoment(after call: String) throws {
    let fault: JSON =
      call == "sleep"
      ? ["command": "sleep", "at": "3m", "kind": "kill"]
      : ["command": "az", "match": .string(call), "kind": "kill", "when": "after", "times": 1]
    let scenario = GradualRelease.underWay(weight: 25, new: Self.slowAtHalf, faults: [fault])
    // The step of run 1001 begins at 25 % and goes to 50 %: the first call that says 25 % is the fall.
    try ReleaseRepository.gradual(scenario) { repository in
      #expect(try repository.gradual("\(GradualRelease.rollout) step 3").code == 137)
      let until = try repository.marketMarker["rest-until"]
      #expect(until?.isEmpty == false)
      let next = try repository.gradual("\(GradualRelease.rollout) step 4")
      #expect(next.output.contains("this release rests at 25 %"), "\(next.output)")
      let again = try repository.gradual("\(GradualRelease.rollout) step 3")
      #expect(again.code == 1)
      #expect(again.output.contains("and nobody decided"), "\(again.output)")
      #expect(try repository.marketMarker["rest-until"] == until)
      #expect(try repository.newShares == [25, 50, 25])
      let rollback = try repository.gradual("\(GradualRelease.rollback) --yes --if-needed")
      #expect(rollback.code == 0, "\(rollback.output)")
      #expect(try repository.newShares == [25, 50, 25, 0])
    }
  }

  @Test func aPersonTakesARestBackAndTheRestEndsByItself() throws {
    let scenario = GradualRelease.underWay(
      weight: 25, state: "resting", more: ["rest-until": "1780391400", "reason": "slow"])
    try ReleaseRepository.gradual(scenario) { repository in
      let rollback = try repository.gradual("\(GradualRelease.rollback) --yes", ["GITHUB_RUN_ID": "2000"])
      #expect(rollback.code == 0, "\(rollback.output)")
      let step = try repository.gradual("\(GradualRelease.rollout) step 3")
      #expect(step.code == 1)
      #expect(try repository.newShares == [25, 0])
    }
  }

  @Test func aRestWhoseTargetIsTakenOverInTheMiddleStopsAndTouchesNothing() throws {
    let scenario = GradualRelease.underWay(
      weight: 25, state: "resting", more: ["rest-until": "1780391400", "reason": "slow"])
    try ReleaseRepository.gradual(scenario) { repository in
      let rollback = "ops/market/\(GradualRelease.rollback) --yes >/dev/null 2>&1"
      // The other run acts in the middle of a tick of the first.
      try repository.write(
        "ops/both.sh",
        """
        ops/market/\(GradualRelease.rollout) step 3 &
        rest=$!
        # Virtual time waits for nobody: the first is held in its rest until the second is through.
        until grep -q '"command": "sleep"' "${WORLD_DIR}/calls.jsonl"; do /bin/sleep 0.02; done
        kill -STOP "${rest}"
        sleep 10
        GITHUB_RUN_ID=2000 LIFTLOCK_STATE="${TMPDIR}/other" \(rollback)
        kill -CONT "${rest}"
        wait "${rest}"
        """)
      let outcome = try repository.run(["bash", "ops/both.sh"], GradualRelease.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("now belongs to run 2000-1"), "\(outcome.output)")
      #expect(try repository.newShares == [25, 0])
      #expect(try repository.marketMarker["run"] == "2000-1")
    }
  }

  @Test func aNewReleaseTakesARestToZeroBeforeItBegins() throws {
    let scenario = GradualRelease.underWay(
      weight: 25, state: "resting", run: "900-1", more: ["rest-until": "1780391400", "reason": "slow"])
    try ReleaseRepository.gradual(scenario) { repository in
      let next = ["GITHUB_RUN_ID": "1002"]
      #expect(try repository.gradual("\(GradualRelease.rollout) preflight", next).code == 0)
      let outcome = try repository.gradual("\(GradualRelease.rollout) deploy", next)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.split == [GradualRelease.old: 100])
      #expect(try repository.marketMarker["run"] == "1002-1")
      #expect(try repository.marketMarker["previous"] == GradualRelease.old)
    }
  }

  @Test func aStabilisationThatFailsTakesTheReleaseBackWhileTheOldVersionIsThere() throws {
    let scenario = GradualRelease.scenario(new: [
      "weight_at_least": 100, "after_traffic": "6m", "paths": ["/orders": 500],
    ])
    try ReleaseRepository.gradual(scenario) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollout) all")
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("full-smoke fails at the end of the stabilisation"), "\(outcome.output)")
      #expect(try repository.newShares == [0, 5, 25, 50, 100, 0])
      #expect(!outcome.output.contains("is the only version"))
    }
  }

  /// D6: less than half a minute from the moment in which a condition is met, without people.
  @Test func theTrafficIsBackWithinThirtySecondsOfTheTrigger() throws {
    let scenario = GradualRelease.scenario(new: ["weight_at_least": 5, "error_percent": 20])
    try ReleaseRepository.gradual(scenario) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollout) all")
      #expect(outcome.code == 1)
      let journal = try repository.texts(under: [repository.runnerTemporary()])
      let lines = try #require(journal.first { $0.key.hasSuffix("journal.jsonl") }?.value).split(separator: "\n")
      let events = try lines.map { try JSON(parsing: String($0)) }
      func moment(_ event: String) throws -> Date {
        let text = try #require(events.first { $0["event"].string == event }?["at"].string)
        return try #require(ISO8601DateFormatter().date(from: text))
      }
      let took = try moment("undone").timeIntervalSince(moment("stopped"))
      #expect(took < 30)
    }
  }
}
