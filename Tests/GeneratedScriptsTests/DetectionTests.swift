import ReleaseModel
import Testing

/// What `liftlock plan` says about how soon a bad version is found, against how soon it is found.
@Suite(.threads) struct DetectionTests {
  /// A version that turns bad so many seconds after the world began, in a release that goes on from step to step.
  private func secondsUntilStopped(badFrom onset: Int, _ bad: JSON) throws -> (seconds: Int, output: String) {
    var rule = bad
    rule["from"] = .string("\(onset)s")
    var scenario = GradualRelease.underWay(weight: 0, new: rule)
    // What the platform takes to change a weight is its own.
    scenario["azure"]["update_seconds"] = 0
    return try ReleaseRepository.gradual(scenario) { repository in
      let start = Int(try repository.state["start"].number ?? 0)
      var output = ""
      for step in 1...2 {
        let outcome = try repository.script("\(GradualRelease.rollout) step \(step)", GradualRelease.environment)
        output += outcome.output
        if outcome.code != 0 { return ((try repository.clock - start) / 1000 - onset, output) }
      }
      return (.max, output)
    }
  }

  private func forecast(_ condition: String) throws -> Detection {
    let environment = try #require(try GradualRelease.example.get().plan.environment("prod"))
    return try #require(environment.detections.first { $0.planned.condition.text == condition })
  }

  /// Only just too many errors, from different moments of a step on, and just before the next.
  @Test(arguments: [0, 10, 25, 41, 55, 59])
  func aVersionThatIsOnlyJustTooBadIsFoundInTheTimeThatThePlanSays(onset: Int) throws {
    let (seconds, output) = try secondsUntilStopped(badFrom: onset, ["error_percent": 1.05])
    let found = try forecast("error-rate > 1% for 2 checks")
    #expect(output.contains("rollback condition met: error-rate > 1% for 2 checks"), "\(output)")
    #expect(seconds <= (try #require(found.atWorst)).seconds, "\(output)")
  }

  @Test(arguments: [0, 30, 58]) func aFailingProbeIsFoundInTheTimeThatThePlanSays(onset: Int) throws {
    let (seconds, output) = try secondsUntilStopped(badFrom: onset, ["paths": ["/health": 503]])
    let found = try forecast("smoke fails for 40s")
    #expect(output.contains("rollback condition met: smoke fails for 40s"), "\(output)")
    #expect(seconds <= (try #require(found.atWorst)).seconds, "\(output)")
  }

  @Test func aSilentSourceEndsTheReleaseInTheTimeThatThePlanSays() throws {
    var scenario = GradualRelease.underWay(weight: 0)
    scenario["azure"]["update_seconds"] = 0
    scenario["queries"] = .array([["match": ".", "result": "hang"]] + scenario["queries"].elements)
    let environment = try #require(try GradualRelease.example.get().plan.environment("prod"))
    try ReleaseRepository.gradual(scenario) { repository in
      let outcome = try repository.script("\(GradualRelease.rollout) step 1", GradualRelease.environment)
      #expect(outcome.output.contains("ERROR: no data for"), "\(outcome.output)")
      let passed = (try repository.clock - Int(try repository.state["start"].number ?? 0)) / 1000
      #expect(passed <= environment.noDataDetection.seconds, "\(outcome.output)")
    }
  }
}
