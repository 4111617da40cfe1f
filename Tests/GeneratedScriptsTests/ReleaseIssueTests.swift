import Foundation
import Testing

/// The issue in which people tick what they do before a release.
@Suite(.threads) struct ReleaseIssueTests {
  private let line = "release-issue.sh prod v2.0.0 2026-06-03T00:00Z"

  @Test func theIssueHasEveryListWithTheTimeByWhichItIsDueTheLongestLeadFirst() throws {
    try ReleaseRepository.market { _ in
    } _: { repository in
      let outcome = try repository.market(line)
      #expect(outcome.code == 0, "\(outcome.output)")
      let issues = try repository.state["github"]["issues"].elements
      #expect(issues.map { $0["title"].string } == ["Release v2.0.0 of market to prod"])
      #expect(issues[0]["labels"].elements.map { $0["name"].string } == ["release"])
      #expect(
        issues[0]["body"].string == """
          Release of market to prod, tag v2.0.0, planned for 2026-06-03T00:00:00Z.

          ## 48h before: Two days before

          Due 2026-06-01T00:00:00Z, the duty of: Release manager

          - [ ] Notify @support.
          - checked by the machine: Load test

          ## 30m before: minutes

          Due 2026-06-02T23:30:00Z

          - [ ] Is the \\*war room\\* open?


          """)
    }
  }

  @Test func anIssueThatIsOpenIsLeftAsItIs() throws {
    try ReleaseRepository.market { _ in
    } _: { repository in
      for _ in 1...2 { #expect(try repository.market(line).code == 0) }
      #expect(try repository.state["github"]["issues"].elements.count == 1)
      let closed = try #require(repository.state["github"]["issues"][0]["number"].number)
      #expect(closed == 13)
      try repository.set("/github/issues/0/state", "closed")
      #expect(try repository.market(line).code == 0)
      #expect(try repository.state["github"]["issues"].elements.count == 2)
    }
  }

  /// What the script writes is what the gate reads, once the boxes are ticked and the lead time is over.
  @Test func theGateTakesTheIssueOnceItsBoxesAreTicked() throws {
    try ReleaseRepository.market { _ in
    } _: { repository in
      #expect(try repository.market(line).code == 0)
      try repository.set("/github/issues/0/created_at", "2026-05-30T00:00:00Z")
      let before = try repository.market("prod/gates.sh issue")
      #expect(before.code == 1)
      #expect(before.output.components(separatedBy: "not ticked").count == 3, "\(before.output)")
      let body = try repository.state["github"]["issues"][0]["body"].string ?? ""
      try repository.set("/github/issues/0/body", .string(body.replacing("- [ ]", with: "- [x]")))
      let after = try repository.market("prod/gates.sh issue")
      #expect(after.code == 0, "\(after.output)")
    }
  }

  @Test(
    arguments: [
      "release-issue.sh staging v2.0.0 2026-06-03T00:00Z", "release-issue.sh prod main 2026-06-03T00:00Z",
      "release-issue.sh prod v2.0.0 tomorrow", "release-issue.sh prod v2.0.0", "release-issue.sh",
    ])
  func aWrongCallOpensNothing(call: String) throws {
    try ReleaseRepository.market { _ in
    } _: { repository in
      let outcome = try repository.market(call)
      #expect(outcome.code == 2)
      #expect(try repository.state["github"]["issues"].elements.isEmpty)
    }
  }
}
