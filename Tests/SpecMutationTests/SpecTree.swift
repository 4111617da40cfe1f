import Diagnostics
import Foundation
import YAMLDocument

/// A YAML file as a value that can be changed: aliases are written out, comments and layout are gone.
indirect enum SpecTree: Hashable, Sendable {
  case text(String, isPlain: Bool)
  case list([SpecTree])
  case map([Entry])

  struct Entry: Hashable, Sendable {
    var key: String
    var value: SpecTree
  }

  init?(_ text: String) {
    var sink = DiagnosticSink()
    let file = SourceFile(path: "release.yaml", text: text)
    guard let document = YAMLDocument.parse(file, into: &sink) else { return nil }
    self.init(document, document.root)
  }

  private init(_ document: YAMLDocument, _ node: NodeID) {
    switch document.kind(of: node) {
    case .scalar: self = .text(document.string(of: node), isPlain: document.isPlain(node))
    case .sequence: self = .list(document.elements(of: node).map { SpecTree(document, $0) })
    case .mapping:
      self = .map(
        document.entries(of: node).map { Entry(key: document.string(of: $0.key), value: SpecTree(document, $0.value)) })
    }
  }

  /// The text of a scalar.
  var string: String? {
    if case .text(let text, _) = self { return text }
    return nil
  }
  var elements: [SpecTree] {
    if case .list(let elements) = self { return elements }
    return []
  }
  var entries: [Entry] {
    if case .map(let entries) = self { return entries }
    return []
  }
  subscript(key: String) -> SpecTree? { entries.first { $0.key == key }?.value }

  /// The node at a place.
  subscript(path: SpecPath) -> SpecTree? {
    path.parts.reduce(self as SpecTree?) { node, part in
      switch (node, part) {
      case (.map(let entries)?, .key(let key)): entries.first { $0.key == key }?.value
      case (.list(let elements)?, .index(let index)) where elements.indices.contains(index): elements[index]
      default: nil
      }
    }
  }

  /// The same tree with another node at a place; `nil` takes the node out, with its key.
  func replacing(_ path: SpecPath, by node: SpecTree?) -> SpecTree { replacing(path.parts[...], by: node) }

  private func replacing(_ path: ArraySlice<SpecPath.Part>, by node: SpecTree?) -> SpecTree {
    guard let part = path.first else { return node ?? self }
    let rest = path.dropFirst()
    switch (self, part) {
    case (.map(var entries), .key(let key)):
      guard let index = entries.firstIndex(where: { $0.key == key }) else { return self }
      if rest.isEmpty, node == nil {
        entries.remove(at: index)
      } else {
        entries[index].value = entries[index].value.replacing(rest, by: node)
      }
      return .map(entries)
    case (.list(var elements), .index(let index)):
      guard elements.indices.contains(index) else { return self }
      if rest.isEmpty, node == nil {
        elements.remove(at: index)
      } else {
        elements[index] = elements[index].replacing(rest, by: node)
      }
      return .list(elements)
    default: return self
    }
  }

  /// Every node below this one with its place, outer ones first.
  var places: [(path: SpecPath, node: SpecTree)] {
    var found: [(SpecPath, SpecTree)] = []
    func visit(_ node: SpecTree, _ path: SpecPath) {
      if !path.parts.isEmpty { found.append((path, node)) }
      for entry in node.entries { visit(entry.value, path + .key(entry.key)) }
      for (index, element) in node.elements.enumerated() { visit(element, path + .index(index)) }
    }
    visit(self, SpecPath(parts: []))
    return found
  }

  /// As YAML, a line for each scalar.
  var yaml: String { lines.joined(separator: "\n") + "\n" }

  private var lines: [String] {
    switch self {
    case .text(let text, let isPlain): [isPlain ? text : Self.quoted(text)]
    case .list(let elements): elements.isEmpty ? ["[]"] : elements.flatMap { $0.lines(behind: "-") }
    case .map(let entries):
      entries.isEmpty
        ? ["{}"]
        : entries.flatMap { entry in
          let isWord = !entry.key.isEmpty && entry.key.utf8.allSatisfy { Self.isWordByte($0) }
          return entry.value.lines(behind: (isWord ? entry.key : Self.quoted(entry.key)) + ":")
        }
    }
  }

  private func lines(behind head: String) -> [String] {
    let isShort = string != nil || (elements.isEmpty && entries.isEmpty)
    return isShort ? [head + " " + lines.joined()] : [head] + lines.map { "  " + $0 }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "_./-".utf8.contains(byte)
  }

  private static func quoted(_ text: String) -> String {
    let data =
      (try? JSONSerialization.data(withJSONObject: text, options: [.fragmentsAllowed, .withoutEscapingSlashes]))
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}

/// The way to a node of a spec.
struct SpecPath: Hashable, Sendable, CustomStringConvertible {
  enum Part: Hashable, Sendable {
    case key(String)
    case index(Int)
  }

  let parts: [Part]

  static func + (path: SpecPath, part: Part) -> SpecPath { SpecPath(parts: path.parts + [part]) }

  var parent: SpecPath { SpecPath(parts: Array(parts.dropLast())) }

  /// The keys on the way.
  var keys: [String] {
    parts.compactMap { part in
      if case .key(let key) = part { return key }
      return nil
    }
  }
  /// The last key on the way.
  var key: String { keys.last ?? "" }
  /// The place in the list, where the node is an element.
  var index: Int? {
    if case .index(let index)? = parts.last { return index }
    return nil
  }

  var description: String {
    parts.map { part in
      switch part {
      case .key(let key): "." + key
      case .index(let index): "[\(index)]"
      }
    }.joined().drop { $0 == "." }.description
  }

  /// Mappings whose keys are names that the spec chooses.
  private static let named: Set<String> = [
    "roles", "secrets", "sources", "metrics", "checks", "environments", "promotion", "promotion.*", "slos", "alerts",
    "notify", "checklists", "freezes", "drills", "drills.*.exercise", "readiness", "readiness.*.evidence",
    "hotfix.environments", "hotfix.environments.*.waives", "backup.retention",
  ]

  /// The way with `*` for chosen names and `[]` for elements: `environments.*.rollback.when[]`.
  var pattern: String {
    var result = ""
    for part in parts {
      switch part {
      case .index: result += "[]"
      case .key(let key):
        let name = Self.named.contains(result) ? "*" : key
        result += result.isEmpty ? name : "." + name
      }
    }
    return result
  }
}
