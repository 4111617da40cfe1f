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

  /// Which of them leads is a matter of real time, which this world has not: see the two tests behind this one.
  @Test func twoThatBeginAtOnceEndWhereOneDoes() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50)) { repository in
      let outcome = try repository.run(Self.both("ann", "bob"), TradeNexus.byHand)
      #expect(outcome.output.contains("codes: 0 0"), "\(outcome.output)")
      try repository.expectTakenBack()
    }
  }

  /// `claim`, as it stands in the script, where another run writes the marker at a moment of the test's choice.
  private static func claim(otherWritesAt moment: String, in repository: ReleaseRepository) throws -> String {
    try repository.write(
      "ops/claim.sh",
      """
      RUN=mine PREVIOUS=old CANDIDATE=new TO='' DRY_RUN='' TAKE_OVER='' CLAIMED='' LEASE=60 STATE=${TMPDIR} TARGET_TITLE=target
      MARKER_STATE=rolling-out MARKER_RUN=release MARKER_PREVIOUS=old MARKER_LEASE=''
      script=ops/trade-nexus-backend/production/rollback.sh
      for name in lease is_led_by_another wait_for_leader mark_going_back claim; do
        eval "$(sed -n "/^${name}() {/,/^}/p" "${script}")"
      done
      now() { echo 1000; }
      say() { echo "$*"; }
      complain() { echo "$*"; }
      on_target='rolling-out release'
      other() { [[ $1 != \(moment) ]] || on_target='rolling-back other'; }
      reads=0
      read_marker() {
        reads=$((reads + 1))
        other "read-${reads}"
        read -r MARKER_STATE MARKER_RUN <<<"${on_target}"
        MARKER_LEASE=1060
      }
      write_marker() { on_target='rolling-back mine'; echo "wrote $*"; }
      # The other takes its time, and ends.
      sleep() { if (($1 == 2)); then other pause; else on_target='rolled-back other'; fi; }
      if claim; then echo "leads: ${on_target}"; else echo "does not lead: ${on_target}"; fi
      """)
    return try repository.run(["bash", "ops/claim.sh"]).output
  }

  @Test func whoFindsThatAnotherHasBegunWritesNothing() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50)) { repository in
      let output = try Self.claim(otherWritesAt: "read-1", in: repository)
      #expect(!output.contains("wrote"), "\(output)")
      #expect(output.contains("waiting for it"))
      #expect(output.contains("does not lead: rolled-back other"))
    }
  }

  @Test func ofTwoThatBeginInTheSameMomentTheOneWhoseWordStandsLeads() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50)) { repository in
      let second = try Self.claim(otherWritesAt: "pause", in: repository)
      #expect(second.contains("wrote state=rolling-back run=mine"), "\(second)")
      #expect(second.contains("run other was faster"))
      #expect(second.contains("does not lead: rolled-back other"))
      let alone = try Self.claim(otherWritesAt: "never", in: repository)
      #expect(alone.contains("leads: rolling-back mine"), "\(alone)")
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
