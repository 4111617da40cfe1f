import Diagnostics
import YAMLDocument

/// One alternative of a mapping that has exactly one key.
public struct Variant<Value: Sendable>: Sendable {
  let name: String
  let documentation: String
  let shape: Shape<Value>
  let example: String?

  public init(_ name: String, _ documentation: String, _ shape: Shape<Value>, example: String? = nil) {
    self.name = name
    self.documentation = documentation
    self.shape = shape
    self.example = example
  }
}

extension Shape {
  /// A mapping with exactly one of several keys, each with a shape of its own: `deploy: { kubernetes: … }`.
  public static func variant(_ name: String, _ documentation: String, _ variants: [Variant<Value>]) -> Shape<Value> {
    let fields = variants.map { FieldSchema($0.name, $0.documentation, $0.shape, example: $0.example) }
    let names = variants.map(\.name)
    let schema = ObjectSchema(name: name, documentation: documentation, fields: fields, exactlyOneOf: [names])
    return Shape(schema: .object(schema)) { node, reader in
      guard let found = readKeys(node, of: name, names: names, &reader) else { return nil }
      guard let index = found.values.indices.first(where: { found.values[$0] != nil }), let value = found.values[index]
      else {
        _ = reportGroups([names], found, name, &reader)
        return nil
      }
      if found.keys.count > 1 { _ = reportGroups([names], found, name, &reader) }
      return variants[index].shape.read(value, &reader)
    }
  }
}
