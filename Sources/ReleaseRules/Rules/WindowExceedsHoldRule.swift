import Diagnostics
import ReleaseModel

enum WindowExceedsHoldRule: Rule {
  static let name = "window-exceeds-hold"
  static let severity = Severity.error
  static let summary = "Everything that judges a step can be judged while the step is held."
  static let rationale = """
    A window that is longer than the hold looks at traffic from before the step, and a condition that must hold for \
    ten minutes is never met in a step of five. Data that arrive minutes late may describe nothing but the version \
    before. The step then passes or rolls back on the strength of numbers that are not about it.
    """
  static let failingExample = ExampleSpec.with(
    (
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }",
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over «30m»] }"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }",
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over 10m] }"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for environment in context.plan.environments {
      let rollout = environment.spec.rollout
      var reported: Set<Span> = []
      let once = { (diagnostic: Diagnostic) in
        // An alias repeats the same words in several steps.
        if reported.insert(diagnostic.span).inserted { report(diagnostic) }
      }
      for step in rollout.steps {
        for condition in step.require + step.failWhen { judge(condition, in: step.hold, rollout, report: once) }
      }
      if let part = rollout.stabilisation { judge(part, in: environment, report: once) }
      guard let shortest = rollout.steps.min(by: { $0.hold.value < $1.hold.value }) else { continue }
      for condition in environment.spec.rollback?.when ?? [] {
        judge(condition, in: shortest.hold, rollout, report: once)
      }
      judgeTicks(environment, shortest, report: once)
      for (step, planned) in zip(rollout.steps, environment.steps) {
        judgeData(
          step, planned.require + planned.failWhen + environment.rollbackWhen, environment, context, report: once)
      }
    }
  }

  /// `earlier` is how long the share of the traffic has been the same before the hold begins.
  private static func judge(
    _ condition: Condition, in hold: Located<TimeSpan>, after earlier: TimeSpan = .zero, _ rollout: Rollout,
    report: (Diagnostic) -> Void
  ) {
    if let over = condition.metric?.over, over.value > hold.value + earlier { report(longWindow(over, hold, earlier)) }
    if let sustained = condition.sustained {
      let length = sustained.length(checkedEvery: rollout.checkEvery)
      if length > hold.value { report(longCondition(condition, length, sustained, hold, rollout.checkEvery)) }
    }
  }

  /// The last step has held all of the traffic already, so a window may reach back into it.
  private static func judge(
    _ part: Rollout.Stabilisation, in environment: EnvironmentPlan, report: (Diagnostic) -> Void
  ) {
    let rollout = environment.spec.rollout
    let before = rollout.steps.last?.hold.value ?? .zero
    for condition in part.require { judge(condition, in: part.hold, after: before, rollout, report: report) }
    if rollout.checkEvery > part.hold.value { report(rareTicks(rollout.checkEvery, part.hold)) }
  }

  /// How often conditions are judged, against the hold and against how often there is something new to see.
  private static func judgeTicks(
    _ environment: EnvironmentPlan, _ shortest: Rollout.Step, report: (Diagnostic) -> Void
  ) {
    let every = environment.spec.rollout.checkEvery
    if every > shortest.hold.value { report(rareTicks(every, shortest.hold)) }
    let sources = environment.rollbackWhen.compactMap { planned -> NamedMetric? in
      if case .metric(let metric, _, _) = planned.subject { return metric }
      return nil
    }
    // A check such as a probe answers anew every time, and is a reason to ask more often than metrics have news.
    let hasChecks = environment.rollbackWhen.contains { planned in
      if case .check = planned.subject { return true }
      return false
    }
    guard !hasChecks, let fastest = sources.min(by: { $0.source.resolution < $1.source.resolution }),
      every < fastest.source.resolution
    else { return }
    report(hastyTicks(every, fastest, environment.spec.rollout))
  }

  /// The first moment at which a metric can be judged: after `settle`, and once four samples of this step can be read.
  private static func judgeData(
    _ step: Rollout.Step, _ conditions: [PlannedCondition], _ environment: EnvironmentPlan, _ context: RuleContext,
    report: (Diagnostic) -> Void
  ) {
    let settle = environment.spec.rollout.settle
    var slowest: (metric: NamedMetric, condition: Condition, first: TimeSpan)?
    for planned in conditions {
      guard case .metric(let metric, _, _) = planned.subject else { continue }
      let first = metric.source.lag + metric.source.resolution * 4
      if first > slowest?.first ?? .zero { slowest = (metric, planned.condition, first) }
    }
    guard let slowest, max(settle, slowest.first) > step.hold.value else { return }
    report(
      settle >= slowest.first
        ? longSettling(settle, step.hold, slowest.condition)
        : lateData(slowest.metric, slowest.first, step.hold, slowest.condition))
  }
}

extension WindowExceedsHoldRule {
  private static func longWindow(
    _ over: Located<TimeSpan>, _ hold: Located<TimeSpan>, _ earlier: TimeSpan
  ) -> Diagnostic {
    if earlier > .zero {
      return problem(
        "this window reaches back to before all of the traffic was on the new version", at: over.span,
        label: "longer than the last step and this hold together",
        related: [.init(span: hold.span, label: "held for \(hold.value), after \(earlier) in the last step")],
        notes: ["most of what it sees is another share of the traffic, or the version before"],
        help: ["look at \(hold.value + earlier) at most, or hold longer"])
    }
    return problem(
      "this window reaches back to before the step", at: over.span, label: "longer than the hold",
      related: [.init(span: hold.span, label: "held for \(hold.value)")],
      notes: ["most of what it sees in a step of \(hold.value) is another share of the traffic, or the version before"],
      help: ["look at \(hold.value) at most, or hold the step for \(over.value)"])
  }

  private static func longCondition(
    _ condition: Condition, _ length: TimeSpan, _ sustained: Sustained, _ hold: Located<TimeSpan>, _ every: TimeSpan
  ) -> Diagnostic {
    var words = "it has to hold for \(length)"
    if case .checks(let count) = sustained { words = "\(count) checks, one every \(every), take \(length)" }
    return problem(
      "this condition cannot be met while a step is held", at: condition.span, label: words,
      related: [.init(span: hold.span, label: "held for \(hold.value)")],
      notes: ["the step would be over before anything came of it, and each step starts the count anew"],
      help: ["let it hold for less than \(hold.value), or hold the step longer"])
  }

  private static func rareTicks(_ every: TimeSpan, _ hold: Located<TimeSpan>) -> Diagnostic {
    problem(
      "this step is over before the rollback conditions are judged once", at: hold.span,
      label: "held for \(hold.value)",
      notes: ["`check-every` is \(every), so nobody looks at the version while it has this share of the traffic"],
      help: ["lower `check-every` to a fraction of \(hold.value), or hold the step longer"])
  }

  private static func hastyTicks(_ every: TimeSpan, _ metric: NamedMetric, _ rollout: Rollout) -> Diagnostic {
    problem(
      "`check-every` is \(every), and there is something new to see only every \(metric.source.resolution)",
      at: rollout.span, label: "judges the same samples again and again",
      related: [.init(span: metric.source.span, label: "a new sample every \(metric.source.resolution)")],
      notes: ["no rollback comes sooner for it, and the source answers for nothing"],
      help: ["write `check-every: \(metric.source.resolution)` or more"])
  }

  private static func longSettling(
    _ settle: TimeSpan, _ hold: Located<TimeSpan>, _ condition: Condition
  ) -> Diagnostic {
    problem(
      "this step is over before anything may be judged", at: hold.span, label: "held for \(hold.value)",
      related: [.init(span: condition.span, label: "could not be judged")],
      notes: ["`settle` is \(settle): that long after each change of weight no metric counts"],
      help: ["write a `settle` well under \(hold.value), or hold the step for much longer than \(settle)"])
  }

  private static func lateData(
    _ metric: NamedMetric, _ first: TimeSpan, _ hold: Located<TimeSpan>, _ condition: Condition
  ) -> Diagnostic {
    let source = metric.source
    let lateness = source.lag == .zero ? "" : " that can be read \(source.lag) late"
    return problem(
      "this step is over before `\(metric.name)` says anything about it", at: hold.span,
      label: "held for \(hold.value)",
      related: [.init(span: condition.span, label: "cannot be judged before \(first)")],
      notes: ["it takes four samples of this step, one every \(source.resolution)\(lateness): \(first)"],
      help: ["hold the step for well over \(first), or measure with a faster source"])
  }
}
