/// A text as a number the way JavaScript's `Number()` reads it; `NaN` when it is none, 0 when it is blank.
///
/// Source: docs.github.com, "Evaluate expressions in workflows and actions", Operators.
func expressionNumber(_ text: String) -> Double {
  var bytes = Array(text.utf8)[...]
  while let last = bytes.last, isSpace(last) { bytes.removeLast() }
  while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
  if bytes.isEmpty { return 0 }
  let trimmed = String(decoding: bytes, as: UTF8.self)
  switch trimmed {
  case "Infinity": return .infinity
  case "-Infinity": return -.infinity
  default: break
  }
  if trimmed.hasScalarPrefix("0x") { return integer(bytes.dropFirst(2), radix: 16) }
  if trimmed.hasScalarPrefix("0o") { return integer(bytes.dropFirst(2), radix: 8) }
  return isDecimal(bytes) ? Double(trimmed.hasScalarPrefix("+") ? String(trimmed.dropFirst()) : trimmed) ?? .nan : .nan
}

/// A number as GitHub puts it into a text: fifteen significant digits, `1E+15` from there on.
func expressionText(of number: Double) -> String {
  if number.isNaN { return "NaN" }
  if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
  if number == 0 { return "0" }
  let decimal = Decimal15(number)
  return (number < 0 ? "-" : "") + decimal.text
}

private func isSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || (0x09...0x0D).contains(byte)
}

/// The runner reads these as 32-bit integers, so `0xffffffff` is -1.
private func integer(_ digits: ArraySlice<UInt8>, radix: Int) -> Double {
  guard let first = digits.first, isLetter(first) || isDigit(first) else { return .nan }
  guard let value = UInt32(String(decoding: digits, as: UTF8.self), radix: radix) else { return .nan }
  return Double(Int32(bitPattern: value))
}

/// True for `[+-]digits[.digits][e[+-]digits]` with a digit in front of or behind the dot: `Double` reads more than that.
private func isDecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
  var rest = bytes
  func takeSign() {
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
  }
  func takeDigits() -> Int {
    let count = rest.prefix(while: isDigit).count
    rest.removeFirst(count)
    return count
  }
  takeSign()
  var digits = takeDigits()
  if rest.first == UInt8(ascii: ".") {
    rest.removeFirst()
    digits += takeDigits()
  }
  guard digits > 0 else { return false }
  if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
    rest.removeFirst()
    takeSign()
    guard takeDigits() > 0 else { return false }
  }
  return rest.isEmpty
}

/// A positive number as up to fifteen significant decimal digits and the place of the point.
private struct Decimal15 {
  private var digits: [UInt8]
  /// The value is `0.digits × 10^exponent`.
  private var exponent: Int

  init(_ number: Double) {
    // The shortest digits that mean this number: `123.45`, `1e-05`, `1.5e+20`.
    let parts = number.magnitude.description.split(separator: "e")
    let mantissa = parts.first.map { Array($0.utf8) } ?? []
    let point = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.count
    exponent = point + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    digits = mantissa.filter(isDigit).map { $0 - UInt8(ascii: "0") }
    while digits.first == 0 {
      digits.removeFirst()
      exponent -= 1
    }
    roundToFifteen()
    while digits.last == 0 { digits.removeLast() }
  }

  private mutating func roundToFifteen() {
    guard digits.count > 15 else { return }
    let isUp = digits[15] >= 5
    digits = Array(digits.prefix(15))
    guard isUp else { return }
    var index = digits.count - 1
    while index >= 0, digits[index] == 9 {
      digits[index] = 0
      index -= 1
    }
    if index >= 0 {
      digits[index] += 1
    } else {
      digits.insert(1, at: 0)
      exponent += 1
    }
  }

  var text: String {
    let characters = digits.map(String.init)
    if exponent > 15 || exponent < -3 {
      let power = exponent - 1
      let fraction = characters.count > 1 ? "." + characters.dropFirst().joined() : ""
      let size = String(power.magnitude)
      return "\(characters.first ?? "0")\(fraction)E\(power < 0 ? "-" : "+")\(size.utf8.count < 2 ? "0" : "")\(size)"
    }
    if exponent <= 0 { return "0." + String(repeating: "0", count: -exponent) + characters.joined() }
    if characters.count <= exponent {
      return characters.joined() + String(repeating: "0", count: exponent - characters.count)
    }
    return characters.prefix(exponent).joined() + "." + characters.dropFirst(exponent).joined()
  }
}
