/// What an expression evaluates to.
public indirect enum ExpressionValue: Sendable, Hashable {
  /// Nothing.
  case null
  /// A truth value.
  case boolean(Bool)
  /// A number.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([ExpressionValue])
  /// Named values. Names are found whatever their case.
  case object(NamedValues<ExpressionValue>)

  /// An object of texts, as the `env` and `secrets` contexts are.
  public static func texts(_ values: NamedValues<String>) -> ExpressionValue {
    .object(NamedValues(values.entries.map { .init($0.name, .string($0.value)) }))
  }

  /// Whether the value counts as true: not for `null`, `false`, `0`, `NaN` and the empty text. Lists and objects do.
  public var isTruthy: Bool {
    switch self {
    case .null: false
    case .boolean(let flag): flag
    case .number(let number): !number.isNaN && number != 0
    case .string(let text): !text.isEmpty
    case .array, .object: true
    }
  }

  /// The value as text, as it is put into a string: `null` is empty, a list `Array`, an object `Object`.
  public var text: String {
    switch self {
    case .null: ""
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let number): expressionText(of: number)
    case .string(let text): text
    case .array: "Array"
    case .object: "Object"
    }
  }

  /// The value as a number, as it is compared with one; `NaN` when it is none.
  public var number: Double {
    switch self {
    case .null: 0
    case .boolean(let flag): flag ? 1 : 0
    case .number(let number): number
    case .string(let text): expressionNumber(text)
    case .array, .object: .nan
    }
  }

  /// True for everything but lists and objects.
  public var isPrimitive: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  /// GitHub's `==`: kinds that differ are compared as numbers, texts whatever their case. A list or an object equals
  /// nothing: GitHub compares which one it is, not what is in it.
  public func isLooselyEqual(to other: ExpressionValue) -> Bool {
    switch coerced(self, other) {
    case (.null, .null): true
    case (.boolean(let left), .boolean(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): foldedCase(left).utf8.elementsEqual(foldedCase(right).utf8)
    default: false
    }
  }

  /// GitHub's `<`; `nil` when the two have no order, as a text that is no number and a number.
  public func isLess(than other: ExpressionValue) -> Bool? {
    switch coerced(self, other) {
    case (.boolean(let left), .boolean(let right)): !left && right
    case (.number(let left), .number(let right)): left.isNaN || right.isNaN ? nil : left < right
    case (.string(let left), .string(let right)): foldedCase(left).precedesByScalars(foldedCase(right))
    default: nil
    }
  }
}

/// Both values in one kind where GitHub converts.
///
/// Source: actions/runner, src/Sdk/DTExpressions2/Expressions2/Sdk/EvaluationResult.cs, `CoerceTypes`.
private func coerced(_ left: ExpressionValue, _ right: ExpressionValue) -> (ExpressionValue, ExpressionValue) {
  switch (left, right) {
  case (.null, .null), (.boolean, .boolean), (.number, .number), (.string, .string): (left, right)
  case (.null, _), (.boolean, _): right.isPrimitive ? (.number(left.number), .number(right.number)) : (left, right)
  case (_, .null), (_, .boolean): left.isPrimitive ? (.number(left.number), .number(right.number)) : (left, right)
  case (.number, .string), (.string, .number): (.number(left.number), .number(right.number))
  default: (left, right)
  }
}

/// A key for comparing texts whatever their case: as .NET's ordinal comparison does, scalar by scalar, so `ß` is not `SS`.
func foldedCase(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    let upper = scalar.properties.uppercaseMapping.unicodeScalars
    result.unicodeScalars.append(upper.count == 1 ? upper.first ?? scalar : scalar)
  }
  return result
}

extension String {
  func precedesByScalars(_ other: String) -> Bool {
    unicodeScalars.lexicographicallyPrecedes(other.unicodeScalars)
  }

  func hasScalarPrefix(_ prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }

  func hasScalarSuffix(_ suffix: String) -> Bool { utf8.reversed().starts(with: suffix.utf8.reversed()) }

  func containsBytes(of part: String) -> Bool {
    let whole = Array(utf8)
    let wanted = Array(part.utf8)
    guard let first = wanted.first else { return true }
    guard wanted.count <= whole.count else { return false }
    return (0...(whole.count - wanted.count)).contains { start in
      whole[start] == first && whole[start..<(start + wanted.count)].elementsEqual(wanted)
    }
  }
}
