import Diagnostics
import ReleaseModel

enum VacuousGateRule: Rule {
  static let name = "vacuous-gate"
  static let severity = Severity.error
  static let summary = "Every gate can both pass and fail."
  static let rationale = """
    A gate that can never fail looks like safety and is none: an empty list of checks is always green, an error rate \
    is always under 101 %, and a limit of a million findings lets every scan pass. Such gates are usually what is left \
    of an emergency in which somebody "just for now" made one pass. A gate that can never pass is the other side: it \
    is found in the middle of a release, by switching it off.
    """
  static let failingExample = ExampleSpec.with(("ci: { github-checks: [test] }", "ci: { «github-checks»: [] }"))
  static let passingExample = ExampleSpec.with(
    ("ci: { github-checks: [test] }", "ci: { github-checks: [test] }"))

  /// From here on, a limit on findings is no limit.
  private static let absurdFindings = 1000

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let use = firstUses(context)
    for (name, check) in context.spec.checks.readable where !context.hasUnreadable(in: check.span) {
      judge(check, usedAt: use[name.value], report: report)
    }
    for (criterion, row) in context.spec.promotion.readable {
      for cell in row.cells.readable { judge(cell, of: criterion.value, context, report: report) }
    }
    for environment in context.plan.environments {
      let conditions = environment.heldSteps.flatMap(\.require) + environment.recovered
      for condition in conditions + checkConditions(of: environment, context) {
        judge(condition, context, report: report)
      }
      judgeSignedTags(environment, context, report: report)
    }
  }

  /// Conditions that checks are made of; those of a comparison are judged by its width.
  private static func checkConditions(of environment: EnvironmentPlan, _ context: RuleContext) -> [PlannedCondition] {
    context.spec.checks.ordered(Set(environment.checkConditions.keys)).flatMap { name -> [PlannedCondition] in
      guard case .require? = context.checks[name]?.kind else { return [] }
      return environment.checkConditions[name] ?? []
    }
  }

  /// Where each check first stands in the way of something, for the related place.
  private static func firstUses(_ context: RuleContext) -> [String: Diagnostic.Related] {
    var uses: [String: Diagnostic.Related] = [:]
    for (criterion, row) in context.spec.promotion.readable {
      guard let cell = row.cells.readable.first(where: { $0.value.value.isBlocking }) else { continue }
      uses[criterion.value] = .init(span: cell.value.span, label: "\(cell.name.value) requires it here")
    }
    return uses
  }

  private static func judge(
    _ check: Check, usedAt use: Diagnostic.Related?, report: (Diagnostic) -> Void
  ) {
    let related = use.map { [$0] } ?? []
    switch check.kind {
    case .gitHubChecks(let names) where names.isEmpty: report(emptyGitHubChecks(check, related))
    case .require(let conditions) where conditions.isEmpty: report(emptyRequirement(check, related))
    case .pullRequestReviews(let count) where count.value <= 0: report(noReviews(count, related))
    case .run(let program):
      if let comparison = program.comparison, comparison.within.value >= 100 {
        report(wideComparison(comparison, related))
      }
      if let findings = program.findings {
        if findings.limits.isEmpty { report(noLimits(findings, related)) }
        for limit in findings.limits where limit.atMost.value >= absurdFindings { report(absurdLimit(limit, related)) }
      }
    default: break
    }
  }

  private static func judge(
    _ cell: (name: Located<String>, value: Located<PromotionCell>), of criterion: String, _ context: RuleContext,
    report: (Diagnostic) -> Void
  ) {
    switch cell.value.value {
    case .approvals(let approvals):
      if criterion != approvalsCriterion {
        report(misplacedApprovals(cell.value, of: criterion, into: cell.name.value))
      } else if approvals.isEmpty, !context.spec.isBroken("", of: cell.value.span) {
        report(noApprovals(cell.value, into: cell.name.value))
      }
    case .soak:
      if criterion != soakCriterion { report(misplacedSoak(cell.value, of: criterion)) }
    case .notApplicable: break
    case .required, .requiredForCandidates, .recommended, .optional:
      if criterion == approvalsCriterion { report(namelessApprovals(cell.value, into: cell.name.value)) }
      if criterion == soakCriterion { report(timelessSoak(cell.value)) }
    }
  }

  private static func misplacedSoak(_ cell: Located<PromotionCell>, of criterion: String) -> Diagnostic {
    problem(
      neverFails, at: cell.span, label: "only the row `\(soakCriterion)` is about time",
      notes: ["`\(criterion)` is a check, and a time says nothing about it"],
      help: ["write `required` here, and the time in a row called `\(soakCriterion)`"])
  }

  private static func timelessSoak(_ cell: Located<PromotionCell>) -> Diagnostic {
    problem(
      neverFails, at: cell.span, label: "live for how long?",
      notes: ["this row says how long a version must have been live in the environment before"],
      help: ["write `{ required: 24h }`, `{ recommended: 24h }` or `{ not-applicable: REASON }`"])
  }

  private static func judge(_ planned: PlannedCondition, _ context: RuleContext, report: (Diagnostic) -> Void) {
    switch planned.subject {
    case .metric(let metric, let statement, _):
      switch ConditionRange(planned) {
      case .always: report(alwaysTrue(statement, metric, context.declaration(of: metric)))
      case .never: report(neverTrue(statement, metric, context.declaration(of: metric)))
      case .either, nil: break
      }
    case .check(let check): report(requiresFailure(planned.condition, check.name))
    case .manual: report(requiresPerson(planned.condition))
    }
  }

  private static func judgeSignedTags(
    _ environment: EnvironmentPlan, _ context: RuleContext, report: (Diagnostic) -> Void
  ) {
    let trigger = environment.spec.trigger
    // After another environment, the push itself is what is wrong.
    guard environment.upstream == nil, let push = trigger.push, trigger.tags.isEmpty, trigger.manual == nil else {
      return
    }
    guard !context.hasUnreadable(in: trigger.span) else { return }
    for name in environment.spec.before {
      guard case .signedTag? = context.checks[name.value]?.kind else { continue }
      report(neverTagged(name, push, in: environment.name))
    }
  }
}

extension VacuousGateRule {
  private static let neverFails = "this gate can never fail"
  private static let neverPasses = "this gate can never pass"

  private static func emptyGitHubChecks(_ check: Check, _ related: [Diagnostic.Related]) -> Diagnostic {
    problem(
      neverFails, at: check.kindSpan, label: "an empty list of checks is always green", related: related,
      notes: ["a commit on which nothing ran would count as proved"],
      help: ["name the check runs that must be green, such as `github-checks: [lint, unit]`"])
  }

  private static func emptyRequirement(_ check: Check, _ related: [Diagnostic.Related]) -> Diagnostic {
    problem(
      neverFails, at: check.kindSpan, label: "an empty list of conditions always holds", related: related,
      notes: ["nothing is measured, and the result is recorded as passed"],
      help: ["write what must hold, such as `require: [error-rate < 1% over 5m]`"])
  }

  private static func noReviews(_ count: Located<Int>, _ related: [Diagnostic.Related]) -> Diagnostic {
    problem(
      neverFails, at: count.span, label: "every pull request has that many approvals", related: related,
      notes: ["a change that nobody else has read would be merged"], help: ["ask for at least one: `at-least: 1`"])
  }

  private static func wideComparison(_ comparison: MetricComparison, _ related: [Diagnostic.Related]) -> Diagnostic {
    let reference = comparison.reference.rawValue
    return problem(
      "this comparison says next to nothing", at: comparison.within.span,
      label: "anything from nothing to twice the \(reference) is that near", related: related,
      notes: ["a service that answers nothing at all is within 100% of its throughput \(reference)"],
      help: ["write how far off is still good, such as `within: 10%`"])
  }

  private static func noLimits(_ findings: Findings, _ related: [Diagnostic.Related]) -> Diagnostic {
    problem(
      neverFails, at: findings.span, label: "no severity has a limit", related: related,
      notes: ["the report is read, and whatever stands in it is let through"],
      help: ["limit at least the worst: `at-most: { critical: 0 }`"])
  }

  private static func absurdLimit(_ limit: Findings.Limit, _ related: [Diagnostic.Related]) -> Diagnostic {
    let severity = limit.severity.rawValue
    return problem(
      neverFails, at: limit.atMost.span, label: "no scan reports so many \(severity) findings", related: related,
      notes: ["a limit that is never reached lets every finding through"],
      help: ["write `\(severity): 0` to block every \(severity) finding, or the number that you have today"])
  }

  private static func noApprovals(_ cell: Located<PromotionCell>, into environment: String) -> Diagnostic {
    problem(
      neverFails, at: cell.span, label: "nobody is asked",
      notes: ["an empty list of approvals is given before anybody has looked"],
      help: ["name the roles that approve, or write `\(environment): { not-applicable: … }` with the reason"])
  }

  private static func namelessApprovals(_ cell: Located<PromotionCell>, into environment: String) -> Diagnostic {
    problem(
      neverFails, at: cell.span, label: "approvals by whom? nobody is asked",
      notes: ["GitHub asks people by name, so a cell of this row lists roles"],
      help: ["write the roles that approve, such as `\(environment): [service-owner]`"])
  }

  private static func misplacedApprovals(
    _ cell: Located<PromotionCell>, of criterion: String, into environment: String
  ) -> Diagnostic {
    problem(
      neverFails, at: cell.span, label: "only the row `\(approvalsCriterion)` asks people",
      notes: ["`\(criterion)` is a check: whether it passes is not for people to say, and these would not be asked"],
      help: [
        "write `\(environment): required` here, and these roles in the row `\(approvalsCriterion)`"
      ])
  }

  private static func alwaysTrue(
    _ statement: MetricCondition, _ metric: NamedMetric, _ declaration: [Diagnostic.Related]
  ) -> Diagnostic {
    problem(
      neverFails, at: statement.threshold.span,
      label: "`\(metric.name)` is \(metric.metric.unit.rangeText), so this always holds",
      related: declaration,
      notes: ["a version that fails every request would pass here"],
      help: ["write the worst value that you would still release"])
  }

  private static func neverTrue(
    _ statement: MetricCondition, _ metric: NamedMetric, _ declaration: [Diagnostic.Related]
  ) -> Diagnostic {
    problem(
      neverPasses, at: statement.threshold.span,
      label: "`\(metric.name)` is \(metric.metric.unit.rangeText), so this never holds",
      related: declaration,
      notes: ["every release would be stopped here, and soon the gate would be taken out"],
      help: ["write the worst value that you would still release; `<= 0` where none at all is allowed"])
  }

  private static func requiresFailure(_ condition: Condition, _ check: String) -> Diagnostic {
    problem(
      "this gate passes only while `\(check)` fails", at: condition.span, label: "a requirement must hold to go on",
      notes: ["`fails` says when to take a version back, which belongs under `rollback: { when: […] }`"],
      help: ["list `\(check)` under `verify`, where it must pass"])
  }

  private static func requiresPerson(_ condition: Condition) -> Diagnostic {
    problem(
      neverPasses, at: condition.span, label: "nobody is asked here",
      notes: ["a machine judges requirements; what only a person can see is a reason to roll back or to approve"],
      help: ["put it under `rollback: { when: […] }`, or ask a role for its approval in `promotion`"])
  }

  private static func neverTagged(
    _ name: Located<String>, _ push: Trigger.Push, in environment: String
  ) -> Diagnostic {
    problem(
      neverPasses, at: name.span, label: "a release into \(environment) never runs from a tag",
      related: [.init(span: push.span, label: "it is started by a branch alone")],
      notes: ["`signed-tag` looks at the tag that the release was started with"],
      help: ["start it with a tag, such as `on: { tag: \"v*\" }`, or take `\(name.value)` out"])
  }
}
