import Diagnostics

/// What a spec lacks of one requirement in one environment, before it is asked whether that is waived.
struct Shortfall {
  /// What the finding is called.
  let code: String
  /// Where the spec is put right.
  let span: Span
  /// What is wrong, given the environments that lack the same at the same place: "`prod`", "`staging` and `prod`".
  let message: (_ environments: String) -> String
  let label: String
  var related: [Diagnostic.Related] = []
  /// What to write.
  let help: String
  /// Tells shortfalls apart that belong to one place, such as two criteria without a row.
  var subject = ""
}
