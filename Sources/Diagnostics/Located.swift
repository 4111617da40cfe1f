/// A value together with the place in the source that said it.
public struct Located<Value> {
  /// What was said.
  public var value: Value
  /// Where it was said.
  public var span: Span

  /// Ties `value` to its place.
  public init(_ value: Value, at span: Span) {
    self.value = value
    self.span = span
  }

  /// The same place with another value, for example `name.map { $0.lowercased() }`.
  public func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Located<Other> {
    Located<Other>(try transform(value), at: span)
  }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
