public import Diagnostics

/// A YAML file as a tree in which every node knows its place.
///
/// The tree is a table over one text buffer: no object per node, no string before it is asked for. What YAML allows
/// and a reviewed file should not contain (tags, merge keys, several documents, keys that are not text) was reported
/// while reading and is not in the tree.
///
///     var sink = DiagnosticSink()
///     if let document = YAMLDocument.parse(file, into: &sink) {
///       for (key, value) in document.entries(of: document.root) { … }
///     }
public struct YAMLDocument: Sendable {
  /// The file that was read.
  public let file: SourceFile
  /// The node that holds all others.
  public let root: NodeID
  let nodes: [Node]
  let children: [Int32]
  let scalarText: [UInt8]

  /// Scalar, sequence or mapping. An alias is what it stands for.
  public func kind(of node: NodeID) -> NodeKind {
    self[node].kind
  }

  /// Where a node stands, with its quotes or brackets, without its anchor and without comments or blank lines behind
  /// it. For an alias that is the place of `*name`. A value that was left out is an empty span behind the colon.
  public func span(of node: NodeID) -> Span {
    let row = self[node]
    return Span(start: Int(row.start), end: Int(row.end))
  }

  /// Whether the node was written as `*name`. Its children are those of the node with the anchor.
  public func isAlias(_ node: NodeID) -> Bool {
    self[node].isAlias
  }

  /// Number of elements of a sequence or of entries of a mapping, 0 for a scalar.
  public func count(of node: NodeID) -> Int {
    let row = self[node]
    return switch row.kind {
    case .scalar: 0
    case .sequence: Int(row.count)
    case .mapping: Int(row.count) / 2
    }
  }

  /// The entries of a mapping in file order, without duplicates; empty for other nodes.
  public func entries(of node: NodeID) -> MappingEntries {
    MappingEntries(list: self[node].kind == .mapping ? childList(of: node) : [])
  }

  /// The elements of a sequence in file order; empty for other nodes.
  public func elements(of node: NodeID) -> SequenceElements {
    SequenceElements(list: self[node].kind == .sequence ? childList(of: node) : [])
  }

  /// The value that a mapping has under a key, or nil.
  public func value(for key: String, in mapping: NodeID) -> NodeID? {
    entries(of: mapping).first { bytes(of: $0.key).elementsEqual(key.utf8) }?.value
  }

  subscript(node: NodeID) -> Node { nodes[Int(node.index)] }

  private func childList(of node: NodeID) -> ArraySlice<Int32> {
    let row = self[node]
    return children[Int(row.first)..<Int(row.first) + Int(row.count)]
  }
}

/// The entries of a mapping: keys with their values.
public struct MappingEntries: RandomAccessCollection, Sendable {
  let list: ArraySlice<Int32>

  /// Always 0.
  public var startIndex: Int { 0 }
  /// Number of entries.
  public var endIndex: Int { list.count / 2 }

  /// The entry at a position.
  public subscript(position: Int) -> (key: NodeID, value: NodeID) {
    let index = list.startIndex + 2 * position
    return (NodeID(index: list[index]), NodeID(index: list[index + 1]))
  }
}

/// The elements of a sequence.
public struct SequenceElements: RandomAccessCollection, Sendable {
  let list: ArraySlice<Int32>

  /// Always 0.
  public var startIndex: Int { 0 }
  /// Number of elements.
  public var endIndex: Int { list.count }

  /// The element at a position.
  public subscript(position: Int) -> NodeID {
    NodeID(index: list[list.startIndex + position])
  }
}
