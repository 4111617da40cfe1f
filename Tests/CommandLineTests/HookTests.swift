import Foundation
import Testing

/// What hooks and pull requests ask of `generate`.
@Suite struct HookTests {
  private func generate(_ root: URL, _ options: String...) throws -> Outcome {
    try run(
      liftlockPath, ["generate", examplePath("trade-nexus"), "--root", root.path] + options, in: repository,
      // This may itself be run by a hook.
      environment: ["GIT_DIR": root.appendingPathComponent(".git").path, "GIT_WORK_TREE": root.path])
  }

  private func git(_ root: URL, _ arguments: String...) throws {
    let outcome = try run("git", ["-C", root.path] + arguments, in: root)
    try #require(outcome.code == 0, "\(outcome)")
  }

  @Test func aChangeEndsWithOneWhereItIsAskedFor() throws {
    try withTemporaryFolder { root in
      let first = try generate(root, "--fail-on-change")
      #expect(first.code == 1)
      #expect(first.text.contains("created docs/runbooks/trade-nexus-backend.md\n"))
      #expect(first.complaint.contains("add them with git add"))
      let second = try generate(root, "--fail-on-change")
      #expect(second.code == 0 && second.text == "" && second.complaint == "", "\(second)")
      try FileManager.default.removeItem(at: root.appendingPathComponent("docs"))
      #expect(try generate(root).code == 0)
    }
  }

  @Test func whatGitDoesNotKnowEndsWithOneWhereItIsAskedFor() throws {
    try withTemporaryFolder { root in
      try git(root, "init", "--quiet")
      let first = try generate(root, "--fail-on-untracked")
      #expect(first.code == 1)
      #expect(first.complaint.contains("git does not know docs/runbooks/trade-nexus-backend.md yet\n"))
      try git(root, "add", "--all")
      let second = try generate(root, "--fail-on-untracked")
      #expect(second.code == 0 && second.complaint == "", "\(second)")
      // One of them only, and it is still there.
      try git(root, "rm", "--quiet", "--cached", "docs/runbooks/trade-nexus-backend.md")
      let third = try generate(root, "--fail-on-untracked")
      #expect(third.code == 1)
      #expect(third.complaint.split(separator: "\n").count == 2, "\(third)")
    }
  }

  @Test func whereThereIsNoGitItSaysSo() throws {
    try withTemporaryFolder { root in
      let outcome = try generate(root, "--fail-on-untracked")
      #expect(outcome.code == 2)
      #expect(outcome.complaint.contains("is it in a git repository?"))
    }
  }

  @Test func driftIsAnAnnotationForGitHub() throws {
    try withGeneratedRepository { root in
      let runbook = "docs/runbooks/trade-nexus-backend.md"
      try FileManager.default.removeItem(at: root.appendingPathComponent(runbook))
      let outcome = try generate(root, "--check", "--format", "github")
      #expect(outcome.code == 1)
      #expect(
        outcome.text == "::error file=\(runbook),title=drift::\(runbook) is missing; run: liftlock generate\n",
        "\(outcome)")
      #expect(try generate(root, "--diff", "--format", "github").text.hasPrefix("--- /dev/null\n"))
    }
  }
}
