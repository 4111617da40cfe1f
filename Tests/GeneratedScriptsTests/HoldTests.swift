import Foundation
import Testing

/// A person keeps a release at its weight, looks, and lets it go on, or forgets it.
@Suite(.threads) struct HoldTests {
  /// With a hold that ends after five minutes.
  private static let shortly = Result {
    let limit = Edit("        steps:\n", "        hold-limit: 5m\n        steps:\n")
    return try Example("trade-nexus", edits: TradeNexus.fasterEdits + [limit])
  }

  @Test func aReleaseThatIsHeldGoesOnWhenItIsLetGo() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 10), Self.shortly) { repository in
      let hold = try repository.script("\(TradeNexus.rollout) hold", TradeNexus.byHand)
      #expect(hold.code == 0, "\(hold.output)")
      #expect(hold.output.contains("stays at 10 % after its step, for at most 300s"))
      let status = try repository.script("\(TradeNexus.rollback) --status", TradeNexus.byHand)
      #expect(status.output.contains("held by:"))
      // The person lets it go while the step is held.
      try repository.write(
        "ops/both.sh",
        """
        ops/trade-nexus-backend/\(TradeNexus.rollout) step 2 &
        release=$!
        until grep -q '"event":"held-by"' "${LIFTLOCK_STATE}/trade-nexus-backend/production/journal.jsonl"; do /bin/sleep 0.02; done
        kill -STOP "${release}"
        env -u GITHUB_RUN_ID LIFTLOCK_STATE="${TMPDIR}/other" ops/trade-nexus-backend/\(TradeNexus.rollout) resume
        kill -CONT "${release}"
        wait "${release}"
        """)
      let outcome = try repository.run(["bash", "ops/both.sh"], TradeNexus.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("the release goes on after"))
      #expect(try repository.split == [TradeNexus.old: 50, TradeNexus.new: 50])
      #expect(try repository.azureMarker["hold"] == "")
    }
  }

  @Test func aReleaseThatIsForgottenIsTakenBack() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 10), Self.shortly) { repository in
      #expect(try repository.script("\(TradeNexus.rollout) hold", TradeNexus.byHand).code == 0)
      let start = try repository.clock
      let outcome = try repository.script("\(TradeNexus.rollout) step 2", TradeNexus.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("and nobody let it go on"), "\(outcome.output)")
      #expect(try repository.clock - start >= (3 + 5) * 60_000)
      #expect(try repository.clock - start < (3 + 5 + 2) * 60_000)
      let back = try repository.script("\(TradeNexus.rollback) --yes --if-needed", TradeNexus.environment)
      #expect(back.code == 0, "\(back.output)")
      try repository.expectTakenBack()
    }
  }

  /// It is no blindfold.
  @Test func whatGoesWrongWhileItIsHeldTakesItBackAtOnce() throws {
    var scenario = TradeNexus.underWay(weight: 10)
    scenario["versions"]["new"]["rules"].append(["from": "5m", "error_percent": 30])
    try ReleaseRepository.tradeNexus(scenario) { repository in
      #expect(try repository.script("\(TradeNexus.rollout) hold", TradeNexus.byHand).code == 0)
      let outcome = try repository.script("\(TradeNexus.rollout) step 2", TradeNexus.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("rollback condition met: error-rate > 5%"), "\(outcome.output)")
    }
  }

  @Test func whatIsNotUnderWayCannotBeHeld() throws {
    for state in ["promoted", "rolled-back", "rolling-back", "deploying"] {
      try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 100, state: state)) { repository in
        let outcome = try repository.script("\(TradeNexus.rollout) hold", TradeNexus.byHand)
        #expect(outcome.code == 3)
        #expect(outcome.output.contains("no release is being rolled out"), "\(outcome.output)")
        #expect(try !repository.calls.contains { $0.contains("tag update") })
      }
    }
  }

  @Test func abortIsTheRollback() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50)) { repository in
      let outcome = try repository.script("\(TradeNexus.rollout) abort --yes --reason odd", TradeNexus.byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      try repository.expectTakenBack()
    }
  }
}
