import SpecShape
import TextLayout

/// What a field takes, in plain words.
struct FieldWords {
  /// The page that explains the formats of the release language, such as `language.md`; empty on that page itself.
  var formatsPage = ""

  func taken(_ node: SchemaNode) -> [Markdown.Inline] {
    switch node {
    case .boolean: return inlines("`true` or `false`")
    case .integer(let minimum?, let maximum?):
      return inlines(minimum == maximum ? "`\(minimum)`" : "a whole number from \(minimum) to \(maximum)")
    case .integer(let minimum?, nil): return inlines("a whole number, at least \(minimum)")
    case .integer(nil, let maximum?): return inlines("a whole number, at most \(maximum)")
    case .integer(nil, nil): return inlines("a whole number")
    case .string(_, let format): return format.map(formatted) ?? [.text("text")]
    case .quantity(_, let format): return formatted(format)
    case .enumeration(let words): return inlines(spelledList(words))
    case .list(let element, let minimum): return [.text(Self.list(minimum))] + taken(element)
    case .map(let value, _, let placeholder): return inlines("for each `<\(placeholder)>`: ") + taken(value)
    case .oneOf(let nodes): return alternatives(nodes)
    case .object(let object):
      guard let section = SchemaSection.about(object) else { return [.text("a mapping")] }
      return [link("a mapping", to: section.anchor)]
    }
  }

  private static func list(_ minimum: Int) -> String {
    switch minimum {
    case ...0: "a list, each entry "
    case 1: "a list of at least one, each entry "
    default: "a list of at least \(minimum), each entry "
    }
  }

  private func formatted(_ format: String) -> [Markdown.Inline] {
    guard let found = FormatSection.explaining(format) else { return inlines(format) }
    let page = found.section.isOfPolicies ? "" : formatsPage
    return [.link(inlines(found.format.phrase), destination: page + "#" + headingAnchor(found.section.title))]
  }

  private func alternatives(_ nodes: [SchemaNode]) -> [Markdown.Inline] {
    if nodes.count == 2, case .list(let element, _) = nodes[1], taken(element) == taken(nodes[0]) {
      return taken(element) + [.text(", or a list of such")]
    }
    let flat = Self.flattened(nodes)
    // Beside what has commas or alternatives of its own, a comma would not tell where the next one starts.
    let separator = flat.allSatisfy(Self.isSimple) ? " or " : "; or "
    var words: [Markdown.Inline] = []
    for (index, node) in flat.enumerated() {
      if index > 0 { words.append(.text(separator)) }
      words += taken(node)
    }
    return words
  }

  private static func flattened(_ nodes: [SchemaNode]) -> [SchemaNode] {
    nodes.flatMap { node in
      if case .oneOf(let inner) = node { return flattened(inner) }
      return [node]
    }
  }

  private static func isSimple(_ node: SchemaNode) -> Bool {
    switch node {
    case .list, .map, .oneOf: false
    case .enumeration(let words): words.count == 1
    case .boolean, .integer, .string, .quantity, .object: true
    }
  }
}
