import Diagnostics
import YAMLDocument

/// What a shape accepts, as data: JSON Schema, the reference page and completion are printed from it.
public indirect enum SchemaNode: Sendable {
  case boolean
  case integer(minimum: Int?, maximum: Int?)
  /// A string; `pattern` is an ECMA 262 regular expression, `format` the words a person reads ("a duration such as `15m`").
  case string(pattern: String?, format: String?)
  /// A string, or a plain number of at most nine digits that is read as text, such as `250/s`, `5%` or `18`.
  case quantity(pattern: String, format: String)
  case enumeration([String])
  case list(of: SchemaNode, minimum: Int)
  /// A mapping whose keys the user chooses. `placeholder` stands for the key where a path is written down: `name` in
  /// `roles.<name>`.
  case map(of: SchemaNode, keyPattern: String, placeholder: String)
  case object(ObjectSchema)
  case oneOf([SchemaNode])
}

/// A mapping whose keys the language knows.
public struct ObjectSchema: Sendable {
  /// The name under which JSON Schema defines it, such as `probe-check`.
  public let name: String
  public let documentation: String
  public let fields: [FieldSchema]
  /// Of each group, exactly one field must be there.
  public let exactlyOneOf: [[String]]
}

/// One key of an object.
public struct FieldSchema: Sendable {
  public let name: String
  public let documentation: String
  public let node: SchemaNode
  public let isRequired: Bool
  /// The value that is taken when nothing is written, as it would be written.
  public let defaultText: String?
  /// A value as it would be written.
  public let example: String?
  private let readValue: @Sendable (NodeID, inout SpecReader) -> Void

  init<Value>(
    _ name: String, _ documentation: String, _ shape: Shape<Value>, isRequired: Bool = false,
    defaultText: String? = nil, example: String? = nil
  ) {
    self.name = name
    self.documentation = documentation
    node = shape.schema
    self.isRequired = isRequired
    self.defaultText = defaultText
    self.example = example
    readValue = { node, reader in _ = shape.read(node, &reader) }
  }

  /// What is reported when `text` stands behind this key in a spec, such as `15m` behind `hold:`; empty when it can.
  /// Whether names in it are declared is not asked: that takes the rest of the spec.
  public func problems(with text: String) -> [Diagnostic] {
    var sink = DiagnosticSink()
    let file = SourceFile(path: "\(name).yaml", text: "\(name): \(text)\n")
    guard let document = YAMLDocument.parse(file, into: &sink), let value = document.value(for: name, in: document.root)
    else { return sink.sorted() }
    var reader = SpecReader(document: document, sink: sink)
    readValue(value, &reader)
    return reader.sink.sorted()
  }
}
