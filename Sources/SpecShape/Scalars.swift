import Diagnostics
import YAMLDocument

extension Shape where Value == String {
  /// Any text on one or more lines. Numbers and booleans are refused: a person who writes `no` means something else.
  public static let text = Shape(schema: .string(pattern: nil, format: nil)) { node, reader in
    guard reader.document.kind(of: node) == .scalar else {
      if !reader.reportColonInText(node) { reader.reportWrongType(node, expected: "text") }
      return nil
    }
    let text = reader.document.string(of: node)
    if text.isEmpty {
      reader.reportWrongType(
        node, expected: "text", found: "nothing", help: ["write something behind the colon, or leave the key out"])
      return nil
    }
    switch reader.document.scalarType(of: node) {
    case .string: return text
    case .null, .bool, .integer, .float:
      reader.reportWrongType(node, expected: "text", help: ["put it in quotes if it is meant as text: \"\(text)\""])
      return nil
    }
  }

  /// Text on one line.
  public static let line = text.map { text, node, reader -> String? in
    if text.utf8.contains(where: { $0 == 10 || $0 == 13 }) {
      reader.sink.report(
        Diagnostic(
          code: "invalid-text", severity: .error, message: "this must be on one line",
          span: reader.document.span(of: node), help: ["write it on one line, or fold it with `>-`"]))
      return nil
    }
    return text
  }

  /// A name by which something declared elsewhere is meant; whether it exists is decided when names are resolved.
  public static let reference = text.called("a declared name")

  /// One line that must match a pattern, such as a resource name that goes into commands.
  public static func matching(
    _ pattern: String, _ format: String, _ accepts: @escaping @Sendable (String) -> Bool
  ) -> Shape<String> {
    let inner = line
    return Shape(schema: .string(pattern: pattern, format: format)) { node, reader in
      guard let text = inner.read(node, &reader) else { return nil }
      if accepts(text) { return text }
      reader.sink.report(
        Diagnostic(
          code: "invalid-text", severity: .error, message: "`\(text)` is not \(format)",
          span: reader.document.span(of: node), label: "not \(format)"))
      return nil
    }
  }

  /// A path inside the repository, with `/` between folders.
  public static let repositoryPath = matching(
    "^(?!/)(?!.*\\.\\.)[A-Za-z0-9._@+/-]+$", "a path inside the repository, without spaces or `..`"
  ) { path in
    isRepositoryPath(path)
  }

  /// Where something is reached over https, without credentials or a query.
  public static let httpsAddress = matching(
    "^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?$", "an https address without credentials or query"
  ) { text in
    guard text.hasPrefix("https://"), text.utf8.count > 8 else { return false }
    let parts = text.dropFirst(8).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let authority = parts[0].split(separator: ":", omittingEmptySubsequences: false)
    let port = authority.dropFirst().first.map { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } } ?? true
    return authority.count <= 2 && port && !authority[0].isEmpty
      && authority[0].utf8.allSatisfy { isAlphanumeric($0) || $0 == 46 || $0 == 45 }
      && parts.dropFirst().allSatisfy {
        $0.utf8.allSatisfy { isAlphanumeric($0) || [46, 45, 47, 95, 126].contains($0) }
      }
  }.map { text, _, _ in
    // Paths are put behind it, each with a `/` of its own.
    var text = Substring(text)
    while text.hasSuffix("/") { text.removeLast() }
    return String(text)
  }

  /// The name that another system gives to a thing: a Kubernetes object, an Azure resource, a registry.
  public static let resourceName = matching(
    "^[A-Za-z0-9][A-Za-z0-9._-]*$", "a resource name (letters, digits, `.`, `_` and `-`)"
  ) { name in
    guard let first = name.utf8.first, isAlphanumeric(first) else { return false }
    return name.utf8.allSatisfy { isAlphanumeric($0) || $0 == 46 || $0 == 95 || $0 == 45 }
  }
}

func isAlphanumeric(_ byte: UInt8) -> Bool {
  (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
}

/// Whether `path` stays inside the folder it is relative to and needs no quoting in any tool.
public func isRepositoryPath(_ path: String) -> Bool {
  if path.isEmpty || path.hasPrefix("/") || path.hasPrefix("-") { return false }
  let parts = path.split(separator: "/", omittingEmptySubsequences: false)
  if parts.contains(where: { $0 == ".." || $0.isEmpty }) { return false }
  return path.utf8.allSatisfy { isAlphanumeric($0) || [46, 95, 45, 47, 64, 43].contains($0) }
}

extension Shape where Value == Bool {
  public static let boolean = Shape(schema: .boolean) { node, reader in
    var meant: String?
    if reader.document.kind(of: node) == .scalar {
      let text = reader.document.string(of: node)
      if reader.document.isPlain(node), text == "true" || text == "false" { return text == "true" }
      // What older YAML, other tools and people with quotes at hand write.
      switch text.lowercased() {
      case "true", "yes", "on", "y": meant = "true"
      case "false", "no", "off", "n": meant = "false"
      default: break
      }
    }
    reader.reportWrongType(node, expected: "`true` or `false`", meant: meant)
    return nil
  }
}

extension Shape where Value == Int {
  public static func integer(_ range: ClosedRange<Int>) -> Shape<Int> {
    Shape(schema: .integer(minimum: range.lowerBound, maximum: range.upperBound)) { node, reader in
      guard reader.document.kind(of: node) == .scalar, reader.document.isPlain(node),
        let value = Int(reader.document.string(of: node))
      else {
        reader.reportWrongType(node, expected: "a whole number")
        return nil
      }
      guard range.contains(value) else {
        reader.sink.report(
          Diagnostic(
            code: "out-of-range", severity: .error,
            message: "\(value) is not between \(range.lowerBound) and \(range.upperBound)",
            span: reader.document.span(of: node),
            help: ["write a whole number from \(range.lowerBound) to \(range.upperBound)"]))
        return nil
      }
      return value
    }
  }
}

extension Shape {
  /// One of a few words.
  /// `hint` says what somebody may have meant by another word.
  public static func choice(
    _ words: [(String, Value)], hint: @escaping @Sendable (String) -> String? = { _ in nil }
  ) -> Shape<Value> {
    Shape(schema: .enumeration(words.map(\.0))) { node, reader in
      let names = words.map(\.0)
      guard reader.document.kind(of: node) == .scalar else {
        reader.reportWrongType(node, expected: "one of \(spelledList(names))")
        return nil
      }
      let text = reader.document.string(of: node)
      if let found = words.first(where: { $0.0 == text }) { return found.1 }
      let meant = Spelling.closest(to: text, among: names)
      let span = reader.document.span(of: node)
      let one = names.count == 1 ? "" : "one of "
      reader.sink.report(
        Diagnostic(
          code: "unknown-word", severity: .error, message: "`\(text)` is not \(one)\(spelledList(names))", span: span,
          label: meant.map { "did you mean `\($0)`?" },
          help: meant == nil ? ["write \(one)\(spelledList(names))"] + [hint(text)].compactMap { $0 } : [],
          fixes: reader.replacement(meant, at: span, isSafe: meant.map { Spelling.isSame(text, as: $0) } ?? false)))
      return nil
    }
  }
}

/// `a`, `b` or `c`, each in backticks, as it reads in a sentence.
public func spelledList(_ names: [String], joining word: String = "or") -> String {
  let quoted = names.map { "`\($0)`" }
  guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
  return quoted.dropLast().joined(separator: ", ") + " \(word) " + last
}
