import Foundation
import Testing

/// What `generate` writes, what it leaves alone, and what it refuses.
@Suite struct GenerateTests {
  private static let script = "ops/trade-nexus-backend/production/rollout.sh"
  private static let workflow = ".github/workflows/trade-nexus-backend-production.yml"

  private func generate(_ root: URL, _ options: String...) throws -> Outcome {
    try run(liftlockPath, ["generate", examplePath("trade-nexus"), "--root", root.path] + options, in: repository)
  }

  @Test(arguments: exampleNames) func committedFilesAreUpToDate(name: String) throws {
    let outcome = try liftlock("generate", examplePath(name), "--root", "Generated/\(name)", "--check")
    #expect(outcome.code == 0, "\(outcome)")
    #expect(outcome.text == "" && outcome.complaint == "")
  }

  @Test func everyFileIsWrittenAndTold() throws {
    try withTemporaryFolder { root in
      let outcome = try generate(root)
      #expect(outcome.code == 0)
      let lines = outcome.text.split(separator: "\n").map(String.init)
      #expect(lines.allSatisfy { $0.hasPrefix("created ") })
      let written = try contents(of: root).keys.sorted()
      #expect(lines.map { String($0.dropFirst(8)) }.sorted() == written)
      #expect(try contents(of: root) == contents(of: repository.appendingPathComponent("Generated/trade-nexus")))
    }
  }

  // MARK: - What is generated no more

  /// doc-0020 without its hotfix: two workflows, which a tag would still start, and their folders go.
  private func withoutHotfix() throws -> String {
    let spec = try String(contentsOfFile: examplePath("doc-0020"), encoding: .utf8)
    var lines = spec.split(separator: "\n", omittingEmptySubsequences: false)
    for key in ["hotfix:", "  hotfix-postmortem:", "  merge-back:"] {
      guard let start = lines.firstIndex(where: { $0 == key }) else { continue }
      let depth = key.prefix { $0 == " " }.count
      let end =
        lines[(start + 1)...].firstIndex { !$0.isEmpty && $0.prefix { $0 == " " }.count <= depth } ?? lines.endIndex
      lines.removeSubrange(start..<end)
    }
    return lines.joined(separator: "\n")
  }

  @Test func whatIsGeneratedNoMoreIsFoundAndRemoved() throws {
    try withGeneratedRepository("doc-0020") { root in
      let own = root.appendingPathComponent(".github/workflows/our-own.yml")
      try "name: ours\n".write(to: own, atomically: true, encoding: .utf8)
      let spec = try withoutHotfix()
      let gone = [".github/workflows/app-production-hotfix.yml", "ops/app/staging-hotfix/rollout.sh"]
      let checked = try liftlock("generate", "-", "--root", root.path, "--check", input: spec)
      #expect(checked.code == 1)
      for path in gone { #expect(checked.text.contains("--- a/\(path)\n+++ /dev/null\n")) }
      let outcome = try liftlock("generate", "-", "--root", root.path, input: spec)
      #expect(outcome.code == 0, "\(outcome)")
      for path in gone {
        #expect(outcome.text.contains("removed \(path)\n"))
        #expect(!FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path))
      }
      #expect(!FileManager.default.fileExists(atPath: root.appendingPathComponent("ops/app/staging-hotfix").path))
      #expect(FileManager.default.fileExists(atPath: own.path))
      #expect(try liftlock("generate", "-", "--root", root.path, "--check", input: spec).code == 0)
    }
  }

  @Test func whatWasEditedOrBelongsToAnotherSpecStays() throws {
    try withGeneratedRepository("doc-0020") { root in
      let edited = root.appendingPathComponent("ops/app/staging-hotfix/rollout.sh")
      try (try String(contentsOf: edited, encoding: .utf8) + "# mine\n").write(
        to: edited, atomically: true, encoding: .utf8)
      #expect(try liftlock("generate", examplePath("ecom-back"), "--root", root.path).code == 0)
      let before = try contents(of: root)
      let outcome = try liftlock("generate", "-", "--root", root.path, input: withoutHotfix())
      #expect(outcome.code == 1)
      #expect(
        outcome.complaint.contains(
          "ops/app/staging-hotfix/rollout.sh is not generated any more: the spec of `app` asks for it no longer; it was edited "
            + "by hand, so remove it yourself, or use --force"))
      #expect(try contents(of: root) == before)
      let forced = try liftlock("generate", "-", "--root", root.path, "--force", input: withoutHotfix())
      #expect(forced.code == 0 && !forced.text.contains("ecom-back"))
    }
  }

  @Test func secondRunTouchesNothing() throws {
    try withGeneratedRepository { root in
      let path = root.appendingPathComponent(Self.script).path
      try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1000)], ofItemAtPath: path)
      let outcome = try generate(root)
      #expect(outcome.code == 0 && outcome.text == "" && outcome.complaint == "")
      let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
      #expect(date == Date(timeIntervalSince1970: 1000))
    }
  }

  @Test func scriptsAreExecutableAndOtherFilesAreNot() throws {
    try withGeneratedRepository { root in
      for path in try contents(of: root).keys {
        let isExecutable = FileManager.default.isExecutableFile(atPath: root.appendingPathComponent(path).path)
        #expect(isExecutable == path.hasSuffix(".sh"), "\(path)")
      }
    }
  }

  @Test func scriptThatLostItsExecutableBitIsNotUpToDateAndGetsItBack() throws {
    try withGeneratedRepository { root in
      let path = root.appendingPathComponent(Self.script).path
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      let checked = try generate(root, "--check")
      #expect(checked.code == 1)
      #expect(checked.text.contains("\(Self.script): not executable"))
      #expect(try generate(root).text == "updated \(Self.script)\n")
      // For those who may read it, and the rest of its mode stays.
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o750)
    }
  }

  @Test func replacedFileKeepsItsMode() throws {
    try withGeneratedRepository { root in
      let path = root.appendingPathComponent(Self.workflow).path
      try FileManager.default.setAttributes([.posixPermissions: 0o604], ofItemAtPath: path)
      try Self.edit(root, Self.workflow)
      #expect(try generate(root, "--force").text == "updated \(Self.workflow)\n")
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o604)
    }
  }

  @Test func missingFileIsWrittenAgain() throws {
    try withGeneratedRepository { root in
      let before = try contents(of: root)
      try FileManager.default.removeItem(at: root.appendingPathComponent(Self.script))
      let checked = try generate(root, "--check")
      #expect(checked.code == 1)
      #expect(checked.text.hasPrefix("--- /dev/null\n+++ b/\(Self.script)\n@@ -0,0 +1,"))
      #expect(try generate(root).text == "created \(Self.script)\n")
      #expect(try contents(of: root) == before)
    }
  }

  @Test func checkShowsOneChangedByteAsADifferenceAndWritesNothing() throws {
    try withGeneratedRepository { root in
      try Self.edit(root, Self.workflow)
      let before = try contents(of: root)
      let outcome = try generate(root, "--check")
      #expect(outcome.code == 1)
      #expect(outcome.text.hasPrefix("--- a/\(Self.workflow)\n+++ b/\(Self.workflow)\n@@ -"))
      #expect(outcome.text.split(separator: "\n").count { $0.hasPrefix("-") || $0.hasPrefix("+") } == 4)
      #expect(
        outcome.complaint == """
          liftlock: \(Self.workflow) was edited by hand: put the change into the spec, or overwrite it with --force \
          (--diff shows it)
          1 file is not as generated; run: liftlock generate

          """)
      #expect(try contents(of: root) == before)
    }
  }

  @Test func printedDifferenceMakesTheFilesRightAgain() throws {
    try withGeneratedRepository { root in
      let right = try contents(of: root)
      try Self.edit(root, Self.workflow)
      try Self.edit(root, Self.script)
      let difference = try generate(root, "--diff")
      #expect(difference.code == 0)
      let patched = try run("patch", ["-p1", "--quiet", "--no-backup-if-mismatch"], in: root, input: difference.output)
      #expect(patched.code == 0, "\(patched)")
      #expect(try contents(of: root) == right)
    }
  }

  @Test func editedFileIsRefusedAndNothingAtAllIsWritten() throws {
    try withGeneratedRepository { root in
      try Self.edit(root, Self.workflow)
      try FileManager.default.removeItem(at: root.appendingPathComponent(Self.script))
      let before = try contents(of: root)
      let outcome = try generate(root)
      #expect(outcome.code == 1)
      #expect(outcome.text == "")
      #expect(outcome.complaint.contains("\(Self.workflow) was edited by hand"))
      #expect(outcome.complaint.hasSuffix("liftlock: nothing was written\n"))
      #expect(try contents(of: root) == before)
    }
  }

  @Test func forceOverwritesAnEditedFile() throws {
    try withGeneratedRepository { root in
      let right = try contents(of: root)
      try Self.edit(root, Self.workflow)
      let outcome = try generate(root, "--force")
      #expect(outcome.code == 0)
      #expect(outcome.text == "updated \(Self.workflow)\n")
      #expect(try contents(of: root) == right)
    }
  }

  @Test func fileOfSomebodyElseIsRefusedUnlessForced() throws {
    try withTemporaryFolder { root in
      let url = root.appendingPathComponent(Self.workflow)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("name: mine\n".utf8).write(to: url)
      let outcome = try generate(root)
      #expect(outcome.code == 1)
      #expect(outcome.complaint.contains("\(Self.workflow) is there already and is not Liftlock's"))
      #expect(try contents(of: root) == [Self.workflow: Data("name: mine\n".utf8)])
      #expect(try generate(root, "--force").code == 0)
      #expect(try generate(root, "--check").code == 0)
    }
  }

  @Test func fileThatAnotherSpecGeneratedIsUpdatedWithoutForce() throws {
    try withTemporaryFolder { root in
      let spec = try String(contentsOfFile: examplePath("trade-nexus"), encoding: .utf8)
      let older = spec.replacingOccurrences(of: "hold: 30m", with: "hold: 25m")
      #expect(older != spec)
      #expect(try liftlock("generate", "-", "--root", root.path, input: older).code == 0)
      let outcome = try generate(root)
      #expect(outcome.code == 0, "\(outcome)")
      #expect(outcome.text.contains("updated "))
      #expect(try generate(root, "--check").code == 0)
    }
  }

  @Test func filesGoToStandardOutputAndNowhereElse() throws {
    try withTemporaryFolder { root in
      let outcome = try generate(root, "--stdout")
      #expect(outcome.code == 0)
      #expect(try contents(of: root).isEmpty)
      let generated = try contents(of: repository.appendingPathComponent("Generated/trade-nexus"))
      for (path, bytes) in generated {
        #expect(outcome.text.contains("==> \(path)\n" + String(decoding: bytes, as: UTF8.self)), "\(path)")
      }
    }
  }

  @Test func specWithErrorsGeneratesNothing() throws {
    try withTemporaryFolder { root in
      let outcome = try liftlock("generate", "-", "--root", root.path, input: "liftlock: 1\n")
      #expect(outcome.code == 1)
      #expect(try contents(of: root).isEmpty)
    }
  }

  @Test func twoSpecsThatWouldWriteTheSameFilesAreRefused() throws {
    try withTemporaryFolder { root in
      let path = examplePath("trade-nexus")
      let outcome = try liftlock("generate", path, path, "--root", root.path)
      #expect(outcome.code == 2)
      #expect(outcome.complaint.contains("two specs would both write"))
      #expect(try contents(of: root).isEmpty)
    }
  }

  /// Flips one bit in the middle of a file.
  static func edit(_ root: URL, _ path: String) throws {
    let url = root.appendingPathComponent(path)
    var text = try String(contentsOf: url, encoding: .utf8)
    let place = try #require(text.range(of: "timeout", options: .backwards))
    text.replaceSubrange(place, with: "timeouT")
    try Data(text.utf8).write(to: url)
  }
}

/// What stands in the way is found before anything is written.
@Suite struct ObstacleTests {
  private func expectRefusal(_ root: URL, _ words: String) throws {
    let before = try contents(of: root)
    let outcome = try liftlock("generate", examplePath("trade-nexus"), "--root", root.path, "--force")
    #expect(outcome.code == 2, "\(outcome)")
    #expect(outcome.complaint.contains(words), "\(outcome)")
    #expect(outcome.text == "")
    #expect(try contents(of: root) == before)
  }

  @Test func symbolicLinkInPlaceOfAFolderIsNotFollowed() throws {
    try withTemporaryFolder { root in
      try withTemporaryFolder { elsewhere in
        try FileManager.default.createSymbolicLink(
          at: root.appendingPathComponent("ops"), withDestinationURL: elsewhere)
        try expectRefusal(root, "will not write through a symbolic link")
        #expect(try contents(of: elsewhere).isEmpty)
      }
    }
  }

  @Test func symbolicLinkInPlaceOfAFileIsNotFollowed() throws {
    try withTemporaryFolder { root in
      try withTemporaryFolder { elsewhere in
        let target = elsewhere.appendingPathComponent("target")
        try Data("mine\n".utf8).write(to: target)
        let folder = root.appendingPathComponent("docs/runbooks")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
          at: folder.appendingPathComponent("trade-nexus-backend.md"), withDestinationURL: target)
        try expectRefusal(root, "will not write through a symbolic link")
        #expect(try Data(contentsOf: target) == Data("mine\n".utf8))
      }
    }
  }

  @Test func linkToNowhereIsNotFollowed() throws {
    try withTemporaryFolder { root in
      let folder = root.appendingPathComponent("docs/runbooks")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: folder.appendingPathComponent("trade-nexus-backend.md").path, withDestinationPath: "nowhere")
      try expectRefusal(root, "will not write through a symbolic link")
    }
  }

  @Test func fileInPlaceOfAFolderIsKept() throws {
    try withTemporaryFolder { root in
      try Data("mine\n".utf8).write(to: root.appendingPathComponent("docs"))
      try expectRefusal(root, "Not a directory")
    }
  }

  @Test func folderInPlaceOfAFileIsKept() throws {
    try withTemporaryFolder { root in
      try FileManager.default.createDirectory(
        at: root.appendingPathComponent("docs/runbooks/trade-nexus-backend.md/x"), withIntermediateDirectories: true)
      try expectRefusal(root, "Is a directory")
    }
  }

  @Test func rootThatIsNotThereIsNotMade() throws {
    try withTemporaryFolder { root in
      let missing = root.appendingPathComponent("missing")
      try expectRefusal(missing, "is not a folder")
      #expect(!FileManager.default.fileExists(atPath: missing.path))
    }
  }

  /// A limit on the size of files stands for a disk that is full in the middle of the work.
  @Test func diskThatIsFullLeavesEveryFileWhole() throws {
    try withTemporaryFolder { root in
      let spec = try String(contentsOfFile: examplePath("trade-nexus"), encoding: .utf8)
      let older = spec.replacingOccurrences(of: "hold: 30m", with: "hold: 25m")
      #expect(try liftlock("generate", "-", "--root", root.path, input: older).code == 0)
      let before = try contents(of: root)
      let outcome = try run(
        "bash",
        [
          "-c", "ulimit -f 20; trap '' XFSZ; exec \"$@\"", "bash", liftlockPath, "generate", examplePath("trade-nexus"),
          "--root", root.path,
        ],
        in: repository)
      #expect(outcome.code == 2, "\(outcome)")
      #expect(outcome.complaint.contains("cannot write"))
      let after = try contents(of: root)
      let right = try contents(of: repository.appendingPathComponent("Generated/trade-nexus"))
      #expect(after.keys.sorted() == before.keys.sorted())
      for (path, bytes) in after { #expect(bytes == before[path] || bytes == right[path], "\(path)") }
      #expect(try liftlock("generate", examplePath("trade-nexus"), "--root", root.path).code == 0)
      #expect(try contents(of: root) == right)
    }
  }

  @Test func noTemporaryFileIsLeftBehind() throws {
    try withGeneratedRepository { root in
      let paths = try contents(of: root).keys
      #expect(!paths.contains { $0.contains(".liftlock-") })
    }
  }
}
