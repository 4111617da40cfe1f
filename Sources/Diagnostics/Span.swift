/// A stretch of a source file: UTF-8 byte offsets, half open.
///
/// `Span(start: 4, end: 7)` covers the bytes 4, 5 and 6. An empty span marks the place between two bytes.
public struct Span: Hashable, Comparable, Sendable {
  /// Offset of the first byte.
  public var start: Int
  /// Offset just behind the last byte; never before `start`.
  public var end: Int

  /// Makes a span. An `end` before `start` is taken as an empty span at `start`.
  public init(start: Int, end: Int) {
    self.start = start
    self.end = Swift.max(start, end)
  }

  /// An empty span at `offset`.
  public init(at offset: Int) {
    self.init(start: offset, end: offset)
  }

  /// Length in bytes.
  public var count: Int { end - start }

  /// Whether the span covers no byte.
  public var isEmpty: Bool { start == end }

  /// Whether `other` lies inside this span; a span contains itself.
  public func contains(_ other: Span) -> Bool {
    start <= other.start && other.end <= end
  }

  /// The smallest span that covers both.
  public func union(_ other: Span) -> Span {
    Span(start: Swift.min(start, other.start), end: Swift.max(end, other.end))
  }

  /// By start, then by end.
  public static func < (left: Span, right: Span) -> Bool {
    (left.start, left.end) < (right.start, right.end)
  }
}
