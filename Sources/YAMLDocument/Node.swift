/// Names a node of one document.
public struct NodeID: Hashable, Sendable {
  /// Place in the document's table.
  let index: Int32
}

/// What a node is.
public enum NodeKind: UInt8, Hashable, Sendable {
  /// A text, number, truth value or nothing.
  case scalar
  /// A list.
  case sequence
  /// Keys with values.
  case mapping
}

/// What a scalar means by the core schema of YAML 1.2.
public enum ScalarType: String, Hashable, Sendable {
  /// `null`, `~` or nothing at all.
  case null
  /// `true` or `false`.
  case bool
  /// `12`, `-3`, `0o17`, `0x1F`.
  case integer
  /// `1.5`, `2e3`, `.inf`.
  case float
  /// Every other text, and all that is quoted.
  case string
}

/// One row of the node table.
struct Node {
  /// How a scalar was written.
  enum Style: UInt8 {
    case plain
    case quoted
    case block
  }

  var kind: NodeKind
  var style: Style = .plain
  var isAlias = false
  /// Byte offsets in the file.
  var start: Int32
  var end: Int32
  /// First byte in the text buffer, or first entry in the list of children.
  var first: Int32 = 0
  /// Bytes of a scalar, elements of a sequence, or keys and values of a mapping together.
  var count: Int32 = 0
}
