import Testing

/// What people say and do before a release: comments, the release issue, approvals.
@Suite(.threads) struct PeopleGateTests {
  private func gate(_ line: String, _ change: (inout JSON) -> Void) throws -> Outcome {
    var outcome = Outcome(code: -1, output: "")
    try ReleaseRepository.market(change) { outcome = try $0.market("prod/gates.sh \(line)") }
    return outcome
  }

  // MARK: - Comments

  private func comment(_ who: String, _ text: String = "/ready-for-prod") -> JSON {
    ["user": .string(who), "body": .string(text), "created_at": "-1h"]
  }

  struct Said: CustomTestStringConvertible {
    var testDescription: String
    var comment: JSON
    var code: Int32
  }

  static let said = [
    Said(testDescription: "by a named person", comment: ["user": "Tom", "body": "/ready-for-prod"], code: 0),
    Said(
      testDescription: "by a member of the team", comment: ["user": "lea", "body": "/ready-for-prod\r\nbye"], code: 0),
    Said(
      testDescription: "by somebody of another team", comment: ["user": "otto", "body": "/ready-for-prod"], code: 1),
    Said(testDescription: "by somebody else", comment: ["user": "eve", "body": "/ready-for-prod"], code: 1),
    Said(testDescription: "not in the first line", comment: ["user": "tom", "body": "not\n/ready-for-prod"], code: 1),
    Said(testDescription: "with more on the line", comment: ["user": "tom", "body": "/ready-for-prod?"], code: 1),
    Said(
      testDescription: "in a comment that was changed",
      comment: ["user": "tom", "body": "/ready-for-prod", "created_at": "-2h", "updated_at": "-1h"], code: 1),
  ]

  @Test(arguments: said)
  func aCommentCountsByItsFirstLineAndItsAuthor(said: Said) throws {
    let outcome = try gate("ready") { $0["github"]["pulls"]["12"]["comments"] = [said.comment] }
    #expect(outcome.code == said.code, "\(outcome.output)")
  }

  @Test func theReleaseIssueTakesTheCommentToo() throws {
    let outcome = try gate("ready") {
      $0["github"]["issues"] = [["title": "Release v2.0.0 of market to prod", "comments": [comment("tom")]]]
    }
    #expect(outcome.code == 0, "\(outcome.output)")
  }

  // MARK: - The release issue

  private static let done = "## 48h before\n\n- [x] Notify @support.\n\n- [X] Is the \\*war room\\* open?\n"

  private func issue(_ body: String, opened: String = "-49h", association: String = "MEMBER") throws -> Outcome {
    try gate("issue") {
      $0["github"]["issues"] = [
        [
          "title": "Release v2.0.0 of market to prod", "body": .string(body), "created_at": .string(opened),
          "user": "rita", "association": .string(association),
        ]
      ]
    }
  }

  @Test func everyBoxTickedAndTheLeadTimeOverPasses() throws {
    let outcome = try issue(Self.done)
    #expect(outcome.code == 0, "\(outcome.output)")
  }

  @Test func anOpenBoxIsNamed() throws {
    let outcome = try issue(Self.done.replacing("[X]", with: "[ ]"))
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("not ticked in #13: Is the \\*war room\\* open?"), "\(outcome.output)")
    #expect(!outcome.output.contains("support"))
  }

  @Test func aBoxThatSomebodyRemovedIsNotTicked() throws {
    let outcome = try issue("- [x] Something else\n- [x] Is the \\*war room\\* open?\n")
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("not ticked in #13: Notify @support."), "\(outcome.output)")
  }

  @Test func anIssueOpenedTooLateTellsWhenItsLeadTimeIsOver() throws {
    let outcome = try issue(Self.done, opened: "-47h")
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("its lead time is over at 2026-06-01T13:00:00Z"), "\(outcome.output)")
  }

  @Test func anIssueByAStrangerIsNone() throws {
    let outcome = try issue(Self.done, association: "NONE")
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("there is no open issue 'Release v2.0.0 of market to prod'"), "\(outcome.output)")
  }

  // MARK: - Runs of other workflows

  @Test(
    arguments: [
      ("success", "push", "-29d", Int32(0)), ("success", "push", "-31d", 1), ("failure", "schedule", "-1d", 1),
      // A branch of a fork can be called main, too.
      ("success", "pull_request", "-1d", 1),
    ])
  func theNewestRunOfAWorkflowCounts(conclusion: String, event: String, at: String, code: Int32) throws {
    let outcome = try gate("rehearsed") {
      $0["github"]["runs"]["2001"] = [
        "workflow": "drill.yml", "status": "completed", "conclusion": .string(conclusion), "event": .string(event),
        "head_branch": "main", "created_at": .string(at),
      ]
    }
    #expect(outcome.code == code, "\(outcome.output)")
  }

  // MARK: - Approvals

  private static let gates = ["prod-approval-release-manager", "prod-approval-tech-lead", "prod"]

  private func approve(_ people: [String], started: String = "-2h") throws -> [Outcome] {
    var outcomes: [Outcome] = []
    try ReleaseRepository.market { scenario in
      scenario["github"]["runs"]["1001"]["run_started_at"] = .string(started)
      scenario["github"]["approvals"]["1001"] = .array(
        zip(Self.gates, people).map { ["user": .string($1), "environments": [.string($0)]] })
    } _: { repository in
      outcomes = try Self.gates.map { try repository.market("prod/gates.sh approval \($0)") }
    }
    return outcomes
  }

  @Test func threeApprovalsAreThreePeople() throws {
    #expect(try approve(["rita", "tom", "otto"]).map(\.code) == [0, 0, 0])
    let twice = try approve(["rita", "tom", "tom"])
    #expect(twice.map(\.code) == [1, 1, 1])
    #expect(twice[2].output.contains("tom passed prod and prod-approval-tech-lead"), "\(twice[2].output)")
    #expect(try approve(["rita", "tom"]).map(\.code) == [0, 0, 1])
  }

  @Test func anApprovalThatComesTooLateCountsAsNone() throws {
    let late = try approve(["rita", "tom", "otto"], started: "-25h")
    #expect(late.map(\.code) == [1, 1, 1])
    #expect(
      late[0].output.contains("approval expired after 24h (declared in the spec): start the release again"),
      "\(late[0].output)")
  }

  @Test func aRunWhoseAgeCannotBeReadDoesNotPass() throws {
    try ReleaseRepository.market { scenario in
      scenario["github"]["approvals"]["1001"] = [["user": "rita", "environments": ["prod-approval-release-manager"]]]
      scenario["faults"] = [["command": "gh", "match": "attempts/1", "kind": "fail"]]
    } _: { repository in
      let outcome = try repository.market("prod/gates.sh approval prod-approval-release-manager")
      #expect(outcome.code == 3)
    }
  }
}
