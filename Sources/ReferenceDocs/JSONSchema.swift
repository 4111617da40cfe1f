import ReleaseLanguage
import SpecShape
import TextLayout

/// Prints JSON Schemas (draft-07) for editors. They come from the shapes that read the files.
public enum JSONSchema {
  /// Of `release.yaml`.
  public static var releaseSpec: String {
    text(ReleaseSpecShape.schema, id: "urn:liftlock:release-spec:1", title: "Liftlock release spec")
  }

  /// Of `policy.yaml`.
  public static var policy: String {
    text(PolicyShape.schema, id: "urn:liftlock:policy:1", title: "Liftlock policy")
  }

  private static func text(_ schema: SchemaNode, id: String, title: String) -> String {
    var writer = JSONTextWriter()
    writer.object {
      $0.field("$schema", "http://json-schema.org/draft-07/schema#")
      $0.field("$id", id)
      $0.field("title", title)
      content(schema, &$0)
    }
    return writer.text + "\n"
  }

  private static func content(_ node: SchemaNode, _ writer: inout JSONTextWriter) {
    switch node {
    case .boolean: writer.field("type", "boolean")
    case .integer(let minimum, let maximum):
      writer.field("type", "integer")
      if let minimum { writer.field("minimum", minimum) }
      if let maximum { writer.field("maximum", maximum) }
    case .string(let pattern, _):
      writer.field("type", "string")
      if let pattern { writer.field("pattern", pattern) }
    case .quantity(let pattern, _):
      // `18` reads as a number, `18ms` as a text.
      writer.array("anyOf") { array in
        array.object {
          $0.field("type", "string")
          $0.field("pattern", pattern)
        }
        array.object {
          $0.field("type", "number")
          $0.field("minimum", 0)
          $0.field("exclusiveMaximum", 1_000_000_000)
        }
      }
    case .enumeration(let words):
      writer.array("enum") { array in
        for word in words { word == "true" ? array.value(true) : array.value(word) }
      }
    case .list(let element, let minimum):
      writer.field("type", "array")
      if minimum > 0 { writer.field("minItems", minimum) }
      writer.object("items") { content(element, &$0) }
    case .map(let value, let keyPattern, _):
      writer.field("type", "object")
      writer.object("patternProperties") { names in names.object(keyPattern) { content(value, &$0) } }
      writer.field("additionalProperties", false)
    case .oneOf(let nodes):
      writer.array("anyOf") { array in
        for node in nodes { array.object { content(node, &$0) } }
      }
    case .object(let schema): object(schema, &writer)
    }
  }

  private static func object(_ schema: ObjectSchema, _ writer: inout JSONTextWriter) {
    writer.field("type", "object")
    writer.field("description", schema.documentation)
    writer.field("additionalProperties", false)
    let required = schema.fields.filter(\.isRequired).map(\.name)
    if !required.isEmpty {
      writer.array("required") { array in for name in required { array.value(name) } }
    }
    if !schema.exactlyOneOf.isEmpty {
      writer.array("allOf") { array in
        for group in schema.exactlyOneOf {
          array.object { choice in
            choice.array("oneOf") { array in
              for name in group {
                array.object { alternative in alternative.array("required") { $0.value(name) } }
              }
            }
          }
        }
      }
    }
    writer.object("properties") { properties in
      for field in schema.fields {
        properties.object(field.name) { property in
          property.field("description", description(field))
          // A nested object has a description of its own, and one key cannot stand twice.
          if case .object(let nested) = field.node {
            property.array("allOf") { array in array.object { object(nested, &$0) } }
          } else {
            content(field.node, &property)
          }
          if let value = field.defaultText.flatMap(jsonValue(ofYAML:)) { property.field("default", json: value) }
          if let value = field.example.flatMap(jsonValue(ofYAML:)) {
            property.array("examples") { $0.value(json: value) }
          }
        }
      }
    }
  }

  private static func description(_ field: FieldSchema) -> String {
    field.defaultText.map { "\(field.documentation) Default: \($0)." } ?? field.documentation
  }
}
