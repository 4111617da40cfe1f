/// One thing that an operation does to, or asks of, the target.
///
/// Actions are data: the shell backend prints them as bash, the runbook as commands to type, and both from the same value.
public indirect enum Action: Sendable {
  /// Changes the target. Must be idempotent: it is retried, and run again after a kill.
  case run(Command)
  /// Sets a variable to what `filter` (jq) makes of the JSON that the command prints. An empty answer is a failure with
  /// `missing` as its message, or is kept where `missing` is `nil`.
  case read(RuntimeVariable, Query, missing: String?)
  /// Asks again until the filter gives `true`, for at most `limit`.
  case wait(until: Query, limit: TimeSpan, what: String)
  /// Fails with the message unless the filter gives `true`.
  case require(Query, orFail: String)
  /// Does the rest only when the filter gives `true`.
  case when(Query, [Action])
  /// Sets a variable to text made of others.
  case set(RuntimeVariable, Word)
}

/// A command that prints JSON, and the jq filter that makes an answer of it. Runtime variables that the filter names
/// (`$previous`) are passed as jq arguments, never spliced into its text.
public struct Query: Sendable {
  public let command: Command
  public let filter: String
  public let arguments: [RuntimeVariable]

  public init(_ command: Command, _ filter: String, arguments: [RuntimeVariable] = []) {
    self.command = command
    self.filter = filter
    self.arguments = arguments
  }
}

extension RuntimeVariable {
  /// The name under which a jq filter sees it: `$previous`.
  public var filterName: String {
    var name = ""
    var upper = false
    for character in rawValue.lowercased() {
      if character == "_" {
        upper = true
      } else {
        name += upper ? character.uppercased() : String(character)
        upper = false
      }
    }
    return name
  }
}
