/// A bash script as a reader sees it: what is code, what is quoted text, what is a comment.
///
/// It follows quotes, expansions and substitutions, and reads no grammar; scripts with here-documents are refused.
struct ShellText {
  /// The script with comments as spaces and quoted text as underscores, byte by byte; expansions in quotes stay.
  private(set) var code: [UInt8]
  /// What stands in single quotes, and where.
  private(set) var strings: [(start: Int, text: String, isANSI: Bool)] = []
  /// What no pattern of one line can see.
  private(set) var problems: [(offset: Int, rule: String)] = []

  private enum Context: Equatable {
    case group, substitution, double
    case arithmetic(depth: Int)
    case parameter(start: Int, isQuoted: Bool)
  }

  private let source: [UInt8]
  private var contexts: [Context] = []
  private var position = 0

  init(_ text: String) {
    source = Array(text.utf8)
    code = source
    while position < source.count { step() }
    if !contexts.isEmpty { problems.append((source.count, "unbalanced")) }
  }

  /// The number of the line, from 1, in which this offset is.
  func line(_ offset: Int) -> Int { 1 + source[..<min(offset, source.count)].count { $0 == UInt8(ascii: "\n") } }

  private func sees(_ text: String) -> Bool { source[position...].starts(with: text.utf8) }

  private mutating func hide(_ range: Range<Int>, behind byte: UInt8 = UInt8(ascii: "_")) {
    for index in range where source[index] != UInt8(ascii: "\n") { code[index] = byte }
  }

  private mutating func step() {
    switch contexts.last {
    case .double: stepInDouble()
    case .parameter(let start, let isQuoted): stepInParameter(start, isQuoted)
    case .arithmetic(let depth): stepInArithmetic(depth)
    case .group, .substitution, nil: stepInCommands()
    }
  }

  private mutating func open(_ context: Context, _ length: Int) {
    contexts.append(context)
    position += length
  }

  private mutating func close(_ length: Int = 1) {
    contexts.removeLast()
    position += length
  }

  /// Escapes, quotes and expansions, which are the same almost everywhere.
  private mutating func stepIntoCommon(isQuoted: Bool) -> Bool {
    if sees("\\") {
      if isQuoted { hide(position..<min(position + 2, source.count)) }
      position += 2
    } else if sees("$((") {
      open(.arithmetic(depth: 0), 3)
    } else if sees("$(") {
      open(.substitution, 2)
    } else if sees("${") {
      open(.parameter(start: position, isQuoted: isQuoted), 2)
    } else if sees("`") {
      problems.append((position, "backticks"))
      position += 1
    } else if !isQuoted, sees("$'") {
      readSingle(from: position + 2, isANSI: true)
    } else if !isQuoted, sees("'") {
      readSingle(from: position + 1, isANSI: false)
    } else {
      return false
    }
    return true
  }

  private mutating func readSingle(from start: Int, isANSI: Bool) {
    var end = start
    while end < source.count, source[end] != UInt8(ascii: "'") {
      end += isANSI && source[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    end = min(end, source.count)
    strings.append((start, String(decoding: source[start..<end], as: UTF8.self), isANSI))
    hide(start..<end)
    position = end + 1
  }

  private mutating func stepInDouble() {
    if sees("\"") { return close() }
    if stepIntoCommon(isQuoted: true) { return }
    hide(position..<position + 1)
    position += 1
  }

  private mutating func stepInParameter(_ start: Int, _ isQuoted: Bool) {
    if sees("}") {
      let text = source[start...position]
      let marks = text.drop { $0 != UInt8(ascii: "/") }
      if isQuoted, !marks.isEmpty, marks.contains(where: { "\\\"'".utf8.contains($0) }) {
        problems.append((start, "quotes in a quoted replacement"))
      }
      return close()
    }
    if sees("\"") { return open(.double, 1) }
    if isQuoted, sees("\\") {
      position += 2
    } else if !stepIntoCommon(isQuoted: isQuoted) {
      position += 1
    }
  }

  private mutating func stepInArithmetic(_ depth: Int) {
    if depth == 0, sees("))") { return close(2) }
    if sees("\"") { return open(.double, 1) }
    if stepIntoCommon(isQuoted: false) { return }
    if sees("(") { contexts[contexts.count - 1] = .arithmetic(depth: depth + 1) }
    if sees(")") { contexts[contexts.count - 1] = .arithmetic(depth: max(0, depth - 1)) }
    position += 1
  }

  private mutating func stepInCommands() {
    let isWordStart = position == 0 || " \t\n;&|()".utf8.contains(source[position - 1])
    if isWordStart, sees("#") {
      let end = source[position...].firstIndex(of: UInt8(ascii: "\n")) ?? source.count
      // Old versions of bash look for quotes in such comments.
      if contexts.contains(.substitution), source[position..<end].contains(where: { "'\"`()".utf8.contains($0) }) {
        problems.append((position, "quotes in a comment of a substitution"))
      }
      hide(position..<end, behind: UInt8(ascii: " "))
      position = end
    } else if isWordStart, sees("case "), contexts.contains(.substitution) {
      problems.append((position, "case in a substitution"))
      position += 5
    } else if sees("\"") {
      open(.double, 1)
    } else if stepIntoCommon(isQuoted: false) {
      return
    } else if sees("<<<") {
      position += 3
    } else if sees("<<") {
      problems.append((position, "here-document"))
      position += 2
    } else if sees("<(") || sees(">(") {
      open(.substitution, 2)
    } else if isWordStart, sees("((") {
      open(.arithmetic(depth: 0), 2)
    } else if sees("(") {
      open(.group, 1)
    } else if sees(")"), !contexts.isEmpty {
      close()
    } else {
      position += 1
    }
  }
}
