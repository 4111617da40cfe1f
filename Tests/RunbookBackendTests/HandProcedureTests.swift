import Foundation
import ReleaseModel
import Testing

@testable import RunbookBackend

/// What is typed by hand at night must be right in its order, and every name in it must be known when it is needed.
@Suite struct HandProcedureTests {
  private func text(_ name: String, replacing changes: [(String, String)] = []) throws -> String {
    RunbookBackend.runbook(for: try examplePlan(name, replacing: changes)).text
  }

  private func part(of text: String, from start: String, to end: String) throws -> String {
    let start = try #require(text.range(of: start), "there is no \(start)")
    let rest = text[start.upperBound...]
    return String(rest[..<(rest.range(of: end)?.lowerBound ?? rest.endIndex)])
  }

  private func rollback(_ environment: String, _ text: String) throws -> String {
    try part(of: text, from: "\n### Roll back \(environment) by hand\n", to: "\n##")
  }

  private func release(_ environment: String, _ text: String) throws -> String {
    try part(of: text, from: "<summary>Release into \(environment) by hand", to: "</details>")
  }

  /// All of these, each behind the one before.
  private func expect(_ section: String, hasInOrder wanted: [String]) {
    var rest = section[...]
    for text in wanted {
      guard let range = rest.range(of: text) else {
        Issue.record("“\(text)” is missing, or stands too early")
        return
      }
      rest = rest[range.upperBound...]
    }
  }

  /// What a person has, or makes up, without being told where it stands.
  private func isObvious(_ placeholder: String) -> Bool {
    ["<value", "<run-id>", "<path-to-", "<what-you-saw", "<owner>", "<repository>", "<commit>", "<address-of-"].contains
    {
      placeholder.hasPrefix($0)
    }
  }

  @Test(arguments: exampleNames) func everyNameIsExplainedBeforeItIsTypedAndIsOneValueInAStep(name: String) throws {
    let plan = try examplePlan(name)
    let text = RunbookBackend.runbook(for: plan).text
    let sections =
      try plan.mostImportantFirst.map { try rollback($0.name, text) }
      + plan.environments.map { try release($0.name, text) }
    for section in sections {
      var explained: Set<String> = []
      var meaning: [String: String] = [:]
      var isFence = false
      let lines = section.components(separatedBy: "\n")
      for (index, line) in lines.enumerated() {
        if line.contains("```") { isFence.toggle() }
        if line.firstMatch(of: /^\d+\.\s/) != nil { meaning = [:] }
        let names = line.matches(of: /<[a-z-]+>/).map { String($0.output) }
        if isFence {
          for name in names where !isObvious(name) { #expect(explained.contains(name), "\(name): \(line)") }
        } else {
          explained.formUnion(names)
          // Where a name is found out; a second way to find the same thing out says so.
          guard let bound = line.firstMatch(of: /^[ \d.]*`(<[a-z-]+>)` is (.*)/)?.output,
            bound.1 != "<previous-version>"
          else { continue }
          // What a command prints is as much as the command.
          let block = lines[(index + 1)...].drop { !$0.contains("```") }.dropFirst().prefix { !$0.contains("```") }
          let found = bound.2.hasPrefix("what this prints") ? block.joined() : String(bound.2)
          let known = meaning.updateValue(found, forKey: String(bound.1))
          #expect(known == nil || known == found, "\(bound.1) is two values in a step: \(line)")
        }
      }
    }
  }

  @Test func whatIsLiveDoesNotBearTheNameOfTheVersionToGoBackTo() throws {
    let page = try text("doc-0020")
    let section = try rollback("production", page)
    #expect(section.contains("`<live-place>` is what this prints."))
    #expect(section.contains("`<live-version>` is `<live-place>=<live-image>`."))
    #expect(!section.contains("`<previous-version>` is `<"))
    #expect(section.contains("`liftlock.dev/candidate` is not `<live-version>`: somebody has deployed since."))
    // Whoever only looks is not stopped by what cannot be read.
    #expect(section.contains("If it prints nothing, go on without it: service app-service selects no colour."))
  }

  @Test func theSchemaGoesBackWithItsSecretsAndIsNotedAsBack() throws {
    let page = try text("doc-0020")
    let section = try rollback("production", page)
    expect(
      section,
      hasInOrder: [
        "export DATABASE_URL=\"<value>\"",
        "or the marker is not to be trusted: then the field is about another version",
        "\n   scripts/rollback_migration.sh\n",
        "\n   scripts/restore_backup.sh --last\n", "Neither worked? Leave the traffic where it is",
        "liftlock.dev/schema=restored", "Give all traffic to the previous",
      ])
    #expect(try !rollback("staging", page).contains("DATABASE_URL"))
  }

  @Test func theMarkerIsReadAndWrittenBeforeTheDatabaseIsChanged() throws {
    let section = try release("production", text("doc-0020"))
    expect(
      section,
      hasInOrder: [
        "Read the marker of the last release:", "with_entries(select(.key | startswith(\"liftlock.dev/\")))",
        "Stop if `liftlock.dev/state` is `deploying`, `rolling-out`, `resting`, `verifying` or `rolling-back`",
        "**The version before works with the new schema**",
        "`<compatible-or-incompatible>` is `compatible` if it passes",
        "liftlock.dev/state=deploying", "\"liftlock.dev/commit=<commit>\"",
        "'liftlock.dev/schema=<compatible-or-incompatible>'", "Run the command under [production: migration]",
        "Deploy the new",
      ])
  }

  @Test(arguments: exampleNames) func aPersonNotesTheFieldsThatTheScriptNotes(name: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let plan = try examplePlan(name)
    for environment in plan.environments {
      let path = "Generated/\(name)/ops/\(plan.service)/\(environment.name)/rollout.sh"
      let script = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
      let written = try part(of: script, from: "write_marker state=deploying", to: "||")
      let fields = ["state"] + written.matches(of: /[ "]([a-z-]+)=/).map { String($0.1) }
      let hand = MarkerFields.begin(
        environment.operations, decidesSchema: environment.spec.migration != nil && environment.database != nil)
      let prefix = environment.operations.markerPrefix
      let noted = hand.words.dropFirst(environment.operations.writeMarker.words.count).map(HandCommand().plain)
        .filter { $0.contains(prefix) }
        .map {
          $0.replacing("payload[", with: "").replacing("]", with: "").dropFirst(prefix.count).prefix { $0 != "=" }
        }
      #expect(noted.map(String.init) == fields)
      let block = HandCommand(environment).text(hand)
      #expect(Page(try release(environment.name, text(name))).fences(of: "bash").contains(block))
    }
  }

  @Test func aWebhookIsCalledOnceAndOnlyTheNoteIsRepeated() throws {
    let section = try rollback("production", text("ecom-back"))
    #expect(section.contains("repeat only the last note of the step before. Never repeat the call"))
    #expect(!section.contains("repeat the step before."))
    #expect(!section.contains("<environment>"))
    #expect(section.contains("--raw-field 'environment=production'"))
    expect(
      section,
      hasInOrder: [
        "You need `<owner>/<repository>`",
        "and `<new-version>` the field `liftlock-candidate` and `<commit>` the field `liftlock-commit`:",
        "Call the rollback webhook", "Call the verify webhook",
      ])
    // Elsewhere a repeated undo changes nothing.
    #expect(try rollback("production", text("doc-0020")).contains("If it does not, repeat the step before."))
  }

  @Test func oneNameIsOneValueWhereAnOperationTurnsToTheOtherVersion() throws {
    let page = try text("doc-0020")
    #expect(
      page.contains(
        "`<other-place>` is `green` if `<previous-place>` is `blue`, or `blue` if `<previous-place>` is `green`. If it is "
          + "anything else, stop: a version here is blue=IMAGE or green=IMAGE."))
    #expect(!page.contains("goes by"))
    let market = try text("nextgen-market")
    #expect(market.contains("`<new-endpoint-status>` is `Enabled`."))
    #expect(market.contains("`<previous-endpoint-status>` is `Disabled`."))
  }

  @Test func howAVersionIsWrittenStandsWithTheOptionThatTakesOne() throws {
    #expect(
      try text("doc-0020").contains(
        "VERSION is written as `--status` prints it: `blue=IMAGE or green=IMAGE` in `production`, the image in `pilot` and "
          + "`staging`"))
    #expect(try text("nextgen-market").contains("`NAME=IMAGE` in `prod` and `staging`, the image in `dev`"))
    #expect(try text("trade-nexus").contains("VERSION is written as `--status` prints it: the revision"))
  }

  @Test func theRunsOfAHotfixAreListedAndStoppedToo() throws {
    let page = try text("doc-0020")
    let section = try rollback("production", page)
    // A waiting or queued release would still move things, too; and `--status` is newer than the gh of Debian 12.
    let unfinished = " --json databaseId,status,displayTitle --jq '.[] | select(.status != \"completed\")'\n"
    #expect(section.contains("gh run list --workflow=app-production.yml" + unfinished))
    #expect(section.contains("gh run list --workflow=app-production-hotfix.yml" + unfinished))
    #expect(try !rollback("pilot", page).contains("hotfix"))
    let screen = try part(of: page, from: "## Something is wrong right now?", to: "\n## ")
    #expect(screen.contains("gh run list --workflow=app-production-hotfix.yml --limit=3\n"))
  }

  @Test func aPauseIsNoWaitForThePlatformAndActivationIsNotTriedAgain() throws {
    let market = try text("nextgen-market")
    #expect(
      market.contains(
        "- `prod`: traffic moves at once if the previous container group and image still serves. If it has to be started "
          + "first, that takes at most 5 min. Some users still meet the new one for another 10 s."))
    let board = try #require(try examplePlan("doc-0020").environment("staging"))
    let during = board.operations.undo.waits
    try #require(during > .zero)
    #expect(
      RollbackTimes.words(board).inlines.first.map { "\($0)" }?.contains(
        "at most \(Words.time(during)). It is tried three times, so at the very worst it takes \(Words.time(during * 3))."
      )
        == true)
  }

  @Test func aRatioIsOneExpressionThatCanBePasted() throws {
    let page = try text("doc-0020")
    let queries = Page(page).fences(of: "promql")
    #expect(
      queries.contains { query in
        query.hasPrefix("100 * (sum(increase(") && query.contains("[<window>])) or vector(0))\n/ sum(increase(")
          && query.hasSuffix("[<window>]))")
      })
    #expect(!page.contains("Out of all:"))
    // One that has no window of its own needs the words for it all the same.
    #expect(page.contains("- `<window>`: how far back to look"))
    let nexus = try text("trade-nexus")
    expect(nexus, hasInOrder: ["The bad ones:", "| summarize value = count()", "Out of all:", "100 times the first"])
  }

  @Test func peopleAreToldBeforeTheTargetIsMarked() throws {
    let page = try text("doc-0020")
    expect(
      try part(of: page, from: "\n### Roll back production\n", to: "\n##"),
      hasInOrder: ["Verify: ", "Open an issue", "Mark the target as rolled back", "Wait until the metrics"])
    expect(
      try rollback("production", page),
      hasInOrder: ["gh issue create", "Mark the target as rolled back", "Look at the"])
  }

  @Test func theReleaseIssueIsOpenedAsEarlyAsTheGateWants() throws {
    let early = try text(
      "nextgen-market", replacing: [("release-issue: { open-for: 48h }", "release-issue: { open-for: 72h }")])
    #expect(
      early.contains(
        "Open the release issue at least 3 days before the planned start; its lists say by when each is due. [prod: what "
          + "must be true](#prod-what-must-be-true) wants it to have been open for that long."))
    #expect(try text("nextgen-market").contains("Open the release issue at least 2 days before the planned start"))
    let late = try text(
      "nextgen-market", replacing: [("release-issue: { open-for: 48h }", "release-issue: { open-for: 1h }")])
    #expect(late.contains("Open the release issue at least 2 days before the planned start"))
  }
}
