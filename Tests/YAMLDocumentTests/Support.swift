import Diagnostics
import Testing
import YAMLDocument

/// What came of reading a text.
struct Reading {
  var file: SourceFile
  var document: YAMLDocument?
  var diagnostics: [Diagnostic]

  init(_ bytes: [UInt8], limits: YAMLLimits = .default) {
    file = SourceFile(path: "t.yaml", text: bytes)
    var sink = DiagnosticSink()
    document = YAMLDocument.parse(file, limits: limits, into: &sink)
    diagnostics = sink.sorted()
  }

  init(_ text: String, limits: YAMLLimits = .default) {
    self.init(Array(text.utf8), limits: limits)
  }

  /// `line:column code` of each diagnostic.
  var places: [String] {
    diagnostics.map { diagnostic in
      let position = file.position(of: diagnostic.span.start)
      return "\(position.line):\(position.column) \(diagnostic.code)"
    }
  }

  /// The texts that the diagnostics mark.
  var marked: [String] { diagnostics.map { file.text(in: $0.span) } }

  /// The text form, for snapshots.
  var text: String { TextRenderer(color: false).render(diagnostics, in: file) }
}

/// A text that must be read without a diagnostic.
func clean(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws -> YAMLDocument {
  let reading = Reading(bytes)
  #expect(reading.diagnostics.isEmpty, "\(reading.text)", sourceLocation: sourceLocation)
  return try #require(reading.document, sourceLocation: sourceLocation)
}

/// A text that must be read without a diagnostic.
func clean(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> YAMLDocument {
  try clean(Array(text.utf8), sourceLocation: sourceLocation)
}

extension YAMLDocument {
  /// The source text of a node.
  func source(of node: NodeID) -> String { file.text(in: span(of: node)) }

  /// The whole tree in one line, for comparing.
  func outline(_ node: NodeID) -> String {
    switch kind(of: node) {
    case .scalar: string(of: node)
    case .sequence: "[" + elements(of: node).map(outline).joined(separator: ",") + "]"
    case .mapping:
      "{" + entries(of: node).map { "\(outline($0.key))=\(outline($0.value))" }.joined(separator: ",") + "}"
    }
  }
}
