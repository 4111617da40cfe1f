import Testing

/// The way back in shares, from a release that was fully promoted, and what becomes of the database before any way back.
@Suite(.threads) struct StagedRollbackTests {
  private static func promoted(_ rules: JSON = [:], faults: JSON = [], schema: String = "compatible") -> JSON {
    var scenario = GradualRelease.underWay(weight: 100, state: "promoted", more: ["schema": schema], faults: faults)
    scenario["versions"]["old"]["rules"] = [rules]
    return scenario
  }

  // MARK: - In stages

  @Test func whatWasPromotedGoesBackInItsSharesEachWatched() throws {
    try ReleaseRepository.gradual(Self.promoted()) { repository in
      let began = try repository.clock
      let outcome = try repository.gradual("\(GradualRelease.rollback) --yes --staged")
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.newShares == [100, 75, 50, 0])
      #expect(try repository.clock - began >= 3 * 60_000)
      let marker = try repository.marketMarker
      #expect(marker["state"] == "rolled-back")
      #expect(marker["previous"] == GradualRelease.old)
    }
  }

  @Test func anOldVersionThatFailsItsChecksGetsNoTraffic() throws {
    try ReleaseRepository.gradual(Self.promoted(["health": 503])) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollback) --yes --staged")
      #expect(outcome.code == 7)
      #expect(try repository.newShares == [100])
      #expect(try repository.marketMarker["state"] == "promoted")
    }
  }

  @Test func anOldVersionThatDoesBadlyStopsAtItsShareAndAPersonDecides() throws {
    let rule: JSON = ["weight_at_least": 25, "weight_below": 60, "error_percent": 5]
    try ReleaseRepository.gradual(Self.promoted(rule)) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollback) --yes --staged")
      #expect(outcome.code == 7, "\(outcome.output)")
      #expect(outcome.output.contains("STOPPED with 25 % on market--v1: rollback condition met: error-rate > 1%"))
      #expect(try repository.newShares == [100, 75])
      let instant = try repository.gradual("\(GradualRelease.rollback) --yes")
      #expect(instant.code == 0, "\(instant.output)")
      #expect(try repository.newShares == [100, 75, 0])
    }
  }

  @Test(arguments: ["stage=25", "market--gh-1001-1=75 ", "stage=50", "market--gh-1001-1=50 ", "stage=100"])
  func aStagedRollbackThatWasKilledGoesOnFromItsShare(after call: String) throws {
    let fault: JSON = ["command": "az", "match": .string(call), "kind": "kill", "when": "after", "times": 1]
    try ReleaseRepository.gradual(Self.promoted(faults: [fault])) { repository in
      #expect(try repository.gradual("\(GradualRelease.rollback) --yes --staged").code == 137)
      let again = try repository.gradual("\(GradualRelease.rollback) --yes --staged")
      #expect(again.code == 0, "\(again.output)")
      #expect(try repository.newShares == [100, 75, 50, 0])
      #expect(try repository.marketMarker["state"] == "rolled-back")
    }
  }

  @Test func inTheMiddleOfAReleaseOnlyAllAtOnceIsRight() throws {
    try ReleaseRepository.gradual(GradualRelease.underWay(weight: 50)) { repository in
      let before = try repository.state["azure"]
      let outcome = try repository.gradual("\(GradualRelease.rollback) --yes --staged")
      #expect(outcome.code == 2)
      #expect(outcome.output.contains("the only way back is all at once"))
      #expect(try repository.state["azure"] == before)
    }
  }

  @Test func anInstantRollbackInTheMiddleEndsTheStagedOne() throws {
    try ReleaseRepository.gradual(Self.promoted()) { repository in
      try repository.write(
        "ops/both.sh",
        """
        ops/market/\(GradualRelease.rollback) --yes --staged &
        staged=$!
        # Virtual time waits for nobody: the first is held in its first stage until the second is through.
        until grep -q '"market--gh-1001-1=75"' "${WORLD_DIR}/calls.jsonl"; do /bin/sleep 0.02; done
        kill -STOP "${staged}"
        sleep 10
        LIFTLOCK_STATE="${TMPDIR}/other" ops/market/\(GradualRelease.rollback) --yes >/dev/null 2>&1
        kill -CONT "${staged}"
        wait "${staged}"
        """)
      let outcome = try repository.run(["bash", "ops/both.sh"], GradualRelease.environment)
      #expect(outcome.code == 7, "\(outcome.output)")
      #expect(try repository.newShares == [100, 75, 0])
    }
  }

  @Test func aDryRunShowsTheSharesAndTheSchemaAndChangesNothing() throws {
    try ReleaseRepository.gradual(Self.promoted(schema: "incompatible")) { repository in
      let before = try repository.state["azure"]
      let staged = try repository.gradual("\(GradualRelease.rollback) --dry-run --staged")
      #expect(staged.code == 2)
      let outcome = try repository.gradual("\(GradualRelease.rollback) --dry-run")
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("./ops/restore-schema.sh    # first: the schema goes back"))
      #expect(repository.called.isEmpty)
      #expect(try repository.state["azure"] == before)
    }
    try ReleaseRepository.gradual(Self.promoted()) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollback) --dry-run --staged")
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("25 % of the traffic, watched for 60s"))
      #expect(try repository.newShares == [100])
    }
  }

  // MARK: - The database

  @Test func anIncompatibleSchemaGoesBackBeforeTheTraffic() throws {
    let scenario = GradualRelease.scenario(new: ["weight_at_least": 25, "error_percent": 9])
    try ReleaseRepository.gradual(scenario, compatible: 1) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollout) all")
      #expect(outcome.code == 1)
      #expect(repository.called == ["compatible.sh", "migrate.sh", "restore-schema.sh"], "\(outcome.output)")
      #expect(try repository.newShares == [0, 5, 25, 0])
      #expect(try repository.marketMarker["schema"] == "restored")
      let restored = try #require(outcome.output.range(of: "the schema is back"))
      let moved = try #require(outcome.output.range(of: "market--v1 has all traffic"))
      #expect(restored.lowerBound < moved.lowerBound)
    }
  }

  @Test func aCompatibleSchemaIsKept() throws {
    let scenario = GradualRelease.scenario(new: ["weight_at_least": 25, "error_percent": 9])
    try ReleaseRepository.gradual(scenario) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollout) all")
      #expect(outcome.code == 1)
      #expect(repository.called == ["compatible.sh", "migrate.sh"])
      #expect(try repository.newShares.last == 0)
    }
  }

  @Test func anUnknownAnswerStopsTheReleaseBeforeAnythingIsTouched() throws {
    try ReleaseRepository.gradual(GradualRelease.scenario(), compatible: 127) { repository in
      let before = try repository.state["azure"]["apps"]
      let outcome = try repository.gradual("\(GradualRelease.rollout) migrate")
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("compatible is unknown"), "\(outcome.output)")
      #expect(try repository.state["azure"]["apps"] == before)
      #expect(repository.called == ["compatible.sh"])
    }
  }

  @Test(arguments: ["schema=restoring", "schema=restored", "traffic set"])
  func aRollbackKilledAroundTheSchemaRunsItsWayBackNoMoreThanItMust(after call: String) throws {
    let fault: JSON = ["command": "az", "match": .string(call), "kind": "kill", "when": "after", "times": 1]
    let scenario = GradualRelease.underWay(weight: 50, more: ["schema": "incompatible"], faults: [fault])
    try ReleaseRepository.gradual(scenario) { repository in
      #expect(try repository.gradual("\(GradualRelease.rollback) --yes --if-needed").code == 137)
      let again = try repository.gradual("\(GradualRelease.rollback) --yes --if-needed")
      #expect(again.code == 0, "\(again.output)")
      #expect(repository.called == ["restore-schema.sh"])
      #expect(try repository.newShares == [50, 0])
    }
  }

  @Test func aSchemaThatDoesNotGoBackLeavesTheTrafficAndSaysWhatIsLeft() throws {
    let scenario = GradualRelease.underWay(weight: 100, more: ["schema": "incompatible"])
    try ReleaseRepository.gradual(scenario, restore: 1) { repository in
      let outcome = try repository.gradual("\(GradualRelease.rollback) --yes --if-needed")
      #expect(outcome.code == 6)
      #expect(outcome.output.contains("ops/restore.sh --point-in-time"), "\(outcome.output)")
      // What runs without people does not try it again.
      let guardian = try repository.gradual("\(GradualRelease.rollback) --yes --if-needed")
      #expect(guardian.code == 6)
      #expect(repository.called == ["restore-schema.sh"])
      #expect(try repository.newShares == [100])
      let decided = try repository.gradual("\(GradualRelease.rollback) --yes --keep-schema")
      #expect(decided.code == 0, "\(decided.output)")
      #expect(repository.called == ["restore-schema.sh"])
      #expect(try repository.newShares == [100, 0])
    }
  }
}
