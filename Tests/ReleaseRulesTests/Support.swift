import Diagnostics
import Foundation
import ReleaseLanguage
import ReleaseModel
import ReleaseRules
import Testing
import YAMLDocument

/// What came of reading and judging a spec.
struct Verdict {
  let file: SourceFile
  let spec: ReleaseSpec?
  /// Of reading and of the rules, in file order.
  let diagnostics: [Diagnostic]

  init(_ text: String) {
    let file = SourceFile(path: "release.yaml", text: text)
    var sink = DiagnosticSink()
    var spec: ReleaseSpec?
    if let document = YAMLDocument.parse(file, into: &sink) {
      spec = ReleaseSpecShape.read(document, into: &sink)
      if let spec {
        let found = RuleCatalogue.check(spec, PlanBuilder.plan(spec), scalars: document.scalars)
        for diagnostic in found { sink.report(diagnostic) }
      }
    }
    self.file = file
    self.spec = spec
    diagnostics = sink.sorted()
  }

  /// `line:column code` of each diagnostic.
  var places: [String] { diagnostics.map { place($0.code, at: $0.span.start) } }

  /// `line:column code`, as in `places`.
  func place(_ code: String, at offset: Int) -> String {
    let position = file.position(of: offset)
    return "\(position.line):\(position.column) \(code)"
  }

  /// `code: marked text` of each diagnostic.
  var marked: [String] { diagnostics.map { "\($0.code): \(file.text(in: $0.span))" } }

  var text: String { TextRenderer(color: false).render(diagnostics, in: file) }
}

extension YAMLDocument {
  /// Every key and text with its place; what an alias repeats is there once.
  var scalars: [Located<String>] {
    var found: [Located<String>] = []
    var rest = [root]
    while let node = rest.popLast() {
      if isAlias(node) { continue }
      switch kind(of: node) {
      case .scalar: found.append(Located(string(of: node), at: span(of: node)))
      case .sequence: rest += elements(of: node)
      case .mapping: rest += entries(of: node).flatMap { [$0.key, $0.value] }
      }
    }
    return found
  }
}

/// The base of the examples with some text replaced, each at its only place.
func edited(_ text: String = ExampleSpec.base, _ edits: (String, String)...) throws -> String {
  var text = text
  for (old, new) in edits {
    #expect(text.components(separatedBy: old).count == 2, "`\(old)` is not there exactly once")
    let range = try #require(text.range(of: old))
    text.replaceSubrange(range, with: new)
  }
  return text
}

/// The folder in which `Sources`, `Tests` and `Examples` lie.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

func example(_ name: String) throws -> String {
  try String(contentsOf: repository.appending(path: "Examples/\(name)/release.yaml"), encoding: .utf8)
}

/// Short, so that a failing run can be read.
extension Explanation: CustomTestStringConvertible {
  public var testDescription: String { name }
}
