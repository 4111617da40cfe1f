/// A JSON text under construction. Objects keep the order in which they were written.
public enum JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  case null
  case bool(Bool)
  case int(Int)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// The value as JSON, indented by two spaces, with a line feed at its end.
  public func text() -> String {
    var output = ""
    write(to: &output, indent: "")
    return output + "\n"
  }

  private func write(to output: inout String, indent: String) {
    let inner = indent + "  "
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .int(let value): output += String(value)
    case .string(let value): Self.write(value, to: &output)
    case .array(let elements) where elements.isEmpty: output += "[]"
    case .array(let elements):
      output += "["
      for (index, element) in elements.enumerated() {
        output += (index == 0 ? "\n" : ",\n") + inner
        element.write(to: &output, indent: inner)
      }
      output += "\n\(indent)]"
    case .object(let members) where members.isEmpty: output += "{}"
    case .object(let members):
      output += "{"
      for (index, member) in members.enumerated() {
        output += (index == 0 ? "\n" : ",\n") + inner
        Self.write(member.key, to: &output)
        output += ": "
        member.value.write(to: &output, indent: inner)
      }
      output += "\n\(indent)}"
    }
  }

  /// Escapes what RFC 8259 asks for, and beyond it all that a terminal or a JavaScript reader would not take as
  /// plain text.
  private static func write(_ string: String, to output: inout String) {
    output += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case _ where VisibleText.isUnsafe(scalar):
        for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
          let digits = String(unit, radix: 16)
          output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}
