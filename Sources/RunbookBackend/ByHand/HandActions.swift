import ReleaseModel
import TextLayout

/// Prints a driver's operations as instructions with commands to type.
///
/// One name is one value: what is found out about a version carries that version in its name, so that `<new-place>` and
/// `<previous-place>` can stand in the same step.
struct HandActions: Sendable {
  var command = HandCommand()
  /// The operations that these are part of, where a marker may be written.
  var operations: TargetOperations?
  /// Which version is asked about where the operation itself does not say: `previous` is found in what is `live`.
  var about = "previous"
  /// Whether what cannot be read stops the person: in a rollback that only looks, it does not.
  var stops = true

  func blocks(_ actions: [Action]) -> [Markdown.Block] {
    var walk = Walk(self)
    return walk.blocks(actions)
  }

  /// The values that can be those of any version.
  private static let owned: Set<RuntimeVariable> = [.place, .image, .deployment, .host, .share, .endpointStatus]

  /// An operation from its first action to its last.
  private struct Walk {
    var hand: HandActions
    /// Whose each value is, as it was last found.
    var owners: [RuntimeVariable: String] = [
      .candidate: "new", .previous: "previous", .weight: "new", .remainder: "previous",
    ]

    /// What has been said of names already; saying it again would make a reader look for what has changed.
    var said: Set<[String]> = []

    init(_ hand: HandActions) {
      self.hand = hand
      owners[.previous] = hand.about
    }

    var command: HandCommand { hand.command }

    mutating func blocks(_ actions: [Action]) -> [Markdown.Block] {
      var all: [Markdown.Block] = []
      for action in actions { all += blocks(action) }
      return all
    }

    /// Gives a value the name of its version.
    private mutating func bind(_ variable: RuntimeVariable, to owner: String) {
      guard HandActions.owned.contains(variable) else { return }
      owners[variable] = owner
      hand.command.names[variable] = "<\(owner)-\(variable.placeholder.dropFirst())"
    }

    private func owner(in query: Query) -> String {
      let words = query.command.words.flatMap(\.parts).compactMap { part -> RuntimeVariable? in
        if case .variable(let variable) = part { return variable }
        return nil
      }
      return (words + query.arguments).lazy.compactMap { owners[$0] }.first ?? hand.about
    }

    private mutating func blocks(_ action: Action) -> [Markdown.Block] {
      switch action {
      case .run(let command):
        return [.bash([self.command.text(command)])]
      case .read(.patch, let query, _):
        return [.bash(["PATCH=\"$(\(command.text(query)))\""])]
      case .read(let variable, let query, let missing):
        let text = command.text(query)
        bind(variable, to: owner(in: query))
        let name = Prose.code(command.name(variable))
        let otherwise: Prose =
          switch missing {
          case let missing? where hand.stops: "If it prints nothing, stop: \(Words.sentence(missing))"
          case let missing?: "If it prints nothing, go on without it: \(Words.sentence(missing))"
          case nil: "Nothing means that there is none."
          }
        return [.prose("\(name) is what this prints. \(otherwise)"), .bash([text])]
      case .wait(let query, let limit, let what):
        return [
          .prose("Ask again until it prints \(code: "true") (\(what)), for at most \(limit):"), hand.show(query),
        ]
      case .require(let query, let message):
        return [
          .prose("This must print \(code: "true"). If it does not, stop: \(Words.sentence(message))"),
          hand.show(query),
        ]
      case .when(let query, let actions):
        return [.prose("Ask first:"), hand.show(query), .prose("Only if that printed \(code: "true"):")]
          + blocks(actions)
      case .set(let variable, let word):
        return [.prose("\(code: command.name(variable)) is \(code: command.plain(word)).")]
      case .split(let version, let first, let second):
        let owner = owners[version] ?? hand.about
        bind(first, to: owner)
        bind(second, to: owner)
        guard said.insert([command.name(version), command.name(first)]).inserted else { return [] }
        return [
          .prose(
            "\(code: command.name(first)) is what stands before the first \(code: "=") in "
              + "\(code: command.name(version)), and \(code: command.name(second)) what stands behind it.")
        ]
      case .choose(let variable, let key, let choices, let otherwise):
        let keyName = command.name(key)
        bind(variable, to: variable == key ? "other" : owners[key] ?? hand.about)
        guard said.insert([keyName, command.name(variable)]).inserted else { return [] }
        return [.prose(choose(variable, key, keyName, choices, otherwise))]
      case .forEach(let variable, let query, let actions):
        return [.prose("For each line that this prints (\(code: command.name(variable))):"), hand.show(query)]
          + blocks(actions)
      case .pause(let time, let why):
        return [.prose("Wait for \(Words.time(time)): \(Words.sentence(why))")]
      case .runWithFile(let command, let document):
        return hand.file(document) + [
          .bash([self.command.text(command) + " \(document.fileName)", "rm \(document.fileName)"])
        ]
      case .given(let variable, let message):
        return [.prose("You need \(code: command.name(variable)): \(Words.sentence(message))")]
      case .mark(let field, let word):
        return [.prose("Note that \(code: field) is \(code: command.plain(word)):")]
          + [hand.mark(field, word)].compactMap { $0 }
      case .webhook(let webhook):
        return hand.call(webhook)
      case .outcome, .outcomeWithout:
        return []
      }
    }

    private func choose(
      _ variable: RuntimeVariable, _ key: RuntimeVariable, _ keyName: String, _ choices: [Action.Choice],
      _ otherwise: Action.Otherwise
    ) -> Prose {
      let name = Prose.code(command.name(variable))
      if let value = command.known[key] {
        if let found = choices.first(where: { $0.value == value }) {
          return "\(name) is \(code: command.plain(found.result))."
        }
        if case .word(let word) = otherwise { return "\(name) is \(code: command.plain(word))." }
      }
      let rows = choices.map { Prose("\(code: command.plain($0.result)) if \(code: keyName) is \(code: $0.value)") }
      let rest: Prose =
        switch otherwise {
        case .fail(let message):
          ". If it is anything else, \(hand.stops ? "stop" : "go on without it"): \(Words.sentence(message))"
        case .word(let word): ", and \(code: command.plain(word)) otherwise."
        }
      return "\(name) is \(rows.joined(", or "))\(rest)"
    }
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
      "{\"version\": \"\(command.name(.candidate))\", \"previous\": "
      + "\"\(command.name(.previous))\", \"run\": \"by-hand\"}"
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
      case .webhook: found.formUnion([.candidate, .previous])
      case .pause, .outcome, .outcomeWithout: break
      }
    }
    return found
  }
}
