import Foundation
import Testing

/// Every gate and every condition of ecom-back, tripped one by one.
@Suite(.threads) struct EcomBackTripTests {
  @Test(arguments: EcomBack.Place.allCases)
  func everythingThatCanStopAReleaseIsTripped(place: EcomBack.Place) throws {
    let plan = try #require(try EcomBack.example.get().plan.environment(place.rawValue))
    #expect(Set(EcomBackTrip.all.filter { $0.place == place }.map(\.wire)) == plan.tripwires)
  }

  /// One by one, as the steps of the workflow ask them: what a gate says needs no whole release.
  @Test(arguments: EcomBackTrip.all.filter { $0.gate != nil })
  func aGateAnswersByItself(_ trip: EcomBackTrip) throws {
    let gate = try #require(trip.gate)
    try ReleaseRepository.ecomBack(trip.scenario) { repository in
      let values = EcomBack.github.merging(["GH_TOKEN": WorkflowRunner.token]) { $1 }
      let before = try repository.state["github"]
      let outcome = try repository.script("\(trip.place)/gates.sh \(gate)", values.mapValues { $0 })
      switch trip.end {
      case .refused(let text):
        #expect(outcome.code != 0)
        #expect(outcome.output.contains(text), "\(outcome.output)")
      case .releasedSaying(let text):
        #expect(outcome.code == 0)
        #expect(outcome.output.contains(text), "\(outcome.output)")
      case .takenBack, .takenBackUnverified: Issue.record("a gate takes nothing back")
      }
      #expect(try repository.state["github"] == before)
    }
  }

  /// Whole releases: all that is tripped behind the gates, and one gate and one approval as proof that a refusal ends
  /// it.
  @Test(arguments: EcomBackTrip.all.filter { $0.gate == nil || $0.isProof })
  func tripped(_ trip: EcomBackTrip) throws {
    try ReleaseRepository.ecomBack(trip.scenario) { repository in
      let before = try repository.ecomMarker(trip.place)
      let release = try repository.release(trip.place)
      let versions = try repository.ecomLive(trip.place).map(\.version)
      switch trip.end {
      case .refused(let text):
        #expect(release.run.conclusion == .failure)
        #expect(release.runner.output.contains(text), "\(release.runner.output)")
        #expect(versions == ["old"])
        #expect(try release.hooks.isEmpty)
        #expect(try repository.ecomMarker(trip.place) == before)
        let status = try release.statuses()["\(trip.place)"]
        #expect(status == (trip.place == .staging ? "success" : nil))
      case .releasedSaying(let text):
        #expect(release.run.conclusion == .success, "\(release.runner.output)")
        #expect(release.runner.output.contains(text), "\(release.runner.output)")
        #expect(versions == ["old", "new"])
        #expect(try release.marker["state"] == "promoted")
      case .takenBack(let reason):
        try expectTakenBack(release, reason: reason)
        try expectSoon(release)
      case .takenBackUnverified:
        try expectTakenBack(release, reason: "\(trip.place)-smoke fails on the new version", isVerified: false)
      }
      try release.expectNoSecret()
    }
  }

  /// The version before is live again, and everybody who has to know does.
  private func expectTakenBack(_ release: EcomBackRun, reason: String, isVerified: Bool = true) throws {
    let place = release.place
    #expect(release.run.conclusion == .failure)
    #expect(try release.repository.ecomLive(place).map(\.version) == ["old", "new", "old"], "\(release.runner.output)")
    #expect(try release.hooks == ["deploy", "rollback", "verify"])
    let marker = try release.marker
    #expect(marker["state"] == "rolled-back" && marker["live"] == EcomBack.old && marker["weight"] == "0")
    #expect(try release.statuses()["\(place)"] == "failure")

    let record = try release.record()
    #expect(record["result"] == "failure" && record["reason"] == .string(reason), "\(record)")
    #expect(record["rollbackState"] == "succeeded" && record["rollbackCallbackState"] == "succeeded")
    #expect(release.runner.uploads.map(\.name).contains("\(place)-release-gate-report"))

    #expect(release.runner.summary.contains("Rolled back: ecom-back in \(place)"))
    #expect(release.runner.summary.contains("- reason: \(reason)"))
    let result = isVerified ? "taken back and verified" : "taken back, but the version before does not pass its checks"
    #expect(release.runner.summary.contains("- result: \(result)"), "\(release.runner.summary)")

    let issues = try release.repository.state["github"]["issues"].elements
    #expect(
      issues.map { $0["labels"].elements.map { $0["name"].string } } == (place == .production ? [["incident"]] : []))
    #expect(try release.comments.contains { $0.contains(reason) })
    // A rollback that is done pages nobody; one that cannot be shown to be good does.
    #expect(try release.pages.count == (isVerified ? 0 : 1))
  }

  /// From the word that stopped the release to the version before being live: less than half a minute.
  private func expectSoon(_ release: EcomBackRun) throws {
    let stopped = try #require(try release.record()["journal"].elements.first { $0["event"] == "stopped" })
    let at = try #require(try stopped["at"].string.map { try Date($0, strategy: .iso8601) })
    let back = try #require(try release.repository.ecomLive(release.place).last?.since)
    #expect(Double(back) / 1000 - at.timeIntervalSince1970 < 30)
  }
}
