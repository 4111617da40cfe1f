import Diagnostics
import ReleaseModel

enum ContradictingThresholdsRule: Rule {
  static let name = "contradicting-thresholds"
  static let severity = Severity.error
  static let summary =
    "What is asked for is never what takes a version back, fails a step, fires an alert or breaks a promise."
  static let rationale = """
    When a step is passed with an error rate under 10 % and the rollback acts above 5 %, the two disagree about what a \
    good version is. The stricter one wins without anybody having decided it: the requirement never has a say, and \
    whoever reads the step is told that 8 % is fine. In an incident that is the sentence that people argue about. A sign the wrong way round is \
    worse: `error-rate < 1%` takes back every healthy version, and nothing in it looks wrong.
    """
  static let failingExample = ExampleSpec.with(
    (
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }",
      "- { to: 10%, hold: 15m, require: [error-rate < «10%» over 5m] }"
    ), ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m]"))
  static let passingExample = ExampleSpec.with(
    (
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }",
      "- { to: 10%, hold: 15m, require: [error-rate < 2% over 5m] }"
    ), ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var reported: Set<Span> = []
    // An alias repeats the same words in several steps, and an inverted sign contradicts every one of them.
    func once(_ diagnostic: Diagnostic) {
      if reported.insert(diagnostic.span).inserted { report(diagnostic) }
    }
    var asked: [Bound] = []
    for environment in context.plan.environments {
      let every = environment.spec.rollout.checkEvery
      let limits = bounds(environment.rollbackWhen, checkEvery: every)
      for limit in limits { judge(limit, .rollback, report: once) }
      for step in environment.heldSteps {
        let ofStep = bounds(step.failWhen, checkEvery: every)
        for limit in ofStep { judge(limit, .step, report: once) }
        let requirements = tightest(bounds(step.require, checkEvery: .zero))
        for requirement in requirements {
          judge(requirement, ofStep, .step, in: environment.name, report: once)
          judge(requirement, limits, .rollback, in: environment.name, report: once)
        }
        asked += requirements
      }
      // Each list is an AND: what one of its bounds lets pass, a tighter one may still stop.
      let ofChecks = context.spec.checks.ordered(Set(environment.checkConditions.keys))
      for list in [environment.recovered] + ofChecks.compactMap({ environment.checkConditions[$0] }) {
        let requirements = tightest(bounds(list, checkEvery: .zero))
        for requirement in requirements {
          judge(requirement, limits, .rollback, in: environment.name, report: once)
        }
        asked += requirements
      }
    }
    for alert in context.plan.alerts {
      let limit = Bound(
        metric: alert.metric, statement: alert.statement, condition: alert.alert.condition,
        threshold: .fixed(alert.threshold),
        window: alert.window)
      guard ConditionRange(alert) == .either else { continue }
      judge(limit, .alert, report: once)
      if let requirement = asked.first(where: { limit.condemns($0) && limit.isTheWrongWayRound }) {
        once(inverted(limit, .alert, by: requirement))
      }
    }
    for (_, slo) in context.spec.slos.readable { judge(slo, context, report: once) }
  }

  /// Whether what is asked for is what the limits act on.
  private static func judge(
    _ requirement: Bound, _ limits: [Bound], _ effect: Effect, in environment: String, report: (Diagnostic) -> Void
  ) {
    if let limit = limits.first(where: { $0.condemns(requirement) }) {
      // One of the two has its sign the wrong way round; the metric says which direction is good.
      report(
        limit.isTheWrongWayRound
          ? inverted(limit, effect, by: requirement) : invertedRequirement(requirement, effect, by: limit))
    } else {
      for limit in limits {
        guard let baseline = limit.rejects(requirement) else { continue }
        report(contradiction(requirement, limit, effect, baseline, in: environment))
        break
      }
    }
  }

  /// Whether a limit acts on what the team aims for or has promised.
  private static func judge(_ limit: Bound, _ effect: Effect, report: (Diagnostic) -> Void) {
    guard limit.isTheWrongWayRound, let acts = limit.fixed else { return }
    let metric = limit.metric.metric
    for (key, goal) in [("target", metric.target), ("slo", metric.slo)] {
      guard let goal, let value = goal.value.value(in: metric.unit),
        limit.statement.comparison.holds(value, acts)
      else { continue }
      report(inverted(limit, effect, byGoal: key, goal))
      return
    }
  }

  /// Whether a promise is kept by good values.
  private static func judge(_ slo: ServiceLevelObjective, _ context: RuleContext, report: (Diagnostic) -> Void) {
    guard let entry = context.spec.metrics.entry(slo.metric.value), let metric = entry.value ?? nil else { return }
    switch (slo.goal, metric.better) {
    case (.above(let limit), .lower): report(invertedPromise(entry.name, limit, "above", "lower", instead: "below"))
    case (.below(let limit), .higher): report(invertedPromise(entry.name, limit, "below", "higher", instead: "above"))
    default: break
    }
  }

  /// What a condition does when it is met.
  private enum Effect {
    case rollback
    case step
    case alert
  }

  /// What a metric is compared with.
  private struct Bound {
    let metric: NamedMetric
    let statement: MetricCondition
    let condition: Condition
    /// Its own value, in the metric's unit, or what it makes of a baseline.
    let threshold: PlannedCondition.Bound
    let window: TimeSpan

    /// Whether this condition, which acts on what is bad, is about good values.
    var isTheWrongWayRound: Bool { statement.comparison.isUpward == (metric.metric.better == .higher) }

    /// Its value; `nil` where that depends on a baseline.
    var fixed: Double? {
      if case .fixed(let value) = threshold { return value }
      return nil
    }

    /// Whether this condition is met by every value that the requirement lets pass.
    func condemns(_ requirement: Bound) -> Bool {
      guard metric.name == requirement.metric.name, let mine = fixed, let theirs = requirement.fixed else {
        return false
      }
      let isUpward = statement.comparison.isUpward
      guard isUpward == requirement.statement.comparison.isUpward else { return false }
      return isUpward ? mine <= theirs : mine >= theirs
    }

    /// The baselines for which two bounds that depend on one can be compared: where either has its corner, and far beyond
    /// both. In between and outside they are straight lines. A multiple is not compared with a distance, nor either with a
    /// fixed value: whichever is the stricter changes at some baseline, and mostly that is meant.
    func baselines(with other: Bound) -> [Double] {
      guard case .baseline(_, let offset, let floor) = threshold,
        case .baseline(_, let otherOffset, let otherFloor) = other.threshold, offset == otherOffset
      else { return fixed != nil && other.fixed != nil ? [0] : [] }
      let largest = [floor, otherFloor, offset.magnitude, 1].max() ?? 1
      return [0, floor, otherFloor, min(largest * 1000, metric.metric.unit.range.most ?? .infinity)]
    }

    /// What the metric is compared with when the baseline is this much.
    func value(baseline: Double) -> Double {
      switch threshold {
      case .fixed(let value): value
      case .baseline(let factor, let offset, let floor): max(baseline, floor) * factor + offset
      }
    }

    /// A baseline with which this rollback condition is met by a value that the requirement lets pass, and sees it as soon.
    func rejects(_ requirement: Bound) -> Double? {
      guard metric.name == requirement.metric.name, window <= requirement.window else { return nil }
      let (mine, theirs) = (statement.comparison, requirement.statement.comparison)
      guard mine.isUpward != theirs.isUpward else { return nil }
      return baselines(with: requirement).first { baseline in
        let (limit, asked) = (value(baseline: baseline), requirement.value(baseline: baseline))
        if limit == asked { return mine.holds(limit, limit) && theirs.holds(limit, limit) }
        return mine.isUpward ? limit < asked : limit > asked
      }
    }
  }

  /// The bounds of some conditions. How long one must hold makes its window longer. One that is always or never
  /// met has been reported as such.
  private static func bounds(_ conditions: [PlannedCondition], checkEvery: TimeSpan) -> [Bound] {
    conditions.compactMap { planned in
      guard case .metric(let metric, let statement, let bound) = planned.subject,
        ConditionRange(planned) == .either
      else { return nil }
      let sustained = planned.condition.sustained?.length(checkedEvery: checkEvery) ?? .zero
      return Bound(
        metric: metric, statement: statement, condition: planned.condition, threshold: bound,
        window: max(planned.window, sustained))
    }
  }

  /// Of several bounds on one side of one metric, the one that decides.
  private static func tightest(_ bounds: [Bound]) -> [Bound] {
    struct Side: Hashable {
      let metric: String
      let isUpward: Bool
    }
    var best: [Side: Int] = [:]
    var moving: [Int] = []
    for (index, bound) in bounds.enumerated() {
      guard let value = bound.fixed else {
        moving.append(index)
        continue
      }
      let side = Side(metric: bound.metric.name, isUpward: bound.statement.comparison.isUpward)
      guard let other = best[side].flatMap({ bounds[$0].fixed }) else {
        best[side] = index
        continue
      }
      if side.isUpward ? value > other : value < other { best[side] = index }
    }
    return (best.values + moving).sorted().map { bounds[$0] }
  }
}

extension ContradictingThresholdsRule {
  private static func contradiction(
    _ requirement: Bound, _ limit: Bound, _ effect: Effect, _ baseline: Double, in environment: String
  ) -> Diagnostic {
    let isUpward = limit.statement.comparison.isUpward
    let unit = limit.metric.metric.unit
    let value = spelled(limit.value(baseline: baseline), in: unit)
    let asked = spelled(requirement.value(baseline: baseline), in: unit)
    let circumstance = limit.fixed == nil ? " with a baseline of \(spelled(baseline, in: unit))" : ""
    return problem(
      effect == .step
        ? "this lets pass what fails the step in \(environment)"
        : "this lets pass what takes a version back in \(environment)", at: requirement.statement.threshold.span,
      label:
        "`\(requirement.condition.text)` also holds for values \(isUpward ? "above" : "below") \(value)\(circumstance)",
      related: [
        .init(
          span: limit.statement.threshold.span,
          label: "\(effect == .step ? "the step fails" : "the rollback acts") on `\(limit.condition.text)`")
      ],
      notes: [
        "\(effect == .step ? "`fail-when`" : "the rollback") looks at the same metric over no longer a time, so it acts "
          + "first and this is never decisive"
      ],
      help: [
        "ask for \(isUpward ? "less" : "more") than \(value) here\(circumstance), or let \(effect == .step ? "`fail-when`" : "the rollback") act "
          + "\(isUpward ? "above" : "below") \(asked) only\(circumstance)"
      ])
  }

  private static func inverted(_ limit: Bound, _ effect: Effect, by requirement: Bound) -> Diagnostic {
    inverted(
      limit, effect,
      .init(
        span: requirement.statement.threshold.span,
        label: "`\(requirement.condition.text)` is asked for, and whatever meets it meets this as well"))
  }

  private static func inverted(
    _ limit: Bound, _ effect: Effect, byGoal key: String, _ goal: Located<Quantity>
  ) -> Diagnostic {
    inverted(limit, effect, .init(span: goal.span, label: "the \(key) of `\(limit.metric.name)` meets this as well"))
  }

  private static func inverted(_ limit: Bound, _ effect: Effect, _ reason: Diagnostic.Related) -> Diagnostic {
    let comparison = limit.statement.comparison
    let message =
      switch effect {
      case .rollback: "this takes back versions that are as good as they should be"
      case .step: "this fails the step for versions that are as good as they should be"
      case .alert: "this alert fires while all is well"
      }
    return problem(
      message, at: limit.statement.threshold.span,
      label: "`\(comparison.rawValue)` is the good side: `\(limit.metric.name)` is better when it is "
        + (limit.metric.metric.better == .lower ? "lower" : "higher"),
      related: [reason],
      notes: ["it is met by every value that is asked for, and nothing else would be noticed"],
      help: [
        "write the bad side: `\(limit.metric.name) \(comparison.isUpward ? "<" : ">")` and the value from which on it is bad"
      ])
  }

  private static func invertedRequirement(_ requirement: Bound, _ effect: Effect, by limit: Bound) -> Diagnostic {
    let comparison = requirement.statement.comparison
    return problem(
      "this asks for what \(effect == .step ? "fails the step" : "takes a version back")",
      at: requirement.statement.threshold.span,
      label: "whatever meets this meets `\(limit.condition.text)` as well",
      related: [.init(span: limit.statement.threshold.span, label: "acts on everything that is asked for")],
      notes: ["no version could ever pass: one that is good is stopped here, and one that is not is stopped there"],
      help: [
        "write the good side: `\(requirement.metric.name) \(comparison.isUpward ? "<" : ">")` and the worst value that is still good"
      ])
  }

  private static func invertedPromise(
    _ metric: Located<String>, _ limit: Located<Quantity>, _ word: String, _ better: String, instead: String
  ) -> Diagnostic {
    problem(
      "this promises that `\(metric.value)` stays on its bad side", at: limit.span,
      label: "\(word) this it is worse and not better",
      related: [.init(span: metric.span, label: "is better when it is \(better)")],
      notes: ["the alert of this promise would fire whenever all is well, and be silent in an outage"],
      help: ["write `\(instead): \(limit.value)`, or turn `better` round"])
  }
}
