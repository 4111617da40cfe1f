import Diagnostics
import ReleaseModel

enum LooserStepRule: Rule {
  static let name = "looser-step"
  static let severity = Severity.warning
  static let summary = "No step of a rollout asks less of a metric than a step before it."
  static let rationale = """
    Each step shows the version to more customers, and is meant to be sure of more. A step that lets pass what the one \
    before would have stopped makes the rollout easier the more is at stake; usually two lines were swapped, or a decimal \
    point is missing.
    """
  static let failingExample = ExampleSpec.with(
    ("- { to: 100%, hold: 30m }", "- { to: 100%, hold: 30m, require: [error-rate < «2%»] }"))
  static let passingExample = ExampleSpec.with(
    ("- { to: 100%, hold: 30m }", "- { to: 100%, hold: 30m, require: [error-rate < 0.5%] }"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var contradicting: Set<Span> = []
    ContradictingThresholdsRule.check(context) { contradicting.insert($0.span) }
    for environment in context.plan.environments {
      guard !environment.isHotfix || environment.spec.rollout.span != usual(environment, context) else { continue }
      var earlier: [(weight: Int, limit: Limit)] = []
      for step in environment.heldSteps {
        let limits = step.require.compactMap(Limit.init)
        for limit in limits where !contradicting.contains(limit.statement.threshold.span) {
          // What a tighter line beside it stops, it does not let pass.
          if limits.contains(where: { limit.isLooser(than: $0) }) { continue }
          guard let before = earlier.last(where: { limit.isLooser(than: $0.limit) }) else { continue }
          report(looser(limit, step.weight, than: before.limit, before.weight))
        }
        earlier += limits.map { (step.weight, $0) }
      }
    }
  }

  /// The place of the rollout that a hotfix takes over, if it does.
  private static func usual(_ environment: EnvironmentPlan, _ context: RuleContext) -> Span? {
    context.environments[environment.targetName]?.value.rollout.span
  }
}

extension LooserStepRule {
  private static func looser(_ limit: Limit, _ weight: Int, than before: Limit, _ earlier: Int) -> Diagnostic {
    problem(
      "the step at \(weight)% asks less of `\(limit.metric.name)` than the one at \(earlier)%",
      at: limit.statement.threshold.span, label: "lets pass what has been stopped before",
      related: [.init(span: before.statement.threshold.span, label: "`\(before.condition.text)` was asked for here")],
      notes: ["more customers meet the version now, so it should be proved to be at least as good"],
      help: ["write `\(before.condition.text)` or stricter here, or ask less before"])
  }
}
