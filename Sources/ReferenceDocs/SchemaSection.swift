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

  /// The heading: the first of the paths, or the name of the file.
  let title: String

  /// Every object of the release language, in the order in which a reader meets them.
  static let all = sections(of: ReleaseSpecShape.schema, file: "release.yaml")
  /// Every object of the policy language.
  static let ofPolicy = sections(of: PolicyShape.schema, file: "policy.yaml")

  private static func sections(of schema: SchemaNode, file: String) -> [SchemaSection] {
    var sections: [SchemaSection] = []
    add(schema, at: "", of: file, to: &sections)
    return sections
  }

  /// The section about `object` on whichever page it is; the same object can stand at several places.
  static func about(_ object: ObjectSchema) -> SchemaSection? { (all + ofPolicy).first { $0.describes(object) } }

  private func describes(_ other: ObjectSchema) -> Bool {
    object.name == other.name && object.documentation == other.documentation
      && object.fields.map(\.name) == other.fields.map(\.name)
  }

  private static func add(_ node: SchemaNode, at path: String, of file: String, to sections: inout [SchemaSection]) {
    switch node {
    case .boolean, .integer, .string, .quantity, .enumeration: break
    case .list(let element, _): add(element, at: path + "[]", of: file, to: &sections)
    case .map(let value, _, let placeholder): add(value, at: path + ".<\(placeholder)>", of: file, to: &sections)
    case .oneOf(let nodes): for node in nodes { add(node, at: path, of: file, to: &sections) }
    case .object(let object):
      if let known = sections.firstIndex(where: { $0.describes(object) }) {
        if !sections[known].paths.contains(path) { sections[known].paths.append(path) }
        return
      }
      let title = path.isEmpty ? file : path
      let anchor = headingAnchor(title)
      let namesakes = sections.count { headingAnchor($0.title) == anchor }
      sections.append(
        SchemaSection(
          object: object, paths: [path], anchor: anchor + (namesakes == 0 ? "" : "-\(namesakes)"), title: title))
      for field in object.fields {
        add(field.node, at: (path.isEmpty ? "" : path + ".") + field.name, of: file, to: &sections)
      }
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
