import TextLayout

/// Generated files that are not as generated, as workflow commands of GitHub's runner.
///
///     ::error file=ops/shop/doctor.sh,title=drift::ops/shop/doctor.sh is missing; run: liftlock generate
///
/// GitHub shows the first ten of a step; when there are more, the total is an annotation, too.
enum DriftAnnotations {
  private static let shown = 10

  /// One line for each file; empty when there is none.
  static func text(_ changes: [Output.Change]) -> String {
    var lines = changes.map { change in
      "::error file=\(workflowCommandProperty(change.path)),title=drift::"
        + workflowCommandData(what(change))
    }
    if changes.count > shown {
      lines.append("::notice title=drift::\(changes.count) files are not as generated; GitHub shows \(shown) of them")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// What is the matter with a file, and where that does not say it, what to do.
  private static func what(_ change: Output.Change) -> String {
    switch change.state {
    case .missing, .outOfDate, .notExecutable: "\(change.finding); run: liftlock generate"
    case .edited, .otherPins, .foreign, .orphan: change.finding
    }
  }
}
