import ReleaseModel
import TextLayout

/// The criteria of every promotion.
enum MatrixSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let table = MatrixTable.markdown(plan)
    if table.isEmpty { return [] }
    let asks: Prose =
      plan.spec.checks.isEmpty ? "" : "What each criterion asks for is under \(to: .checks). "
    return [.heading(.matrix)] + table
      + [
        .prose(
          "\(asks)\(code: "liftlock matrix") prints the same table.")
      ]
  }
}
