import Diagnostics
import ReleaseModel

/// What rules look at, with the look-ups that many of them need.
public struct RuleContext: Sendable {
  /// The spec as it was read; parts that could not be read are missing from it.
  public let spec: ReleaseSpec
  /// The plan made from it.
  public let plan: ReleasePlan
  /// Every key and text of the file with its place (quotes included), for rules about raw text. May be empty.
  public let scalars: [Located<String>]

  /// The checks that could be read, by name.
  let checks: [String: Check]
  /// The environments that could be read, by name.
  let environments: [String: (name: Located<String>, value: EnvironmentSpec)]
  /// The first environment that is promoted into from each, by the name of that.
  let followers: [String: (name: Located<String>, value: EnvironmentSpec)]
  /// The environments for which any row of the matrix has a cell.
  let columns: Set<String>
  /// Whether everything that was written could be read. What could not may be what uses a thing that nothing else uses.
  let isWhole: Bool
  private let brokenLists: [Span]

  /// Makes a context.
  public init(spec: ReleaseSpec, plan: ReleasePlan, scalars: [Located<String>] = []) {
    self.spec = spec
    self.plan = plan
    self.scalars = scalars
    // Of two entries with one name the first counts; the reader has reported the second.
    checks = Dictionary(spec.checks.readable.map { ($0.name.value, $0.value) }) { first, _ in first }
    environments = Dictionary(spec.environments.readable.map { ($0.name.value, $0) }) { first, _ in first }
    followers = Dictionary(
      spec.environments.readable.compactMap { entry in entry.value.after.map { ($0.value, entry) } }
    ) { first, _ in first }
    columns = Set(spec.promotion.readable.flatMap { $0.value.cells.names })
    isWhole =
      spec.broken.isEmpty && spec.environments.isReadable && spec.checks.isReadable && spec.metrics.isReadable
      && spec.sources.isReadable && spec.promotion.isReadable
      && spec.promotion.readable.allSatisfy { $0.value.cells.isReadable } && spec.notifications.isReadable
      && spec.checklists.isReadable && spec.drills.isReadable && spec.alerts.isReadable && spec.slos.isReadable
      && spec.readiness.isReadable
    brokenLists = spec.broken.filter { $0.field.isEmpty }.map(\.object).sorted()
  }

  /// Whether a field of the top level was written but could not be read. No other object has fields of these names.
  func isBroken(_ topLevelField: String) -> Bool { spec.broken.contains { $0.field == topLevelField } }

  /// Whether anything inside this object was written but could not be read.
  func hasUnreadable(in object: Span) -> Bool { spec.broken.contains { object.contains($0.object) } }

  /// Whether a list has elements that could not be read. `elements` are the places of those that could, `owner` is the
  /// place of the object that has the list.
  func isIncomplete(_ elements: [Span], in owner: Span) -> Bool {
    if let first = elements.first { return brokenLists.contains { $0.contains(first) } }
    return brokenLists.contains { owner.contains($0) }
  }

  /// What each `require` check of an environment asks of metrics, in the order of the file.
  func requirements(in environment: EnvironmentPlan) -> [[PlannedCondition]] {
    spec.checks.ordered(Set(environment.checkConditions.keys)).compactMap { name in
      guard case .require? = checks[name]?.kind else { return nil }
      return environment.checkConditions[name]
    }
  }

  /// The known names that misspelt ones were probably meant to be. They are reported as unknown names, so that nobody
  /// may call what they mean missing.
  func intended(by written: [Located<String>], among known: [String]) -> Set<String> {
    let names = Set(known)
    return Set(written.filter { !names.contains($0.value) }.compactMap { Spelling.closest(to: $0.value, among: known) })
  }

  /// Every place of an environment that names a check to be run there, in file order.
  func checkUses(in environment: EnvironmentSpec) -> [Located<String>] {
    let conditions = (environment.rollback?.when ?? []) + (environment.rollback?.recovered ?? [])
    let stabilisation = environment.rollout.stabilisation
    let ofSteps = environment.rollout.steps.flatMap { $0.require + $0.failWhen } + (stabilisation?.require ?? [])
    let failing = (conditions + ofSteps).compactMap { condition in
      if case .checkFails(let name) = condition.kind { return name }
      return nil as Located<String>?
    }
    let ofRollout = environment.rollout.verify + (stabilisation?.verify ?? [])
    let named = environment.before + ofRollout + environment.verify + environment.report
    return (named + (environment.rollback?.verify ?? []) + failing).sorted { $0.span < $1.span }
  }

  /// The place where a metric is declared, for a related place that tells its unit.
  func declaration(of metric: NamedMetric) -> [Diagnostic.Related] {
    let name = spec.metrics.entry(metric.name)?.name
    return name.map { [.init(span: $0.span, label: "declared in \(metric.metric.unit.spoken)")] } ?? []
  }
}

extension NamedMap {
  /// Whether every entry could be read.
  fileprivate var isReadable: Bool { entries.allSatisfy { $0.value != nil } }
}
