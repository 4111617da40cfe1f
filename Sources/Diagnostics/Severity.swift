/// How much a diagnostic weighs.
public enum Severity: String, Hashable, Sendable, CaseIterable {
  /// The document cannot be compiled as it stands.
  case error
  /// The document compiles, and probably does not do what its author wants.
  case warning
}
