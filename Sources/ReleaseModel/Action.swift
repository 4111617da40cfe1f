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
  /// Takes a version of two parts, `FIRST=SECOND`, apart at its first `=`. Fails when there is none.
  case split(RuntimeVariable, first: RuntimeVariable, second: RuntimeVariable)
  /// Sets a variable by the value of another.
  case choose(RuntimeVariable, by: RuntimeVariable, [Choice], otherwise: Otherwise)
  /// Does the actions once for each line that the filter gives, with the line in the variable.
  case forEach(RuntimeVariable, in: Query, [Action])
  /// Waits this long, whatever happens: what has been handed out already, such as an answer of DNS, lives that long.
  case pause(TimeSpan, why: String)
  /// As `run`, with a document as the command's last word: a private file that is gone afterwards.
  case runWithFile(Command, Document)
  /// Fails with the message when the variable is empty.
  case given(RuntimeVariable, orFail: String)
  /// Writes a field of the marker.
  case mark(String, Word)
  /// Calls a webhook and keeps how that ended.
  case webhook(Webhook)
  /// Keeps how something ended, for the record of the release: `KEY=VALUE`.
  case outcome(String, String)
  /// The same, when the secret of that name has no value.
  case outcomeWithout(secret: String, String, String)

  /// A row of a `choose`.
  public struct Choice: Sendable {
    public let value: String
    public let result: Word
    public init(_ value: String, _ result: Word) {
      self.value = value
      self.result = result
    }
  }

  /// What a `choose` does with a value that is not in its table.
  public enum Otherwise: Sendable {
    case fail(String)
    case word(Word)
  }
}

/// A JSON document that jq writes: from what a command prints, or from nothing. Secrets are read by the filter as `$ENV.NAME`,
/// so that they stand on no command line and in no script.
public struct Document: Sendable {
  /// The command whose answer the filter starts from; `nil`: from `null`.
  public let source: Command?
  public let filter: String
  public let arguments: [RuntimeVariable]
  /// What a person calls the file: `group.json`.
  public let fileName: String

  public init(from source: Command? = nil, _ filter: String, arguments: [RuntimeVariable], fileName: String) {
    self.source = source
    self.filter = filter
    self.arguments = arguments
    self.fileName = fileName
  }
}

/// A webhook of a team: a POST of JSON to an address that is a secret. Its answer is a status and nothing else.
public struct Webhook: Sendable {
  /// What it is for: `rollback`.
  public let purpose: String
  /// The secret that holds its address.
  public let address: String
  /// The secret that holds a bearer token.
  public let token: String?
  /// Whether the same call may be made twice: the receiver tells by `Idempotency-Key` that it has it already.
  public let isRepeatable: Bool
  /// The key under which the record of the release says how it ended: `succeeded`, `failed`, `skipped_missing_webhook`.
  public let state: String?
  /// What follows when there is no address.
  public let whenMissing: WhenMissing
  /// What has another answer once a change was brought to its end, so that the next one is told from this one's repetition.
  public let turn: Query

  public enum WhenMissing: Sendable {
    /// The operation fails with exit code 5 and this message.
    case fail(String)
    /// It is noted, and the operation goes on.
    case skip
  }

  public init(
    purpose: String, address: String, token: String?, isRepeatable: Bool, state: String?, whenMissing: WhenMissing,
    turn: Query
  ) {
    self.purpose = purpose
    self.address = address
    self.token = token
    self.isRepeatable = isRepeatable
    self.state = state
    self.whenMissing = whenMissing
    self.turn = turn
  }
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

extension [Action] {
  /// The longest that the operation takes: what it waits for, and what goes by in it whatever happens.
  public var longestWait: TimeSpan { waits + pauses }

  /// The longest that it waits for the platform.
  public var waits: TimeSpan {
    reduce(.zero) { total, action in
      switch action {
      case .wait(_, let limit, _): total + limit
      case .when(_, let actions), .forEach(_, _, let actions): total + actions.waits
      default: total
      }
    }
  }

  /// The time that goes by in it whatever happens.
  public var pauses: TimeSpan {
    reduce(.zero) { total, action in
      switch action {
      case .pause(let time, _): total + time
      case .when(_, let actions), .forEach(_, _, let actions): total + actions.pauses
      default: total
      }
    }
  }
}
