import ReleaseModel
import Testing

@testable import RunbookBackend

@Suite struct HandCommandTests {
  /// Every query and command of an operation, in order.
  private func lines(_ actions: [Action]) -> (commands: [Command], queries: [Query]) {
    var commands: [Command] = []
    var queries: [Query] = []
    for action in actions {
      switch action {
      case .run(let command): commands.append(command)
      case .read(_, let query, _), .wait(let query, _, _), .require(let query, _): queries.append(query)
      case .when(let query, let inner), .forEach(_, let query, let inner):
        queries.append(query)
        commands += lines(inner).commands
        queries += lines(inner).queries
      // The file goes behind the command, so that its line is not the command's alone.
      case .set, .split, .choose, .pause, .runWithFile, .given, .mark, .webhook, .outcome, .outcomeWithout: break
      }
    }
    return (commands, queries)
  }

  private func rollback(_ operations: TargetOperations) -> [Action] {
    operations.findLive + (operations.findPrevious ?? []) + operations.activatePrevious + operations.undo
      + [.require(operations.undone, orFail: "")] + operations.cleanUp + operations.identify
      + [.run(MarkerFields.rolledBack(operations)), .require(MarkerFields.read(operations), orFail: "")]
  }

  private func release(_ operations: TargetOperations, decidesSchema: Bool = false) -> [Action] {
    operations.preflight + operations.findLive + operations.deploy + operations.ready + operations.address
      + operations.finish + operations.identify + [
        .run(MarkerFields.begin(operations, decidesSchema: decidesSchema)),
        .run(MarkerFields.noteCandidate(operations)),
        .run(MarkerFields.promoted(operations)),
      ]
  }

  /// As a line of its own, or into the variable that the next command takes.
  private func isTyped(_ text: String, in blocks: [String]) -> Bool {
    let text = withoutOwners(text)
    return blocks.contains { $0 == text || $0 == "PATCH=\"$(\(text))\"" }
  }

  /// On one line, and without whose a value is: `<new-place>` and `<previous-place>` are both the operation's place.
  private func withoutOwners(_ text: String) -> String {
    let owned = /<(?:live|previous|new|other)-(place|image|deployment|host-name|endpoint-weight|endpoint-status)>/
    return text.replacing(owned) { "<\($0.output.1)>" }.replacing(/[ \\\n]+/, with: " ")
  }

  @Test(arguments: exampleNames) func everyOperationOfTheDriverCanBeTypedByHand(name: String) throws {
    let plan = try examplePlan(name)
    let blocks = Page(RunbookBackend.runbook(for: plan).text).fences(of: "bash").map(withoutOwners)
    for environment in plan.environments {
      let operations = environment.operations
      let decides = environment.spec.migration != nil && environment.database != nil
      let all = lines(rollback(operations) + release(operations, decidesSchema: decides))
      let hand = HandCommand(environment)
      for command in all.commands { #expect(isTyped(hand.text(command), in: blocks), "\(hand.text(command))") }
      for query in all.queries { #expect(isTyped(hand.text(query), in: blocks), "\(hand.text(query))") }
      for step in environment.steps {
        let known = HandCommand(environment, weight: step.weight)
        let shift = lines(operations.shift)
        for command in shift.commands { #expect(isTyped(known.text(command), in: blocks)) }
        for query in shift.queries + [operations.liveWeight] { #expect(isTyped(known.text(query), in: blocks)) }
      }
    }
  }

  @Test(arguments: exampleNames) func bashReadsTheWordsThatTheScriptWouldRun(name: String) throws {
    for environment in try examplePlan(name).environments {
      let operations = environment.operations
      let all = lines(rollback(operations) + release(operations) + operations.shift)
      for command in all.commands + all.queries.map(\.command) {
        #expect(try bashWords(HandCommand().text(command)) == command.words.map(HandCommand().plain))
      }
      for query in all.queries + [operations.liveWeight] {
        let filter = try #require(try bashWords(HandCommand().text(query).replacing("| jq", with: "--and jq")).last)
        #expect(filter.replacing("\n    ", with: " ") == query.filter)
      }
    }
  }

  @Test(arguments: [
    "it's", "a\"b", "$HOME", "`id`", "!!", "a\nb", "<x", "a>b;c", "\\", "", "*", "\u{1B}[2J", "é 日本", "~",
    "a='b' \"$c\"",
  ])
  func hostileWordsStayOneWordWithAndWithoutAPlaceholder(text: String) throws {
    for word in [Word(text), Word(text) + "=" + Word(.previous), Word(.previous) + Word(text)] {
      let command = Command("echo", word)
      #expect(try bashWords(HandCommand().text(command)) == ["echo", HandCommand().plain(word)])
    }
  }

  @Test(arguments: exampleNames) func everyBlockIsBashAndNoPlaceholderCanRedirect(name: String) throws {
    let blocks = Page(RunbookBackend.runbook(for: try examplePlan(name)).text).fences(of: "bash")
    #expect(blocks.count > 30)
    for block in blocks {
      #expect(try bashAccepts(block), "\(block)")
      #expect(!hasBarePlaceholder(block), "\(block)")
    }
  }

  @Test func barePlaceholdersAreNoticed() {
    #expect(hasBarePlaceholder("gh run watch <run-id>"))
    #expect(!hasBarePlaceholder("gh run watch \"<run-id>\" '<x>'"))
  }

  /// Whether a `<` or `>` stands outside of quotes.
  private func hasBarePlaceholder(_ block: String) -> Bool {
    // The one substitution inside quotes that a runbook prints.
    var text = block.replacing("\"$(cat \"", with: "\"").replacing("\")\"", with: "\"")
    // The one file that a runbook writes, under a name of its own.
    text = text.replacing("' >container-group.json", with: "'")
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "<" || character == ">" {
        return true
      }
    }
    return false
  }

  @Test func longCommandsGoOnInTheNextLineAtAnOption() {
    let command = Command(
      words: ["kubectl", "--namespace", "shop", "patch", "x"]
        + (1...9).flatMap { [Word("--option-\($0)"), "some-value"] })
    let lines = HandCommand().text(command).split(separator: "\n")
    #expect(lines.first == "kubectl --namespace shop patch x \\")
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("  --option-") })
    #expect(lines.count == 10)
  }

  @Test func longFiltersBreakOnlyBetweenTheirParts() {
    let filter = ".a | select(.b | length > 1) | \"x | \\\"y | z\" | .c" + String(repeating: "c", count: 80)
    let text = HandCommand().text(Query(Command("show"), filter))
    #expect(
      text.contains(
        """
        | jq -r '.a
            | select(.b | length > 1)
            | "x | \\"y | z"
            | .cccc
        """))
  }

  @Test func platformsWithoutHistoryAskTheMarker() throws {
    let text = RunbookBackend.runbook(for: try examplePlan("forge")).text
    #expect(text.contains("`<previous-version>` is the field `liftlock.dev/previous` in what this prints"))
    #expect(text.contains("Then take it from the last good evidence record"))
    let azure = RunbookBackend.runbook(for: try examplePlan("trade-nexus")).text
    #expect(azure.contains("Then ask the target's own history:"))
  }
}
