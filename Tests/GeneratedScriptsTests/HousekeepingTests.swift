import Foundation
import Testing

/// What looks after releases that wait: for people, and for a window.
@Suite(.threads) struct HousekeepingTests {
  // MARK: - Approvals that nobody gave

  private func waiting(_ started: String, for environment: String) -> JSON {
    [
      "workflow": "market-prod.yml", "head_sha": "abc", "created_at": .string(started),
      "waiting": [["environment": .string(environment)]],
    ]
  }

  @Test func aRunThatWaitsTooLongForAnApprovalIsCancelled() throws {
    try ReleaseRepository.market { scenario in
      scenario["github"]["runs"] = [
        "1001": waiting("-25h", for: "prod-approval-tech-lead"), "1002": waiting("-23h", for: "prod"),
        // Nobody said how long it may wait for this.
        "1003": waiting("-25h", for: "elsewhere"),
      ]
    } _: { repository in
      let outcome = try repository.market("housekeeping.sh expire")
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("nobody approved prod-approval-tech-lead within 24h; start the release again"))
      let runs = try repository.state["github"]["runs"]
      #expect(runs["1001"]["conclusion"] == "cancelled")
      #expect(runs["1002"]["status"] == "waiting")
      #expect(runs["1003"]["status"] == "waiting")
    }
  }

  @Test func aRunThatCannotBeCancelledIsSaid() throws {
    try ReleaseRepository.market { scenario in
      scenario["github"]["runs"]["1001"] = waiting("-25h", for: "prod")
      scenario["faults"] = [["command": "gh", "match": "cancel", "kind": "fail"]]
    } _: { repository in
      let outcome = try repository.market("housekeeping.sh expire")
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("could not be cancelled"), "\(outcome.output)")
    }
  }

  // MARK: - Releases that came while the window was closed

  private func failed(_ created: String, attempt: Int = 1) -> JSON {
    [
      "workflow": "market-prod.yml", "head_sha": "abc", "status": "completed", "conclusion": "failure",
      "created_at": .string(created), "run_attempt": .number(Double(attempt)),
    ]
  }

  private func closed(_ run: String) -> JSON {
    [
      "context": "market/prod/window", "state": "pending", "created_at": "-1h",
      "description": .string("opens at 2026-06-02T00:00:00Z (run \(run))"),
    ]
  }

  private func stopped(_ scenario: inout JSON, at start: String = "2026-06-02T00:10:00Z", run: String = "1001-1") {
    scenario["start"] = .string(start)
    scenario["github"]["runs"]["1001"] = failed("-10h")
    scenario["github"]["commits"]["abc"]["statuses"].append(closed(run))
  }

  @Test func aRunThatStoppedAtTheWindowIsStartedAgainOnceWhenItIsOpen() throws {
    try ReleaseRepository.market { scenario in
      stopped(&scenario)
    } _: { repository in
      let outcome = try repository.market("housekeeping.sh reopen")
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.state["github"]["runs"]["1001"]["run_attempt"] == 2)
      // It may fail for another reason; then it is not started again.
      try repository.set("/github/runs/1001/status", "completed")
      try repository.set("/github/runs/1001/conclusion", "failure")
      #expect(try repository.market("housekeeping.sh reopen").code == 0)
      #expect(try repository.calls.filter { $0.contains("rerun-failed-jobs") }.count == 1)
    }
  }

  enum Reason: CaseIterable { case closed, frozen, expired, otherAttempt, otherFailure, newerRelease, underWay }

  @Test(arguments: Reason.allCases)
  func nothingIsStartedAgainWithoutCause(reason: Reason) throws {
    try ReleaseRepository.market { scenario in
      switch reason {
      case .closed: stopped(&scenario, at: "2026-06-01T23:40:00Z")
      case .frozen: stopped(&scenario, at: "2030-01-01T01:10:00Z")
      case .expired:
        stopped(&scenario)
        scenario["github"]["runs"]["1001"] = failed("-25h")
      case .otherAttempt: stopped(&scenario, run: "1001-2")
      case .otherFailure:
        stopped(&scenario)
        scenario["github"]["commits"]["abc"]["statuses"] = []
      case .newerRelease:
        stopped(&scenario)
        scenario["github"]["runs"]["1002"] = failed("-1h")
        scenario["github"]["runs"]["1002"]["conclusion"] = "success"
      case .underWay:
        stopped(&scenario)
        scenario["github"]["runs"]["1002"] = waiting("-1h", for: "prod")
      }
    } _: { repository in
      let outcome = try repository.market("housekeeping.sh reopen")
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(!(try repository.calls.contains { $0.contains("rerun") }), "\(outcome.output)")
      if reason == .expired {
        #expect(outcome.output.contains("approvals are older than 24h; start the release again"), "\(outcome.output)")
      }
    }
  }

  // MARK: - Windows that are announced

  /// The window opens on 7 July at 00:00 UTC, seven days of notice before that is 30 June at 00:00.
  @Test(
    arguments: [
      ("2026-06-29T23:50:00Z", 0), ("2026-06-30T00:10:00Z", 1), ("2026-06-30T23:50:00Z", 1),
      ("2026-07-01T00:10:00Z", 0),
    ])
  func aWindowIsAnnouncedInTheDayAfterItsNoticeBegins(now: String, issues: Int) throws {
    try ReleaseRepository.market { scenario in
      scenario["start"] = .string(now)
    } _: { repository in
      for _ in 1...2 {
        let outcome = try repository.market("housekeeping.sh announce")
        #expect(outcome.code == 0, "\(outcome.output)")
      }
      let found = try repository.state["github"]["issues"].elements
      #expect(
        found.map { $0["title"].string }
          == Array(repeating: "Maintenance window of market in prod: 2026-07-07T00:00:00Z", count: issues))
      if issues == 1 {
        #expect(try #require(found.first)["body"].string?.contains("2026-07-07 02:00 Europe/Berlin") == true)
      }
    }
  }

  /// 1 January 2030 is a first Tuesday, and frozen.
  @Test func aWindowInAFreezeIsNotAnnounced() throws {
    try ReleaseRepository.market { scenario in
      scenario["start"] = "2029-12-25T03:00:00Z"
    } _: { repository in
      let outcome = try repository.market("housekeeping.sh announce")
      #expect(outcome.code == 0)
      #expect(
        outcome.output.contains("is not announced: frozen, 12-31 to 01-02 (UTC): Turn of the year"), "\(outcome.output)"
      )
      #expect(try repository.state["github"]["issues"].elements.isEmpty)
    }
  }

  @Test func aWrongCallIsSaid() throws {
    try ReleaseRepository.market { _ in
    } _: { repository in
      let outcome = try repository.market("housekeeping.sh tidy")
      #expect(outcome.code == 2)
    }
  }
}
