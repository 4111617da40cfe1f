import Diagnostics
import ReleaseModel

enum CoarseTicksRule: Rule {
  static let name = "coarse-ticks"
  static let severity = Severity.warning
  static let summary = "No condition is to hold for less time than there is between two looks at it."
  static let rationale = """
    `health fails for 30s` reads as a promise: half a minute, and the version goes. With `check-every: 5m` it takes at \
    least one more look, five minutes later. The person who wrote the condition and the one who slowed the looks down \
    were not the same, and the difference shows as an outage that is ten times as long as agreed.
    """
  static let failingExample = ExampleSpec.with(
    ("canary:", "canary:\n  check-every: 2m"),
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m, «smoke fails for 1m»]"))
  static let passingExample = ExampleSpec.with(
    ("canary:", "canary:\n  check-every: 30s"),
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m, smoke fails for 1m]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var seen: Set<Span> = []
    for environment in context.plan.environments {
      let every = environment.spec.rollout.checkEvery
      for planned in environment.rollbackWhen + environment.heldSteps.flatMap(\.failWhen) {
        guard case .time(let time)? = planned.condition.sustained, time < every, !environment.isHotfix,
          seen.insert(planned.condition.span).inserted
        else { continue }
        report(coarse(planned.condition, time, every, environment.spec.rollout.span))
      }
    }
  }
}

extension CoarseTicksRule {
  private static func coarse(_ condition: Condition, _ time: TimeSpan, _ every: TimeSpan, _ rollout: Span) -> Diagnostic
  {
    problem(
      "this cannot be met within \(time)", at: condition.span, label: "takes \(every) at least",
      related: [.init(span: rollout, label: "looks once in \(every)")],
      notes: ["it has to be seen twice, and there are \(every) between two looks"],
      help: ["write `check-every: \(time)` or less, or `for \(every)`, which is what happens"])
  }
}
