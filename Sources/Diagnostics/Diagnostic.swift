/// One problem with one cause, told at the place where it is put right.
public struct Diagnostic: Hashable, Sendable {
  /// A second place that helps to understand the first, for example where a name was declared.
  public struct Related: Hashable, Sendable {
    /// The place.
    public var span: Span
    /// What it has to do with the problem; may be empty.
    public var label: String

    /// Makes a related place.
    public init(span: Span, label: String) {
      self.span = span
      self.label = label
    }
  }

  /// Replaces the text of a span; an empty span inserts, an empty replacement deletes.
  public struct Edit: Hashable, Sendable {
    /// What is replaced.
    public var span: Span
    /// The text that takes its place.
    public var replacement: String

    /// Makes an edit.
    public init(span: Span, replacement: String) {
      self.span = span
      self.replacement = replacement
    }
  }

  /// A set of edits that puts the problem right.
  public struct Fix: Hashable, Sendable {
    /// What the fix does, as an instruction: "write `replicas`".
    public var title: String
    /// Whether the fix can be applied unseen because it cannot change what the document means.
    public var isSafe: Bool
    /// The edits; they do not overlap.
    public var edits: [Edit]

    /// Makes a fix.
    public init(title: String, isSafe: Bool, edits: [Edit]) {
      self.title = title
      self.isSafe = isSafe
      self.edits = edits
    }
  }

  /// The kebab-case name of the kind of problem, for example `vacuous-gate`.
  public var code: String
  /// Error or warning.
  public var severity: Severity
  /// What is wrong, in a sentence without a full stop.
  public var message: String
  /// The place where the problem is put right.
  public var span: Span
  /// A few words for the carets under that place.
  public var label: String?
  /// Other places in the same file.
  public var related: [Related]
  /// Facts that explain the problem.
  public var notes: [String]
  /// What to write instead.
  public var help: [String]
  /// Edits that a tool can apply.
  public var fixes: [Fix]
  /// Why it is let be, where a comment of the file says so; such a diagnostic is counted nowhere and shown to programs only.
  public var allowance: String?

  /// Makes a diagnostic; everything but its code, message and place has a default.
  public init(
    code: String, severity: Severity = .error, message: String, span: Span, label: String? = nil,
    related: [Related] = [], notes: [String] = [], help: [String] = [], fixes: [Fix] = []
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.span = span
    self.label = label
    self.related = related
    self.notes = notes
    self.help = help
    self.fixes = fixes
  }

  /// An error, for example `.error("unknown-key", "there is no key `replcas` here", at: span)`.
  public static func error(
    _ code: String, _ message: String, at span: Span, label: String? = nil, related: [Related] = [],
    notes: [String] = [], help: [String] = [], fixes: [Fix] = []
  ) -> Diagnostic {
    Diagnostic(
      code: code, severity: .error, message: message, span: span, label: label, related: related, notes: notes,
      help: help, fixes: fixes)
  }

  /// A warning, with the same parameters as `error`.
  public static func warning(
    _ code: String, _ message: String, at span: Span, label: String? = nil, related: [Related] = [],
    notes: [String] = [], help: [String] = [], fixes: [Fix] = []
  ) -> Diagnostic {
    Diagnostic(
      code: code, severity: .warning, message: message, span: span, label: label, related: related, notes: notes,
      help: help, fixes: fixes)
  }
}
