import Diagnostics
import YAMLDocument

/// How one value of the language is written: read from the tree, described as data.
///
/// `read` returns `nil` when the value cannot be used; it has then reported why.
public struct Shape<Value: Sendable>: Sendable {
  public let schema: SchemaNode
  public let read: @Sendable (NodeID, inout SpecReader) -> Value?

  public init(schema: SchemaNode, read: @escaping @Sendable (NodeID, inout SpecReader) -> Value?) {
    self.schema = schema
    self.read = read
  }

  /// The same shape, its value turned into another; `nil` from `transform` means that it reported a problem.
  public func map<Result: Sendable>(
    _ transform: @escaping @Sendable (Value, NodeID, inout SpecReader) -> Result?
  ) -> Shape<Result> {
    Shape<Result>(schema: schema) { node, reader in
      guard let value = read(node, &reader) else { return nil }
      return transform(value, node, &reader)
    }
  }

  /// The same shape, with the place where the value stands.
  public var located: Shape<Located<Value>> {
    map { value, node, reader in Located(value, at: reader.document.span(of: node)) }
  }

  /// A list of this shape. Elements that cannot be read are left out and noted as broken. An element that stands there twice
  /// is reported, unless that is what is meant (`mayRepeat`): one role for two approvals, one step done again.
  public func list(atLeast minimum: Int = 0, mayRepeat: Bool = false) -> Shape<[Value]> {
    Shape<[Value]>(schema: .list(of: schema, minimum: minimum)) { node, reader in
      guard reader.document.kind(of: node) == .sequence else {
        let isText = reader.document.kind(of: node) == .scalar && !reader.document.string(of: node).isEmpty
        reader.reportWrongType(
          node, expected: "a list",
          help: [
            isText ? "put brackets around it: `[\(reader.document.string(of: node))]`" : "write it in brackets: `[…]`"
          ])
        return nil
      }
      var values: [Value] = []
      var written = 0
      for element in reader.document.elements(of: node) {
        written += 1
        if let value = read(element, &reader) { values.append(value) }
      }
      if written < minimum {
        reader.sink.report(
          Diagnostic(
            code: "empty-list", severity: .error, message: "this list must not be empty",
            span: reader.document.span(of: node),
            help: [
              "write at least \(minimum == 1 ? "one entry" : "\(minimum) entries"), or leave the key out if it may be"
            ]))
        return nil
      }
      if !mayRepeat { reader.reportRepetitions(in: node) }
      return values.count == written ? values : partial(values, node, &reader)
    }
  }

  private func partial(_ values: [Value], _ node: NodeID, _ reader: inout SpecReader) -> [Value]? {
    reader.noteBroken("", of: reader.document.span(of: node))
    return values
  }

  /// One value, or a list of them.
  public func oneOrMany() -> Shape<[Value]> {
    let many = list(atLeast: 1)
    return Shape<[Value]>(schema: .oneOf([schema, many.schema])) { node, reader in
      if reader.document.kind(of: node) == .sequence { return many.read(node, &reader) }
      return read(node, &reader).map { [$0] }
    }
  }

  /// The same shape, called `format` where people read what it takes, such as "the name of a check".
  /// Only for shapes of a text that has no pattern yet; `pattern` is an ECMA 262 regular expression.
  public func called(_ format: String, pattern: String? = nil) -> Shape<Value> {
    Shape(schema: .string(pattern: pattern, format: format), read: read)
  }

  /// A mapping from names that the user chooses to values of this shape.
  public func named(_ what: String, keyPattern: NamePattern, placeholder: String = "name") -> Shape<NamedMap<Value>> {
    let schema = SchemaNode.map(of: schema, keyPattern: keyPattern.regularExpression, placeholder: placeholder)
    return Shape<NamedMap<Value>>(schema: schema) { node, reader in
      guard reader.document.kind(of: node) == .mapping else {
        reader.reportWrongType(node, expected: "a mapping from each \(what) to what it is")
        return nil
      }
      var entries: [NamedMap<Value>.Entry] = []
      for (key, value) in reader.document.entries(of: node) {
        let name = Located(reader.document.string(of: key), at: reader.document.span(of: key))
        if let problem = keyPattern.problem(with: name.value) {
          reader.sink.report(
            Diagnostic(
              code: "invalid-name", severity: .error, message: "`\(name.value)` cannot be the name of a \(what)",
              span: name.span, label: problem, help: [keyPattern.help]))
        }
        entries.append(.init(name: name, value: read(value, &reader)))
      }
      return NamedMap(entries: entries, span: reader.document.span(of: node))
    }
  }

  /// Reads a scalar by one shape and anything else by another.
  public static func scalar(_ scalar: Shape<Value>, or other: Shape<Value>) -> Shape<Value> {
    Shape(schema: .oneOf([scalar.schema, other.schema])) { node, reader in
      if reader.document.kind(of: node) == .scalar { return scalar.read(node, &reader) }
      if case .object(let schema) = other.schema, reader.reportColonInText(node, unless: schema.fields.map(\.name)) {
        return nil
      }
      return other.read(node, &reader)
    }
  }

  /// Reads a list by one shape and anything else by another.
  public static func sequence(_ sequence: Shape<Value>, or other: Shape<Value>) -> Shape<Value> {
    Shape(schema: .oneOf([sequence.schema, other.schema])) { node, reader in
      reader.document.kind(of: node) == .sequence ? sequence.read(node, &reader) : other.read(node, &reader)
    }
  }
}
