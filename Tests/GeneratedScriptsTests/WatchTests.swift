import Testing

/// The watch of a release while those it asks are slow or silent.
@Suite(.threads) struct WatchTests {
  private let silent: JSON = ["match": ".", "result": "hang"]

  private func scenario(_ rules: JSON...) -> JSON {
    var scenario = GradualRelease.underWay(weight: 0)
    scenario["versions"]["new"]["rules"] = .array(rules)
    scenario["queries"] = .array([silent] + scenario["queries"].elements)
    return scenario
  }

  /// When the release itself was asked, in seconds.
  private func probes(_ repository: ReleaseRepository) throws -> [Double] {
    try repository.requests.filter { $0["args"][1].string?.hasSuffix("/health") == true }.compactMap { call in
      call["at"].number.map { $0 / 1000 }
    }
  }

  @Test func aSilentPrometheusEndsTheReleaseInTimeAndTheProbesGoOn() throws {
    try ReleaseRepository.gradual(scenario()) { repository in
      let outcome = try repository.script("\(GradualRelease.rollout) step 1", GradualRelease.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains(/ERROR: no data for \d+s: error-rate > 1% for 2 checks/), "\(outcome.output)")
      let probes = try probes(repository)
      let first = try #require(probes.first)
      let last = try #require(probes.last)
      // Unknown from 20 s on, and no longer than the two minutes and what is left of a tick.
      #expect(last - first <= 20 + 120 + 20, "\(probes)")
      for (one, next) in zip(probes, probes.dropFirst()) { #expect(next - one <= 21, "\(probes)") }
    }
  }

  @Test func aFailingProbeIsHeardWhilePrometheusIsSilent() throws {
    let broken: JSON = ["from": "30s", "paths": ["/health": 503]]
    try ReleaseRepository.gradual(scenario(broken)) { repository in
      let outcome = try repository.script("\(GradualRelease.rollout) step 1", GradualRelease.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("ERROR: rollback condition met: smoke fails for 40s"), "\(outcome.output)")
      #expect(try repository.clock / 1000 - Int(repository.state["start"].number ?? 0) / 1000 <= 120)
    }
  }

  /// One question in vain is no reason to hold a step for longer.
  @Test func aGapAtTheEndOfAHoldIsAskedAgain() throws {
    var scenario = GradualRelease.underWay(weight: 0)
    let gap: JSON = ["match": "errors", "result": "error", "from": "62s", "until": "75s"]
    scenario["queries"] = .array([gap] + scenario["queries"].elements)
    try ReleaseRepository.gradual(scenario) { repository in
      let outcome = try repository.script("\(GradualRelease.rollout) step 1", GradualRelease.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(!outcome.output.contains("longer, once"), "\(outcome.output)")
    }
  }
}
