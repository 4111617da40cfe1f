/// Prints a ``YAMLNode``, line by line.
struct YAMLRenderer {
  private var lines: [String] = []
  /// True while the last lines are blank lines of a block with `|+`: another one would become part of that text.
  private var mayNotAddBlank = false

  /// Everything written, ending with a newline.
  var text: String { lines.joined(separator: "\n") + "\n" }

  mutating func write(document: YAMLNode, headerComment: [String]) {
    for line in headerComment { lines.append(comment(line)) }
    if !headerComment.isEmpty { blank() }
    write(document, after: "", indent: 0, comment: nil, isDocument: true)
  }

  /// Writes a value. `opening` is what its first line starts with (`key:` or `-`, indented); `indent` is where the
  /// lines of a nested collection start.
  private mutating func write(
    _ node: YAMLNode, after opening: String, indent: Int, comment: String?, isDocument: Bool = false
  ) {
    switch node {
    case .map(let entries) where !entries.isEmpty:
      if !isDocument { append(opening, "", comment) }
      write(entries: entries, indent: indent, firstPrefix: nil)
    case .list(let items, let isSpaced) where !items.isEmpty:
      if !isDocument { append(opening, "", comment) }
      write(items: items, isSpaced: isSpaced, indent: indent)
    case .block(let text):
      write(block: text, after: opening, indent: max(indent, 2), comment: comment)
    default:
      append(opening, flow(node, isInside: false), comment)
    }
  }

  private mutating func write(entries: [YAMLNode.Entry], indent: Int, firstPrefix: String?) {
    for (index, entry) in entries.enumerated() {
      var prefix = spaces(indent)
      if index == 0, let firstPrefix {
        prefix = firstPrefix
      } else {
        if entry.isSpaced, index > 0 { blank() }
        for line in entry.commentAbove { append(spaces(indent), comment(line), nil) }
      }
      let opening = prefix + key(of: entry) + ":"
      write(entry.value, after: opening, indent: indent + 2, comment: entry.sameLineComment)
    }
  }

  private mutating func write(items: [YAMLNode], isSpaced: Bool, indent: Int) {
    for (index, item) in items.enumerated() {
      if isSpaced, index > 0 { blank() }
      write(item: item, prefix: spaces(indent) + "-", indent: indent)
    }
  }

  /// Writes `- …`; a mapping or a list in it starts on the same line.
  private mutating func write(item: YAMLNode, prefix: String, indent: Int) {
    switch item {
    case .map(let entries) where !entries.isEmpty:
      // A comment above the first key stands above the dash: behind it, it would look like part of the item before.
      for line in entries[0].commentAbove { append(spaces(indent), comment(line), nil) }
      write(entries: entries, indent: indent + 2, firstPrefix: prefix + " ")
    case .list(let items, let isSpaced) where !items.isEmpty:
      for (index, nested) in items.enumerated() {
        if isSpaced, index > 0 { blank() }
        write(item: nested, prefix: index == 0 ? prefix + " -" : spaces(indent + 2) + "-", indent: indent + 2)
      }
    default:
      write(item, after: prefix, indent: indent + 2, comment: nil)
    }
  }

  private mutating func write(block text: String, after opening: String, indent: Int, comment: String?) {
    guard let block = YAMLBlock(text) else {
      append(opening, YAMLScalar.quotedAsNeeded(text), comment)
      return
    }
    append(opening, block.header, comment)
    for line in block.lines {
      lines.append(line.isEmpty ? "" : spaces(indent) + line)
    }
    mayNotAddBlank = block.keepsTrailingLines
  }

  // MARK: - One line

  private func flow(_ node: YAMLNode, isInside: Bool) -> String {
    switch node {
    case .string(let text), .block(let text): YAMLScalar.quotedAsNeeded(text, inFlow: isInside)
    case .int(let number): String(number)
    case .bool(let flag): flag ? "true" : "false"
    case .null: "null"
    case .list(let items, _), .flowList(let items):
      "[" + items.map { flow($0, isInside: true) }.joined(separator: ", ") + "]"
    case .map(let entries), .flowMap(let entries):
      entries.isEmpty ? "{}" : "{ " + entries.map(flow).joined(separator: ", ") + " }"
    }
  }

  private func flow(_ entry: YAMLNode.Entry) -> String {
    key(of: entry, inFlow: true) + ": " + flow(entry.value, isInside: true)
  }

  private func key(of entry: YAMLNode.Entry, inFlow: Bool = false) -> String {
    let isIdentifier = entry.key.unicodeScalars.allSatisfy { $0.isASCIIAlphanumeric || $0 == "-" || $0 == "_" }
    if entry.hasBareKey, isIdentifier, entry.key.unicodeScalars.first?.isASCIILetter == true { return entry.key }
    return YAMLScalar.quotedAsNeeded(entry.key, inFlow: inFlow)
  }

  private func comment(_ text: String) -> String {
    let line = text.flattened().trimmingTrailingSpaces()
    return line.isEmpty ? "#" : "# " + line
  }

  private mutating func append(_ opening: String, _ value: String, _ sameLineComment: String?) {
    var line = opening
    if !value.isEmpty {
      line += opening.unicodeScalars.allSatisfy { $0 == " " } ? value : " " + value
    }
    if let sameLineComment, !sameLineComment.isEmpty { line += " " + comment(sameLineComment) }
    lines.append(line)
    mayNotAddBlank = false
  }

  private mutating func blank() {
    guard !mayNotAddBlank, let last = lines.last, !last.isEmpty else { return }
    lines.append("")
  }

  private func spaces(_ count: Int) -> String {
    String(repeating: " ", count: count)
  }
}

extension String {
  fileprivate func trimmingTrailingSpaces() -> String {
    var rest = unicodeScalars[...]
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}
