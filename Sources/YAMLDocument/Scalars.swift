public import Diagnostics

extension YAMLDocument {
  /// The UTF-8 text of a scalar with escapes resolved; empty for other nodes.
  public func bytes(of node: NodeID) -> ArraySlice<UInt8> {
    let row = self[node]
    guard row.kind == .scalar else { return [] }
    return scalarText[Int(row.first)..<Int(row.first) + Int(row.count)]
  }

  /// The text of a scalar with escapes resolved; empty for other nodes.
  public func string(of node: NodeID) -> String {
    String(decoding: bytes(of: node), as: UTF8.self)
  }

  /// Whether a scalar was written without quotes and not as a block. Only such scalars can be numbers.
  public func isPlain(_ node: NodeID) -> Bool {
    let row = self[node]
    return row.kind == .scalar && row.style == .plain
  }

  /// Where a part of a scalar's text stands in the file, for carets under one word of a condition.
  ///
  /// `utf8Range` counts bytes of `bytes(of:)` and is cut to the text. When the text does not stand in the file as it
  /// reads (escapes, folded lines, blocks, aliases) the answer is the whole scalar.
  public func span(of node: NodeID, utf8Range: Range<Int>) -> Span {
    let whole = span(of: node)
    let row = self[node]
    guard row.kind == .scalar, row.style != .block, !row.isAlias else { return whole }
    let quote = row.style == .quoted ? 1 : 0
    let start = whole.start + quote
    let end = whole.end - quote
    let decoded = bytes(of: node)
    guard end >= start, end - start == decoded.count, file.text[start..<end].elementsEqual(decoded) else {
      return whole
    }
    let lower = min(max(utf8Range.lowerBound, 0), decoded.count)
    let upper = min(max(utf8Range.upperBound, lower), decoded.count)
    return Span(start: start + lower, end: start + upper)
  }

  /// What a scalar means by the core schema of YAML 1.2. Other nodes count as `string`.
  ///
  /// `yes`, `on`, `12:30` and `1_000` are strings here, whatever YAML 1.1 made of them; see `isYAML11Boolean`.
  public func scalarType(of node: NodeID) -> ScalarType {
    isPlain(node) ? CoreSchema.type(of: bytes(of: node)) : .string
  }

  /// Whether a plain scalar is one of `yes`, `no`, `on`, `off`, `y`, `n` in any case, which other YAML readers take
  /// for a truth value and this one for a string.
  public func isYAML11Boolean(_ node: NodeID) -> Bool {
    guard isPlain(node), self[node].count <= 3 else { return false }
    return ["yes", "no", "on", "off", "y", "n"].contains(string(of: node).lowercased())
  }

  /// The truth value of a plain `true` or `false`, otherwise nil.
  public func boolean(of node: NodeID) -> Bool? {
    guard scalarType(of: node) == .bool, let first = bytes(of: node).first else { return nil }
    return first | 0x20 == UInt8(ascii: "t")
  }

  /// The value of a plain integer; nil for everything else and for what does not fit into an `Int`.
  public func integer(of node: NodeID) -> Int? {
    guard scalarType(of: node) == .integer else { return nil }
    let text = string(of: node)
    if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16) }
    return Int(text)
  }

  /// The value of a plain integer or float; nil for everything else, for `.inf` and `.nan`, and for what is too
  /// large for a `Double`.
  public func number(of node: NodeID) -> Double? {
    switch scalarType(of: node) {
    case .integer:
      if let integer = integer(of: node) { return Double(integer) }
    case .float: break
    case .null, .bool, .string: return nil
    }
    guard let value = Double(string(of: node)), value.isFinite else { return nil }
    return value
  }
}
