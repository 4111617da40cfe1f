import TextLayout

/// Prints a script: header, settings, functions in the order in which they need each other, and what runs.
enum ShellScriptRenderer {
  static func render(_ script: ShellScript) -> String {
    var pieces: [Bash] = []
    pieces.append(.lines(script.purpose.map { "# \(comment: $0)" }))
    pieces.append("set -euo pipefail")
    pieces.append(usage(of: script))
    let work = ordered(script).map(render) + [script.main]
    // Only what the script uses: a name that nothing reads makes a reader look for its meaning.
    let used = names(in: work)
    let constants = script.constants.filter { used.contains($0.name.text) }
    if !constants.isEmpty { pieces.append(.lines(constants.map(render))) }
    // Those of the marker are named wherever it is read, whether or not this script looks at them.
    let looked = names(in: work, onlyRead: true)
    let variables = script.variables.filter { looked.contains($0.name.text) }
    if !variables.isEmpty { pieces.append(.lines(variables.map { "\($0.name.bash)=\($0.initial)" })) }
    pieces += work
    return "#!/usr/bin/env bash\n" + Bash.join(pieces, separator: "\n\n").source + "\n"
  }

  /// The names that something reads: all that is neither a comment nor the left side of an assignment. With `onlyRead`,
  /// those alone whose value is taken: after a `$` or in arithmetic.
  private static func names(in pieces: [Bash], onlyRead: Bool = false) -> Set<String> {
    var result: Set<String> = []
    for piece in pieces {
      for line in piece.source.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("#") {
        let calculates = String(line).hasArithmetic
        var rest = line.utf8[...]
        while let start = rest.firstIndex(where: isPartOfName) {
          let end = rest[start...].firstIndex { !isPartOfName($0) } ?? rest.endIndex
          let isAssigned = end < rest.endIndex && rest[end] == UInt8(ascii: "=")
          let isRead = !onlyRead || calculates || isExpanded(line.utf8[..<start])
          if !isAssigned, isRead, let name = String(rest[start..<end]) { result.insert(name) }
          rest = rest[end...]
        }
      }
    }
    return result
  }

  /// Whether what stands before a name takes its value: `$`, `${` or `${#`.
  private static func isExpanded(_ before: Substring.UTF8View) -> Bool {
    let bytes = before.suffix(3)
    return bytes.last == UInt8(ascii: "$") || bytes.suffix(2).elementsEqual("${".utf8)
      || bytes.elementsEqual("${#".utf8)
  }

  private static func isPartOfName(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
  }

  private static func usage(of script: ShellScript) -> Bash {
    var lines = script.purpose
    lines.append("")
    lines += script.usage.map { "  " + $0 }
    lines.append("")
    lines += script.exitCodes.map { "exit \($0.0): \($0.1)" }
    let words: [Bash] = lines.map { "  \($0)" }
    return """
      usage() {
        printf '%s\\n' \\
        \(Bash.join(words, separator: " \\\n"))
      }
      """
  }

  private static func render(_ constant: ShellConstant) -> Bash {
    switch constant.value {
    case .text(let text): "readonly \(constant.name.bash)=\(text)"
    case .number(let number): "readonly \(constant.name.bash)=\(number)"
    // On two lines: the bash of macOS expands what is in such a list once more when `readonly` assigns it.
    case .list(let texts):
      """
      \(constant.name.bash)=(\(words: texts))
      readonly \(constant.name.bash)
      """
    case .numbers(let numbers):
      """
      \(constant.name.bash)=(\(Bash.join(numbers.map { "\($0)" }, separator: " ")))
      readonly \(constant.name.bash)
      """
    }
  }

  private static func render(_ function: ShellFunction) -> Bash {
    .lines(
      function.comment.map { "# \(comment: $0)" } + [
        """
        \(function.name.bash)() {
          \(function.body)
        }
        """
      ])
  }

  /// The functions that what runs needs, the script's own and the library's, each after what it needs itself.
  private static func ordered(_ script: ShellScript) -> [ShellFunction] {
    var known = ShellLibrary.functions
    for function in script.functions { known[function.name.text] = function }
    var result: [ShellFunction] = []
    var visited: Set<String> = []
    func visit(_ name: String) {
      guard visited.insert(name).inserted, let function = known[name] else { return }
      for needed in function.needs { visit(needed) }
      result.append(function)
    }
    for name in script.mainNeeds { visit(name) }
    return result
  }
}

extension String {
  /// Whether names in it are read without a `$`.
  fileprivate var hasArithmetic: Bool {
    let bytes = Array(utf8)
    return zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "(") && $1 == UInt8(ascii: "(") }
  }
}
