/// Collects what the phases of the compiler report about one file.
public struct DiagnosticSink: Sendable {
  /// Everything reported, in order of reporting.
  public private(set) var diagnostics: [Diagnostic] = []
  /// Whether an error is among them.
  public private(set) var hasErrors = false

  /// An empty sink.
  public init() {}

  /// Whether nothing was reported.
  public var isEmpty: Bool { diagnostics.isEmpty }

  /// Adds one diagnostic.
  public mutating func report(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
    if diagnostic.severity == .error { hasErrors = true }
  }

  /// Adds all that another sink collected.
  public mutating func merge(_ other: DiagnosticSink) {
    diagnostics += other.diagnostics
    hasErrors = hasErrors || other.hasErrors
  }

  /// The diagnostics in file order: by place, then by code, then as reported. What was reported twice (same code,
  /// place and message) is there once.
  public func sorted() -> [Diagnostic] {
    struct Identity: Hashable {
      var code: String
      var span: Span
      var message: String
    }
    var seen: Set<Identity> = []
    let once = diagnostics.filter { diagnostic in
      seen.insert(Identity(code: diagnostic.code, span: diagnostic.span, message: diagnostic.message)).inserted
    }
    return once.enumerated().sorted { left, right in
      (left.element.span.start, left.element.span.end, left.element.code, left.offset)
        < (right.element.span.start, right.element.span.end, right.element.code, right.offset)
    }.map(\.element)
  }
}
