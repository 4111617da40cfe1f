import Diagnostics
import YAMLDocument

extension Shape {
  /// The same shape, in which two keys must not name one and the same thing: a mapping is taken as it is, and the second of
  /// two equal names is reported. A key inside another one is written with a dot. `why` says what would happen.
  ///
  ///     shape.different("blue", "green", because: "a release would overwrite what serves")
  public func different(_ first: String, _ second: String, because why: String) -> Shape<Value> {
    map { value, node, reader in
      guard let one = Self.node(behind: first, in: node, reader.document),
        let other = Self.node(behind: second, in: node, reader.document)
      else { return value }
      let name = reader.document.string(of: one)
      guard !name.isEmpty, name == reader.document.string(of: other) else { return value }
      let (earlier, later) = (reader.document.span(of: one), reader.document.span(of: other))
      reader.sink.report(
        Diagnostic(
          code: "conflicting-keys", severity: .error, message: "`\(first)` and `\(second)` are both `\(name)`",
          span: later, label: "the same again",
          related: [Diagnostic.Related(span: earlier, label: "`\(first)` is this one already")], notes: [why],
          help: ["name two different ones, both of which there are"]))
      return value
    }
  }

  /// The text behind a key, or behind keys in one another; none where there is something else.
  private static func node(behind path: String, in mapping: NodeID, _ document: YAMLDocument) -> NodeID? {
    var node = mapping
    for key in path.split(separator: ".") {
      guard document.kind(of: node) == .mapping, let value = document.value(for: String(key), in: node) else {
        return nil
      }
      node = value
    }
    return document.kind(of: node) == .scalar ? node : nil
  }
}
