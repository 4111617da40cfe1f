/// Tag resolution of plain scalars by YAML 1.2.2, section 10.3.2.
enum CoreSchema {
  static func type(of text: ArraySlice<UInt8>) -> ScalarType {
    guard let first = text.first else { return .null }
    switch first {
    case UInt8(ascii: "~"): return text.count == 1 ? .null : .string
    case UInt8(ascii: "n"), UInt8(ascii: "N"):
      return isOne(of: ["null", "Null", "NULL"], text) ? .null : .string
    case UInt8(ascii: "t"), UInt8(ascii: "T"):
      return isOne(of: ["true", "True", "TRUE"], text) ? .bool : .string
    case UInt8(ascii: "f"), UInt8(ascii: "F"):
      return isOne(of: ["false", "False", "FALSE"], text) ? .bool : .string
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      return numberType(of: text)
    default: return .string
    }
  }

  private static func isOne(of words: [StaticString], _ text: ArraySlice<UInt8>) -> Bool {
    words.contains { word in word.withUTF8Buffer { $0.elementsEqual(text) } }
  }

  private static func numberType(of text: ArraySlice<UInt8>) -> ScalarType {
    if isOne(of: [".nan", ".NaN", ".NAN"], text) { return .float }
    if text.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "o")]) {
      return isDigits(text.dropFirst(2)) { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "7") } ? .integer : .string
    }
    if text.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) {
      return isDigits(text.dropFirst(2)) { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0 | 0x20) }
        ? .integer : .string
    }
    var rest = text
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    if isOne(of: [".inf", ".Inf", ".INF"], rest) { return .float }
    if isDigits(rest, isDigit) { return .integer }
    return isDecimal(rest) ? .float : .string
  }

  /// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  private static func isDecimal(_ text: ArraySlice<UInt8>) -> Bool {
    let whole = text.prefix(while: isDigit)
    var rest = text.dropFirst(whole.count)
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      let fraction = rest.prefix(while: isDigit)
      rest = rest.dropFirst(fraction.count)
      if whole.isEmpty, fraction.isEmpty { return false }
    } else if whole.isEmpty {
      return false
    }
    guard let mark = rest.first else { return true }
    guard mark | 0x20 == UInt8(ascii: "e") else { return false }
    rest.removeFirst()
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    return isDigits(rest, isDigit)
  }

  private static func isDigits(_ text: ArraySlice<UInt8>, _ isDigit: (UInt8) -> Bool) -> Bool {
    !text.isEmpty && text.allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
