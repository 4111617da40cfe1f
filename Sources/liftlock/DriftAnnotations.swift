import TextLayout

/// Generated files that are not as generated, as workflow commands of GitHub's runner.
///
///     ::error file=ops/shop/doctor.sh,title=drift::ops/shop/doctor.sh is out of date; run: liftlock generate
///
/// GitHub shows the first ten of a step; when there are more, the total is an annotation, too.
enum DriftAnnotations {
  private static let shown = 10

  /// One line for each file; empty when there is none.
  static func text(_ changes: [Output.Change]) -> String {
    var lines = changes.map { change in
      "::error file=\(workflowCommandProperty(change.path)),title=drift::"
        + workflowCommandData("\(change.path) \(what(change))")
    }
    if changes.count > shown {
      lines.append("::notice title=drift::\(changes.count) files are not as generated; GitHub shows \(shown) of them")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func what(_ change: Output.Change) -> String {
    switch change.ownership {
    case .edited: "was edited by hand: put the change into the spec, then run: liftlock generate --force"
    case .foreign: "is there already and is not Liftlock's: move it away, then run: liftlock generate"
    case nil: "is missing; run: liftlock generate"
    case .ours where change.file == nil: "is not generated any more; run: liftlock generate"
    case .ours: "is out of date; run: liftlock generate"
    }
  }
}
