import Diagnostics
import YAMLDocument

extension SpecReader {
  /// Reports each element of a list that stands there a second time. Nothing is lost by it, so that it is a warning; what was
  /// meant in its place may be missing.
  mutating func reportRepetitions(in list: NodeID) {
    var seen: [String: Span] = [:]
    var before: Span?
    for element in document.elements(of: list) {
      let span = document.span(of: element)
      let text = written(element)
      if let earlier = seen[text] {
        sink.report(repetition(at: span, of: earlier, after: before))
      } else {
        seen[text] = span
      }
      before = span
    }
  }

  /// As it stands in the file; of a text, what it says.
  private func written(_ node: NodeID) -> String {
    switch document.kind(of: node) {
    case .scalar: "\(document.scalarType(of: node)) \(document.string(of: node))"
    case .mapping, .sequence: document.file.text(in: document.span(of: node))
    }
  }

  private func repetition(at span: Span, of earlier: Span, after before: Span?) -> Diagnostic {
    var fixes: [Diagnostic.Fix] = []
    if let before, before.end <= span.start {
      // What stands between the two goes with the second one, unless somebody has written something there.
      let gap = document.file.text(in: Span(start: before.end, end: span.start))
      if gap.allSatisfy({ " ,-\n\r\t".contains($0) }) {
        let edit = Diagnostic.Edit(span: Span(start: before.end, end: span.end), replacement: "")
        fixes.append(Diagnostic.Fix(title: "take it out", isSafe: true, edits: [edit]))
      }
    }
    return Diagnostic(
      code: "repeated-entry", severity: .warning, message: "this stands in the list already", span: span,
      label: "the same again", related: [Diagnostic.Related(span: earlier, label: "here for the first time")],
      notes: ["once is enough, and the second one was most likely meant to be something else"],
      help: ["write what was meant, or take it out"], fixes: fixes)
  }
}
