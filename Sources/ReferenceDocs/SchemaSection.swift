import ReleaseLanguage
import SpecShape

/// One object of the language: a section of the reference.
struct SchemaSection {
  let object: ObjectSchema
  /// Where it can stand, as paths of keys: `environments.<name>.rollout.canary.steps[]`. A name that the author of the
  /// spec chooses is in angle brackets, `[]` is an entry of a list. The section is named after the first.
  private(set) var paths: [String]
  /// What GitHub calls the heading. The second heading that comes to the same anchor gets a number.
  let anchor: String

  /// Every object of the language, in the order in which a reader meets them.
  static let all: [SchemaSection] = {
    var sections: [SchemaSection] = []
    add(ReleaseSpecShape.schema, at: "", to: &sections)
    return sections
  }()

  /// The heading; the file itself has no path.
  var title: String { Self.title(paths[0]) }

  /// The section about `object`; the same object can stand at several places.
  static func about(_ object: ObjectSchema) -> SchemaSection? { all.first { $0.describes(object) } }

  private static func title(_ path: String) -> String { path.isEmpty ? "release.yaml" : path }

  private func describes(_ other: ObjectSchema) -> Bool {
    object.name == other.name && object.documentation == other.documentation
      && object.fields.map(\.name) == other.fields.map(\.name)
  }

  private static func add(_ node: SchemaNode, at path: String, to sections: inout [SchemaSection]) {
    switch node {
    case .boolean, .integer, .string, .quantity, .enumeration: break
    case .list(let element, _): add(element, at: path + "[]", to: &sections)
    case .map(let value, _, let placeholder): add(value, at: path + ".<\(placeholder)>", to: &sections)
    case .oneOf(let nodes): for node in nodes { add(node, at: path, to: &sections) }
    case .object(let object):
      if let known = sections.firstIndex(where: { $0.describes(object) }) {
        if !sections[known].paths.contains(path) { sections[known].paths.append(path) }
        return
      }
      let anchor = headingAnchor(title(path))
      let namesakes = sections.count { headingAnchor($0.title) == anchor }
      sections.append(
        SchemaSection(object: object, paths: [path], anchor: anchor + (namesakes == 0 ? "" : "-\(namesakes)")))
      for field in object.fields { add(field.node, at: (path.isEmpty ? "" : path + ".") + field.name, to: &sections) }
    }
  }
}

/// The name under which GitHub links to a heading: lower case, without punctuation, hyphens for spaces.
func headingAnchor(_ heading: String) -> String {
  var anchor = ""
  for scalar in heading.lowercased().unicodeScalars {
    switch scalar {
    case " ": anchor += "-"
    case "a"..."z", "0"..."9", "-", "_": anchor.unicodeScalars.append(scalar)
    default: break
    }
  }
  return anchor
}
