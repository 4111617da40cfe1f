/// An expression of GitHub's workflow language, without the `${{ }}` around it.
///
/// ```swift
/// !.cancelled && .result(ofJob: "build").equals("success")
/// // !cancelled() && needs.build.result == 'success'
/// ```
///
/// Source: docs.github.com, "Evaluate expressions in workflows and actions".
public indirect enum Expression: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case boolean(Bool)
  /// A number; all of GitHub's numbers are floating-point.
  case number(Double)
  /// A string in single quotes.
  case string(String)
  /// A context by its name, such as `github`.
  case context(String)
  /// A property: `github.ref`. A name that is no identifier is printed as `['name']`.
  case property(Expression, String)
  /// The element of a list or the property of an object that another expression names: `matrix.os[0]`.
  case element(Expression, Expression)
  /// All elements of a list or all values of an object: `needs.*`.
  case all(Expression)
  /// `!x`.
  case not(Expression)
  /// `a && b`: the first operand when it counts as false, else the second.
  case and(Expression, Expression)
  /// `a || b`: the first operand when it counts as true, else the second.
  case or(Expression, Expression)
  /// A comparison.
  case comparison(Comparison, Expression, Expression)
  /// A call of a function.
  case call(Function, [Expression])

  /// The operators that compare.
  public enum Comparison: String, Sendable, Hashable, CaseIterable {
    /// Equal, after GitHub's conversions: `'A' == 'a'` and `1 == '1'` are true.
    case equal = "=="
    /// Not equal.
    case notEqual = "!="
    /// Smaller.
    case less = "<"
    /// Smaller or equal.
    case lessOrEqual = "<="
    /// Greater.
    case greater = ">"
    /// Greater or equal.
    case greaterOrEqual = ">="
  }

  /// The functions.
  public enum Function: String, Sendable, Hashable, CaseIterable {
    /// True when a text contains a text, or a list an element.
    case contains
    /// True when a text starts with a text, whatever the case.
    case startsWith
    /// True when a text ends with a text, whatever the case.
    case endsWith
    /// Replaces `{0}`, `{1}`… in a text.
    case format
    /// Reads JSON.
    case fromJSON
    /// Prints JSON.
    case toJSON
    /// A hash over files of the workspace.
    case hashFiles
    /// True while nothing failed and nothing was cancelled.
    case success
    /// True after a failure.
    case failure
    /// True once the run is being cancelled.
    case cancelled
    /// True.
    case always

    /// True for the functions that tell how the run goes; an `if` without one means `success() && …`.
    public var isStatus: Bool {
      switch self {
      case .success, .failure, .cancelled, .always: true
      default: false
      }
    }
  }
}

// MARK: - Short ways to write expressions

extension Expression {
  /// A context and properties, separated by dots: `"github.event.number"`.
  public static func path(_ path: String) -> Expression {
    let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return names.dropFirst().reduce(.context(names.first ?? "")) { .property($0, $1) }
  }

  /// `github.name`, where the name may be a path such as `event.number`.
  public static func github(_ path: String) -> Expression { .path("github." + path) }
  /// `inputs.name`.
  public static func input(_ name: String) -> Expression { .property(.context("inputs"), name) }
  /// `secrets.NAME`.
  public static func secret(_ name: String) -> Expression { .property(.context("secrets"), name) }
  /// `vars.NAME`.
  public static func variable(_ name: String) -> Expression { .property(.context("vars"), name) }
  /// `env.NAME`.
  public static func environmentVariable(_ name: String) -> Expression { .property(.context("env"), name) }
  /// `matrix.name`.
  public static func matrix(_ name: String) -> Expression { .property(.context("matrix"), name) }
  /// `needs.job.result`.
  public static func result(ofJob job: String) -> Expression { .property(needs(job), "result") }
  /// `needs.job.outputs.name`.
  public static func output(_ name: String, ofJob job: String) -> Expression {
    .property(.property(needs(job), "outputs"), name)
  }
  /// `steps.step.outcome`: how the step ended, before `continue-on-error` counts.
  public static func outcome(ofStep step: String) -> Expression { .property(self.step(step), "outcome") }
  /// `steps.step.conclusion`: how the step ended, after `continue-on-error` counts.
  public static func conclusion(ofStep step: String) -> Expression { .property(self.step(step), "conclusion") }
  /// `steps.step.outputs.name`.
  public static func output(_ name: String, ofStep step: String) -> Expression {
    .property(.property(self.step(step), "outputs"), name)
  }

  /// `success()`.
  public static var success: Expression { .call(.success, []) }
  /// `failure()`.
  public static var failure: Expression { .call(.failure, []) }
  /// `cancelled()`.
  public static var cancelled: Expression { .call(.cancelled, []) }
  /// `always()`.
  public static var always: Expression { .call(.always, []) }

  /// `self == other`.
  public func equals(_ other: Expression) -> Expression { .comparison(.equal, self, other) }
  /// `self == 'text'`.
  public func equals(_ text: String) -> Expression { equals(.string(text)) }
  /// `self != other`.
  public func differs(from other: Expression) -> Expression { .comparison(.notEqual, self, other) }
  /// `self != 'text'`.
  public func differs(from text: String) -> Expression { differs(from: .string(text)) }
  /// `contains(self, other)`.
  public func contains(_ other: Expression) -> Expression { .call(.contains, [self, other]) }
  /// `startsWith(self, 'text')`.
  public func starts(with text: String) -> Expression { .call(.startsWith, [self, .string(text)]) }
  /// `endsWith(self, 'text')`.
  public func ends(with text: String) -> Expression { .call(.endsWith, [self, .string(text)]) }

  /// `!operand`.
  public static prefix func ! (operand: Expression) -> Expression { .not(operand) }
  /// `left && right`.
  public static func && (left: Expression, right: Expression) -> Expression { .and(left, right) }
  /// `left || right`.
  public static func || (left: Expression, right: Expression) -> Expression { .or(left, right) }

  /// The operands joined by `&&`; `true` without any.
  public static func allOf(_ operands: [Expression]) -> Expression {
    guard let first = operands.first else { return .boolean(true) }
    return operands.dropFirst().reduce(first) { .and($0, $1) }
  }

  /// The operands joined by `||`; `false` without any.
  public static func anyOf(_ operands: [Expression]) -> Expression {
    guard let first = operands.first else { return .boolean(false) }
    return operands.dropFirst().reduce(first) { .or($0, $1) }
  }

  private static func needs(_ job: String) -> Expression { .property(.context("needs"), job) }
  private static func step(_ step: String) -> Expression { .property(.context("steps"), step) }
}

// MARK: - Looking into expressions

extension Expression {
  /// The parts that an expression is directly made of.
  public var operands: [Expression] {
    switch self {
    case .null, .boolean, .number, .string, .context: []
    case .property(let base, _), .all(let base): [base]
    case .not(let operand): [operand]
    case .element(let first, let second), .and(let first, let second), .or(let first, let second),
      .comparison(_, let first, let second):
      [first, second]
    case .call(_, let arguments): arguments
    }
  }

  /// True when `success()`, `failure()`, `cancelled()` or `always()` is called anywhere in it.
  public var hasStatusFunction: Bool {
    if case .call(let function, _) = self, function.isStatus { return true }
    return operands.contains(where: \.hasStatusFunction)
  }

  /// The context and property names of every look-up in it, in order of appearance, as in `["needs", "a", "result"]`;
  /// a look-up through `*` or an index ends there.
  public var paths: [[String]] {
    if let path { return [path] }
    return operands.flatMap(\.paths)
  }

  private var path: [String]? {
    switch self {
    case .context(let name): [name]
    case .property(let base, let name): base.path.map { $0 + [name] }
    case .element(let base, .string(let name)): base.path.map { $0 + [name] }
    default: nil
    }
  }
}
