import Diagnostics
import ReleaseModel

enum UnwatchedMetricRule: Rule {
  static let name = "unwatched-metric"
  static let severity = Severity.warning
  static let summary = "Where steps ask for values of metrics, the rollback watches at least one metric, too."
  static let rationale = """
    A requirement is judged once, at the end of the hold. Until then only the rollback's conditions are looked at. If none of \
    them is about a metric, a version that fails every tenth request keeps its share of the customers for the whole hold, \
    as long as its health endpoint answers: it is stopped in the end, an hour late.
    """
  static let failingExample = ExampleSpec.with(
    ("when: [error-rate > 3% over 5m]", "when: [«smoke fails for 1m»]"))
  static let passingExample = ExampleSpec.with(
    ("when: [error-rate > 3% over 5m]", "when: [smoke fails for 1m, error-rate > 3% over 5m]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for environment in context.plan.environments where !environment.isHotfix {
      guard let rollback = environment.spec.rollback, !context.hasUnreadable(in: environment.spec.span),
        let first = rollback.when.first, let last = rollback.when.last,
        // Without anything automatic, that is what there is to say.
        rollback.when.contains(where: { !$0.isManual }), !rollback.when.contains(where: { $0.metric != nil })
      else { continue }
      let steps = environment.spec.rollout.steps
      guard !steps.contains(where: { $0.failWhen.contains { $0.metric != nil } }),
        let asked = steps.lazy.flatMap(\.require).first(where: { $0.metric != nil }), let metric = asked.metric
      else { continue }
      report(unwatched(metric.metric.value, asked, first.span.union(last.span), in: environment.name))
    }
  }
}

extension UnwatchedMetricRule {
  private static func unwatched(
    _ metric: String, _ asked: Condition, _ conditions: Span, in environment: String
  ) -> Diagnostic {
    problem(
      "no metric takes a version back in \(environment) while it is held", at: conditions, label: "these are all",
      related: [.init(span: asked.span, label: "judged once, when the hold is over")],
      notes: ["until the hold is over, a version with a bad `\(metric)` keeps its share of the traffic"],
      help: ["add a condition on `\(metric)` with the value at which you would not wait any longer"])
  }
}
