import ReleaseModel
import Testing

@testable import RunbookBackend

/// What people need beside what machines do, each where it is looked for.
@Suite struct GuidanceTests {
  private func text(_ name: String, replacing changes: [(String, String)] = []) throws -> String {
    RunbookBackend.runbook(for: try examplePlan(name, replacing: changes)).text
  }

  /// From a heading of the second level to the next one.
  private func section(_ heading: String, of text: String) throws -> String {
    let start = try #require(text.range(of: "\n## \(heading)\n"), "there is no section \(heading)")
    let rest = text[start.upperBound...]
    return String(rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)])
  }

  private func rows(_ section: String, under first: String) throws -> [[String]] {
    try #require(Page(section).tables.first { $0[0][0] == first }, "there is no table under \(first)").dropFirst(2).map
    {
      $0
    }
  }

  @Test func whomToCallAndWhenStandsOnTheFirstScreen() throws {
    let screen = try section("Something is wrong right now?", of: text("nextgen-market"))
    #expect(screen.split(separator: "\n", omittingEmptySubsequences: false).count < 60)
    #expect(try rows(screen, under: "Who")[0] == ["On-call rotation", "PagerDuty", "Everything that cannot wait."])
    #expect(
      try rows(screen, under: "After") == [
        ["5 min", "DevOps engineer on call"], ["15 min", "DevOps lead"], ["30 min", "VP Engineering"],
      ])
  }

  @Test func escalationIsInTheOrderOfItsTimes() throws {
    let page = try text(
      "nextgen-market", replacing: [("after: 5m, to: DevOps engineer", "after: 45m, to: DevOps engineer")])
    let screen = try section("Something is wrong right now?", of: page)
    #expect(try rows(screen, under: "After").map { $0[0] } == ["15 min", "30 min", "45 min"])
  }

  @Test func aHotfixIsTakenBackThroughTheEnvironmentThatItWentInto() throws {
    for (name, environment) in [("doc-0020", "production"), ("nextgen-market", "prod")] {
      let page = try text(name)
      #expect(page.contains("-f environment=\(environment) -f reason="))
      // The workflow that rolls back has no choice of that name.
      #expect(!page.contains("rollback.yml -f environment=\(environment)-hotfix"))
      #expect(!page.contains("## Roll back \(environment)-hotfix"))
    }
  }

  @Test func theHotfixSaysWhatItWaivesWhoApprovesAndWhatIsOwed() throws {
    let hotfix = try section("Hotfix", of: text("nextgen-market"))
    #expect(hotfix.contains("An emergency that the VP has signed for."))
    let ways = try rows(hotfix, under: "Environment")
    #expect(ways[1][1] == "VP Engineering and Tech lead, 2 different people")
    #expect(ways[1][2] == "15 min in `staging-hotfix`")
    #expect(
      hotfix.contains("| `prod-hotfix` | `security-scan` | Scanned after the fact, within a day.        |"))
    #expect(hotfix.contains("**VP Engineering**: `@nextgen-market/vp-engineering`. Signs overrides"))
    #expect(try rows(hotfix, under: "Duty")[0].prefix(3) == ["Emergency review", "within 24 h", "VP Engineering"])
    let board = try section("Hotfix", of: text("doc-0020"))
    #expect(board.contains("| Governance Board, 2 different people "))
  }

  @Test func theHotfixIsStartedCommandByCommand() throws {
    let commands = Page(try section("Hotfix", of: text("doc-0020"))).fences(of: "bash")
    let lines = commands.joined(separator: "\n").split(separator: "\n")
    let tag = try #require(lines.firstIndex { $0.hasPrefix("git tag --annotate") })
    let push = try #require(lines.firstIndex(of: "git push origin \"<tag>\""))
    let start = try #require(lines.firstIndex(of: "gh workflow run app-production-hotfix.yml --ref \"<tag>\""))
    #expect(lines[0] == "ops/app/production/rollback.sh --status")
    #expect(tag < push && push < start)
    // The tag starts the first environment by itself.
    #expect(!lines.contains { $0.hasPrefix("gh workflow run app-staging-hotfix.yml") })
    for block in commands { #expect(try bashAccepts(block), "\(block)") }
  }

  @Test func windowsAndFreezesAreTogetherWithTheirReasons() throws {
    let calendar = try section("When a release may run", of: text("doc-0020"))
    let windows = try rows(calendar, under: "Environment")
    #expect(windows[0] == ["`staging`", "at any time", "–"])
    #expect(windows[2][1].hasPrefix("the first Tuesday of the month, 02:00 to 04:00 (UTC)"))
    #expect(windows[2][2] == "7 days before")
    #expect(
      try rows(calendar, under: "Freeze") == [
        ["`christmas`", "24 December to 26 December, every year (UTC)", "Holidays", "`pilot` and `production`"],
        ["`new-year`", "31 December to 2 January, every year (UTC)", "Holidays", "`pilot` and `production`"],
        ["`black-friday`", "26 November 2026 to 30 November 2026 (UTC)", "Black Friday", "`pilot` and `production`"],
      ])
    #expect(calendar.contains("A [hotfix](#hotfix) is not bound to it, either: A SEV-1 hotfix"))
    let bound = try text(
      "doc-0020",
      replacing: [("  outside-windows: A SEV-1 hotfix that two members of the Governance Board have approved.\n", "")])
    #expect(bound.contains("A [hotfix](#hotfix) is bound to it, too."))
    #expect(try !text("trade-nexus").contains("## When a release may run"))
  }

  @Test func troubleStandsWithItsEnvironmentAndTheRestInASectionOfItsOwn() throws {
    let page = try text("nextgen-market")
    let staging = try section("Release into staging", of: page)
    #expect(staging.contains("### staging: troubleshooting\n\n**Green does not become healthy.** You see:\n"))
    #expect(staging.contains("```shell\naz container logs -g staging-nextgen -n \"<name-of-green>\"\n```"))
    #expect(staging.contains("Do this:\n\n1. Green is deleted by itself and blue stays.\n2. Find the cause.\n"))
    let anywhere = try section("Troubleshooting", of: page)
    #expect(anywhere.contains("**A database migration times out.** Look:"))
    #expect(anywhere.contains("[prod](#prod-troubleshooting)"))
  }

  @Test func whoWatchesForHowLongIsInTheOrderOfTimes() throws {
    let watches = try rows(section("After a release: who watches", of: text("doc-0020")), under: "For the first")
    #expect(watches.map { $0[0] } == ["15 min", "1 h", "24 h"])
    #expect(watches[0][1...] == ["Deployment engineer", "Watches the dashboards actively."])
  }

  @Test func linksAreAtHand() throws {
    let glance = try section("At a glance", of: text("nextgen-market"))
    #expect(glance.contains("- [Dashboards](https://grafana.nextgen.example)\n"))
  }

  @Test func rolesNameWhatTheyOwn() throws {
    let roles = try rows(section("Roles", of: text("forge")), under: "Role")
    let owner = try #require(roles.first { $0[0] == "Database owner" })
    #expect(owner[3].contains("drill “Restore drill”") && owner[3].contains("backups"))
    let security = try #require(roles.first { $0[0] == "Security owner" })
    #expect(security[3].contains("rotation of secrets"))
  }

  // MARK: - Hostile text

  private static let text = #"a|b `c` ``` \"q\" <script>alert(1)</script> --> [x](y) *z* # %% ; {{ }} $m$ end\t~~~"#

  private func wild() throws -> String {
    let text = "\"\(Self.text)\""
    return try self.text(
      "nextgen-market",
      replacing: [
        ("who: On-call rotation", "who: \(text)"), ("what: Critical issues.", "what: \(text)"),
        ("to: DevOps lead", "to: \(text)"), ("title: Dashboards", "title: \(text)"),
        ("issue: Green does not become healthy", "issue: \(text)"),
        ("symptoms: [The health loop ends after five minutes.,", "symptoms: [\(text),"),
        (#"look: ['gh run view "<run-id>" --log-failed']"#, "look: [\(text)]"),
        ("causes: [A database migration failed.,", "causes: [\(text),"),
        ("resolve: [Fix the finding of the linter or the type checker.,", "resolve: [\(text),"),
        ("outside-windows: An emergency that the VP has signed for.", "outside-windows: \(text)"),
        ("load-test: An emergency leaves no time for a load test.", "load-test: \(text)"),
        ("title: Emergency review", "title: \(text)"),
        ("- Review why the emergency was not caught earlier.", "- \(text)"),
      ])
  }

  @Test func hostileGuidanceShowsAsItIs() throws {
    let wild = Page(try wild())
    let tame = Page(try text("nextgen-market"))
    #expect(wild.headings.map(\.text) == tame.headings.map(\.text))
    #expect(wild.fences.map(\.language) == tame.fences.map(\.language))
    #expect(!wild.hasOpenFence)
    #expect(wild.tables.map(\.count) == tame.tables.map(\.count))
    for table in wild.tables { #expect(Set(table.map(\.count)).count == 1, "\(table)") }
    for line in wild.prose {
      #expect(!line.contains("<script"), "\(line)")
      #expect(!line.contains("](y)") || line.contains("\\](y)"), "\(line)")
    }
    #expect(wild.prose.filter { $0.contains("&lt;script>") }.count >= 10)
  }

  /// A platform that is nothing but webhooks has no place for notes.
  @Test(arguments: [
    ("ecom-back", "GitHub's deployments with the task `liftlock-marker`"), ("forge", "on the target itself"),
  ])
  func theRecordSaysWhereTheMarkerIs(name: String, place: String) throws {
    let rows = RunbookBackend.runbook(for: try examplePlan(name)).text.split(separator: "\n")
      .filter { $0.hasPrefix("| How far the release is") }
    #expect(!rows.isEmpty && rows.allSatisfy { $0.contains(place) }, "\(rows)")
  }
}
