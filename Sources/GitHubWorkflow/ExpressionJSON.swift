import TextLayout

extension ExpressionValue {
  /// The value as `toJSON()` prints it: indented by two spaces.
  public var json: String { json(indentation: "") }

  private func json(indentation: String) -> String {
    let inner = indentation + "  "
    func block(_ items: [String], _ open: String, _ close: String) -> String {
      guard !items.isEmpty else { return open + close }
      return "\(open)\n" + items.map { inner + $0 }.joined(separator: ",\n") + "\n\(indentation)\(close)"
    }
    switch self {
    case .null: return "null"
    case .string(let text): return jsonString(text)
    case .boolean, .number: return text
    case .array(let items): return block(items.map { $0.json(indentation: inner) }, "[", "]")
    case .object(let members):
      return block(members.entries.map { "\(jsonString($0.name)): \($0.value.json(indentation: inner))" }, "{", "}")
    }
  }

  /// The value that a JSON text describes, or `nil` when it is not JSON or nested more than 100 levels deep.
  public init?(json: String) {
    var reader = JSONReader(bytes: Array(json.utf8))
    guard let value = reader.document() else { return nil }
    self = value
  }
}

/// Reads JSON as RFC 8259 describes it.
private struct JSONReader {
  private let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func document() -> ExpressionValue? {
    guard let value = value(depth: 0) else { return nil }
    skipSpace()
    return index == bytes.count ? value : nil
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let current, UInt32(current) == character.value else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while let current, [0x20, 0x09, 0x0A, 0x0D].contains(current) { index += 1 }
  }

  private mutating func value(depth: Int) -> ExpressionValue? {
    guard depth < 100 else { return nil }
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "\""): return string().map(ExpressionValue.string)
    default: return word()
    }
  }

  private mutating func array(depth: Int) -> ExpressionValue? {
    index += 1
    var items: [ExpressionValue] = []
    skipSpace()
    if take("]") { return .array(items) }
    while let item = value(depth: depth + 1) {
      items.append(item)
      skipSpace()
      if take("]") { return .array(items) }
      guard take(",") else { return nil }
    }
    return nil
  }

  private mutating func object(depth: Int) -> ExpressionValue? {
    index += 1
    var members = NamedValues<ExpressionValue>()
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\""), let name = string() else { return nil }
      skipSpace()
      guard take(":"), let item = value(depth: depth + 1) else { return nil }
      members[name] = item
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { return nil }
    }
  }

  /// `true`, `false`, `null` or a number.
  private mutating func word() -> ExpressionValue? {
    let start = index
    while let current, isLetter(current) || isDigit(current) || [0x2B, 0x2D, 0x2E].contains(current) { index += 1 }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    switch text {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "null": return .null
    default: break
    }
    guard isNumber(bytes[start..<index]), let number = Double(text) else { return nil }
    return .number(number)
  }

  private func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
    var rest = word
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let whole = rest.prefix(while: isDigit)
    guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else { return false }
    rest.removeFirst(whole.count)
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix(while: isDigit)
      guard !fraction.isEmpty else { return false }
      rest.removeFirst(fraction.count + 1)
    }
    guard let mark = rest.first else { return true }
    guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return false }
    rest.removeFirst()
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    return !rest.isEmpty && rest.allSatisfy(isDigit)
  }

  private mutating func string() -> String? {
    index += 1
    var text: [UInt8] = []
    while let byte = current {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text += Array(String(scalar).utf8)
      case 0..<0x20: return nil
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard let byte = current else { return nil }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let first = codeUnit() else { return nil }
      guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
      guard take("\\"), take("u"), let second = codeUnit(), (0xDC00...0xDFFF).contains(second) else { return nil }
      return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    default: return nil
    }
  }

  private mutating func codeUnit() -> UInt32? {
    guard index + 4 <= bytes.count else { return nil }
    let digits = bytes[index..<(index + 4)]
    guard digits.allSatisfy({ isLetter($0) || isDigit($0) }) else { return nil }
    index += 4
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
