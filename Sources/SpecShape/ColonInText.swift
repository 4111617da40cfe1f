import Diagnostics
import YAMLDocument

extension SpecReader {
  /// Reports a sentence that a colon has turned into a mapping, as in `- Review: the changelog.`, and says whether it was
  /// one: a single key, without braces, that is none of the keys that can stand there.
  mutating func reportColonInText(_ node: NodeID, unless keys: [String] = []) -> Bool {
    guard document.kind(of: node) == .mapping, document.count(of: node) == 1,
      let entry = document.entries(of: node).first(where: { _ in true }), document.kind(of: entry.value) == .scalar
    else { return false }
    let span = document.span(of: node)
    let text = document.file.text(in: span)
    let key = document.string(of: entry.key)
    guard !text.hasPrefix("{"), !text.contains("\n"), text.contains(": "),
      Spelling.closest(to: key, among: keys) == nil
    else { return false }
    let quote = text.contains("\"") ? "'" : "\""
    guard !text.contains(quote) else { return false }
    sink.report(
      Diagnostic(
        code: "wrong-type", severity: .error, message: "expected text, found a mapping", span: span,
        label: "`\(key)` is read as a key, because a colon and a space follow",
        help: ["put a text that contains `: ` into quotes: \(quote)\(text)\(quote)"],
        fixes: replacement("\(quote)\(text)\(quote)", at: span)))
    return true
  }
}
