/// Everything an expression can look at while it is evaluated.
public struct ExpressionContext: Sendable {
  /// The contexts by name: `github`, `needs`…
  public var contexts: NamedValues<ExpressionValue>
  /// What the status functions answer; `nil` where they may not be called, which is everywhere but in an `if`.
  public var status: Status?

  /// What the status functions answer.
  public struct Status: Sendable, Hashable {
    /// `success()`.
    public var success: Bool
    /// `failure()`.
    public var failure: Bool
    /// `cancelled()`.
    public var cancelled: Bool

    /// Answers for the status functions.
    public init(success: Bool, failure: Bool, cancelled: Bool) {
      self.success = success
      self.failure = failure
      self.cancelled = cancelled
    }
  }

  /// Contexts by name and answers for the status functions.
  public init(contexts: NamedValues<ExpressionValue> = [:], status: Status? = nil) {
    self.contexts = contexts
    self.status = status
  }
}

/// Why an expression cannot be evaluated. GitHub fails the step or the job that it belongs to.
public enum ExpressionFailure: Error, Sendable, Hashable {
  /// No such context is available where the expression stands.
  case unknownContext(String)
  /// A status function outside of an `if`.
  case statusFunctionNotAvailable(Expression.Function)
  /// A function with too few or too many arguments.
  case wrongArgumentCount(Expression.Function)
  /// `format` with a template that is not well-formed, or that names an argument that is not there.
  case invalidFormat(String)
  /// `fromJSON` with a text that is not JSON.
  case invalidJSON(String)
}

extension Expression {
  /// The value of the expression, by GitHub's rules: `&&` and `||` give the operand that decides, names are found
  /// whatever their case (but for `env`), and what is not there is `null`.
  ///
  /// `hashFiles` has no files to look at here and gives the empty text, which it does on GitHub when nothing matches.
  public func evaluate(in context: ExpressionContext) throws(ExpressionFailure) -> ExpressionValue {
    switch self {
    case .null: return .null
    case .boolean(let flag): return .boolean(flag)
    case .number(let number): return .number(number)
    case .string(let text): return .string(text)
    case .context(let name):
      guard let value = context.contexts.value(named: name) else { throw .unknownContext(name) }
      return value
    case .property, .element, .all:
      return try lookUp(in: context).value
    case .not(let operand):
      return .boolean(!(try operand.evaluate(in: context).isTruthy))
    case .and(let left, let right):
      let value = try left.evaluate(in: context)
      return value.isTruthy ? try right.evaluate(in: context) : value
    case .or(let left, let right):
      let value = try left.evaluate(in: context)
      return value.isTruthy ? value : try right.evaluate(in: context)
    case .comparison(let operation, let left, let right):
      return .boolean(operation.holds(try left.evaluate(in: context), try right.evaluate(in: context)))
    case .call(let function, let arguments):
      return try function.call(arguments, in: context)
    }
  }

  /// The value of an `if`: without a status function in it, `success()` must hold as well.
  public func holds(in context: ExpressionContext) throws(ExpressionFailure) -> Bool {
    if !hasStatusFunction, context.status?.success != true { return false }
    return try evaluate(in: context).isTruthy
  }

  // MARK: - Looking things up

  /// A value, or several that a `*` gave, to which further look-ups apply one by one.
  private struct Found {
    var values: [ExpressionValue]
    var isFiltered: Bool

    var value: ExpressionValue { isFiltered ? .array(values) : values.first ?? .null }
  }

  private func lookUp(in context: ExpressionContext) throws(ExpressionFailure) -> Found {
    switch self {
    case .property(let base, let name):
      let found = try base.lookUp(in: context)
      let ignoresCase = base != .context("env")
      return Found(
        values: found.values.compactMap { $0.item(.string(name), ignoresCase: ignoresCase) },
        isFiltered: found.isFiltered)
    case .element(let base, let index):
      let found = try base.lookUp(in: context)
      let key = try index.evaluate(in: context)
      let ignoresCase = base != .context("env")
      return Found(
        values: found.values.compactMap { $0.item(key, ignoresCase: ignoresCase) }, isFiltered: found.isFiltered)
    case .all(let base):
      return Found(values: try base.lookUp(in: context).values.flatMap(\.items), isFiltered: true)
    default:
      return Found(values: [try evaluate(in: context)], isFiltered: false)
    }
  }
}

extension ExpressionValue {
  fileprivate var items: [ExpressionValue] {
    switch self {
    case .array(let items): items
    case .object(let members): members.entries.map(\.value)
    default: []
    }
  }

  fileprivate func item(_ key: ExpressionValue, ignoresCase: Bool) -> ExpressionValue? {
    switch self {
    case .object(let members) where key.isPrimitive:
      return ignoresCase ? members.value(named: key.text) : members[key.text]
    case .array(let items):
      let number = key.number
      guard number >= 0, number < Double(items.count) else { return nil }
      return items[Int(number)]
    default: return nil
    }
  }
}

extension NamedValues {
  /// The value of a name whatever its case; the exact name wins.
  func value(named name: String) -> Value? {
    if let value = self[name] { return value }
    let wanted = foldedCase(name)
    return entries.last { foldedCase($0.name) == wanted }?.value
  }
}

extension Expression.Comparison {
  fileprivate func holds(_ left: ExpressionValue, _ right: ExpressionValue) -> Bool {
    switch self {
    case .equal: left.isLooselyEqual(to: right)
    case .notEqual: !left.isLooselyEqual(to: right)
    case .less: left.isLess(than: right) == true
    case .greater: right.isLess(than: left) == true
    case .lessOrEqual: left.isLess(than: right) == true || left.isLooselyEqual(to: right)
    case .greaterOrEqual: right.isLess(than: left) == true || left.isLooselyEqual(to: right)
    }
  }
}
