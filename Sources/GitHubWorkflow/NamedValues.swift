/// Values with names, in the order in which they are printed: `["VERSION": .text("1.2"), "REF": .expression(ref)]`.
public struct NamedValues<Value: Sendable & Hashable>: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// A name with its value.
  public struct Entry: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value.
    public var value: Value

    /// A name with its value.
    public init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// The entries in order. A name that occurs twice is kept, so that it can be reported.
  public var entries: [Entry]

  /// Values in this order.
  public init(_ entries: [Entry] = []) {
    self.entries = entries
  }

  /// Values in the order in which they are written.
  public init(dictionaryLiteral elements: (String, Value)...) {
    entries = elements.map { Entry($0.0, $0.1) }
  }

  /// True when there are no values.
  public var isEmpty: Bool { entries.isEmpty }

  /// The names in order.
  public var names: [String] { entries.map(\.name) }

  /// The value of a name, case-sensitive; setting replaces it in its place or appends it, and `nil` removes it.
  public subscript(name: String) -> Value? {
    get { entries.last { $0.name == name }?.value }
    set {
      guard let newValue else {
        entries.removeAll { $0.name == name }
        return
      }
      if let index = entries.lastIndex(where: { $0.name == name }) {
        entries[index].value = newValue
      } else {
        entries.append(Entry(name, newValue))
      }
    }
  }

  /// These values, with those of `other` added or put in their place.
  public func merging(_ other: NamedValues) -> NamedValues {
    var result = self
    for entry in other.entries { result[entry.name] = entry.value }
    return result
  }
}
