import Foundation
import Testing

/// Two that take the same version back: by machine and by hand, or two people who did not hear of each other.
@Suite(.threads) struct TwoRollbacksTests {
  /// Another run that takes the version back, believed to be alive for so many seconds.
  private static func led(for seconds: Int) -> JSON {
    var scenario = TradeNexus.underWay(weight: 50, state: "rolling-back", run: "1001-1")
    let nineOClock = 1_780_390_800
    scenario["azure"]["apps"]["trade-nexus-backend"]["tags"]["liftlock-lease"] = .string("\(nineOClock + seconds)")
    return scenario
  }

  private static func both(_ first: String, _ second: String) -> [String] {
    let call = { (folder: String) in
      "LIFTLOCK_STATE=$HOME/\(folder) ops/trade-nexus-backend/production/rollback.sh --yes --reason \(folder) 2>$HOME/\(folder).log & "
    }
    return [
      "bash", "-c",
      call(first) + call(second)
        + "wait -n; first=$?; wait -n; second=$?; cat $HOME/*.log; echo \"codes: ${first} ${second}\"",
    ]
  }

  @Test func ofTwoThatBeginAtOnceOneMovesTheTraffic() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50)) { repository in
      let outcome = try repository.run(Self.both("ann", "bob"), TradeNexus.byHand)
      #expect(outcome.output.contains("codes: 0 0"), "\(outcome.output)")
      try repository.expectTakenBack()
      #expect(try repository.calls.filter { $0.contains("traffic set") }.count == 1)
      #expect(
        outcome.output.contains("was faster") || outcome.output.contains("waiting for it")
          || outcome.output.contains("already taken back"), "\(outcome.output)")
    }
  }

  @Test func whoComesSecondWaitsForAsLongAsTheFirstIsBelievedToBeAlive() throws {
    try ReleaseRepository.tradeNexus(Self.led(for: 90)) { repository in
      let start = try repository.clock
      let status = try repository.script("\(TradeNexus.rollback) --status", TradeNexus.byHand)
      #expect(status.output.contains("taken back by:  run 1001-1, believed to be alive for"), "\(status.output)")
      let outcome = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("run 1001-1 is taking"))
      #expect(try repository.clock - start >= 90_000)
      try repository.expectTakenBack()
    }
  }

  @Test func whoTakesOverDoesNotWait() throws {
    try ReleaseRepository.tradeNexus(Self.led(for: 3600)) { repository in
      let start = try repository.clock
      let outcome = try repository.script("\(TradeNexus.rollback) --yes --take-over", TradeNexus.byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.clock - start < 3_600_000)
      try repository.expectTakenBack()
    }
  }

  @Test func oneThatWasKilledOnThisMachineIsNotWaitedFor() throws {
    var scenario = TradeNexus.underWay(weight: 50)
    scenario["faults"] = [["command": "az", "match": "traffic set", "nth": 1, "kind": "kill"]]
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let killed = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.byHand)
      #expect(killed.code != 0)
      let outcome = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(!outcome.output.contains("waiting for it"))
      try repository.expectTakenBack()
    }
  }

  @Test func aLongWaitIsFullOfSignsOfLife() throws {
    // The old revision needs two minutes to come up.
    var scenario = TradeNexus.underWay(weight: 100, oldIsActive: false)
    scenario["versions"]["old"]["ready_seconds"] = 120
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let outcome = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      let signs = try repository.calls.filter { $0.contains("tag update") && $0.contains("liftlock-lease=1") }
      #expect(signs.count >= 4, "\(signs)")
      #expect(try repository.app["tags"]["liftlock-lease"] == "")
    }
  }
}
