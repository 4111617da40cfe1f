import Diagnostics
import ReleaseModel

enum DistantLimitsRule: Rule {
  static let name = "distant-limits"
  static let severity = Severity.warning
  static let summary = "What is acted on lies within ten times of what is asked for."
  static let rationale = """
    A step asks for an error rate under 1 %, and the rollback acts above 30 %: in between lies everything that is bad and \
    is not taken back while the step is held. Nobody means a gap of more than ten times; a decimal point was lost, or \
    `s` was written for `ms`. The limit is there, it is in the runbook, and in the outage it does nothing.
    """
  static let failingExample = ExampleSpec.with(
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > «30%» over 5m]"))
  static let passingExample = ExampleSpec.with(
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 5% over 5m]"))

  /// From how many times on nobody means it.
  private static let most = 10.0

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var reported: Set<Span> = []
    ContradictingThresholdsRule.check(context) { reported.insert($0.span) }
    func once(_ diagnostic: Diagnostic) {
      if reported.insert(diagnostic.span).inserted { report(diagnostic) }
    }
    var everywhere: [Limit] = []
    var everyAction = context.plan.alerts.compactMap { Limit($0) }
    for environment in context.plan.environments where !environment.isHotfix {
      let steps = environment.heldSteps.map { $0.require.compactMap(Limit.init) }
      let asked =
        steps.flatMap { $0 }
        + (environment.recovered + context.requirements(in: environment).flatMap { $0 }).compactMap(Limit.init)
      everywhere += asked
      let acting = (environment.rollbackWhen + environment.heldSteps.flatMap(\.failWhen)).compactMap(Limit.init)
      everyAction += acting
      for limit in acting {
        // A second limit for the worst may lie as far away as it likes, with a shorter window.
        let others = acting.filter { $0.condition.span != limit.condition.span && limit.isComparable(with: $0) }
        if limit.multiple >= most, others.isEmpty { once(multiple(limit)) }
        let opposite = asked.filter { $0.isUpward != limit.isUpward }
        guard let near = opposite.first(where: { limit.ratio(to: $0) > most }),
          !others.contains(where: { (0...most).contains($0.ratio(to: near)) && $0.ratio(to: near) > 0 })
        else { continue }
        once(distant(limit, from: near))
      }
      for (step, next) in zip(steps, steps.dropFirst()) {
        for limit in step {
          guard let later = next.first(where: { limit.isComparable(with: $0) && limit.ratio(to: $0) >= most })
          else { continue }
          once(lax(limit, before: later))
        }
      }
    }
    for alert in context.plan.alerts {
      let limit = Limit(alert)
      guard let limit,
        let near = everywhere.first(where: { $0.isUpward != limit.isUpward && limit.ratio(to: $0) > most })
      else { continue }
      once(distant(limit, from: near))
    }
    for (_, slo) in context.spec.slos.readable {
      let promised: Located<Quantity>
      switch slo.goal {
      case .above(let value), .below(let value): promised = value
      case .objective: continue
      }
      guard let near = everyAction.first(where: { $0.ratio(of: promised.value, in: slo.metric.value) > most }) else {
        continue
      }
      once(distant(promised, from: near))
    }
  }
}

extension DistantLimitsRule {
  private static func distant(_ limit: Limit, from asked: Limit) -> Diagnostic {
    problem(
      "this acts on more than ten times of what is asked for", at: limit.statement.threshold.span,
      label: "far from `\(asked.condition.text)`",
      related: [.init(span: asked.statement.threshold.span, label: "a good version is here")],
      notes: ["what lies between the two is bad, and nothing is done about it"],
      help: ["look at the decimal point and the unit, and write the value at which you would not wait any longer"])
  }

  private static func distant(_ promised: Located<Quantity>, from limit: Limit) -> Diagnostic {
    problem(
      "this promises less than a tenth of what is acted on", at: promised.span,
      label: "far from `\(limit.condition.text)`",
      related: [
        .init(span: limit.statement.threshold.span, label: "somebody is called or a version goes here already")
      ],
      notes: ["a promise that nothing ever breaks tells nobody how the service is"],
      help: ["look at the decimal point and the unit, and write what customers can rely on"])
  }

  private static func multiple(_ limit: Limit) -> Diagnostic {
    problem(
      "this acts on ten times of the baseline or more", at: limit.statement.threshold.span,
      label: "a version this bad is noticed without it",
      notes: ["what is two, three or five times as bad would stay"],
      help: ["look at the decimal point, and write the multiple at which you would not wait any longer, such as `2x`"])
  }

  private static func lax(_ limit: Limit, before later: Limit) -> Diagnostic {
    problem(
      "this step lets pass ten times of what the next one does", at: limit.statement.threshold.span,
      label: "far from `\(later.condition.text)`",
      related: [.init(span: later.statement.threshold.span, label: "asked for in the next step")],
      notes: ["a version that passes here is known to fail there, with more customers on it"],
      help: ["look at the decimal point and the unit, and ask for what the next step asks for, or nearly"])
  }
}
