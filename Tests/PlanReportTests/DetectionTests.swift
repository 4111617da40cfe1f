import ReleaseModel
import Testing

/// How soon a bad version is found, added up by hand.
@Suite struct DetectionTests {
  private func only(_ when: String) throws -> Detection { try only(in: smallSpec(when: when)) }

  private func only(in text: String) throws -> Detection {
    let detections = try #require(try plan(text).environment("prod")).detections
    #expect(detections.count == 1)
    return try #require(detections.first)
  }

  private func seconds(_ time: TimeSpan?) -> Int? { time?.seconds }

  @Test func aMetricIsFoundWhenItsWindowIsFullAndTheTickAndTheAnswerHaveCome() throws {
    let found = try only("error-rate > 3% over 5m")
    // 2 min to settle, a tick of 30 s, an answer that takes 28 s.
    #expect(found.fromShift.map(seconds) == [178, 178])
    // A tenth of the traffic, and all of it.
    #expect(found.exposureFromShift.map { $0?.milliseconds } == [17_800, 178_000])
    // Just too late for the first step: window and sample (315 s) and tick (30 s) are lost, then 178 s from the shift on.
    #expect(seconds(found.atWorst) == 345 + 178)
    // In the last step, at any moment: 315 + 30 + 28.
    #expect(seconds(found.worstExposure) == 373)
  }

  @Test func aConditionThatMustHoldTakesThatLonger() throws {
    // 100 s are four ticks of 30 s; three checks are two ticks more.
    #expect(try only("error-rate > 3% over 5m for 100s").fromShift.map(seconds) == [298, 298])
    #expect(try only("error-rate > 3% over 5m for 3 checks").fromShift.map(seconds) == [238, 238])
  }

  @Test func aProbeNeedsNoWindow() throws {
    let found = try only("smoke fails for 1m")
    #expect(found.fromShift.map(seconds) == [118, 118])
    #expect(seconds(found.atWorst) == 30 + 118)
  }

  @Test func whatAShortStepCannotSeeIsFoundInTheNext() throws {
    // The first step lasts 2 min: half of it is for settling, then come a tick and the window of the next step.
    let found = try only(
      in: smallSpec(
        when: "error-rate > 3% over 1m for 30s", settle: "40s", steps: "{ to: 50%, hold: 80s }, { to: 100%, hold: 30m }"
      ))
    // Step 1 settles for 40 s, but needs 60 s of samples: first seen at 90 s, which is after its end.
    // In step 2: 60 s of samples, a tick, 30 s for which it must hold, and the answer.
    #expect(found.fromShift.map(seconds) == [80 + 148, 148])
    #expect(found.exposureFromShift.map { $0?.milliseconds } == [40_000 + 148_000, 148_000])
  }

  @Test func onlyAPersonCanTellHasNoTime() throws {
    let environment = try #require(
      try plan(smallSpec(when: "smoke fails, { manual: a path is broken }")).environment("prod"))
    #expect(environment.detections.map(\.planned.condition.text) == ["smoke fails"])
  }

  @Test func silenceIsFoundByTheLimitForNoData() throws {
    let environment = try #require(try plan(smallSpec()).environment("prod"))
    // 2 min to settle, 2 min without data, a tick and an answer.
    #expect(environment.noDataDetection.seconds == 120 + 120 + 30 + 28)
  }

  /// More traffic, a longer window or rarer ticks never make it better.
  @Test func nothingGetsSoonerByBeingSlower() throws {
    let usual = try only("error-rate > 3% over 5m")
    for slower in [
      "error-rate > 3% over 6m", "error-rate > 3% over 5m for 30s", "error-rate > 3% over 5m for 2 checks",
    ] {
      let other = try only(slower)
      #expect(try #require(other.atWorst) > #require(usual.atWorst))
      #expect(try #require(other.worstExposure) > #require(usual.worstExposure))
    }
  }
}
