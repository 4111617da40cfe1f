import ReleaseModel
import TextLayout

/// What every check does.
enum CheckSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let rows = plan.spec.checks.readable.map { name, check -> [Prose] in
      let named = NamedCheck(name: name.value, check: check)
      let conditions = plan.environments.lazy.compactMap { $0.checkConditions[name.value] }.first { !$0.isEmpty }
      return [
        .text(named.title), "\(code: name.value)", CheckWords.description(named, conditions: conditions ?? []),
        "\(check.timeout)",
      ]
    }
    if rows.isEmpty { return [] }
    return [.heading(.checks), .table(["Check", "Name", "What it does", "Unknown after"], rows)]
  }
}
