import Diagnostics
import ReleaseModel

enum BlindCanaryRule: Rule {
  static let name = "blind-canary"
  static let severity = Severity.warning
  static let summary = "At least one condition of a canary measures the new version by itself."
  static let rationale = """
    A metric of the whole service is made of both versions. At 5 % of the traffic a version that fails every second request \
    shows as an error rate of 2.5 %, below most limits, and goes on to the next step. The metric needs `$track` or `$version`, \
    so that the run can ask for the one that is on trial.
    """
  private static let ratio =
    "ratio: { bad: 'requests_total{code=~\"5..\",track=\"$track\"}', total: 'requests_total{track=\"$track\"}' }"
  static let failingExample = ExampleSpec.with(
    (ratio, "ratio: { bad: 'requests_total{code=~\"5..\"}', total: requests_total }"),
    ("when: [error-rate > 3% over 5m]", "when: [«error-rate > 3% over 5m»]"))
  static let passingExample = ExampleSpec.with(("when: [error-rate > 3% over 5m]", "when: [error-rate > 4% over 5m]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    // What could not be read may be what measures it.
    guard context.isWhole else { return }
    for environment in context.plan.environments where !environment.isHotfix {
      guard environment.steps.contains(where: { $0.weight < 100 }),
        environment.spec.target.capabilities.separateTracks
      else { continue }
      let judged = environment.rollbackWhen + environment.steps.flatMap { $0.require + $0.failWhen }
      let metrics = judged.compactMap { planned -> (NamedMetric, Condition)? in
        if case .metric(let metric, _, _) = planned.subject { return (metric, planned.condition) }
        return nil
      }
      guard let first = metrics.first, !metrics.contains(where: { tellsApart($0.0) }) else { continue }
      // Where the probes reach the new version by itself, they measure it.
      let isProbed = environment.rollbackWhen.contains { planned in
        if case .check(let check) = planned.subject, case .probe = check.check.kind { return true }
        return false
      }
      if isProbed, environment.spec.target.capabilities.candidateAddress { continue }
      let share = environment.steps.map(\.weight).min() ?? 0
      report(
        problem(
          "nothing measures the new version by itself", at: first.1.span,
          label: "of the whole service: at \(share)% mostly of the version before",
          related: [.init(span: first.0.metric.reading.span, label: "neither `$track` nor `$version` is in it")],
          notes: ["what is bad about the new version is diluted by what is good about the old one"],
          help: [
            "put `$track` or `$version` into the query, such as `track=\"$track\"`, with the label that your series have"
          ]))
    }
  }

  private static func tellsApart(_ metric: NamedMetric) -> Bool {
    // A program finds both in its environment.
    if case .command = metric.source.kind { return true }
    return metric.metric.reading.value.queries.contains { query in
      query.parts.contains(.variable(.track)) || query.parts.contains(.variable(.version))
    }
  }
}
