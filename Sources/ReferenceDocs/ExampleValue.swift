import Diagnostics
import TextLayout
import YAMLDocument

/// A value as it is written in a spec, as JSON on one line: `[a, 5%]` becomes `["a", "5%"]`.
/// `nil` when it is not YAML.
func jsonValue(ofYAML text: String) -> String? {
  var sink = DiagnosticSink()
  let file = SourceFile(path: "example.yaml", text: "value: \(text)\n")
  guard let document = YAMLDocument.parse(file, into: &sink), !sink.hasErrors,
    let value = document.value(for: "value", in: document.root)
  else { return nil }
  return jsonValue(value, document)
}

private func jsonValue(_ node: NodeID, _ document: YAMLDocument) -> String {
  switch document.kind(of: node) {
  case .sequence:
    return "[" + document.elements(of: node).map { jsonValue($0, document) }.joined(separator: ", ") + "]"
  case .mapping:
    let entries = document.entries(of: node).map { key, value in
      jsonString(document.string(of: key)) + ": " + jsonValue(value, document)
    }
    return entries.isEmpty ? "{}" : "{ " + entries.joined(separator: ", ") + " }"
  case .scalar:
    switch document.scalarType(of: node) {
    case .null: return "null"
    case .string: return jsonString(document.string(of: node))
    case .bool: return document.boolean(of: node) == true ? "true" : "false"
    case .integer: return document.integer(of: node).map(String.init) ?? jsonString(document.string(of: node))
    // JSON knows neither infinity nor a number that is none.
    case .float:
      let number = document.number(of: node).flatMap { $0.isFinite ? $0 : nil }
      return number.map { "\($0)" } ?? jsonString(document.string(of: node))
    }
  }
}
