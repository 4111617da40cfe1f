import Diagnostics
import ReleaseModel

/// Looks for what a spec lacks of a demand in one environment.
struct PolicyJudge {
  let spec: ReleaseSpec
  let plan: ReleasePlan
  let policy: Policy
  let today: CalendarDay
  let unreadable: [Span]

  func shortfalls(of demand: Policy.Demand, in environment: EnvironmentPlan) -> [Shortfall] {
    switch demand {
    case .promotion(let criteria): criteria.compactMap { weakness(of: $0, in: environment) }
    case .soak(let time): soak(time, in: environment)
    case .approvals(let count, let by): approvals(count, by: by, in: environment)
    case .strategies(let strategies): strategy(strategies, in: environment)
    case .firstStep(let percent): firstStep(percent, in: environment)
    case .hold(let time): hold(time, in: environment)
    case .rollback(let demands): demands.compactMap { condition($0, in: environment) }
    case .detection(let budget): detection(budget, in: environment)
    case .exposure(let budget): exposure(budget, in: environment)
    case .rotation(let standard, let high): rotation(standard: standard, high: high, in: environment)
    case .window(let demand): window(demand, in: environment)
    case .freezes(let demands): demands.compactMap { freeze($0, in: environment) }
    case .notifications(let events): notifications(events, in: environment)
    }
  }

  // MARK: - What could not be read

  /// Whether reading has found a mistake in there, so that nobody can tell what it says.
  func isUnclear(_ span: Span) -> Bool { unreadable.contains { span.contains($0) } }

  func isUnclear(_ environment: EnvironmentPlan) -> Bool {
    isUnclear(environment.spec.span) || isUnclear(topLevel: "hotfix") && environment.isHotfix
  }

  /// Whether a key at the top level was written and could not be read.
  func isUnclear(topLevel field: String) -> Bool { spec.broken.contains { $0.field == field } }

  var isMatrixUnclear: Bool { isUnclear(topLevel: "promotion") || isUnclear(spec.promotion.span) }

  // MARK: - Places

  /// The name of an environment; of a hotfix, where the way into it is declared.
  func name(of environment: EnvironmentPlan) -> Span {
    spec.environments.entry(environment.name)?.name.span ?? environment.spec.span
  }

  /// Where a row of the matrix is missing: its first row, or the environment that is promoted into without any.
  func matrix(for environment: EnvironmentPlan) -> Span {
    spec.promotion.entries.first?.name.span ?? name(of: environment)
  }
}
