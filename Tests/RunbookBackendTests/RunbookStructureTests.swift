import ReleaseModel
import Testing

@testable import RunbookBackend

@Suite struct RunbookStructureTests {
  private func page(_ name: String) throws -> (plan: ReleasePlan, text: String, page: Page) {
    let plan = try examplePlan(name)
    let text = RunbookBackend.runbook(for: plan).text
    return (plan, text, Page(text))
  }

  @Test func helpComesFirstAndReferenceLast() throws {
    let first = ["Promotion matrix", "Rollback"]
    let last = ["GitHub environments to set up", "Limits worth knowing", "Checks", "Metrics", "Evidence"]
    let forge = try page("forge").page.headings.filter { $0.level <= 2 }.map(\.text)
    #expect(
      forge == [
        "Release runbook: forge-api", "Something is wrong right now?", "At a glance", "When a release may run",
        "Release into dev", "Release into staging", "Release into prod",
      ] + first + [
        "Alerts", "After a release", "Who is told of what", "Roles", "Secrets", "Secret rotation", "Backup", "Drills",
      ] + last)
    let nexus = try page("trade-nexus").page.headings.filter { $0.level <= 2 }.map(\.text)
    #expect(
      nexus == [
        "Release runbook: trade-nexus-backend", "Something is wrong right now?", "At a glance", "Before merge",
        "Release into production",
      ] + first + ["Roles", "Secrets"] + last)
  }

  @Test func itLiesWhereTheServiceIsNamed() throws {
    #expect(RunbookBackend.runbook(for: try examplePlan("forge")).path == "docs/runbooks/forge-api.md")
  }

  @Test func theFirstScreenHoldsTheCommandsTheTimesAndThePeople() throws {
    let text = try page("forge").text
    let start = try #require(text.range(of: "## Something is wrong right now?"))
    let end = try #require(text.range(of: "## At a glance"))
    let screen = text[start.upperBound..<end.lowerBound]
    #expect(screen.split(separator: "\n", omittingEmptySubsequences: false).count < 50)
    for wanted in [
      "gh workflow run forge-api-rollback.yml -f environment=prod -f reason=\"<what-you-saw>\"\n",
      "ops/forge-api/prod/rollback.sh --yes --reason \"<what-you-saw>\"\n", "ops/forge-api/prod/rollback.sh --status\n",
      "- `prod`: traffic moves at once", "at most 10 min", "**Release engineer (on call)**: `@forge/release-engineers`",
    ] {
      #expect(screen.contains(wanted), "the first screen lacks \(wanted)")
    }
  }

  @Test(arguments: exampleNames) func everyHeadingIsUniqueAndEveryLinkLeadsToOne(name: String) throws {
    let (_, text, page) = try page(name)
    let anchors = page.headings.map { Heading(level: $0.level, text: $0.text).anchor }
    #expect(Set(anchors).count == anchors.count)
    let links = text.matches(of: /\]\(#([^)]*)\)/).map { String($0.1) }
    #expect(links.count > 10)
    for link in links { #expect(anchors.contains(link), "nothing is at #\(link)") }
  }

  /// The least that a spec can say, on a platform that only a program of the repository knows.
  private static let smallest = """
    liftlock: 1
    service: shop
    artifact: { image: ghcr.io/acme/shop }
    checks:
      health: { probe: { requests: [POST /health 201] } }
    environments:
      live:
        on: { manual: true }
        deploy: { command: { run: ops/target.sh } }
        rollout: { rolling: { verify: [health], watch: 5m } }
    """

  @Test func aSmallSpecGivesAPageWithoutHolesToo() throws {
    let text = RunbookBackend.runbook(for: try RunbookBackendTests.plan(Self.smallest)).text
    let page = Page(text)
    #expect(
      page.headings.filter { $0.level <= 2 }.map(\.text) == [
        "Release runbook: shop", "Something is wrong right now?", "At a glance", "Release into live", "Rollback",
        "GitHub environments to set up", "Limits worth knowing", "Checks", "Evidence",
      ])
    let anchors = page.headings.map { Heading(level: $0.level, text: $0.text).anchor }
    for link in text.matches(of: /\]\(#([^)]*)\)/) {
      #expect(anchors.contains(String(link.1)), "nothing is at \(link.1)")
    }
    #expect(page.fences(of: "bash").contains("./ops/target.sh undo \"<previous-version>\""))
    #expect(text.contains("--request POST"))
    #expect(text.contains("'<address-of-live>/health'"))
  }

  @Test(arguments: exampleNames) func everythingThatThePlanNamesIsThere(name: String) throws {
    let (plan, text, page) = try page(name)
    func expect(_ wanted: String, _ what: String) {
      #expect(text.contains(wanted), "the runbook lacks \(what) \(wanted)")
    }
    for (secret, _) in plan.spec.secrets.readable { expect("`\(secret.value)`", "secret") }
    for (role, value) in plan.spec.roles.readable {
      expect(value.title ?? role.value, "role")
      if let duty = value.duty { expect(duty, "duty") }
      for reviewer in value.reviewers { expect("`@\(reviewer.value)`", "reviewer") }
    }
    for (check, value) in plan.spec.checks.readable { expect("| \(value.title ?? check.value) ", "check") }
    for environment in plan.environments {
      for secret in environment.rollbackSecrets {
        expect("gh secret set \(secret.name) --env \(environment.rollbackEnvironment)\n", "copy of")
      }
      for gate in environment.gates { expect("| \(gate.title) ", "gate") }
      for approval in environment.approvals { expect("`\(approval.environment)`", "GitHub environment") }
      for step in environment.steps {
        #expect(page.tables.joined().contains { $0.dropFirst().first == "\(step.weight)%" })
      }
      for condition in environment.rollbackWhen {
        let subject: String =
          switch condition.subject {
          case .metric(let metric, _, _): metric.title
          case .check(let check): check.title
          case .manual: condition.condition.text
          }
        #expect(page.tables.joined().contains { $0[0] == "`\(environment.targetName)`" && $0[1] == subject })
      }
      for metric in environment.metrics { expect("### Metric \(metric.name)", "metric") }
    }
  }

  @Test(arguments: exampleNames) func theEnvironmentsAreSetUpByTwoCommandsTheFirstOfWhichOnlyLooks(name: String) throws
  {
    let (plan, _, page) = try page(name)
    let script = "ops/\(plan.service)/setup-environments.sh"
    #expect(page.fences(of: "bash").contains("\(script) --dry-run\n\(script)"))
  }

  @Test func whatAPersonConfirmsIsABoxAndWhatAMachineChecksIsNone() throws {
    let text = try page("trade-nexus").text
    #expect(text.contains("\n- [ ] Breaking changes are documented in this description, or there are none.\n"))
    #expect(text.contains("\n- **Pull request approved**. The pull request, as it is now, has at least 1 approval.\n"))
  }

  @Test func theMatrixOfTheRunbookIsTheOneOfTheTerminal() throws {
    let (plan, _, page) = try page("forge")
    let table = try #require(page.tables.first { $0[0][0] == "criterion" })
    #expect([table[0]] + table.dropFirst(2) == MatrixTable.table(plan))
  }

  @Test func gatesSayWhoAnswers() throws {
    let tables = try page("forge").page.tables
    #expect(
      tables.contains {
        $0.contains([
          "Security scan", "required: no critical findings", "the record that `staging` made for this commit",
        ])
      })
    #expect(
      tables.contains {
        $0.contains(["Released in staging", "required", "`staging`: it released this very commit and kept it"])
      })
    #expect(
      tables.contains {
        $0.contains([
          "PostgreSQL backup under 24 h old and restorable", "required",
          "the release itself, in `prod`, before it changes anything",
        ])
      })
  }

  @Test func stepsHaveTheirTimesFromTheFirstShift() throws {
    let plan = try examplePlan(
      "forge", replacing: [("settle: 1m", "settle: 2m"), ("{ to: 25%, hold: 15m,", "{ to: 25%, hold: 45m,")])
    let page = Page(RunbookBackend.runbook(for: plan).text)
    let tables = page.tables.filter { $0[0][0] == "Step" }
    try #require(tables.count == 3)
    #expect(
      tables[2].dropFirst(2).map { Array($0[0...4]) } == [
        ["1", "5%", "0 min", "15 min", "2 min"], ["2", "25%", "15 min", "1 h", "17 min"],
        ["3", "100%", "1 h", "2 h", "1 h 2 min"],
      ])
  }

  @Test func aReleaseMustStartEarlyEnoughToEndInTheWindow() throws {
    let wide = try examplePlan("forge", replacing: [("to: \"06:00\"", "to: \"01:00\"")])
    let prod = try #require(wide.environment("prod"))
    try #require(prod.worstCase < .hours(23))
    let latest = ChangeWindow.Clock(minutes: (25 * 60 - prod.worstCase.minutes) % (24 * 60))
    #expect(RunbookBackend.runbook(for: wide).text.contains("and **\(latest)**: earlier or later"))
    let narrow = try examplePlan("forge", replacing: [("to: \"06:00\"", "to: \"02:30\"")])
    let text = RunbookBackend.runbook(for: narrow).text
    #expect(text.contains("> The window is open for 30 min, and the worst case takes"))
    #expect(!text.contains("Have the last approval given"))
  }

  @Test func aMigrationThatTakesSomethingAwayIsAWarning() throws {
    let text = RunbookBackend.runbook(
      for: try examplePlan(
        "doc-0020",
        replacing: [
          ("destructive: false", "destructive: true"),
          (
            """
                  migrations:
                    compatible: migration-compatibility
                    otherwise: scripts/rollback_migration.sh
                    last-resort: scripts/restore_backup.sh --last
                    secrets: [DATABASE_URL]
                    text: Keep
            """, "      migrations: Keep"
          ),
        ])
    )
    .text
    #expect(text.contains("> [!WARNING]\n> It takes away what the version before still uses."))
    #expect(!(try page("doc-0020").text.contains("It takes away")))
  }

  @Test(arguments: exampleNames) func theSamePlanGivesTheSamePage(name: String) throws {
    #expect(try page(name).text == page(name).text)
  }
}
