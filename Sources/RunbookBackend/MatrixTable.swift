import ReleaseModel
import TextLayout

/// The promotion matrix: criterion × environment promoted into.
public enum MatrixTable {
  /// Header and rows, for example `["criterion", "dev → staging"], ["CI status", "required green"]`. Control characters
  /// in titles are spaces, so that the text is safe for a terminal. Only the header when nothing is promoted.
  public static func table(_ plan: ReleasePlan) -> [[String]] {
    let columns = plan.promotedInto
    let header = ["criterion"] + columns.map { "\($0.upstream ?? TriggerWords.origin($0.spec.trigger)) → \($0.name)" }
    let rows = plan.spec.promotion.readable.map { criterion, row in
      [label(criterion.value, plan)]
        + columns.map { column in row.cells[column.name].map { cell($0.value, criterion.value, plan) } ?? "–" }
    }
    return ([header] + rows).map { $0.map(terminalText) }
  }

  /// The table for a terminal: columns two spaces apart, a rule below the header, a newline at the end.
  ///
  ///     criterion   dev → staging   staging → prod
  ///     ──────────  ──────────────  ──────────────
  ///     CI status   required green  required green
  public static func text(_ plan: ReleasePlan) -> String {
    textTable(table(plan))
  }

  /// The table as a block of Markdown.
  public static func markdown(_ plan: ReleasePlan) -> [Markdown.Block] {
    let rows = table(plan)
    guard let header = rows.first, rows.count > 1 else { return [] }
    return [.table(header, rows.dropFirst().map { $0.map(Prose.text) })]
  }

  private static func label(_ criterion: String, _ plan: ReleasePlan) -> String {
    switch criterion {
    case approvalsCriterion: "Manual approvals"
    case soakCriterion: "Live in the environment before"
    default: plan.spec.checks[criterion]?.title ?? criterion
    }
  }

  private static func cell(_ cell: PromotionCell, _ criterion: String, _ plan: ReleasePlan) -> String {
    switch cell {
    case .required: "required" + limit(criterion, plan)
    case .requiredForCandidates: "required\(limit(criterion, plan)) for candidates, otherwise optional"
    case .recommended: "recommended"
    case .optional: "optional"
    case .notApplicable(let reason): "not applicable: \(reason)"
    case .soak(let time, let isRequired): "\(isRequired ? "required" : "recommended"): \(time)"
    case .approvals(let requirements):
      requirements.map { $0.roles.map(plan.title(ofRole:)).joined(separator: "/") }.joined(separator: " + ")
    }
  }

  private static func limit(_ criterion: String, _ plan: ReleasePlan) -> String {
    guard let check = plan.spec.checks[criterion], let limit = check.limit else { return "" }
    if case .gitHubChecks = check.kind { return " \(limit)" }
    return " (\(limit))"
  }
}
