/// What the user named, in the order of the file. An entry whose value could not be read keeps its name.
public struct NamedMap<Value: Sendable>: Sendable {
  public struct Entry: Sendable {
    public let name: Located<String>
    public let value: Value?

    public init(name: Located<String>, value: Value?) {
      self.name = name
      self.value = value
    }
  }

  public let entries: [Entry]
  public let span: Span

  public init(entries: [Entry] = [], span: Span = Span(start: 0, end: 0)) {
    self.entries = entries
    self.span = span
  }

  public subscript(name: String) -> Value? { entries.first { $0.name.value == name }?.value }
  public func entry(_ name: String) -> Entry? { entries.first { $0.name.value == name } }
  public var names: [String] { entries.map(\.name.value) }
  public var isEmpty: Bool { entries.isEmpty }
  /// The entries whose value could be read.
  public var readable: [(name: Located<String>, value: Value)] {
    entries.compactMap { entry in entry.value.map { (entry.name, $0) } }
  }
}

/// A field that was written, but not readably: nobody may call it missing.
public struct BrokenField: Hashable, Sendable {
  /// The place of the object that it belongs to.
  public let object: Span
  public let field: String

  public init(object: Span, field: String) {
    self.object = object
    self.field = field
  }
}
