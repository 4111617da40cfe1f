import Diagnostics
import ReleaseModel

enum LooserDownstreamRule: Rule {
  static let name = "looser-downstream"
  static let severity = Severity.warning
  static let summary = "No environment takes a version back later than the environment before it."
  static let rationale = """
    Environments come in the order of what a mistake costs. When staging goes back at an error rate of 3 % and prod at 30 %, or \
    prod does not look at it at all, customers keep a version that the test environment would have refused. It is a slip of \
    a digit, or a line that was lost when the environment was copied.
    """
  static let failingExample = ExampleSpec.with(
    (
      "rollback: { when: [smoke fails for 1m], verify: [smoke] }",
      "rollback: { when: [smoke fails for 1m, error-rate > 1% over 5m], verify: [smoke] }"
    ),
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [staging, prod], purpose: metric queries, rotate: 90d }"
    ),
    ("when: [error-rate > 3% over 5m]", "when: [«error-rate > 3% over 5m», smoke fails for 1m]"))
  static let passingExample = ExampleSpec.with(
    (
      "rollback: { when: [smoke fails for 1m], verify: [smoke] }",
      "rollback: { when: [smoke fails for 1m, error-rate > 3% over 5m], verify: [smoke] }"
    ),
    (
      "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
      "PROMETHEUS_URL: { in: [staging, prod], purpose: metric queries, rotate: 90d }"
    ),
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m, smoke fails for 1m]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    // What can never be met is not late, and where no metric is looked at, that is what there is to say.
    var reported: Set<Span> = []
    WindowExceedsHoldRule.check(context) { reported.insert($0.span) }
    UnwatchedMetricRule.check(context) { reported.insert($0.span) }
    let environments = context.plan.environments.filter { !$0.isHotfix }
    let places = Dictionary(environments.enumerated().map { ($1.name, $0) }) { first, _ in first }
    for environment in environments {
      guard let name = environment.upstream, name != environment.name,
        let before = places[name].map({ environments[$0] }), let rollback = environment.spec.rollback,
        !context.hasUnreadable(in: environment.spec.span), !context.hasUnreadable(in: before.spec.span)
      else { continue }
      for planned in environment.rollbackWhen where !reported.contains(planned.condition.span) {
        judge(planned, environment, before, report: report)
      }
      var seen: Set<String> = []
      for planned in before.rollbackWhen where !reported.contains(conditions(of: rollback)) {
        guard let limit = Limit(planned), seen.insert(limit.metric.name).inserted,
          isLost(limit, environment, environments)
        else { continue }
        report(lost(limit, environment.name, rollback, before.name))
      }
    }
  }

  /// Whether a condition acts later than every one on the same that the environment before has.
  private static func judge(
    _ planned: PlannedCondition, _ environment: EnvironmentPlan, _ before: EnvironmentPlan,
    report: (Diagnostic) -> Void
  ) {
    if let limit = Limit(planned) {
      let mine = environment.rollbackWhen.compactMap(Limit.init).filter { $0.isComparable(with: limit) }
      let theirs = before.rollbackWhen.compactMap(Limit.init).filter { $0.isComparable(with: limit) }
      guard let strictest = theirs.first(where: { limit.actsLater(than: $0) }),
        // Another line here may act as soon.
        !mine.contains(where: { one in theirs.contains { !one.actsLater(than: $0) } })
      else { return }
      report(later(planned.condition, environment.name, than: strictest.condition, before.name))
    } else if case .check(let check) = planned.subject, let length = length(planned, environment) {
      for other in before.rollbackWhen {
        guard case .check(let same) = other.subject, same.name == check.name,
          let shorter = self.length(other, before), length > shorter
        else { continue }
        report(later(planned.condition, environment.name, than: other.condition, before.name))
      }
    }
  }

  /// Where all conditions of a rollback stand.
  private static func conditions(of rollback: Rollback) -> Span {
    rollback.when.dropFirst().reduce(rollback.when.first?.span ?? rollback.span) { $0.union($1.span) }
  }

  private static func length(_ planned: PlannedCondition, _ environment: EnvironmentPlan) -> TimeSpan? {
    planned.condition.sustained?.length(checkedEvery: environment.spec.rollout.checkEvery)
  }

  /// Whether nothing here looks at a metric that is watched before it, though it is one that could be looked at here: it
  /// is measured here, or watched in two other environments.
  private static func isLost(
    _ limit: Limit, _ environment: EnvironmentPlan, _ environments: [EnvironmentPlan]
  ) -> Bool {
    func watches(_ plan: EnvironmentPlan) -> Bool {
      plan.rollbackWhen.contains { Limit($0)?.isComparable(with: limit) ?? false }
    }
    if environment.rollbackWhen.contains(where: { measures($0, limit.metric) }) { return false }
    if environment.stepConditions.contains(where: { measures($0, limit.metric) }) { return true }
    return environments.count { $0.name != environment.name && watches($0) } > 1
  }

  private static func measures(_ planned: PlannedCondition, _ metric: NamedMetric) -> Bool {
    if case .metric(let named, _, _) = planned.subject { return named.name == metric.name }
    return false
  }
}

extension LooserDownstreamRule {
  private static func later(
    _ condition: Condition, _ environment: String, than other: Condition, _ before: String
  ) -> Diagnostic {
    problem(
      "\(environment) takes a version back later than \(before) does", at: condition.span,
      label: "acts later than `\(other.text)`", related: [.init(span: other.span, label: "\(before) acts on this")],
      notes: ["\(environment) comes after \(before): what goes wrong there costs more, not less"],
      help: ["write `\(other.text)` or stricter here, or let \(before) act later"])
  }

  private static func lost(
    _ limit: Limit, _ environment: String, _ rollback: Rollback, _ before: String
  ) -> Diagnostic {
    problem(
      "\(environment) does not go back for `\(limit.metric.name)`, and \(before) does", at: conditions(of: rollback),
      label: "`\(limit.metric.name)` is not among these",
      related: [.init(span: limit.condition.span, label: "\(before) acts on this")],
      notes: ["\(environment) comes after \(before): what goes wrong there costs more, not less"],
      help: ["add `\(limit.condition.text)` or a stricter condition to `when`"])
  }
}
