/// Breaks paragraphs into the lines of a header comment; a blank line stands between two paragraphs.
enum Prose {
  /// zizmor wants every job in a concurrency group. A rollback that waits in a queue is an outage, so only the rollout is.
  static let noConcurrency =
    "zizmor: ignore[concurrency-limits] only the rollout may wait; a rollback and its guard never do"

  /// Characters of a line, so that it stays below 120 with the `# ` in front.
  private static let width = 112

  static func lines(_ paragraphs: [String]) -> [String] {
    paragraphs.enumerated().flatMap { index, paragraph in (index > 0 ? [""] : []) + lines(paragraph) }
  }

  private static func lines(_ paragraph: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in paragraph.split(separator: " ") {
      if line.isEmpty {
        line = String(word)
      } else if line.count + 1 + word.count <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return lines + [line]
  }
}
