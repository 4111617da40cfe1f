import Diagnostics
import YAMLDocument

/// What a shape reads from and reports to: the located tree of one file, and the problems found so far.
///
/// Reading never stops at a problem. A value that could not be read becomes `nil` where that is allowed and is noted in
/// `broken`, so that nothing later calls it missing.
public struct SpecReader: Sendable {
  public let document: YAMLDocument
  public var sink: DiagnosticSink
  /// The fields that were written but could not be read, by the place of their object.
  public private(set) var broken: Set<BrokenField> = []

  public init(document: YAMLDocument, sink: DiagnosticSink) {
    self.document = document
    self.sink = sink
  }

  public mutating func noteBroken(_ field: String, of object: Span) {
    broken.insert(BrokenField(object: object, field: field))
  }

  /// Reports that `node` is not what was expected there, saying what was found and what to write.
  public mutating func reportWrongType(
    _ node: NodeID, expected: String, found: String? = nil, help: [String] = [], meant: String? = nil
  ) {
    let found = found ?? describe(node)
    sink.report(
      Diagnostic(
        code: "wrong-type", severity: .error, message: "expected \(expected), found \(found)",
        span: document.span(of: node), label: "this is \(found)", help: help,
        fixes: replacement(meant, at: document.span(of: node), isSafe: true)))
  }

  /// The fix that writes what was meant, if that is known.
  public func replacement(_ meant: String?, at span: Span, isSafe: Bool = false) -> [Diagnostic.Fix] {
    meant.map {
      [
        Diagnostic.Fix(
          title: "write `\($0)`", isSafe: isSafe, edits: [Diagnostic.Edit(span: span, replacement: $0)])
      ]
    } ?? []
  }

  public func describe(_ node: NodeID) -> String {
    switch document.kind(of: node) {
    case .mapping: return "a mapping"
    case .sequence: return "a list"
    case .scalar:
      switch document.scalarType(of: node) {
      case .null: return "nothing"
      case .bool: return "`\(document.string(of: node))`, a boolean"
      case .integer, .float: return "`\(document.string(of: node))`, a number"
      case .string: return "text"
      }
    }
  }
}
