import ReleaseModel
import TextLayout

/// Prints a driver's operations as instructions with commands to type.
struct HandActions: Sendable {
  var command = HandCommand()
  /// The operations that these are part of, where a marker may be written.
  var operations: TargetOperations?

  func blocks(_ actions: [Action]) -> [Markdown.Block] { actions.flatMap(blocks) }

  private func blocks(_ action: Action) -> [Markdown.Block] {
    switch action {
    case .run(let command):
      return [.bash([self.command.text(command)])]
    case .read(.patch, let query, _):
      return [.bash(["PATCH=\"$(\(command.text(query)))\""])]
    case .read(let variable, let query, let missing):
      let name = Prose.code(variable.placeholder)
      let lead: Prose =
        missing.map { "\(name) is what this prints. If it prints nothing, stop: \(Words.sentence($0))" }
        ?? "\(name) is what this prints. Nothing means that there is none."
      return [.prose(lead), .bash([command.text(query)])]
    case .wait(let query, let limit, let what):
      return [.prose("Ask again until it prints \(code: "true") (\(what)), for at most \(limit):"), show(query)]
    case .require(let query, let message):
      return [.prose("This must print \(code: "true"). If it does not, stop: \(Words.sentence(message))"), show(query)]
    case .when(let query, let actions):
      return [.prose("Ask first:"), show(query), .prose("Only if that printed \(code: "true"):")] + blocks(actions)
    case .set(let variable, let word):
      return [.prose("\(code: variable.placeholder) is \(code: command.plain(word)).")]
    case .split(let version, let first, let second):
      return [
        .prose(
          "\(code: first.placeholder) is what stands before the \(code: "=") in \(code: version.placeholder), and "
            + "\(code: second.placeholder) what stands behind it.")
      ]
    case .choose(let variable, let key, let choices, let otherwise):
      return [.prose(choose(variable, key, choices, otherwise))]
    case .forEach(let variable, let query, let actions):
      return [.prose("For each line that this prints (\(code: variable.placeholder)):"), show(query)] + blocks(actions)
    case .pause(let time, let why):
      return [.prose("Wait for \(Words.time(time)): \(Words.sentence(why))")]
    case .runWithFile(let command, let document):
      return file(document) + [
        .bash([self.command.text(command) + " \(document.fileName)", "rm \(document.fileName)"])
      ]
    case .given(let variable, let message):
      return [.prose("You need \(code: variable.placeholder): \(Words.sentence(message))")]
    case .mark(let field, let word):
      return [.prose("Note that \(code: field) is \(code: command.plain(word)):")]
        + [mark(field, word)].compactMap { $0 }
    case .webhook(let webhook):
      return call(webhook)
    case .outcome, .outcomeWithout:
      return []
    }
  }

  private func choose(
    _ variable: RuntimeVariable, _ key: RuntimeVariable, _ choices: [Action.Choice], _ otherwise: Action.Otherwise
  ) -> Prose {
    let name = Prose.code(variable.placeholder)
    if let value = command.known[key] {
      if let found = choices.first(where: { $0.value == value }) {
        return "\(name) is \(code: command.plain(found.result))."
      }
      if case .word(let word) = otherwise { return "\(name) is \(code: command.plain(word))." }
    }
    let rows = choices.map { Prose("\(code: command.plain($0.result)) for \(code: $0.value)") }
    let rest: Prose =
      switch otherwise {
      case .fail(let message): " Anything else: stop. \(Words.sentence(message))"
      case .word(let word): " For anything else it is \(code: command.plain(word))."
      }
    return "What \(name) is goes by \(code: key.placeholder): \(rows.list("or")).\(rest)"
  }

  private func file(_ document: Document) -> [Markdown.Block] {
    var filter = "jq"
    for argument in document.arguments { filter += " --arg \(argument.filterName) " + command.word(Word(argument)) }
    let source = command.text(document.source ?? Command("printf", "null"))
    return [
      .prose("Write \(code: document.fileName), which only you can read; the secrets are those that you exported:"),
      .bash([
        "umask 077", "\(source) \\\n  | \(filter) \(command.quoted(document.filter)) >\(document.fileName)",
      ]),
    ]
  }

  private func mark(_ field: String, _ word: Word) -> Markdown.Block? {
    operations.map { .bash([command.text(MarkerFields.write($0, [(field, word)]))]) }
  }

  private func call(_ webhook: Webhook) -> [Markdown.Block] {
    let missing: Prose =
      switch webhook.whenMissing {
      case .fail(let message): "Without it: \(Words.sentence(message))"
      case .skip: "Without it, leave this out."
      }
    var lines = ["curl --fail --silent --show-error --request POST --header 'Content-Type: application/json'"]
    if let token = webhook.token { lines.append("  --header \"Authorization: Bearer ${\(token)}\"") }
    let body =
      "{\"version\": \"\(RuntimeVariable.candidate.placeholder)\", \"previous\": "
      + "\"\(RuntimeVariable.previous.placeholder)\", \"run\": \"by-hand\"}"
    lines += ["  --data '\(body)'", "  \"${\(webhook.address)}\""]
    return [
      .prose(
        "Call the \(webhook.purpose) webhook; its address is the value of \(code: webhook.address). \(missing) "
          + "\(webhook.isRepeatable ? "" : "Call it once: it may not tell a second call from the first.")"),
      .bash([lines.joined(separator: " \\\n")]),
    ]
  }

  private func show(_ query: Query) -> Markdown.Block { .bash([command.text(query)]) }
}

extension [Action] {
  /// The longest that the operation waits for the platform.
  var longestWait: TimeSpan {
    reduce(.zero) { total, action in
      switch action {
      case .wait(_, let limit, _): total + limit
      case .pause(let time, _): total + time
      case .when(_, let actions), .forEach(_, _, let actions): total + actions.longestWait
      default: total
      }
    }
  }

  /// Every value that the operation is given or finds.
  var variables: Set<RuntimeVariable> {
    var found: Set<RuntimeVariable> = []
    func add(_ command: Command) {
      for word in command.words { add(word) }
    }
    func add(_ word: Word) {
      for case .variable(let variable) in word.parts { found.insert(variable) }
    }
    for action in self {
      switch action {
      case .run(let command): add(command)
      case .read(_, let query, _), .wait(let query, _, _), .require(let query, _): add(query.command)
      case .when(let query, let actions), .forEach(_, let query, let actions):
        add(query.command)
        found.formUnion(actions.variables)
      case .set(_, let word), .mark(_, let word): add(word)
      case .runWithFile(let command, let document):
        add(command)
        found.formUnion(document.arguments)
      case .choose(_, let key, let choices, _):
        found.insert(key)
        for choice in choices { add(choice.result) }
      case .split(let version, _, _): found.insert(version)
      case .given(let variable, _): found.insert(variable)
      case .pause, .webhook, .outcome, .outcomeWithout: break
      }
    }
    return found
  }
}
