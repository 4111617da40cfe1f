/// What a shape accepts, as data: JSON Schema, the reference page and completion are printed from it.
public indirect enum SchemaNode: Sendable {
  case boolean
  case integer(minimum: Int?, maximum: Int?)
  /// A string; `pattern` is an ECMA 262 regular expression, `format` the words a person reads ("a duration such as `15m`").
  case string(pattern: String?, format: String?)
  /// A string or a number that is read as text, such as `24h`, `5%` or `18`.
  case quantity(pattern: String, format: String)
  case enumeration([String])
  case list(of: SchemaNode, minimum: Int)
  /// A mapping whose keys the user chooses.
  case map(of: SchemaNode, keyPattern: String?)
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
}
