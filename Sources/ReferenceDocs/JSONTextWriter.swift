import TextLayout

/// Writes JSON with two spaces of indentation, keys in the order in which they are written.
struct JSONTextWriter {
  private(set) var text = ""
  private var depth = 0
  private var isFirst = true

  mutating func object(_ body: (inout JSONTextWriter) -> Void) { nest(nil, "{", "}", body) }
  mutating func object(_ name: String, _ body: (inout JSONTextWriter) -> Void) { nest(name, "{", "}", body) }
  mutating func array(_ name: String, _ body: (inout JSONTextWriter) -> Void) { nest(name, "[", "]", body) }

  mutating func field(_ name: String, _ value: String) { item(jsonString(name) + ": " + jsonString(value)) }
  mutating func field(_ name: String, _ value: Int) { item(jsonString(name) + ": " + String(value)) }
  mutating func field(_ name: String, _ value: Bool) { item(jsonString(name) + ": " + String(value)) }
  /// `json` is written as it is.
  mutating func field(_ name: String, json: String) { item(jsonString(name) + ": " + json) }
  mutating func value(json: String) { item(json) }
  mutating func value(_ value: String) { item(jsonString(value)) }
  mutating func value(_ value: Bool) { item(String(value)) }

  private mutating func item(_ text: String) {
    if depth > 0 { newLine() }
    self.text += text
  }

  private mutating func newLine() {
    text += (isFirst ? "" : ",") + "\n" + String(repeating: "  ", count: depth)
    isFirst = false
  }

  private mutating func nest(_ name: String?, _ open: String, _ close: String, _ body: (inout JSONTextWriter) -> Void) {
    if depth > 0 { newLine() }
    text += (name.map { jsonString($0) + ": " } ?? "") + open
    depth += 1
    isFirst = true
    body(&self)
    let isEmpty = isFirst
    depth -= 1
    text += isEmpty ? close : "\n" + String(repeating: "  ", count: depth) + close
    isFirst = false
  }
}
