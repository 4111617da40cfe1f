/// How soon a condition that is watched in a release finds out that the new version is bad, at worst.
///
/// At worst: the version is only just as bad as the condition says, so that its window must fill up; the tick has just
/// gone by; the answer takes as long as it may. All times end with the command that takes the version back.
public struct Detection: Sendable {
  public let planned: PlannedCondition
  /// For each held step, in order: the longest that a version is there which is bad from the change of weight on. `nil`:
  /// the condition is not asked there, or the rest of the release is over before.
  public let fromShift: [TimeSpan?]
  /// The longest whenever it turns bad while the release is watched; `nil`: it may not be found by the release at all.
  public let atWorst: TimeSpan?
  /// The most that a bad version is exposed, as time with all of the traffic, when it is bad from the change of weight on
  /// to each held step; 30 s at 10 % count 3 s. `nil` as in `fromShift`.
  public let exposureFromShift: [TimeSpan?]
  /// The same, whenever it turns bad.
  public let worstExposure: TimeSpan?
}

extension EnvironmentPlan {
  /// What is watched at every tick and can be judged by a machine, in the order of the spec.
  public var detections: [Detection] {
    let everywhere = rollbackWhen.compactMap { DetectionModel(self, $0, steps: heldSteps.indices) }
    let single = steps.indices.flatMap { index in
      steps[index].failWhen.compactMap { DetectionModel(self, $0, steps: index..<(index + 1)) }
    }
    return (everywhere + single).map(\.detection)
  }

  /// How long the release goes on at most when a source stops answering.
  public var noDataDetection: TimeSpan {
    let rollout = spec.rollout
    return rollout.settle + rollout.noDataLimit.roundedUp(to: rollout.checkEvery) + rollout.checkEvery
      + rollout.watchLimit
  }

  /// The slowest that the release finds a bad version by anything that it watches; `nil`: something is watched that may
  /// not be found at all, or nothing is watched.
  public var slowestDetection: TimeSpan? {
    let all = detections.map(\.atWorst)
    return all.contains { $0 == nil } ? nil : all.compactMap { $0 }.max()
  }

  /// The most that a bad version can be exposed, as time with all of the traffic.
  public var worstExposure: TimeSpan? {
    let all = detections.map(\.worstExposure)
    return all.contains { $0 == nil } ? nil : all.compactMap { $0 }.max()
  }
}

extension Rollout {
  /// How long one source is waited for in a watch: it leaves the rest of a tick to the others.
  public var watchLimit: TimeSpan { .seconds(min(30, max(3, checkEvery.seconds - 2))) }
}

/// One condition against the steps in which it is asked.
private struct DetectionModel {
  let environment: EnvironmentPlan
  let planned: PlannedCondition
  let steps: Range<Int>
  /// From the moment when the version turns bad until its samples show it.
  let evidence: TimeSpan
  /// From a change of weight on, until there are samples enough of the new share.
  let data: TimeSpan
  let answer: TimeSpan
  let isMetric: Bool

  private var held: [PlannedStep] { environment.heldSteps }
  private var every: TimeSpan { environment.spec.rollout.checkEvery }
  private var pause: TimeSpan { environment.operations.shift.pauses }

  init?(_ environment: EnvironmentPlan, _ planned: PlannedCondition, steps: Range<Int>) {
    let limit = environment.spec.rollout.watchLimit
    switch planned.subject {
    case .manual: return nil
    case .check(let check):
      (evidence, data, isMetric) = (.zero, .zero, false)
      if case .probe = check.check.kind { answer = limit } else { answer = check.check.timeout }
    case .metric(let metric, _, _):
      let source = metric.source
      (evidence, data, isMetric) = (
        planned.window + source.lag + source.resolution, source.lag + source.resolution * 4, true
      )
      answer = limit
    }
    self.environment = environment
    self.planned = planned
    self.steps = steps
  }

  /// From the first tick that sees it to the last that it takes.
  private var sustained: TimeSpan {
    switch planned.condition.sustained {
    case .time(let span)?: span.roundedUp(to: every)
    case .checks(let count)?: every * max(0, min(count, 1_000_000) - 1)
    case nil: .zero
    }
  }

  /// The first tick that can see a version which is bad from the start of the step on.
  private func firstTick(in index: Int) -> TimeSpan {
    guard isMetric else { return every }
    // The stabilisation changes no weight: all samples before it count.
    return (index < environment.steps.count ? max(held[index].settle, data) : .zero) + every
  }

  private func share(_ index: Int, of time: TimeSpan) -> TimeSpan {
    TimeSpan(milliseconds: time.milliseconds / 100 * held[index].weight)
  }

  /// Time and exposure for a version that is bad from the start of step `index` on.
  private func fromShift(_ index: Int) -> (time: TimeSpan, exposure: TimeSpan)? {
    let hold = held[index].hold
    let first = firstTick(in: index)
    // What a tick of the hold has seen is watched to its end, also past the hold.
    if first <= hold {
      let time = first + sustained + answer
      return (time, share(index, of: time))
    }
    return next(after: index, lost: hold)
  }

  /// What follows when so much of the end of a step went by without being seen.
  private func next(after index: Int, lost: TimeSpan) -> (time: TimeSpan, exposure: TimeSpan)? {
    guard index + 1 < steps.upperBound, let rest = fromShift(index + 1) else { return nil }
    let unseen = lost + pause
    return (unseen + rest.time, share(index, of: unseen) + rest.exposure)
  }

  var detection: Detection {
    var fromShift: [TimeSpan?] = held.map { _ in nil }
    var exposures: [TimeSpan?] = held.map { _ in nil }
    var worst: (time: TimeSpan, exposure: TimeSpan)? = (.zero, .zero)
    func count(_ case: (time: TimeSpan, exposure: TimeSpan)?) {
      guard let new = `case`, let old = worst else {
        worst = nil
        return
      }
      worst = (max(old.time, new.time), max(old.exposure, new.exposure))
    }
    for index in steps {
      let start = self.fromShift(index)
      (fromShift[index], exposures[index]) = (start?.time, start?.exposure)
      count(start)
      // In the middle of the hold; a window that is longer than the hold never fills up there.
      let seen = evidence + every
      if seen <= held[index].hold {
        let time = seen + sustained + answer
        count((time, share(index, of: time)))
      }
      // Just too late for this step. After the last one, the alerts of the service watch on.
      if index + 1 < steps.upperBound { count(next(after: index, lost: min(held[index].hold, seen))) }
    }
    return Detection(
      planned: planned, fromShift: fromShift, atWorst: worst?.time, exposureFromShift: exposures,
      worstExposure: worst?.exposure)
  }
}

extension TimeSpan {
  /// The smallest multiple of `step` that is not shorter; itself where `step` is nothing.
  func roundedUp(to step: TimeSpan) -> TimeSpan {
    guard step > .zero else { return self }
    return TimeSpan(milliseconds: (milliseconds + step.milliseconds - 1) / step.milliseconds * step.milliseconds)
  }
}
