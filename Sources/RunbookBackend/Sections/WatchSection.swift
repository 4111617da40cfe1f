import ReleaseModel
import TextLayout

/// Who watches a new version, and for how long.
enum WatchSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let watches = plan.spec.guidance.watches.sorted { $0.until < $1.until }
    if watches.isEmpty { return [] }
    return [
      .heading(.watches),
      .prose("The machine watches until the end of the last step. People go on from there:"),
      .table(
        ["For the first", "Who", "Does what"],
        watches.map { ["\($0.until)", .text($0.by), .text(Words.sentence($0.what))] }),
      .prose("Something looks wrong? \("Take the release back", to: .emergency) first, ask afterwards."),
    ]
  }
}
