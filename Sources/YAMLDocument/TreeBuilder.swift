internal import Diagnostics

/// Makes the node table from events that come in document order.
struct TreeBuilder {
  /// A collection that is not closed yet.
  private struct Frame {
    var node: Int32
    var firstPending: Int
    var anchor: String?
    /// Levels below this collection.
    var height = 0
    /// `expandedNodes` before this collection.
    var nodesBefore: Int
    /// Where the last child ends, aliases at their own place.
    var contentEnd: Int32
  }

  private struct Anchor {
    var node: Int32
    var height = 0
    var expandedNodes = 1
    var isOpen = false
  }

  /// What became of an alias.
  enum AliasOutcome {
    case added
    case undefined
    case cyclic
  }

  /// Marks a child that was reported and is left out.
  static let leftOut: Int32 = -1

  private(set) var nodes: [Node] = []
  private(set) var children: [Int32] = []
  private(set) var scalarText: [UInt8] = []
  /// The outermost node, once it is complete.
  private(set) var root: Int32?
  /// Nodes so far with each alias counted as all that it stands for.
  private(set) var expandedNodes = 0
  /// Children of the open collections, outermost first.
  private(set) var pending: [Int32] = []
  private var frames: [Frame] = []
  private var anchors: [String: Anchor] = [:]
  private var anchorNames: [String] = []

  init(byteCount: Int) {
    // Measured on specs: a node takes about 7 bytes of text.
    nodes.reserveCapacity(byteCount / 6)
    children.reserveCapacity(byteCount / 6)
    pending.reserveCapacity(64)
    frames.reserveCapacity(16)
    scalarText.reserveCapacity(byteCount / 2)
  }

  /// Collections open around the next node.
  var depth: Int { frames.count }

  /// Levels of the deepest anchored value, for the depth behind an alias.
  func height(ofAnchor name: String) -> Int { anchors[name]?.height ?? 0 }

  /// Anchors in file order.
  var knownAnchors: [String] { anchorNames }

  /// Where the key stands whose value comes next; nil when the next node is no value.
  var keyOfNextValue: Span? {
    guard let frame = frames.last, nodes[Int(frame.node)].kind == .mapping,
      (pending.count - frame.firstPending) % 2 == 1, let key = pending.last, key >= 0
    else { return nil }
    return Span(start: Int(nodes[Int(key)].start), end: Int(nodes[Int(key)].end))
  }

  mutating func addScalar(_ text: UnsafeBufferPointer<UInt8>, style: Node.Style, span: Span, anchor: String?) {
    let index = Int32(nodes.count)
    nodes.append(
      Node(
        kind: .scalar, style: style, start: Int32(span.start), end: Int32(span.end), first: Int32(scalarText.count),
        count: Int32(text.count)))
    scalarText.append(contentsOf: text)
    expandedNodes += 1
    if let anchor { define(anchor, as: Anchor(node: index)) }
    complete(index, end: Int32(span.end), height: 0)
  }

  mutating func addAlias(_ name: String, span: Span) -> AliasOutcome {
    guard let anchor = anchors[name], !anchor.isOpen else {
      complete(Self.leftOut, end: Int32(span.end), height: 0)
      return anchors[name] == nil ? .undefined : .cyclic
    }
    var copy = nodes[Int(anchor.node)]
    copy.start = Int32(span.start)
    copy.end = Int32(span.end)
    copy.isAlias = true
    let index = Int32(nodes.count)
    nodes.append(copy)
    expandedNodes += anchor.expandedNodes
    complete(index, end: Int32(span.end), height: anchor.height)
    return .added
  }

  mutating func open(_ kind: NodeKind, span: Span, anchor: String?) {
    let index = Int32(nodes.count)
    nodes.append(Node(kind: kind, start: Int32(span.start), end: Int32(span.end)))
    if let anchor { define(anchor, as: Anchor(node: index, isOpen: true)) }
    frames.append(
      Frame(
        node: index, firstPending: pending.count, anchor: anchor, nodesBefore: expandedNodes,
        contentEnd: Int32(span.end)))
    expandedNodes += 1
  }

  /// Closes the innermost collection. `end` is the place behind its bracket, nil when it ends with its last child.
  mutating func close(end: Int?, into problems: inout ProblemList) {
    guard let frame = frames.popLast() else { return }
    let range = frame.firstPending..<pending.count
    let first = children.count
    switch nodes[Int(frame.node)].kind {
    case .mapping: children += entriesToKeep(range, into: &problems)
    case .sequence, .scalar: children += pending[range].lazy.filter { $0 != Self.leftOut }
    }
    pending.removeSubrange(range)
    let end = end.map { Int32($0) } ?? frame.contentEnd
    nodes[Int(frame.node)].first = Int32(first)
    nodes[Int(frame.node)].count = Int32(children.count - first)
    nodes[Int(frame.node)].end = end
    if let name = frame.anchor, anchors[name]?.node == frame.node {
      anchors[name] = Anchor(
        node: frame.node, height: frame.height + 1, expandedNodes: expandedNodes - frame.nodesBefore)
    }
    complete(frame.node, end: end, height: frame.height + 1)
  }

  private mutating func define(_ name: String, as anchor: Anchor) {
    if anchors.updateValue(anchor, forKey: name) == nil { anchorNames.append(name) }
  }

  private mutating func complete(_ index: Int32, end: Int32, height: Int) {
    guard !frames.isEmpty else {
      root = index
      return
    }
    pending.append(index)
    frames[frames.count - 1].contentEnd = end
    frames[frames.count - 1].height = max(frames[frames.count - 1].height, height)
  }
}
