extension Expression.Function {
  /// How many arguments the function takes. That a job's `success` and `failure` also take the names of jobs is left
  /// out: `needs.x.result` says it more plainly.
  var argumentCounts: ClosedRange<Int> {
    switch self {
    case .contains, .startsWith, .endsWith: 2...2
    case .format, .hashFiles: 1...255
    case .fromJSON, .toJSON: 1...1
    case .success, .failure, .cancelled, .always: 0...0
    }
  }

  /// The value of a call.
  func call(_ arguments: [Expression], in context: ExpressionContext) throws(ExpressionFailure) -> ExpressionValue {
    guard argumentCounts.contains(arguments.count) else { throw .wrongArgumentCount(self) }
    if isStatus { return .boolean(try answer(context.status)) }
    var values: [ExpressionValue] = []
    for argument in arguments { values.append(try argument.evaluate(in: context)) }
    let first = values[0]
    switch self {
    case .contains: return .boolean(isContained(values[1], in: first))
    case .startsWith: return .boolean(matches(first, values[1]) { $0.hasScalarPrefix($1) })
    case .endsWith: return .boolean(matches(first, values[1]) { $0.hasScalarSuffix($1) })
    case .format: return .string(try formatted(first.text, values.dropFirst().map(\.text)))
    case .toJSON: return .string(first.json)
    case .fromJSON:
      guard let value = ExpressionValue(json: first.text) else { throw .invalidJSON(first.text) }
      return value
    default: return .string("")
    }
  }

  private func answer(_ status: ExpressionContext.Status?) throws(ExpressionFailure) -> Bool {
    guard let status else { throw .statusFunctionNotAvailable(self) }
    switch self {
    case .success: return status.success
    case .failure: return status.failure
    case .cancelled: return status.cancelled
    default: return true
    }
  }
}

private func isContained(_ item: ExpressionValue, in whole: ExpressionValue) -> Bool {
  if case .array(let items) = whole { return items.contains { $0.isLooselyEqual(to: item) } }
  return matches(whole, item) { $0.containsBytes(of: $1) }
}

private func matches(
  _ whole: ExpressionValue, _ part: ExpressionValue, _ test: (String, String) -> Bool
) -> Bool {
  guard whole.isPrimitive, part.isPrimitive else { return false }
  return test(foldedCase(whole.text), foldedCase(part.text))
}

/// Replaces `{0}`, `{1}`…; `{{` and `}}` stand for single braces.
private func formatted(_ template: String, _ arguments: [String]) throws(ExpressionFailure) -> String {
  let scalars = Array(template.unicodeScalars)
  var result = ""
  var index = 0
  while index < scalars.count {
    let scalar = scalars[index]
    let next = index + 1 < scalars.count ? scalars[index + 1] : nil
    switch scalar {
    case "{" where next == "{", "}" where next == "}":
      result.unicodeScalars.append(scalar)
      index += 2
    case "{":
      let digits = scalars[(index + 1)...].prefix { ("0"..."9").contains($0) }
      let end = index + 1 + digits.count
      let number = Int(String(String.UnicodeScalarView(digits)))
      guard let number, number < arguments.count, end < scalars.count, scalars[end] == "}" else {
        throw .invalidFormat(template)
      }
      result += arguments[number]
      index = end + 1
    case "}": throw .invalidFormat(template)
    default:
      result.unicodeScalars.append(scalar)
      index += 1
    }
  }
  return result
}
