import Foundation
import Testing

/// A file that is out of date, one that was edited, one of somebody else and one that nobody generates any more are four
/// things, and are put right in four ways.
@Suite struct OrphanTests {
  static let spec = """
    liftlock: 1
    service: blog
    artifact: { image: ghcr.io/acme/blog }
    checks:
      up: { probe: { requests: [GET /] } }
    environments:
      live:
        on: { push: { branches: [main] } }
        url: https://blog.acme.example
        deploy: { command: { run: ops/target.sh } }
        rollout: { rolling: { verify: [up], watch: 5m } }
        rollback: { when: [up fails for 1m], verify: [up] }

    """

  private static func write(_ text: String, _ path: String, in root: URL) throws {
    let url = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// A repository with a spec in it and what that is compiled to.
  private func withRepository(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { root in
      try Self.write(Self.spec, "release.yaml", in: root)
      let outcome = try liftlock("generate", in: root)
      try #require(outcome.code == 0, "\(outcome)")
      try body(root)
    }
  }

  private static func rename(_ root: URL) throws {
    try write(spec.replacingOccurrences(of: "service: blog", with: "service: news"), "release.yaml", in: root)
  }

  @Test func fourMessagesForFourThings() throws {
    try withRepository { root in
      // The environment has another name: its workflow and its scripts are made under that, and the old ones by nobody.
      try Self.write(
        Self.spec.replacingOccurrences(of: "  live:", with: "  prod:"), "release.yaml", in: root)
      try GenerateTests.edit(root, ".github/workflows/blog-rollback.yml")
      try Self.write("name: mine\n", ".github/workflows/blog-prod.yml", in: root)
      let before = try contents(of: root)
      let checked = try liftlock("generate", "--check", in: root)
      #expect(checked.code == 1)
      let lines = checked.complaint.split(separator: "\n").map(String.init)
      for line in [
        "liftlock: .github/workflows/blog-prod.yml is there already and is not Liftlock's: move it away, or overwrite it with "
          + "--force",
        "liftlock: .github/workflows/blog-rollback.yml was edited by hand: put the change into the spec, or overwrite it with "
          + "--force (--diff shows it)",
        "liftlock: docs/runbooks/blog.md is out of date: the spec, or Liftlock, has changed since it was generated",
        "liftlock: ops/blog/prod/rollout.sh is missing",
        "liftlock: ops/blog/live/rollout.sh is not generated any more: the spec of `blog` asks for it no longer; liftlock "
          + "generate removes it",
      ] { #expect(lines.contains(line), "\(line)\n\(checked.complaint)") }
      #expect(try contents(of: root) == before)
      let refused = try liftlock("generate", in: root)
      #expect(refused.code == 1 && refused.text == "")
      // What stands in the way, and nothing else.
      #expect(refused.complaint.split(separator: "\n").count == 3, "\(refused)")
      #expect(try contents(of: root) == before)
      #expect(try liftlock("generate", "--force", in: root).code == 0)
      #expect(try liftlock("generate", "--check", in: root).description == "exit 0\n\n")
      #expect(!FileManager.default.fileExists(atPath: root.appendingPathComponent("ops/blog/live").path))
    }
  }

  @Test func whatARenamedServiceLeavesIsNamedAndPrunedOnlyWhenAskedTo() throws {
    try withRepository { root in
      let old = Set(try contents(of: root).keys).subtracting(["release.yaml"])
      try Self.rename(root)
      let outcome = try liftlock("generate", in: root)
      #expect(outcome.code == 1, "\(outcome)")
      #expect(outcome.text.contains("created ops/news/live/rollout.sh\n") && !outcome.text.contains("removed"))
      for path in old {
        #expect(
          outcome.complaint.contains(
            "liftlock: \(path) is an orphan: no spec in this repository is of the service `blog` any more; liftlock generate "
              + "--prune removes it\n"), "\(path)")
      }
      let checked = try liftlock("generate", "--check", in: root)
      #expect(checked.code == 1 && checked.complaint.contains("\(old.count) files are not as generated"))
      let pruned = try liftlock("generate", "--prune", in: root)
      #expect(pruned.code == 0 && pruned.complaint == "", "\(pruned)")
      #expect(Set(pruned.text.split(separator: "\n").map(String.init)) == Set(old.map { "removed \($0)" }))
      #expect(Set(try contents(of: root).keys).isDisjoint(with: old))
      #expect(try liftlock("generate", "--check", in: root).code == 0)
    }
  }

  @Test func prunedIsNoOrphanThatSomebodyEdited() throws {
    try withRepository { root in
      try Self.rename(root)
      try GenerateTests.edit(root, ".github/workflows/blog-live.yml")
      let before = try contents(of: root)
      let outcome = try liftlock("generate", "--prune", in: root)
      #expect(outcome.code == 1)
      #expect(outcome.complaint.contains("blog-live.yml is an orphan"))
      #expect(outcome.complaint.contains("it was edited by hand, so remove it yourself, or use --prune --force"))
      #expect(try contents(of: root) == before)
      #expect(try liftlock("generate", "--prune", "--force", in: root).code == 0)
      #expect(!(try contents(of: root).keys.contains { $0.contains("blog") }))
    }
  }

  /// Wherever the other spec is, and whatever it is called.
  @Test(arguments: ["services/blog/release.yaml", "services/blog.release.yaml", "ci/how-we-ship.yml"])
  func filesOfASpecThatWasNotNamedAreNoOrphans(place: String) throws {
    try withRepository { root in
      try Self.write(Self.spec, place, in: root)
      try Self.rename(root)
      #expect(try liftlock("generate", in: root).code == 0)
      let pruned = try liftlock("generate", "--prune", in: root)
      #expect(pruned.description == "exit 0\n\n")
      #expect(try liftlock("generate", "--check", place, in: root).code == 0)
      // Also one that is broken at the moment is somebody's.
      try Self.write("liftlock: 1\nservice: blog\nartefact: {}\n", place, in: root)
      #expect(try liftlock("generate", "--prune", in: root).description == "exit 0\n\n")
      try FileManager.default.removeItem(at: root.appendingPathComponent(place))
      #expect(try liftlock("generate", in: root).code == 1)
    }
  }

  /// Whoever else writes into a folder that the spec does not lie in is not known.
  @Test func inAFolderOfOthersNobodyIsAnOrphan() throws {
    try withTemporaryFolder { root in
      #expect(try liftlock("generate", "-", in: root, input: Self.spec).code == 0)
      let other = Self.spec.replacingOccurrences(of: "service: blog", with: "service: news")
      #expect(try liftlock("generate", "-", in: root, input: other).code == 0)
      #expect(try liftlock("generate", "-", "--check", in: root, input: other).code == 0)
      let pruned = try liftlock("generate", "-", "--prune", in: root, input: other)
      #expect(pruned.code == 2 && pruned.complaint.contains("--prune needs to know all specs of the repository"))
      #expect(try contents(of: root).keys.contains("docs/runbooks/blog.md"))
    }
  }

  @Test func whatAKilledRunHasLeftIsTidiedUp() throws {
    try withRepository { root in
      let right = try contents(of: root)
      let leftovers = [".github/workflows/.blog-live.yml.liftlock-7", "ops/blog/live/.rollout.sh.liftlock-123"]
      for path in leftovers { try Self.write("# Generated by", path, in: root) }
      // Names that only look like it.
      let others = ["ops/blog/.liftlock-x", "ops/blog/notes.liftlock-12", "ops/blog/.a.liftlock-1b"]
      for path in others { try Self.write("mine", path, in: root) }
      #expect(try liftlock("generate", "--check", in: root).code == 0)
      #expect(try contents(of: root).keys.contains(leftovers[0]))
      #expect(try liftlock("generate", in: root).description == "exit 0\n\n")
      #expect(Set(try contents(of: root).keys) == Set(right.keys).union(others))
    }
  }

  @Test func readerThatHasGoneDoesNotStopIt() throws {
    try withTemporaryFolder { root in
      try Self.write(Self.spec, "release.yaml", in: root)
      let outcome = try run(
        "bash", ["-c", "\"$1\" generate | true; \"$1\" generate --check", "bash", liftlockPath], in: root)
      #expect(outcome.code == 0, "\(outcome)")
    }
  }

  @Test func outputThatCannotBeWrittenDoesNotStopIt() throws {
    try withTemporaryFolder { root in
      try Self.write(Self.spec, "release.yaml", in: root)
      let outcome = try run("bash", ["-c", "\"$1\" generate >/dev/full", "bash", liftlockPath], in: root)
      #expect(outcome.code == 2 && outcome.complaint.contains("No space left on device"))
      #expect(try liftlock("generate", "--check", in: root).code == 0)
    }
  }

  /// The lock is the root folder's own: nothing is left of it.
  @Test func twoRunsAtOnceLeaveWhatOneLeaves() throws {
    try withTemporaryFolder { root in
      try Self.write(Self.spec, "release.yaml", in: root)
      let outcome = try run(
        "bash",
        [
          "-c", "for i in 1 2 3 4 5 6; do \"$1\" generate >out.$i 2>&1 & done; wait; cat out.*; rm out.*", "bash",
          liftlockPath,
        ],
        in: root)
      #expect(!outcome.text.contains("cannot"), "\(outcome)")
      #expect(try liftlock("generate", "--check", in: root).code == 0)
      #expect(!(try contents(of: root).keys.contains { $0.contains(".liftlock-") }))
    }
  }
}
