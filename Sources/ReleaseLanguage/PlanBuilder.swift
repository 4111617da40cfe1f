import Diagnostics
import ReleaseModel

/// Spec → plan. Runs only on a spec without errors; a name that does not resolve is simply not planned.
public enum PlanBuilder {
  public static func plan(_ spec: ReleaseSpec) -> ReleasePlan {
    let environments = spec.environments.readable.map {
      EnvironmentPlanner(spec: spec, name: $0.name.value, environment: $0.value).plan()
    }
    let merge = spec.beforeMerge.map { part in
      MergePlan(
        branches: part.branches, paths: part.paths,
        gates: part.require.compactMap { name in
          spec.check(name.value).map {
            Gate(name: $0.name, title: $0.title, requirement: .required, question: .check($0))
          }
        })
    }
    return ReleasePlan(
      spec: spec, environments: environments, beforeMerge: merge, alerts: AlertPlanner.alerts(of: spec),
      objectives: AlertPlanner.objectives(of: spec))
  }
}

extension ReleaseSpec {
  func check(_ name: String) -> NamedCheck? { checks[name].map { NamedCheck(name: name, check: $0) } }

  func metric(_ name: String) -> NamedMetric? {
    guard let metric = metrics[name] else { return nil }
    let source = metric.source.flatMap { sources[$0.value] } ?? sources.readable.first?.value
    return source.map { NamedMetric(name: name, metric: metric, source: $0) }
  }
}

struct EnvironmentPlanner {
  let spec: ReleaseSpec
  let name: String
  let environment: EnvironmentSpec

  func plan() -> EnvironmentPlan {
    let rollout = environment.rollout
    let steps = rollout.steps.map { step in
      PlannedStep(
        weight: step.weight.value, hold: step.hold.value,
        settle: min(rollout.settle, TimeSpan(milliseconds: step.hold.value.milliseconds / 2)),
        require: step.require.compactMap { planned($0, wholeWindow: step.hold.value) },
        failWhen: step.failWhen.compactMap { planned($0, wholeWindow: nil) }, onFailure: step.onFailure?.value ?? 0)
    }
    let stabilisation = rollout.stabilisation.map { part in
      PlannedStabilisation(
        step: PlannedStep(
          weight: 100, hold: part.hold.value, settle: .zero,
          require: part.require.compactMap { planned($0, wholeWindow: part.hold.value) }),
        verify: part.verify.compactMap { spec.check($0.value) })
    }
    let database = environment.rollback?.database.flatMap { branch in
      spec.check(branch.compatible.value).map { PlannedDatabaseBranch(compatible: $0, branch: branch) }
    }
    let channels = spec.notifications.readable.filter { _, channel in
      channel.environments.isEmpty
        || channel.environments.contains { [name, environment.hotfixOf].contains($0.value) }
    }.map { NamedChannel(name: $0.name.value, channel: $0.value) }
    let before = environment.before.compactMap { spec.check($0.value) }
    let preconditions = before.filter { $0.check.venue == .environment }
    let candidateChecks = rollout.verify.compactMap { spec.check($0.value) }
    let verify = environment.verify.compactMap { spec.check($0.value) }
    let report = environment.report.compactMap { spec.check($0.value) }
    let when = (environment.rollback?.when ?? []).compactMap { planned($0, wholeWindow: nil) }
    let rollbackVerify = (environment.rollback?.verify ?? []).compactMap { spec.check($0.value) }
    let recovered = (environment.rollback?.recovered ?? []).compactMap { planned($0, wholeWindow: nil) }

    let conditionChecks = (when + steps.flatMap(\.failWhen)).compactMap { condition -> NamedCheck? in
      if case .check(let check) = condition.subject { return check }
      return nil
    }
    let rolloutChecks =
      preconditions + candidateChecks + (stabilisation?.verify ?? []) + verify + report + conditionChecks
      + (database.map { [$0.compatible] } ?? [])
    var checkConditions: [String: [PlannedCondition]] = [:]
    for check in rolloutChecks + rollbackVerify { checkConditions[check.name] = conditions(of: check.check) }
    let ofChecks = { (checks: [NamedCheck]) in checks.flatMap { checkConditions[$0.name] ?? [] } }

    let rolloutConditions =
      when + (steps + (stabilisation.map { [$0.step] } ?? [])).flatMap { $0.require + $0.failWhen }
      + ofChecks(rolloutChecks)
    // A staged rollback is watched by the same conditions as the rollout.
    let rollbackConditions =
      recovered + ofChecks(rollbackVerify) + (environment.rollback?.stages == nil ? [] : when)
    let rolloutMetrics = metricNames(rolloutConditions)
    let rollbackMetrics = metricNames(rollbackConditions)
    let target = environment.target
    let common = Set(target.login.secrets + target.secrets)
    let announced = channels.flatMap { $0.channel.kind.secrets.map(\.value) }
    let databaseSecrets = database?.branch.secrets.map(\.value) ?? []
    let rolloutSecrets = common.union(announced).union(secrets(of: rolloutChecks)).union(secrets(of: rolloutMetrics))
      .union(environment.migration?.secrets.map(\.value) ?? [])
    let stagedChecks = environment.rollback?.stages == nil ? [] : conditionChecks
    let rollbackSecrets = common.union(announced).union(secrets(of: rollbackVerify + stagedChecks))
      .union(secrets(of: rollbackMetrics)).union(databaseSecrets)

    var plan = EnvironmentPlan(
      name: name, spec: environment, upstream: environment.after?.value, gates: gates(before), approvals: approvals(),
      preconditions: preconditions, candidateChecks: candidateChecks, steps: steps, verify: verify, report: report,
      rollbackWhen: when,
      rollbackVerify: rollbackVerify, recovered: recovered,
      metrics: spec.metrics.ordered(rolloutMetrics.union(rollbackMetrics)).compactMap(spec.metric),
      checkConditions: checkConditions, rolloutSecrets: planned(rolloutSecrets),
      rollbackSecrets: planned(rollbackSecrets))
    plan.stabilisation = stabilisation
    plan.database = database
    plan.channels = channels
    let isFree = environment.hotfixOf != nil && spec.hotfix?.outsideWindows != nil
    plan.freezes = isFree ? [] : spec.freezes.readable.map(\.value).filter { concerns($0.environments) }
    plan.checklists = spec.checklists.readable.filter { _, checklist in
      if case .afterHotfix = checklist.moment, environment.hotfixOf == nil { return false }
      return concerns(checklist.environments)
    }.map { NamedChecklist(name: $0.name.value, checklist: $0.value) }
    return plan
  }

  /// Whether names of environments mean this one, or the one that it is the hotfix way into.
  private func concerns(_ names: [Located<String>]) -> Bool {
    names.contains { $0.value == name || $0.value == environment.hotfixOf }
  }

  private func gates(_ before: [NamedCheck]) -> [Gate] {
    var gates: [Gate] = []
    if let upstream = environment.after?.value {
      gates.append(
        Gate(
          name: "released-in-\(upstream)", title: "Released in \(upstream)", requirement: .required,
          question: .released(environment: upstream)))
    }
    for check in before where check.check.venue == .gitHub {
      gates.append(Gate(name: check.name, title: check.title, requirement: .required, question: .check(check)))
    }
    if case .soak(let time, let isRequired)? = spec.promotion[soakCriterion]?.cells[name]?.value,
      let upstream = environment.after?.value
    {
      gates.append(
        Gate(
          name: soakCriterion, title: "Live in \(upstream) for \(time)",
          requirement: isRequired ? .required : .recommended,
          question: .soaked(environment: upstream, for: time)))
    }
    for (criterion, row) in spec.promotion.readable {
      guard let cell = row.cells[name]?.value, let check = spec.check(criterion.value),
        !gates.contains(where: { $0.name == check.name }), let requirement = requirement(cell)
      else { continue }
      let question: Gate.Question
      if check.check.venue == .environment, let upstream = environment.after?.value {
        question = .recorded(check, environment: upstream)
      } else {
        question = .check(check)
      }
      gates.append(Gate(name: check.name, title: check.title, requirement: requirement, question: question))
    }
    return gates
  }

  private func requirement(_ cell: PromotionCell) -> Gate.Requirement? {
    switch cell {
    case .required: .required
    case .requiredForCandidates: .requiredForCandidates
    case .recommended: .recommended
    case .optional: .optional
    case .notApplicable, .approvals, .soak: nil
    }
  }

  /// N approvals are N − 1 gate environments and the real one, which keeps a reviewer of its own.
  private func approvals() -> [Approval] {
    guard case .approvals(let requirements)? = spec.promotion[approvalsCriterion]?.cells[name]?.value else { return [] }
    var names: Set<String> = []
    return requirements.enumerated().map { index, requirement in
      let isLast = index == requirements.count - 1
      let reviewers = requirement.roles.flatMap { spec.roles[$0]?.reviewers.map(\.value) ?? [] }
      var gate = name + "-approval-" + requirement.roles.joined(separator: "-or-")
      // The same role twice is two people, so it is two environments.
      if !names.insert(gate).inserted { gate += "-\(index + 1)" }
      return Approval(
        environment: isLast ? name : gate, roles: requirement.roles, reviewers: reviewers,
        within: requirement.within?.value)
    }
  }

  private func conditions(of check: Check) -> [PlannedCondition] {
    switch check.kind {
    case .require(let conditions): conditions.compactMap { planned($0, wholeWindow: nil) }
    case .run(let program): program.comparison.map(conditions(of:)) ?? []
    default: []
    }
  }

  /// `within 10% of target` as two conditions a metric.
  private func conditions(of comparison: MetricComparison) -> [PlannedCondition] {
    comparison.metrics.flatMap { name -> [PlannedCondition] in
      let bounds: [(Comparison, Double)] = [
        (.atMost, 1 + comparison.within.value / 100), (.atLeast, 1 - comparison.within.value / 100),
      ]
      return bounds.compactMap { sign, factor in
        let percent = (sign == .atMost ? "+ " : "- ") + shortNumber(comparison.within.value) + "%"
        return planned(
          Condition(
            kind: .metric(
              MetricCondition(
                metric: name, comparison: sign,
                threshold: Located(
                  .relative(comparison.reference, factor: factor, offset: nil), at: comparison.within.span),
                over: Located(comparison.over, at: comparison.span), minimumEvents: nil)),
            sustained: nil,
            text: "\(name.value) \(sign.rawValue) \(comparison.reference.rawValue) \(percent) over \(comparison.over)",
            span: name.span), wholeWindow: nil)
      }
    }
  }

  private func planned(_ condition: Condition, wholeWindow: TimeSpan?) -> PlannedCondition? {
    switch condition.kind {
    case .manual:
      return PlannedCondition(condition: condition, subject: .manual, window: .zero)
    case .checkFails(let name):
      return spec.check(name.value).map { PlannedCondition(condition: condition, subject: .check($0), window: .zero) }
    case .metric(let statement):
      guard let metric = spec.metric(statement.metric.value), let bound = Self.bound(statement, metric.metric) else {
        return nil
      }
      // Without `over`, a requirement looks at its whole hold, anything else at the shortest window with enough samples.
      let shortest = metric.source.resolution * 4
      let window = statement.over?.value ?? wholeWindow ?? max(shortest, .minutes(1))
      return PlannedCondition(condition: condition, subject: .metric(metric, statement, bound: bound), window: window)
    }
  }

  static func bound(_ statement: MetricCondition, _ metric: Metric) -> PlannedCondition.Bound? {
    func amount(_ offset: Quantity?) -> Double { offset.flatMap { $0.value(in: metric.unit) } ?? 0 }
    switch statement.threshold.value {
    case .fixed(let quantity): return quantity.value(in: metric.unit).map { .fixed($0) }
    case .relative(.baseline, let factor, let offset):
      let floor = statement.baselineFloor.flatMap { $0.value.value(in: metric.unit) }
      return .baseline(factor: factor, offset: amount(offset), floor: floor ?? 0)
    case .relative(let reference, let factor, let offset):
      let quantity = (reference == .slo ? metric.slo : metric.target)?.value
      return quantity.flatMap { $0.value(in: metric.unit) }.map {
        .fixed($0 * factor + amount(offset))
      }
    }
  }

  private func metricNames(_ conditions: [PlannedCondition]) -> Set<String> {
    Set(
      conditions.compactMap { condition in
        if case .metric(let metric, _, _) = condition.subject { return metric.name }
        return nil
      })
  }

  private func secrets(of checks: [NamedCheck]) -> Set<String> { Set(checks.flatMap { $0.check.secrets.map(\.value) }) }

  private func secrets(of metrics: Set<String>) -> Set<String> {
    Set(metrics.flatMap { spec.metric($0)?.source.kind.secrets ?? [] })
  }

  private func planned(_ names: Set<String>) -> [PlannedSecret] {
    spec.planned(names)
  }
}
