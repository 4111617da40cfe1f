import Diagnostics
import YAMLDocument

/// One key of an object: how it is read, what it means, and what happens when it is not written.
public struct Field<Value: Sendable>: Sendable {
  let schema: FieldSchema
  /// Reads the field from the node behind its key, or decides what its absence means (`nil`: the object is of no use).
  let read: @Sendable (NodeID?, _ object: ObjectPlace, inout SpecReader) -> Value?
}

/// Where an object stands, for problems with what is *not* in it.
struct ObjectPlace {
  let name: String
  let span: Span
  /// The place to point at when something is missing: the object's first key.
  let anchor: Span
}

extension Field {
  /// A key that must be there.
  ///
  /// `standIn` is what is read on with when it is missing or cannot be read, made from the object's place, so that one mistake
  /// does not hide all others; without it the object is of no use then.
  public static func required(
    _ name: String, _ shape: Shape<Value>, _ documentation: String, example: String? = nil,
    standIn: (@Sendable (Span) -> Value)? = nil
  ) -> Field<Value> {
    let schema = FieldSchema(name, documentation, shape, isRequired: true, example: example)
    return Field(schema: schema) { node, object, reader in
      guard let node else {
        reader.sink.report(
          Diagnostic(
            code: "missing-key", severity: .error, message: "\(object.name) needs `\(name)`", span: object.anchor,
            label: "`\(name)` is missing here",
            help: [documentation] + (example.map { ["write for example `\(name): \($0)`"] } ?? [])))
        if standIn != nil { reader.noteBroken(name, of: object.span) }
        return standIn?(object.anchor)
      }
      if let value = shape.read(node, &reader) { return value }
      if standIn != nil { reader.noteBroken(name, of: object.span) }
      return standIn?(reader.document.span(of: node))
    }
  }

  /// A key that may be left out.
  public static func optional<Wrapped>(
    _ name: String, _ shape: Shape<Wrapped>, _ documentation: String, example: String? = nil
  ) -> Field<Wrapped?> where Value == Wrapped? {
    let schema = FieldSchema(name, documentation, shape, example: example)
    return Field(schema: schema) { node, object, reader in
      guard let node else { return .some(nil) }
      guard let value = shape.read(node, &reader) else {
        reader.noteBroken(name, of: object.span)
        return .some(nil)
      }
      return .some(value)
    }
  }

  /// A key that has a value when it is left out. `shown` is that value as it would be written.
  public static func defaulted(
    _ name: String, _ shape: Shape<Value>, to value: Value, shown: String?, _ documentation: String,
    example: String? = nil
  ) -> Field<Value> {
    let schema = FieldSchema(name, documentation, shape, defaultText: shown, example: example)
    return Field(schema: schema) { node, object, reader in
      guard let node else { return value }
      guard let read = shape.read(node, &reader) else {
        reader.noteBroken(name, of: object.span)
        return value
      }
      return read
    }
  }
}

extension Shape {
  /// A mapping with known keys. Every problem of every key is reported; `make` runs when no required key failed.
  ///
  ///     Shape.object("window", "When changes may start.", .required("zone", .line, "…")) { span, zone in Window(…) }
  public static func object<each Part: Sendable>(
    _ name: String, _ documentation: String, exactlyOneOf: [[String]] = [], _ fields: repeat Field<each Part>,
    make: @escaping @Sendable (Span, repeat each Part) -> Value
  ) -> Shape<Value> {
    var schemas: [FieldSchema] = []
    for field in repeat each fields { schemas.append(field.schema) }
    let schema = ObjectSchema(name: name, documentation: documentation, fields: schemas, exactlyOneOf: exactlyOneOf)
    let names = schemas.map(\.name)
    return Shape(schema: .object(schema)) { node, reader in
      guard let found = readKeys(node, of: name, names: names, &reader) else { return nil }
      let broken = reportGroups(exactlyOneOf, found, name, &reader)
      var index = 0
      func next() -> NodeID? {
        defer { index += 1 }
        return found.values[index]
      }
      let parts = (repeat (each fields).read(next(), found.place, &reader))
      guard !broken else { return nil }
      do {
        return make(found.place.span, repeat try unwrapped(each parts))
      } catch {
        return nil
      }
    }
  }
}

private struct Unreadable: Error {}

private func unwrapped<Part>(_ part: Part?) throws -> Part {
  guard let part else { throw Unreadable() }
  return part
}

struct FoundKeys {
  let place: ObjectPlace
  /// The node behind each known key, in the order of the fields.
  let values: [NodeID?]
  let keys: [String: Span]
}

func readKeys(_ node: NodeID, of object: String, names: [String], _ reader: inout SpecReader) -> FoundKeys? {
  guard reader.document.kind(of: node) == .mapping else {
    reader.reportWrongType(
      node, expected: "a mapping with \(spelledList(names, joining: "and"))")
    return nil
  }
  var values: [NodeID?] = Array(repeating: nil, count: names.count)
  var keys: [String: Span] = [:]
  var anchor: Span?
  var misspelt: [(index: Int, value: NodeID, span: Span)] = []
  for (key, value) in reader.document.entries(of: node) {
    let name = reader.document.string(of: key)
    let span = reader.document.span(of: key)
    if anchor == nil { anchor = span }
    if let index = names.firstIndex(of: name) {
      if values[index] == nil { values[index] = value }
      keys[name] = span
      continue
    }
    let suggestion = Spelling.closest(to: name, among: names)
    reader.sink.report(
      Diagnostic(
        code: "unknown-key", severity: .error, message: "\(object) has no key `\(name)`", span: span,
        label: suggestion.map { "did you mean `\($0)`?" },
        help: suggestion == nil ? ["the keys here are \(spelledList(names, joining: "and"))"] : [],
        fixes: reader.replacement(
          suggestion, at: span, isSafe: suggestion.map { Spelling.isSame(name, as: $0) } ?? false)))
    // A misspelt key is not also a missing one.
    if let suggestion, let index = names.firstIndex(of: suggestion) { misspelt.append((index, value, span)) }
  }
  // The key that is spelt right counts wherever it stands.
  for (index, value, span) in misspelt where values[index] == nil {
    values[index] = value
    keys[names[index]] = span
  }
  let span = reader.document.span(of: node)
  return FoundKeys(
    place: ObjectPlace(name: object, span: span, anchor: anchor ?? span), values: values, keys: keys)
}

func reportGroups(
  _ groups: [[String]], _ found: FoundKeys, _ object: String, _ reader: inout SpecReader
) -> Bool {
  var broken = false
  for group in groups {
    let written = group.compactMap { name in found.keys[name].map { (name, $0) } }.sorted { $0.1 < $1.1 }
    if written.count == 1 { continue }
    broken = true
    if written.isEmpty {
      reader.sink.report(
        Diagnostic(
          code: "missing-key", severity: .error, message: "\(object) needs one of \(spelledList(group))",
          span: found.place.anchor, label: "none of them is here", help: ["write exactly one of \(spelledList(group))"])
      )
    } else {
      reader.sink.report(
        Diagnostic(
          code: "conflicting-keys", severity: .error,
          message: "\(object) can have only one of \(spelledList(written.map(\.0)))", span: written[1].1,
          label: "the second one", related: [Diagnostic.Related(span: written[0].1, label: "the first one")],
          help: ["keep the one that is meant, and take \(written.count == 2 ? "the other" : "the others") out"]))
    }
  }
  return broken
}
