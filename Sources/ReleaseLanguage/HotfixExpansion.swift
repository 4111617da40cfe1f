import Diagnostics
import ReleaseModel

/// Makes an environment of each that a hotfix goes through, with its column of the matrix and its share of the secrets.
struct HotfixExpansion {
  let written: ReleaseSpecShape.Written

  func expand(_ spec: inout ReleaseSpec) {
    guard let hotfix = spec.hotfix else { return }
    let ways = hotfix.environments.readable.compactMap { entry -> (base: String, way: Hotfix.Environment, at: Span)? in
      spec.environments[entry.name.value] == nil ? nil : (entry.name.value, entry.value, entry.name.span)
    }
    let bases = ways.map(\.base)
    spec.environments = NamedMap(
      entries: spec.environments.entries
        + ways.compactMap { base, way, span in
          environment(base, way, bases, hotfix, spec).map {
            .init(name: Located(hotfixEnvironment(base), at: span), value: $0)
          }
        }, span: spec.environments.span)
    spec.promotion = NamedMap(
      entries: spec.promotion.entries.map { entry in
        .init(name: entry.name, value: entry.value.map { row(entry.name.value, $0, ways) })
      } + missingRows(spec, ways), span: spec.promotion.span)
    spec.secrets = NamedMap(
      entries: spec.secrets.entries.map { entry in
        .init(name: entry.name, value: entry.value.map { shared($0, bases) })
      }, span: spec.secrets.span)
  }

  private func environment(
    _ base: String, _ way: Hotfix.Environment, _ bases: [String], _ hotfix: Hotfix, _ spec: ReleaseSpec
  ) -> EnvironmentSpec? {
    guard let usual = spec.environments[base], let driver = written.environments[base]?.driver else { return nil }
    let rollout = way.rollout ?? usual.rollout
    let after = upstream(of: usual, bases, spec).map { Located(hotfixEnvironment($0.value), at: $0.span) }
    var result = EnvironmentSpec(
      summary: "The hotfix way into \(base).", after: after,
      trigger: trigger(hotfix, isFirst: after == nil), url: usual.url,
      runsOn: usual.runsOn, window: hotfix.outsideWindows == nil ? usual.window : nil,
      before: way.before ?? usual.before,
      migration: usual.migration, target: driver.value.target(for: rollout),
      deploySpan: usual.deploySpan, rollout: rollout, verify: way.verify ?? usual.verify, report: [],
      decision: usual.decision, rollback: usual.rollback, span: way.span)
    result.hotfixOf = base
    return result
  }

  /// The nearest environment before this one that the hotfix goes through; those between are left out.
  private func upstream(of environment: EnvironmentSpec, _ bases: [String], _ spec: ReleaseSpec) -> Located<String>? {
    var next = environment.after
    var seen: Set<String> = []
    while let name = next, seen.insert(name.value).inserted {
      if bases.contains(name.value) { return name }
      next = spec.environments[name.value]?.after
    }
    return nil
  }

  /// The tag starts the first environment; a later one waits for what the one before has shown, so a person starts it.
  private func trigger(_ hotfix: Hotfix, isFirst: Bool) -> Trigger {
    Trigger(
      push: nil, tags: isFirst ? hotfix.tags : [],
      manual: isFirst ? nil : Trigger.Manual(tags: hotfix.tags, span: hotfix.span), span: hotfix.span)
  }

  private typealias Way = (base: String, way: Hotfix.Environment, at: Span)

  private func row(_ criterion: String, _ row: PromotionRow, _ ways: [Way]) -> PromotionRow {
    let cells = ways.compactMap { base, way, span in
      cell(criterion, usual: row.cells[base], way).map {
        NamedMap<Located<PromotionCell>>.Entry(name: Located(hotfixEnvironment(base), at: span), value: $0)
      }
    }
    return PromotionRow(cells: NamedMap(entries: row.cells.entries + cells, span: row.cells.span))
  }

  private func cell(
    _ criterion: String, usual: Located<PromotionCell>?, _ way: Hotfix.Environment
  ) -> Located<PromotionCell>? {
    if let waiver = way.waives.first(where: { $0.criterion.value == criterion }) {
      return Located(.notApplicable(reason: waiver.reason), at: waiver.criterion.span)
    }
    if criterion == approvalsCriterion, !way.approvals.isEmpty {
      return Located(.approvals(way.approvals), at: way.span)
    }
    if criterion == soakCriterion, let soak = way.soak {
      return Located(.soak(soak.value, isRequired: true), at: soak.span)
    }
    return usual
  }

  /// Approvals and a soak that only the hotfix asks for.
  private func missingRows(_ spec: ReleaseSpec, _ ways: [Way]) -> [NamedMap<PromotionRow>.Entry] {
    [approvalsCriterion, soakCriterion].filter { spec.promotion.entry($0) == nil }.compactMap { criterion in
      let made = row(criterion, PromotionRow(cells: NamedMap(span: spec.promotion.span)), ways)
      return made.cells.isEmpty
        ? nil : .init(name: Located(criterion, at: made.cells.entries[0].name.span), value: made)
    }
  }

  private func shared(_ secret: Secret, _ bases: [String]) -> Secret {
    let more = secret.environments.filter { bases.contains($0.value) }.map {
      Located(hotfixEnvironment($0.value), at: $0.span)
    }
    return Secret(
      environments: secret.environments + more, purpose: secret.purpose, risk: secret.risk, rotation: secret.rotation,
      isOptional: secret.isOptional, without: secret.without, span: secret.span)
  }
}
