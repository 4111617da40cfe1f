import Foundation
import GitHubWorkflow
import Testing

/// Who is told of a release in production, by every kind of channel.
@Suite(.threads) struct NotificationTests {
  private static let secrets = [
    "PAGERDUTY_KEY": "0123456789abcdef0123456789abcdef", "STATUS_TOKEN": "status-token-31bb",
    "EVENTS_URL": "https://events.forge.example/in/events-secret-77aa", "EVENTS_TOKEN": "events-token-90fe",
    "MAIL_URL": "smtp://mail-secret-12cd@mail.example",
  ]
  private static let hidden =
    Forge.hidden + [
      "0123456789abcdef", "status-token-31bb", "events-secret-77aa", "events-token-90fe", "mail-secret-12cd",
    ]

  static let example = Result {
    let declared = secrets.keys.sorted().map {
      "  \($0): { in: [prod], purpose: telling people, rotate: 90d, optional: true, without: nobody hears of it }\n"
    }
    let channels = """
      notify:
        on-call: { pagerduty: PAGERDUTY_KEY, on: [failed, rolled-back, rollback-failed], in: [prod] }
        customers:
          status-page: { page: kctbh9vrtdwd, token: STATUS_TOKEN }
          on: [started, rollback-failed]
          in: [prod]
        dashboard:
          webhook: { url: EVENTS_URL, token: EVENTS_TOKEN }
          on: [started, succeeded, failed, rolled-back]
          in: [prod]
        author: { pull-request: comment, on: [succeeded, rolled-back], in: [prod] }
        mail:
          command: { run: ops/mail.sh --to team@forge.example, secrets: [MAIL_URL] }
          on: [succeeded, failed, rolled-back]
          in: [prod]

      """
    return try Example(
      "forge",
      edits: Forge.edits + [
        Edit("secrets:\n  KUBECONFIG", "secrets:\n\(declared.joined())  KUBECONFIG"), Edit("notify:\n", channels),
        Edit(
          "evidence:\n", "links:\n  - { title: Grafana, url: \"https://grafana.forge.example/d/api\" }\n\nevidence:\n"),
      ])
  }

  private func forge(
    _ change: (inout JSON) -> Void = { _ in }, mail: String = "cat >\"mail-$3.txt\"",
    _ body: (ReleaseRepository, WorkflowRunner) throws -> Void
  ) throws {
    var scenario = Forge.prod
    scenario["webhooks"] = [
      ["match": "hooks.slack.example", "kind": "slack"], ["match": "api.statuspage.io", "kind": "status-page"],
      "events.forge.example",
    ]
    change(&scenario)
    try ReleaseRepository.forge(scenario, example: Self.example.get(), programs: ["mail": mail]) { repository in
      try body(repository, try repository.forgeRunner("prod"))
    }
  }

  private func release(_ runner: WorkflowRunner, without names: Set<String> = []) throws -> WorkflowRun {
    let secrets = Forge.secrets.merging(Self.secrets) { $1 }.filter { !names.contains($0.key) }
    return try runner.run(event: "workflow_dispatch", secrets: secrets)
  }

  private static func takenBack(_ scenario: inout JSON) {
    scenario["versions"]["new"]["rules"] = [["weight_at_least": 25, "error_percent": 9]]
  }

  @Test func everyChannelHearsOfAGoodRelease() throws {
    try forge { repository, runner in
      let run = try release(runner)
      #expect(run.conclusion == .success, "\(runner.output)")
      #expect(try repository.posted("hooks.slack.example").count == 2)
      let slack = try #require(try repository.posted("hooks.slack.example").last?["text"].string)
      #expect(
        slack.hasPrefix("forge-api v1.4.0-rc.1 is released to prod\nstatus: succeeded\nversion: \(Forge.new)\n"),
        "\(slack)")
      #expect(slack.contains("\nversion before: \(Forge.old)\n"), "\(slack)")
      #expect(slack.contains("\nafter: "))
      #expect(slack.contains("\nRun: https://github.com/forge/api/actions/runs/1001\n"))
      #expect(slack.hasSuffix("\nGrafana: https://grafana.forge.example/d/api"))
      let events = try repository.posted("events.forge.example")
      #expect(events.map { $0["event"].string } == ["started", "succeeded"])
      #expect(events.last?["duration_seconds"].number ?? 0 > 9 * 60)
      #expect(try repository.state["pagerduty"].members.isEmpty, "nobody is woken up because all is well")
      let incident = try repository.state["status_page"]["entry-1"]["incident"]
      #expect(incident["name"] == "forge-api in prod: release")
      #expect(incident["status"] == "resolved")
      let comments = try repository.state["github"]["pulls"]["12"]["comments"].elements.compactMap { $0["body"].string }
      #expect(comments.map { $0.hasPrefix("forge-api v1.4.0-rc.1 is released to prod\n") } == [true])
      let mail = repository.checkout.appendingPathComponent("mail-succeeded.txt")
      #expect(try Program.text(of: mail).hasPrefix("forge-api v1.4.0-rc.1 is released to prod\n"))
      #expect(runner.summary.contains("- succeeded: forge-api v1.4.0-rc.1 is released to prod"))
      try expectNoSecret(runner, repository)
    }
  }

  @Test func aRollbackIsToldOnceAndTheNextGoodReleaseResolvesThePage() throws {
    try forge(Self.takenBack) { repository, runner in
      let run = try release(runner)
      #expect(run.conclusion == .failure)
      try repository.expectProdTakenBack()
      let alert = try repository.state["pagerduty"]["forge-api/prod"]
      #expect(alert["state"] == "triggered")
      #expect(alert["severity"] == "error")
      #expect(alert["events"] == 1, "that it failed is no second alert")
      #expect(try repository.posted("events.forge.example").map { $0["event"].string } == ["started", "rolled-back"])
      let slack = try #require(try repository.posted("hooks.slack.example").last?["text"].string)
      #expect(
        slack.hasPrefix("forge-api v1.4.0-rc.1 was taken back in prod\nrollback condition met: error-rate &gt; 3%"),
        "\(slack)")
      #expect(try repository.state["status_page"]["entry-1"]["incident"]["status"] == "resolved")
      #expect(
        try Program.text(of: repository.checkout.appendingPathComponent("mail-rolled-back.txt")).contains("taken back"))
      #expect(
        !FileManager.default.fileExists(atPath: repository.checkout.appendingPathComponent("mail-failed.txt").path))
      try expectNoSecret(runner, repository)
      let values = Forge.environment.merging(Self.secrets.mapValues { $0 }) { $1 }
      #expect(try repository.script("prod/rollout.sh notify succeeded", values).code == 0)
      #expect(try repository.state["pagerduty"]["forge-api/prod"]["state"] == "resolved")
    }
  }

  @Test func aRollbackThatCannotMoveTheTrafficIsCritical() throws {
    let stuck: (inout JSON) -> Void = {
      let webhooks = $0["webhooks"]
      $0 = Forge.underWay(weight: 25)
      $0["webhooks"] = webhooks
      $0["faults"] = [["command": "kubectl", "match": "patch httproute", "kind": "fail"]]
    }
    try forge(stuck) { repository, _ in
      let values = Forge.environment.merging(Self.secrets.mapValues { $0 }) { $1 }
      let outcome = try repository.script("prod/rollback.sh --yes", values)
      #expect(outcome.code == 1, "\(outcome.output)")
      #expect(try repository.state["pagerduty"]["forge-api/prod"]["severity"] == "critical")
      #expect(try repository.state["status_page"]["entry-1"]["incident"]["status"] == "investigating")
    }
  }

  @Test func deadChannelsStopNothingAndAreNamed() throws {
    func dead(_ scenario: inout JSON) {
      scenario["faults"] = [
        ["command": "http", "match": "hooks.slack", "kind": "hang"],
        ["command": "http", "match": "(pagerduty|statuspage|events)", "kind": "fail", "status": 503],
        ["command": "gh", "match": "comments", "kind": "fail"],
      ]
    }
    try forge(dead, mail: "sleep 1000") { repository, runner in
      let run = try release(runner)
      #expect(run.conclusion == .success, "\(runner.output)")
      for channel in ["release-channel", "customers", "dashboard", "author", "mail"] {
        #expect(runner.output.contains("ERROR: \(channel) could not be told"), "\(channel)")
      }
      try expectNoSecret(runner, repository)
    }
  }

  @Test func aChannelWithoutItsOptionalSecretIsSkippedAndSaysSo() throws {
    try forge { repository, runner in
      let run = try release(runner, without: ["EVENTS_URL", "STATUS_TOKEN"])
      #expect(run.conclusion == .success, "\(runner.output)")
      #expect(runner.output.contains("dashboard was not told: no EVENTS_URL; nobody hears of it"))
      #expect(runner.output.contains("customers was not told: no STATUS_TOKEN; nobody hears of it"))
      #expect(!runner.output.contains("could not be told"))
      #expect(try repository.posted("events.forge.example").isEmpty)
    }
  }

  @Test func aReasonCannotCallAWholeChannel() throws {
    try forge { repository, _ in
      var values = Forge.environment.merging(Self.secrets.mapValues { $0 }) { $1 }
      values["GITHUB_REF_NAME"] = "v1\"; <!channel> $(touch x)"
      #expect(try repository.script("prod/rollout.sh notify started", values).code == 0)
      let text = try #require(try repository.posted("hooks.slack.example").last?["text"].string)
      #expect(text.hasPrefix("forge-api v1\"; &lt;!channel&gt; $(touch x) is being released to prod\n"), "\(text)")
    }
  }

  /// No secret in what was printed, written down or given to a program as an argument.
  private func expectNoSecret(_ runner: WorkflowRunner, _ repository: ReleaseRepository) throws {
    let folders = [repository.temporary, repository.checkout, runner.temporary("rollout"), runner.temporary("guard")]
    var texts = try repository.texts(under: folders)
    texts["output"] = runner.output
    texts["summary"] = runner.summary
    texts["arguments"] = try repository.calls.filter { !$0.hasPrefix("http ") }.joined(separator: "\n")
    texts["GitHub"] = try repository.state["github"].text
    for (place, text) in texts {
      for secret in Self.hidden { #expect(!text.contains(secret), "\(secret) is in \(place)") }
    }
  }
}
