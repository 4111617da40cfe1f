import Foundation

/// A JSON value that can be written down as a literal: scenarios are built from it, and the world's answers are read as it.
enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  init(parsing text: String) throws { self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8)) }

  /// The text, with keys in order so that the same scenario is the same file.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  /// A member of an object; `null` where there is none. Writing to what is no object makes it one.
  subscript(key: String) -> JSON {
    get {
      if case .object(let members) = self { members[key] ?? .null } else { .null }
    }
    set {
      var members: [String: JSON] = [:]
      if case .object(let old) = self { members = old }
      members[key] = newValue
      self = .object(members)
    }
  }

  /// An element of an array; `null` outside of it.
  subscript(index: Int) -> JSON {
    get { elements.indices.contains(index) ? elements[index] : .null }
    set {
      guard case .array(var elements) = self, elements.indices.contains(index) else { return }
      elements[index] = newValue
      self = .array(elements)
    }
  }

  var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }

  var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }

  var string: String? { if case .string(let text) = self { text } else { nil } }

  var number: Double? { if case .number(let value) = self { value } else { nil } }

  mutating func append(_ element: JSON) { self = .array(elements + [element]) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .number(Double(value)) }
  init(floatLiteral value: Double) { self = .number(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}

extension JSON: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    // Whole numbers without a fraction: the world uses some of them as counts.
    case .number(let value):
      if let whole = Int(exactly: value) { try container.encode(whole) } else { try container.encode(value) }
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
