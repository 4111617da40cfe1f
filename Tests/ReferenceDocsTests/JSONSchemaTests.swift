import Foundation
import Testing

@testable import ReferenceDocs

@Suite struct JSONSchemaTests {
  @Test func theSchemaIsJSONWithTheWholeLanguageAtItsTop() throws {
    let schema = try #require(
      JSONSerialization.jsonObject(with: Data(JSONSchema.releaseSpec.utf8)) as? [String: Any])
    let properties = try #require(schema["properties"] as? [String: Any])
    #expect(Set(properties.keys) == Set(places.first { $0.path.isEmpty }?.object.fields.map(\.name) ?? []))
  }

  @Test(arguments: fieldPlaces)
  func everyExampleAndDefaultIsInTheSchemaAsAValue(_ place: FieldPlace) throws {
    let field = place.field
    let properties = Self.properties.filter { $0.name == field.name && $0.description.hasPrefix(field.documentation) }
    try #require(!properties.isEmpty, "\(place.path)")
    let example = try field.example.map(Self.value)
    let fallback = try field.defaultText.map(Self.value)
    #expect(properties.contains { $0.examples == example.map { [$0] as NSArray } && $0.fallback == fallback })
  }

  private struct Property: @unchecked Sendable {
    let name: String
    let description: String
    let examples: NSArray?
    let fallback: NSObject?
  }

  /// Every property of the schema, wherever it is.
  private static let properties: [Property] = {
    var found: [Property] = []
    var rest: [Any] = [(try? JSONSerialization.jsonObject(with: Data(JSONSchema.releaseSpec.utf8))) ?? [:]]
    while let next = rest.popLast() {
      if let list = next as? [Any] { rest += list }
      guard let object = next as? [String: Any] else { continue }
      rest += object.values
      for (name, property) in (object["properties"] as? [String: [String: Any]]) ?? [:] {
        found.append(
          Property(
            name: name, description: property["description"] as? String ?? "",
            examples: property["examples"].flatMap { ($0 as? [Any]) as NSArray? },
            fallback: property["default"].map { $0 as! NSObject }))
      }
    }
    return found
  }()

  private static func value(_ yaml: String) throws -> NSObject {
    let json = try #require(jsonValue(ofYAML: yaml), "\(yaml)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) as? NSObject, "\(json)")
  }

  @Test(arguments: [
    ("15m", #""15m""#), ("1", "1"), ("0.5", "0.5"), ("1e3", "1000.0"), ("true", "true"), ("yes", #""yes""#),
    ("\"02:00\"", #""02:00""#), ("[mon, 5%]", #"["mon", "5%"]"#), ("{ critical: 0 }", #"{ "critical": 0 }"#),
    ("{}", "{}"), ("[]", "[]"), ("~", "null"), (".inf", #"".inf""#), ("0x1F", "31"),
    ("[{ to: 10%, hold: 15m }]", #"[{ "to": "10%", "hold": "15m" }]"#),
  ])
  func aValueOfASpecBecomesJSON(_ text: String, _ json: String) throws {
    let value = try #require(jsonValue(ofYAML: text))
    #expect(value == json)
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed) }
  }

  @Test func whatIsNotYAMLIsNotAValue() {
    #expect(jsonValue(ofYAML: "[15m") == nil)
    #expect(jsonValue(ofYAML: "a: b: c") == nil)
  }
}
