import Foundation
import Testing

/// Commits of actions: a bot moves one in the generated workflows, and what it chose is taken over.
@Suite struct PinsTests {
  private static let name = "actions/checkout"
  private static let moved = String(repeating: "0123456789", count: 4)
  private static let folder = ".github/workflows"

  private func workflows(_ root: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(Self.folder).path).sorted().map {
      root.appendingPathComponent("\(Self.folder)/\($0)")
    }
  }

  /// Changes a file as a bot does: each use of the action.
  private func move(_ file: URL, to reference: String = moved, comment: String = " # v7.2.0") throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    let new = text.replacing(/(uses: actions\/checkout@)[0-9a-f]{40} # v[0-9.]+/) {
      "\($0.output.1)\(reference)\(comment)"
    }
    try #require(new != text)
    try new.write(to: file, atomically: true, encoding: .utf8)
  }

  private func pins(_ root: URL, _ options: String...) throws -> Outcome {
    try run(liftlockPath, ["pins", "--root", root.path] + options, in: repository)
  }

  private func generate(_ root: URL, _ options: String...) throws -> Outcome {
    try run(liftlockPath, ["generate", examplePath("trade-nexus"), "--root", root.path] + options, in: repository)
  }

  @Test func everyActionIsListedWithItsCommitAndWhoChoseIt() throws {
    try withTemporaryFolder { root in
      let lines = try pins(root).text.split(separator: "\n")
      #expect(lines.map { $0.prefix { $0 != " " } } == ["actions/checkout", "actions/upload-artifact", "azure/login"])
      #expect(lines.allSatisfy { $0.contains(/\ v[0-9.]+ +[0-9a-f]{40} +Liftlock's own$/) }, "\(lines)")
    }
  }

  @Test func whatABotChoseIsToldApartFromAnEditAndTakenOver() throws {
    try withGeneratedRepository { root in
      for file in try workflows(root) { try move(file) }
      let before = try contents(of: root)
      let found = try generate(root, "--check")
      #expect(found.code == 1)
      #expect(found.complaint.contains("uses actions at other commits: take them over with liftlock pins --update"))
      #expect(!found.complaint.contains("edited by hand"))
      // Neither the bot's work nor anything else is lost.
      #expect(try generate(root).code == 1)
      #expect(try contents(of: root) == before)

      let taken = try pins(root, "--update")
      #expect(taken.code == 0, "\(taken)")
      #expect(taken.text.contains("actions/checkout: v7.0.1 → v7.2.0\n"))
      let file = root.appendingPathComponent("liftlock.pins")
      #expect(try String(contentsOf: file, encoding: .utf8).hasSuffix("\nactions/checkout \(Self.moved) v7.2.0\n"))
      #expect(try pins(root).text.contains("\(Self.moved)  liftlock.pins\n"))

      #expect(try generate(root).code == 0)
      #expect(try generate(root, "--check").code == 0)
      let text = try String(contentsOf: #require(try workflows(root).first), encoding: .utf8)
      #expect(text.contains("uses: actions/checkout@\(Self.moved) # v7.2.0"))
      // Only workflows use actions.
      let after = try contents(of: root)
      for (path, bytes) in before where !path.hasPrefix(Self.folder) { #expect(after[path] == bytes, "\(path)") }
      #expect(try pins(root, "--update").text.hasPrefix("The workflows use what they were generated with"))
    }
  }

  @Test func anEditBesideTheCommitIsAnEdit() throws {
    try withGeneratedRepository { root in
      let file = try #require(try workflows(root).first)
      try move(file)
      let text = try String(contentsOf: file, encoding: .utf8)
      try text.replacing("persist-credentials: 'false'", with: "persist-credentials: 'true'").write(
        to: file, atomically: true, encoding: .utf8)
      #expect(
        try generate(root, "--check").complaint.contains("\(Self.folder)/\(file.lastPathComponent) was edited by hand"))
    }
  }

  @Test func twoCommitsOfOneActionAreAQuestion() throws {
    try withGeneratedRepository { root in
      let files = try workflows(root)
      try #require(files.count > 1)
      try move(files[0])
      try move(files[1], to: String(Self.moved.reversed()))
      let outcome = try pins(root, "--update")
      #expect(outcome.code == 1)
      #expect(
        outcome.complaint.contains("use actions/checkout at different commits; which one is right?"), "\(outcome)")
      #expect(try contents(of: root)["liftlock.pins"] == nil)
    }
  }

  @Test(arguments: [
    ("v8", "", "is used at `v8`, which is no commit"),
    (moved, "", "write the version of actions/checkout behind the commit"),
  ]) func whatIsNoPinIsNotTakenOver(reference: String, comment: String, problem: String) throws {
    try withGeneratedRepository { root in
      let file = try #require(try workflows(root).first)
      try move(file, to: reference, comment: comment)
      let outcome = try pins(root, "--update")
      #expect(outcome.code == 1)
      #expect(outcome.complaint.contains("\(Self.folder)/\(file.lastPathComponent):"), "\(outcome)")
      #expect(outcome.complaint.contains(problem), "\(outcome)")
      #expect(try contents(of: root)["liftlock.pins"] == nil)
    }
  }

  @Test func everyLineThatIsNoPinIsToldAndNothingIsWritten() throws {
    try withTemporaryFolder { root in
      let text = """
        # Ours.
        actions/checkout v7
        actions/checkuot \(Self.moved) v7.2.0
        azure/login v3.0.2 v3.0.2
        actions/checkout \(Self.moved) v7.2.0 # by the bot
        actions/checkout \(Self.moved) v7.2.0
        """
      try text.write(to: root.appendingPathComponent("liftlock.pins"), atomically: true, encoding: .utf8)
      let outcome = try generate(root)
      #expect(outcome.code == 1)
      let lines = outcome.complaint.split(separator: "\n").map { $0.prefix(26) }
      #expect(lines == [2, 3, 4, 6].map { "liftlock: liftlock.pins:\($0):" }, "\(outcome)")
      #expect(try contents(of: root).keys.sorted() == ["liftlock.pins"])
    }
  }
}
