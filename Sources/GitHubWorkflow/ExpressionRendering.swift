import TextLayout

extension Expression {
  /// The expression as it is written, with no more parentheses than needed.
  public var rendered: String {
    switch self {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let number): renderedNumber(number)
    case .string(let text): githubExpressionString(text)
    case .context(let name): name
    case .property(let base, let name):
      base.rendered(inside: .access) + (isExpressionIdentifier(name) ? "." + name : "[\(githubExpressionString(name))]")
    case .element(let base, let index): "\(base.rendered(inside: .access))[\(index.rendered)]"
    case .all(let base): base.rendered(inside: .access) + ".*"
    case .not(let operand): "!" + operand.rendered(inside: .not)
    // Chains of the same operator mean the same however they are grouped.
    case .and(let left, let right): "\(left.rendered(inside: .and)) && \(right.rendered(inside: .and))"
    case .or(let left, let right): "\(left.rendered(inside: .or)) || \(right.rendered(inside: .or))"
    case .comparison(let operation, let left, let right):
      "\(left.rendered(inside: binding)) \(operation.rawValue) \(right.rendered(inside: binding.tighter))"
    case .call(let function, let arguments):
      "\(function.rawValue)(\(arguments.map(\.rendered).joined(separator: ", ")))"
    }
  }

  /// The expression as part of a text: `${{ … }}`.
  public var interpolated: String { "${{ \(rendered) }}" }

  /// How tightly an operator holds its operands together, loosest first.
  private enum Binding: Int {
    case or, and, equality, relation, not, access

    var tighter: Binding { Binding(rawValue: rawValue + 1) ?? .access }
  }

  private var binding: Binding {
    switch self {
    case .or: .or
    case .and: .and
    case .comparison(.equal, _, _), .comparison(.notEqual, _, _): .equality
    case .comparison: .relation
    case .not: .not
    default: .access
    }
  }

  private func rendered(inside outer: Binding) -> String {
    let needsParentheses = binding.rawValue < outer.rawValue || (outer == .access && isLiteral)
    return needsParentheses ? "(\(rendered))" : rendered
  }

  private var isLiteral: Bool {
    switch self {
    case .null, .boolean, .number, .string: true
    default: false
    }
  }
}

/// True for a name that may stand behind a dot.
func isExpressionIdentifier(_ name: String) -> Bool {
  guard let first = name.utf8.first, isLetter(first) || first == UInt8(ascii: "_") else { return false }
  return name.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
}

func isLetter(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}

func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func renderedNumber(_ number: Double) -> String {
  if number.isNaN { return "NaN" }
  if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
  let text = number.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
