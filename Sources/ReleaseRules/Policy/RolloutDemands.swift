import Diagnostics
import ReleaseModel

extension PolicyJudge {
  func strategy(_ allowed: [Rollout.Strategy], in environment: EnvironmentPlan) -> [Shortfall] {
    if isUnclear(environment) || allowed.contains(environment.strategy) { return [] }
    let names = spelled(allowed.map(\.rawValue), joining: "or")
    return [
      Shortfall(
        code: PolicyCodes.rollout, span: environment.spec.rollout.span,
        message: { "a release into \($0) is `\(environment.strategy.rawValue)`, and \(names) is asked" },
        label: "not \(names)", help: "write `rollout:` with \(names)")
    ]
  }

  func firstStep(_ percent: Int, in environment: EnvironmentPlan) -> [Shortfall] {
    guard environment.strategy == .canary, !isUnclear(environment),
      let first = environment.spec.rollout.steps.first, first.weight.value > percent
    else { return [] }
    return [
      Shortfall(
        code: PolicyCodes.rollout, span: first.weight.span,
        message: {
          "the first step into \($0) has \(first.weight.value)% of the traffic, and at most \(percent)% is asked"
        },
        label: "more than \(percent)%", help: "begin with `to: \(percent)%` or less")
    ]
  }

  func hold(_ time: TimeSpan, in environment: EnvironmentPlan) -> [Shortfall] {
    if isUnclear(environment) { return [] }
    return environment.spec.rollout.steps.filter { $0.hold.value < time }.map { step in
      Shortfall(
        code: PolicyCodes.rollout, span: step.hold.span,
        message: { "\(step.weight.value)% of \($0) is watched for \(step.hold.value), and at least \(time) is asked" },
        label: "less than \(time)", help: "write `\(time)` or more")
    }
  }

  // MARK: - What takes a version back

  func condition(_ demand: Policy.RollbackDemand, in environment: EnvironmentPlan) -> Shortfall? {
    // An environment without a rollback is a finding of a rule.
    guard let rollback = environment.spec.rollback, !isUnclear(rollback.span), !isUnclear(environment),
      !isUnclear(spec.metrics.span), rollback.when.count == environment.rollbackWhen.count
    else { return nil }
    var looser: [(at: Span, text: String)] = []
    for planned in environment.rollbackWhen {
      switch judge(planned, by: demand) {
      case .meets: return nil
      case .tooLoose(let span): looser.append((span, planned.condition.text))
      case .other: break
      }
    }
    if let nearest = looser.first {
      return Shortfall(
        code: PolicyCodes.rollback, span: nearest.at,
        message: { "`\(nearest.text)` takes a version back too late in \($0)" },
        label: "asked is \(demand.limit.map { "\($0)" } ?? "another value")",
        help: "let it take the version back at \(demand.limit.map { "`\($0)`" } ?? "the limit") or sooner",
        subject: demand.words)
    }
    return Shortfall(
      code: PolicyCodes.rollback, span: rollback.when.first?.span ?? rollback.span,
      message: { "no condition takes a version back in \($0) on \(demand.words)" },
      label: rollback.when.count == 1 ? "this is not such a condition" : "none of these is such a condition",
      help: "add such a condition to `when`", subject: demand.words)
  }

  private enum Verdict {
    case meets
    /// On the right metric, with a threshold that is met too late.
    case tooLoose(Span)
    case other
  }

  private func judge(_ planned: PlannedCondition, by demand: Policy.RollbackDemand) -> Verdict {
    switch (demand.subject, planned.subject) {
    case (.check(let name), .check(let check)): return name.matches(check.name) ? .meets : .other
    case (.metric(let name, let unit, let better), .metric(let metric, let statement, let bound)):
      guard name?.matches(metric.name) ?? true, unit.map({ $0 == metric.metric.unit }) ?? true,
        better.map({ $0 == metric.metric.better }) ?? true,
        // A condition that is met by good values watches for something else.
        statement.comparison.isUpward == (metric.metric.better == .lower)
      else { return .other }
      guard let limit = demand.limit else { return .meets }
      guard let asked = limit.value(in: metric.metric.unit) else { return .other }
      // What a baseline will be nobody knows, so it keeps to no limit.
      guard case .fixed(let given) = bound else { return .other }
      let isSoonEnough = metric.metric.better == .lower ? given <= asked : given >= asked
      return isSoonEnough ? .meets : .tooLoose(statement.threshold.span)
    case (.check, _), (.metric, _): return .other
    }
  }
}
