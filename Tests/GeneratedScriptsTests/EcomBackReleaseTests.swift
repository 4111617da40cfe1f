import Foundation
import GitHubWorkflow
import Testing

/// Releases of ecom-back that end well, from the first gate to the last word.
@Suite(.threads) struct EcomBackReleaseTests {
  @Test(arguments: EcomBack.Place.allCases)
  func aGoodReleaseIsDeployedOnceWatchedAndReported(place: EcomBack.Place) throws {
    try ReleaseRepository.ecomBack { repository in
      let release = try repository.release(place)
      #expect(release.run.conclusion == .success, "\(release.runner.output)")

      // The traffic, and how the platform was told.
      #expect(try repository.ecomLive(place).map(\.version) == ["old", "new"])
      #expect(try release.hooks == ["deploy"])
      let marker = try release.marker
      #expect(marker["state"] == "promoted" && marker["weight"] == "100" && marker["run"] == "1001-1")
      #expect(marker["previous"] == EcomBack.old)
      let version = try #require(marker["candidate"])
      #expect(marker["live"] == version && version.hasPrefix("\(EcomBack.image)@sha256:"))

      // What later promotions ask for.
      let statuses = try release.statuses()
      #expect(statuses["\(place)"] == "success")
      #expect(statuses["\(place)/\(place)-smoke"] == "success")
      #expect(statuses["\(place)/\(place)-callbacks"] == "success")

      // The report, as an artifact of the name that others look for.
      let record = try release.record()
      #expect(record["result"] == "success" && record["service"] == "ecom-back", "\(record)")
      #expect(record["environment"] == .string(place.rawValue))
      #expect(record["version"] == .string(version) && record["previous"] == .string(EcomBack.old))
      #expect(record["commit"] == "abc" && record["operator"] == "ann" && record["strategy"] == "rolling")
      #expect(record["rollbackState"] == "not_needed" && record["rollbackCallbackState"] == "not_needed")
      let approvals = record["approvals"].elements.compactMap { $0["user"].string ?? $0["by"].string }
      #expect(approvals == (place == .staging ? [] : ["olga"]), "\(record)")
      let names = release.runner.uploads.map(\.name)
      #expect(names == ["\(place)-release-gate-report"])
      #expect(release.runner.summary.contains("| result | success |"))
      #expect(release.runner.summary.contains("| version before | \(EcomBack.old) |"))
      #expect(release.runner.summary.contains("\(place)-smoke passed"))

      // Nobody is paged or bothered by a release that went well.
      #expect(try release.pages.isEmpty)
      #expect(try release.comments.isEmpty)
      #expect(try repository.state["github"]["issues"].elements.isEmpty)
      try release.expectNoSecret()
    }
  }

  @Test func whatStagingBuiltAndShowedIsWhatProductionReleases() throws {
    var scenario = EcomBack.scenario
    scenario["github"]["commits"]["abc"]["statuses"] = []
    scenario["registry"] = ["require_login": true]
    try ReleaseRepository.ecomBack(scenario) { repository in
      let staging = try repository.release(.staging)
      #expect(staging.run.conclusion == .success, "\(staging.runner.output)")
      let production = try repository.release(.production)
      #expect(production.run.conclusion == .success, "\(production.runner.output)")
      #expect(try production.marker["live"] == staging.marker["live"])
      #expect(try production.live == "new")
      #expect(try repository.calls.filter { $0.hasPrefix("docker buildx build") }.count == 1)
    }
  }

  @Test func withoutItsOptionalSecretsStagingReleasesAllTheSameAndSaysWhatIsLeftOut() throws {
    var scenario = EcomBack.scenario
    scenario["services"]["ecom-staging"]["bearer"] = .null
    try ReleaseRepository.ecomBack(scenario) { repository in
      let missing = [
        "SMOKE_BEARER_TOKEN", "ROLLBACK_WEBHOOK", "ROLLBACK_VERIFY_WEBHOOK", "RELEASE_GATE_METRICS_URL",
      ]
      let release = try repository.release(.staging, without: missing.map { "STAGING_\($0)" })
      #expect(release.run.conclusion == .success, "\(release.runner.output)")
      #expect(try release.live == "new")
      // No address is no data: not good, and only recommended.
      #expect(try release.statuses()["staging/staging-callbacks"] == "error")
      #expect(release.runner.output.contains("staging-callbacks is unknown; it is only recommended"))
    }
  }

  @Test func theNextReleaseGoesBackToThisOne() throws {
    try ReleaseRepository.ecomBack { repository in
      #expect(try repository.release(.production).run.conclusion == .success)
      let first = try #require(repository.ecomMarker(.production)["live"])
      let second = EcomBack.environment(.production).merging([
        "GITHUB_RUN_ID": "1002", "ARTIFACT": "\(EcomBack.image)@sha256:\(String(repeating: "c", count: 64))",
      ]) { $1 }
      #expect(try repository.script("production/rollout.sh deploy", second).code == 0)
      #expect(try repository.ecomMarker(.production)["previous"] == first)
    }
  }
}
