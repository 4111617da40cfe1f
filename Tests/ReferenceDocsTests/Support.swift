import Diagnostics
import Foundation
import ReleaseLanguage
import SpecShape
import Testing
import YAMLDocument

/// The root of this repository.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

func text(of path: String) throws -> String {
  try String(contentsOf: repository.appending(path: path), encoding: .utf8)
}

/// An object of the language at one of its places.
struct Place {
  let path: String
  let object: ObjectSchema
}

/// Every object at every place, found without the help of what prints the reference.
let places = objects(in: ReleaseSpecShape.schema)
/// The same of the policy language.
let policyPlaces = objects(in: PolicyShape.schema)

private func objects(in schema: SchemaNode) -> [Place] {
  var found: [Place] = []
  var rest: [(String, SchemaNode)] = [("", schema)]
  while let (path, node) = rest.popLast() {
    switch node {
    case .boolean, .integer, .string, .quantity, .enumeration: break
    case .list(let element, _): rest.append((path + "[]", element))
    case .map(let value, _, let placeholder): rest.append((path + ".<\(placeholder)>", value))
    case .oneOf(let nodes): rest += nodes.map { (path, $0) }
    case .object(let object):
      found.append(Place(path: path, object: object))
      rest += object.fields.map { (path.isEmpty ? $0.name : path + "." + $0.name, $0.node) }
    }
  }
  return found
}

/// A field with the path that leads to it. Short in what a failing run prints.
struct FieldPlace: CustomTestStringConvertible {
  let path: String
  let field: FieldSchema

  var testDescription: String { path }
}

let fieldPlaces = fields(of: places)
let policyFieldPlaces = fields(of: policyPlaces)

private func fields(of places: [Place]) -> [FieldPlace] {
  places.flatMap { place in
    place.object.fields.map { FieldPlace(path: place.path + "." + $0.name, field: $0) }
  }.sorted { $0.path < $1.path }
}

extension SchemaNode {
  /// Whether only mappings can stand here, whose keys are explained in a section of their own.
  var isMapping: Bool {
    switch self {
    case .object, .map: true
    case .oneOf(let nodes): nodes.allSatisfy(\.isMapping)
    case .boolean, .integer, .string, .quantity, .enumeration, .list: false
    }
  }

  /// The formats that a value can have here, and whether it stands in a list.
  var formats: [(format: String, isEntry: Bool)] {
    switch self {
    case .string(_, let format?): [(format, false)]
    case .quantity(_, let format): [(format, false)]
    case .list(let element, _): element.formats.map { ($0.format, true) }
    case .oneOf(let nodes): nodes.flatMap(\.formats)
    case .string, .boolean, .integer, .enumeration, .map, .object: []
    }
  }
}

/// The codes that reading a spec and resolving its names report.
func readingProblems(_ text: String) -> [String] {
  var sink = DiagnosticSink()
  guard let document = YAMLDocument.parse(SourceFile(path: "release.yaml", text: text), into: &sink) else {
    return sink.sorted().map(\.code)
  }
  _ = ReleaseSpecShape.read(document, into: &sink)
  return sink.sorted().map(\.code)
}
