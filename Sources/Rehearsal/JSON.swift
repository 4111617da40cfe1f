/// A JSON value that can be written down as a literal: scenarios are built from it, and the world's answers are read as it.
public enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  /// A member of an object; `null` where there is none. Writing to what is no object makes it one.
  public subscript(key: String) -> JSON {
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
  public subscript(index: Int) -> JSON {
    get { elements.indices.contains(index) ? elements[index] : .null }
    set {
      guard case .array(var elements) = self, elements.indices.contains(index) else { return }
      elements[index] = newValue
      self = .array(elements)
    }
  }

  public var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
  public var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  public var number: Double? { if case .number(let value) = self { value } else { nil } }

  public mutating func append(_ element: JSON) { self = .array(elements + [element]) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}

// MARK: - Writing

extension JSON {
  /// The text, with keys in order so that the same value is the same text.
  public var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    // Whole numbers without a fraction: the world uses some of them as counts.
    case .number(let value):
      if let whole = Int(exactly: value) { text += "\(whole)" } else { text += value.isFinite ? "\(value)" : "null" }
    case .string(let value): Self.write(value, to: &text)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { text += "," }
        Self.write(member.key, to: &text)
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  private static func write(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 32:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

// MARK: - Reading

extension JSON {
  public struct ParseError: Error, CustomStringConvertible {
    public let description: String
  }

  public init(parsing text: String) throws {
    var reader = Reader(bytes: Array(text.utf8))
    self = try reader.value()
    try reader.end()
  }

  private struct Reader {
    let bytes: [UInt8]
    var place = 0

    private func problem(_ what: String) -> ParseError { ParseError(description: "no JSON: \(what) at byte \(place)") }

    private mutating func skipSpace() {
      while place < bytes.count, [32, 9, 10, 13].contains(bytes[place]) { place += 1 }
    }

    mutating func end() throws {
      skipSpace()
      guard place == bytes.count else { throw problem("something follows") }
    }

    private mutating func take(_ character: Character) -> Bool {
      guard place < bytes.count, bytes[place] == character.asciiValue else { return false }
      place += 1
      return true
    }

    private mutating func word(_ word: String, _ value: JSON) throws -> JSON {
      guard bytes[place...].starts(with: word.utf8) else { throw problem("an unknown word") }
      place += word.utf8.count
      return value
    }

    mutating func value() throws -> JSON {
      skipSpace()
      guard place < bytes.count else { throw problem("it ends") }
      switch Character(UnicodeScalar(bytes[place])) {
      case "{": return try object()
      case "[": return try array()
      case "\"": return .string(try string())
      case "t": return try word("true", .bool(true))
      case "f": return try word("false", .bool(false))
      case "n": return try word("null", .null)
      default: return try number()
      }
    }

    private mutating func object() throws -> JSON {
      place += 1
      var members: [String: JSON] = [:]
      skipSpace()
      if take("}") { return .object(members) }
      repeat {
        skipSpace()
        guard place < bytes.count, bytes[place] == 34 else { throw problem("no key") }
        let key = try string()
        skipSpace()
        guard take(":") else { throw problem("no colon") }
        members[key] = try value()
        skipSpace()
      } while take(",")
      guard take("}") else { throw problem("an object that does not end") }
      return .object(members)
    }

    private mutating func array() throws -> JSON {
      place += 1
      var elements: [JSON] = []
      skipSpace()
      if take("]") { return .array(elements) }
      repeat {
        elements.append(try value())
        skipSpace()
      } while take(",")
      guard take("]") else { throw problem("an array that does not end") }
      return .array(elements)
    }

    private mutating func number() throws -> JSON {
      let start = place
      while place < bytes.count, "+-.eE0123456789".utf8.contains(bytes[place]) { place += 1 }
      guard let value = Double(String(decoding: bytes[start..<place], as: UTF8.self)) else {
        throw problem("no number")
      }
      return .number(value)
    }

    private mutating func string() throws -> String {
      place += 1
      var units: [UInt8] = []
      while place < bytes.count {
        let byte = bytes[place]
        place += 1
        switch byte {
        case 34: return String(decoding: units, as: UTF8.self)
        case 92: try escape(into: &units)
        default: units.append(byte)
        }
      }
      throw problem("a text that does not end")
    }

    private mutating func escape(into units: inout [UInt8]) throws {
      guard place < bytes.count else { throw problem("a text that does not end") }
      let letter = Character(UnicodeScalar(bytes[place]))
      place += 1
      switch letter {
      case "n": units.append(10)
      case "t": units.append(9)
      case "r": units.append(13)
      case "b": units.append(8)
      case "f": units.append(12)
      case "u":
        var code = try hexadecimal()
        // Characters beyond the first plane are two escapes.
        if (0xD800..<0xDC00).contains(code), bytes[place...].starts(with: [92, 117]) {
          place += 2
          let low = try hexadecimal()
          code = (0xDC00..<0xE000).contains(low) ? 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) : 0xFFFD
        }
        units += Array(String(UnicodeScalar(code) ?? "\u{FFFD}").utf8)
      case "\"", "\\", "/": units.append(letter.asciiValue ?? 63)
      default: throw problem("an unknown escape")
      }
    }

    private mutating func hexadecimal() throws -> UInt32 {
      guard place + 4 <= bytes.count,
        let code = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
      else { throw problem("an unknown escape") }
      place += 4
      return code
    }
  }
}
