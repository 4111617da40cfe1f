import Foundation
import Testing

/// Exit codes and complaints of wrong calls: 2 usage or input and output, 3 no spec found.
@Suite struct UsageTests {
  @Test(arguments: [
    ["bogus"], ["check", "--bogus"], ["check", "--format", "xml"], ["check", "--color", "blue"],
    ["generate", "--check", "--diff"],
    ["generate", "--check", "--stdout"], ["generate", "--check", "--diff", "--stdout"], ["generate", "--root"],
    ["explain", "a", "b"], ["explain", "no-such-name"], ["schema", "x"],
  ]) func wrongCallEndsWithTwoAndSaysWhy(arguments: [String]) throws {
    let outcome = try run(liftlockPath, arguments, in: repository)
    #expect(outcome.code == 2, "\(outcome)")
    #expect(outcome.text == "")
    #expect(!outcome.complaint.isEmpty)
  }

  @Test(arguments: ["check", "generate", "matrix"]) func noSpecEndsWithThree(command: String) throws {
    try withTemporaryFolder { folder in
      let outcome = try liftlock(command, in: folder)
      #expect(outcome.code == 3, "\(outcome)")
      #expect(outcome.complaint.contains("no release.yaml in this folder"))
    }
  }

  @Test func specOfThisFolderIsTakenWithoutAName() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.copyItem(
        at: URL(fileURLWithPath: examplePath("forge")), to: folder.appendingPathComponent("release.yaml"))
      #expect(try liftlock("check", in: folder).code == 0)
      #expect(try liftlock("generate", in: folder).code == 0)
      #expect(try liftlock("generate", "--check", in: folder).code == 0)
    }
  }

  @Test(arguments: ["check", "generate", "matrix"]) func specThatCannotBeReadEndsWithTwo(command: String) throws {
    try withTemporaryFolder { folder in
      let missing = try liftlock(command, "missing.yaml", in: folder)
      #expect(missing.code == 2, "\(missing)")
      #expect(missing.complaint == "liftlock: cannot read missing.yaml: No such file or directory\n")
      let directory = try liftlock(command, ".", in: folder)
      #expect(directory.code == 2, "\(directory)")
      #expect(directory.complaint.contains("Is a directory"))
    }
  }

  @Test func folderNamedLikeASpecIsNoMissingSpec() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("release.yaml"), withIntermediateDirectories: false)
      let outcome = try liftlock("check", in: folder)
      #expect(outcome.code == 2, "\(outcome)")
      #expect(outcome.complaint.contains("Is a directory"))
    }
  }

  @Test func everySpecThatCannotBeReadIsNamed() throws {
    let outcome = try liftlock("check", "a.yaml", "b.yaml")
    #expect(outcome.code == 2)
    #expect(outcome.complaint.contains("a.yaml") && outcome.complaint.contains("b.yaml"))
  }

  @Test func standardInputIsASpec() throws {
    let spec = try String(contentsOfFile: examplePath("forge"), encoding: .utf8)
    let outcome = try liftlock("check", "-", input: spec)
    #expect(outcome.code == 0 && outcome.text == "", "\(outcome)")
    let matrix = try liftlock("matrix", examplePath("forge"))
    #expect(try liftlock("matrix", "-", input: spec).output == matrix.output)
  }

  @Test func bytesThatAreNoTextAreAFindingAndNoCrash() throws {
    for input in [
      Data(), Data([0xFF, 0xFE, 0x00]), Data([0x80, 0x0A]), Data(repeating: UInt8(ascii: "["), count: 100_000),
    ] {
      let outcome = try run(liftlockPath, ["check", "-"], in: repository, input: input)
      #expect(outcome.code == 1, "\(outcome.code) \(outcome.complaint)")
      #expect(outcome.text.hasPrefix("error["))
    }
  }

  @Test func outputThatCannotBeWrittenEndsWithTwo() throws {
    let outcome = try run("bash", ["-c", "exec \"$1\" schema >/dev/full", "bash", liftlockPath], in: repository)
    #expect(outcome.code == 2, "\(outcome)")
    #expect(outcome.complaint.contains("No space left on device"))
  }

  @Test func readerThatStopsReadingIsNoComplaint() throws {
    let outcome = try run("bash", ["-c", "\"$1\" schema | head -n 1", "bash", liftlockPath], in: repository)
    #expect(outcome.text == "{\n" && outcome.complaint == "", "\(outcome)")
  }

  @Test(arguments: [["--help"], ["help"], ["check", "--help"], ["generate", "-h"], ["--version"]])
  func helpGoesToStandardOutput(arguments: [String]) throws {
    let outcome = try run(liftlockPath, arguments, in: repository)
    #expect(outcome.code == 0)
    #expect(!outcome.text.isEmpty && outcome.complaint == "")
  }
}

@Suite struct ExplainTests {
  private func names() throws -> [String] {
    try liftlock("explain").text.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  @Test func everyNameThatIsListedIsExplained() throws {
    let names = try names()
    #expect(names.count > 20)
    #expect(Set(names).count == names.count)
    for name in names {
      let outcome = try liftlock("explain", name)
      #expect(outcome.code == 0)
      #expect(outcome.text.hasPrefix(name + "\n\n"))
      #expect(outcome.text.split(separator: "\n").count >= 3, "\(name)")
      #expect(!outcome.text.contains("«"))
    }
  }

  @Test func everyNameOfAFindingIsListed() throws {
    let names = try names()
    #expect(Set(names).isSuperset(of: TenMistakes.findings.map(\.code)))
  }

  @Test func nearNameIsSuggested() throws {
    #expect(
      try liftlock("explain", "vacuos-gate").complaint
        == "liftlock: there is no finding `vacuos-gate`; did you mean `vacuous-gate`?\n")
  }
}

/// The same spec gives the same bytes wherever and whenever.
@Suite struct SamenessTests {
  @Test(arguments: [
    ["LC_ALL": "C", "TZ": "UTC"], ["LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"], ["TZ": "Pacific/Kiritimati"],
    ["HOME": "/nonexistent", "TMPDIR": "/nonexistent"], ["TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "20"],
  ]) func surroundingsDoNotMatter(environment: [String: String]) throws {
    try withTemporaryFolder { root in
      let outcome = try liftlock("generate", examplePath("forge"), "--root", root.path, environment: environment)
      #expect(outcome.code == 0, "\(outcome)")
      #expect(try contents(of: root) == contents(of: repository.appendingPathComponent("Generated/forge")))
    }
    let mistakes = try TenMistakes.text()
    #expect(
      try liftlock("check", "-", input: mistakes, environment: environment).output
        == liftlock("check", "-", input: mistakes).output)
  }

  @Test func folderFromWhichItIsRunDoesNotMatter() throws {
    try withTemporaryFolder { one in
      try withTemporaryFolder { other in
        let spec = URL(fileURLWithPath: examplePath("forge"))
        try FileManager.default.copyItem(at: spec, to: other.appendingPathComponent("renamed spec.yaml"))
        #expect(try liftlock("generate", spec.path, in: one).code == 0)
        let root = other.appendingPathComponent("root")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: false)
        #expect(try liftlock("generate", "renamed spec.yaml", "--root", "root", in: other).code == 0)
        #expect(try contents(of: one) == contents(of: root))
      }
    }
  }

  @Test func promotionMatrixOfForgeIsTheOneOfItsPolicy() throws {
    let expected = """
      criterion             dev → staging                                staging → prod
      ────────────────────  ───────────────────────────────────────────  ───────────────────────────────────────────────────────────
      CI status             required green                               required green
      Smoke tests           required                                     required
      Integration / E2E     required for candidates, otherwise optional  required
      Performance baseline  recommended                                  required (p95-latency and throughput within ±10% of target)
      Security scan         recommended                                  required (no critical findings)
      Manual approvals      Service owner                                Service owner + Product/Operations

      """
    #expect(try liftlock("matrix", examplePath("forge")).text == expected)
  }

  @Test func schemaIsTheCommittedOne() throws {
    let committed = try Data(contentsOf: repository.appendingPathComponent("Schemas/release.schema.json"))
    #expect(try liftlock("schema").output == committed)
  }
}
