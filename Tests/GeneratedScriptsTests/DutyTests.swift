import Foundation
import GitHubWorkflow
import Testing

/// What is left for people and machines after a release: the record, and issues that say what is owed by when.
@Suite(.threads) struct DutyTests {
  private static let example = Result {
    let lists = """
      checklists:
        first-day:
          title: The first day
          for: prod
          after: 24h
          by: service-owner
          labels: [release-duty]
          items: [Compare the business metrics with the week before., { check: backup }]
        postmortem:
          title: Postmortem
          for: prod
          after-rollback: 2h
          items: [Hold it.]

      evidence:
        artifact: "{environment}-release-gate-report"

      """
    // In place of the lists of forge's own.
    let spec = try String(
      contentsOf: Example.root.appendingPathComponent("Examples/forge/release.yaml"), encoding: .utf8)
    let own = try #require(spec.firstMatch(of: /checklists:\n(?:(?: .*)?\n)+/))
    return try Example("forge", edits: Forge.edits + [Edit(String(own.0), ""), Edit("evidence:\n", lists)])
  }

  private func forge(
    _ scenario: JSON = Forge.prod, _ body: (ReleaseRepository, WorkflowRunner) throws -> Void
  ) throws {
    try ReleaseRepository.forge(scenario, example: Self.example.get()) { repository in
      try body(repository, try repository.forgeRunner("prod"))
    }
  }

  @Test func aGoodReleaseOpensItsDutiesOnceAndLeavesAWholeRecord() throws {
    try forge { repository, runner in
      let run = try runner.run(event: "workflow_dispatch", secrets: Forge.secrets)
      #expect(run.conclusion == .success, "\(runner.output)")
      let issues = try repository.state["github"]["issues"].elements
      #expect(issues.count == 1)
      let title = try #require(issues.first?["title"].string)
      #expect(
        title.wholeMatch(
          of:
            #/Due 2026-06-03 \d\d:\d\d UTC \(24h after the release\): The first day — forge-api v1\.4\.0-rc\.1 in prod \(run 1001-1\)/#
        ) != nil, "\(title)")
      let body = try #require(issues.first?["body"].string)
      #expect(body.contains("Whose duty it is: Service owner: @forge/api-owners"), "\(body)")
      #expect(
        body.contains(
          "- [ ] Compare the business metrics with the week before.\n- [ ] PostgreSQL backup under 24 h old"))
      #expect(issues.first?["labels"][0]["name"] == "release-duty")
      _ = try repository.script("prod/rollout.sh duties success", Forge.environment)
      #expect(try repository.state["github"]["issues"].elements.count == 1, "asked for once")

      let record = try repository.record(runner.temporary("rollout"), suffix: "1001-1.json")
      #expect(record["strategy"] == "canary")
      #expect(record["result"] == "success")
      #expect(record["rollbackState"] == "not_needed")
      #expect(record["operator"] == "ann")
      #expect(record["approvals"].elements.map { $0["user"].string } == ["pat", "sue"])
      #expect(record["started"].string?.hasPrefix("2026-06-02T02:") == true)
      #expect(record["duration_seconds"].number ?? 0 > 9 * 60)
      #expect(record["verification"].elements.contains { $0["event"] == "passed" && $0["text"] == "smoke passed" })
      #expect(runner.uploads.map(\.name) == ["prod-release-gate-report"])
      #expect(runner.summary.contains("- rollbackState: not_needed"))
    }
  }

  @Test func aRollbackOpensThePostmortemAndTellsTheCourseOfEvents() throws {
    var scenario = Forge.prod
    scenario["versions"]["new"]["rules"] = [["weight_at_least": 25, "error_percent": 9]]
    try forge(scenario) { repository, runner in
      let run = try runner.run(event: "workflow_dispatch", secrets: Forge.secrets)
      #expect(run.conclusion == .failure)
      let issues = try repository.state["github"]["issues"].elements
      #expect(issues.count == 2, "\(issues.compactMap { $0["title"].string })")
      let incident = try #require(issues.first { $0["title"].string?.hasPrefix("Rolled back: ") == true })
      let note = try #require(incident["body"].string)
      #expect(note.contains(" deploying: from \(Forge.old) to "), "\(note)")
      #expect(note.contains(" stopped: rollback condition met: error-rate > 3%"))
      #expect(note.contains("- [ ] Postmortem, due 2026-06-02 "), "\(note)")
      let duty = try #require(issues.first { $0["title"].string?.contains("Postmortem — ") == true })
      #expect(duty["body"].string?.contains("Incident: #\(Int(incident["number"].number ?? 0))") == true)
      let record = try repository.record(runner.temporary("rollout"), suffix: "1001-1.json")
      #expect(record["result"] == "failure")
      #expect(record["rollbackState"] == "rolled_back")
      let rollback = try repository.record(runner.temporary("rollout"), suffix: "1001-1-rollback.json")
      #expect(rollback["from"] == .string(Forge.new))
      #expect(rollback["to"] == .string(Forge.old))
      #expect(rollback["result"] == "taken back and verified")
    }
  }

  /// What stands in the spec is shown as it is, and calls nobody but the people of the role and whom an item names.
  @Test func nothingInAnIssueIsMarkupOrCallsSomebody() throws {
    let list = """
      checklists:
        postmortem:
          title: "<b>Postmortem</b> <!-- @octocat"
          for: prod
          after-rollback: 2h
          by: service-owner
          items: ["<i>Hold</i> it with @support."]

      """
    let spec = try String(
      contentsOf: Example.root.appendingPathComponent("Examples/forge/release.yaml"), encoding: .utf8)
    let own = try #require(spec.firstMatch(of: /checklists:\n(?:(?: .*)?\n)+/))
    let example = try Example(
      "forge",
      edits: Forge.edits + [
        Edit(String(own.0), list), Edit("title: Service owner", #"title: "Owner <!-- @octocat""#),
        Edit("follow-up: Post the root-cause", "follow-up: <!-- @octocat posts the root-cause"),
      ])
    try ReleaseRepository.forge(Forge.underWay(weight: 25), example: example) { repository in
      let outcome = try repository.script("prod/rollback.sh --yes --reason bad", Forge.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      let bodies = try repository.state["github"]["issues"].elements.compactMap { $0["body"].string }
      #expect(bodies.count == 2)
      for body in bodies {
        #expect(body.contains("Owner &lt;!-- @&#8203;octocat: @forge/api-owners"), "\(body)")
        #expect(!body.contains("@octocat") && !body.contains(/<[b!i]/), "\(body)")
      }
      #expect(bodies.contains { $0.contains("- [ ] &lt;i>Hold&lt;/i> it with @support.") })
      #expect(bodies.contains { $0.contains("Next: &lt;!-- @&#8203;octocat posts the root-cause hypothesis") })
    }
  }

  @Test func aReleaseThatFailsBeforeItBeginsLeavesItsRecordAndOwesNothing() throws {
    try forge { repository, runner in
      let secrets = Forge.secrets.filter { $0.key != "DATABASE_URL" }
      let run = try runner.run(event: "workflow_dispatch", secrets: secrets)
      #expect(run.conclusion == .failure)
      #expect(runner.uploads.map(\.name) == ["prod-release-gate-report"])
      #expect(try repository.record(runner.temporary("rollout"), suffix: "1001-1.json")["result"] == "failure")
      #expect(try repository.state["github"]["issues"].elements.isEmpty)
    }
  }

  @Test func aRollbackByTheGuardKeepsItsRecordToo() throws {
    try forge { repository, runner in
      let run = try runner.run(
        event: "workflow_dispatch", secrets: Forge.secrets,
        disturbances: [.runnerLost(job: "rollout", step: try runner.index(of: "5 %"))])
      #expect(run.job("guard")?.result == .success, "\(runner.output)")
      #expect(runner.uploads.map(\.name) == ["forge-api-prod-rollback-evidence-1"])
      let record = try repository.record(runner.temporary("guard"), suffix: "1001-1-rollback.json")
      #expect(record["reason"] == "the rollout ended as failure")
    }
  }

  @Test func withoutATokenItSaysWhatIsToBeOpenedByHand() throws {
    try forge { repository, _ in
      let values = Forge.environment.merging(["GH_TOKEN": nil]) { $1 }
      let outcome = try repository.script("prod/rollout.sh duties success", values)
      #expect(outcome.code == 0)
      #expect(
        outcome.output.contains("open this issue by hand: Due 2026-06-03 02:30 UTC: The first day"), "\(outcome.output)"
      )
    }
  }

  @Test func whatTheTargetsMeansWroteDownStandsInTheRecord() throws {
    try forge { repository, _ in
      let folder = repository.runnerTemporary().appendingPathComponent("liftlock/forge-api/prod")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let lines = "rollbackState=started\nrollbackState=skipped_missing_webhook\nservice=other\n"
      try lines.write(to: folder.appendingPathComponent("outcomes"), atomically: true, encoding: .utf8)
      #expect(try repository.script("prod/rollout.sh record failure", Forge.environment).code == 0)
      let record = try repository.record(repository.runnerTemporary(), suffix: "1001-1.json")
      #expect(record["rollbackState"] == "skipped_missing_webhook")
      #expect(record["service"] == "forge-api", "nobody overwrites what the record itself says")
    }
  }
}

extension ReleaseRepository {
  /// The one record under a runner's folder whose name ends like this.
  func record(_ folder: URL, suffix: String) throws -> JSON {
    let found = try texts(under: [folder]).filter { $0.key.hasSuffix(suffix) }
    let text = try #require(found.count == 1 ? found.values.first : nil, "\(found.keys.sorted())")
    return try JSON(parsing: text)
  }
}

extension WorkflowRunner {
  /// The place of a step of the rollout, by how its name begins.
  func index(of name: String) throws -> Int {
    let job = try #require(workflow.jobs.first { $0.id == "rollout" })
    return try #require(job.steps.firstIndex { $0.name.hasPrefix(name) })
  }
}
