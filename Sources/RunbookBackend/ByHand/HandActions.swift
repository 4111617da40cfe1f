import ReleaseModel
import TextLayout

/// Prints a driver's operations as instructions with commands to type.
struct HandActions: Sendable {
  var command = HandCommand()

  func blocks(_ actions: [Action]) -> [Markdown.Block] { actions.flatMap(blocks) }

  private func blocks(_ action: Action) -> [Markdown.Block] {
    switch action {
    case .run(let command):
      return [.bash([self.command.text(command)])]
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
    }
  }

  private func show(_ query: Query) -> Markdown.Block { .bash([command.text(query)]) }
}

extension [Action] {
  /// The longest that the operation waits for the platform.
  var longestWait: TimeSpan {
    reduce(.zero) { total, action in
      switch action {
      case .wait(_, let limit, _): total + limit
      case .when(_, let actions): total + actions.longestWait
      case .run, .read, .require, .set: total
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
      case .when(let query, let actions):
        add(query.command)
        found.formUnion(actions.variables)
      case .set(_, let word): add(word)
      }
    }
    return found
  }
}
