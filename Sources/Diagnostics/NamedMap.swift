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
  /// Where each name stands first: what is looked up by name is looked up often.
  private let places: [String: Int]
  public let names: [String]
  /// The entries whose value could be read.
  public let readable: [(name: Located<String>, value: Value)]

  public init(entries: [Entry] = [], span: Span = Span(start: 0, end: 0)) {
    self.entries = entries
    self.span = span
    names = entries.map(\.name.value)
    readable = entries.compactMap { entry in entry.value.map { (entry.name, $0) } }
    places = Dictionary(entries.enumerated().map { ($0.element.name.value, $0.offset) }) { first, _ in first }
  }

  public subscript(name: String) -> Value? { entry(name)?.value }
  public func entry(_ name: String) -> Entry? { places[name].map { entries[$0] } }
  /// Those of some names that are here, in the order of the file.
  public func ordered(_ names: Set<String>) -> [String] {
    names.compactMap { name in places[name].map { (name, $0) } }.sorted { $0.1 < $1.1 }.map(\.0)
  }
  public var isEmpty: Bool { entries.isEmpty }
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
