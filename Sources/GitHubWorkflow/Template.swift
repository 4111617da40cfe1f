/// Text with expressions in it, as GitHub fills it in: `release-${{ github.ref_name }}`.
///
/// Only an ``Expression`` is ever evaluated. A literal `${{` in the text is printed as `${{ '${{' }}`, an expression
/// whose value is these three characters, so that text from elsewhere cannot smuggle an expression in.
///
/// ```swift
/// let group: Template = "release-\(.github("ref_name"))"
/// ```
public struct Template: Sendable, Hashable {
  /// A piece of a template.
  public enum Part: Sendable, Hashable {
    /// Text that stands for itself.
    case text(String)
    /// An expression whose value is put in.
    case expression(Expression)
  }

  /// The pieces in order.
  public var parts: [Part]

  /// A template of these pieces.
  public init(_ parts: [Part]) {
    self.parts = parts
  }

  /// A template without expressions.
  public init(text: String) {
    parts = [.text(text)]
  }

  /// The template as it is written in a workflow.
  public var rendered: String {
    var result = ""
    var text = ""
    // Neighbouring texts are escaped together: `$` and `{{` in two parts are `${{` on the page.
    for part in parts {
      switch part {
      case .text(let more): text += more
      case .expression(let expression):
        result += escapingExpressions(in: text) + expression.interpolated
        text = ""
      }
    }
    return result + escapingExpressions(in: text)
  }

  /// The expressions in it, in order.
  public var expressions: [Expression] {
    parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
  }

  /// The text with the values of the expressions put in.
  public func evaluate(in context: ExpressionContext) throws(ExpressionFailure) -> String {
    var result = ""
    for part in parts {
      switch part {
      case .text(let text): result += text
      case .expression(let expression): result += try expression.evaluate(in: context).text
      }
    }
    return result
  }
}

extension Template: ExpressibleByStringInterpolation {
  /// A template without expressions.
  public init(stringLiteral value: String) {
    self.init(text: value)
  }

  /// A template of text and expressions.
  public init(stringInterpolation: Interpolation) {
    self.init(stringInterpolation.parts)
  }

  /// Collects text and expressions.
  public struct Interpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    /// Starts an empty template.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Adds text.
    public mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { parts.append(.text(literal)) }
    }

    /// Adds an expression.
    public mutating func appendInterpolation(_ expression: Expression) {
      parts.append(.expression(expression))
    }

    /// Adds text that stands for itself, whatever is in it.
    public mutating func appendInterpolation(text: String) {
      parts.append(.text(text))
    }
  }
}

/// The value of an environment variable or of an action's input.
public enum Value: Sendable, Hashable, ExpressibleByStringLiteral {
  /// Text that stands for itself; see ``Template`` for a `${{` in it.
  case text(String)
  /// The value of an expression.
  case expression(Expression)
  /// Text with expressions in it.
  case template(Template)

  /// Text that stands for itself.
  public init(stringLiteral value: String) {
    self = .text(value)
  }

  /// The value as a template.
  public var template: Template {
    switch self {
    case .text(let text): Template(text: text)
    case .expression(let expression): Template([.expression(expression)])
    case .template(let template): template
    }
  }

  /// The value as it is written in a workflow.
  public var rendered: String { template.rendered }
}

/// The text with every `${{` replaced by an expression that yields it.
func escapingExpressions(in text: String) -> String {
  var result = String.UnicodeScalarView()
  var pending = 0
  // Scalars of `${{` seen so far; `$${{` starts anew at its second dollar.
  for scalar in text.unicodeScalars {
    result.append(scalar)
    switch (pending, scalar) {
    case (1, "{"): pending = 2
    case (2, "{"):
      result.removeLast(3)
      result.append(contentsOf: "${{ '${{' }}".unicodeScalars)
      pending = 0
    case (_, "$"): pending = 1
    default: pending = 0
    }
  }
  return String(result)
}
