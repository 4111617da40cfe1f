import Foundation
import ReleaseModel
import Testing

@testable import Rehearsal

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "[]", "{}", "[1,2.5,-3]", #"{"a":{"b":["c\n\"\\"]},"z":false}"#, #""ä€😀""#,
  ]) func isReadAsItIsWritten(_ text: String) throws { #expect(try JSON(parsing: text).text == text) }

  @Test func readsEscapesAndSpace() throws {
    #expect(try JSON(parsing: " [ \"\\u00e4\\ud83d\\ude00\\/\" , 1e3 ] ") == ["ä😀/", 1000])
  }

  @Test(arguments: ["", "[1", "{\"a\"}", "nul", "[1,]", "\"\\x\"", "1 2", "\"a"]) func refusesWhatIsNone(_ text: String)
  {
    #expect(throws: JSON.ParseError.self) { try JSON(parsing: text) }
  }
}

@Suite struct MachineTests {
  @Test func runsAProgramInAFolderWithNothingButItsEnvironment() throws {
    let folder = try Machine.temporaryFolder()
    defer { Machine.remove(folder) }
    let outcome = try Machine.run(
      "/bin/sh", ["-c", "pwd; echo \"$A $HOME\"; echo err >&2; exit 3"], in: folder, environment: ["A": "b c"])
    #expect(outcome.code == 3)
    #expect(outcome.output == "\(folder)\nb c \nerr\n")
  }

  @Test func aKilledProgramEndsAsAShellWouldSay() throws {
    let outcome = try Machine.run("/bin/sh", ["-c", "kill -9 $$"], in: "/", environment: [:])
    #expect(outcome.code == 137)
  }

  @Test func removesWhatItMadeAndFollowsNoLink() throws {
    let folder = try Machine.temporaryFolder()
    let other = try Machine.temporaryFolder()
    defer { Machine.remove(other) }
    try Machine.write(other + "/kept", "x")
    try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: other)
    try Machine.makeFolder(folder + "/a/b")
    try Machine.write(folder + "/a/b/c", "x")
    Machine.remove(folder)
    #expect(!Machine.exists(folder))
    #expect(Machine.exists(other + "/kept"))
  }

  /// What the tool unpacks is what stands in the repository.
  @Test func theToolCarriesTheWorld() throws {
    let folder = try Machine.temporaryFolder()
    defer { Machine.remove(folder) }
    try World.unpack(into: folder)
    let unpacked = Machine.files(under: [folder]).map { String($0.dropFirst(folder.count + 1)) }
    // Some are links to one file; unpacked, each is a file.
    let there = (FileManager.default.enumerator(atPath: Rehearsed.standIns)?.compactMap { $0 as? String } ?? [])
      .filter { !$0.contains("__pycache__") && $0 != "README.md" && $0 != "selftest.py" }
      .filter { !Machine.isFolder("\(Rehearsed.standIns)/\($0)") }.sorted()
    #expect(unpacked == there)
    for path in unpacked {
      #expect(try Machine.text(of: "\(folder)/\(path)") == Machine.text(of: "\(Rehearsed.standIns)/\(path)"), "\(path)")
      let files = FileManager.default
      #expect(
        files.isExecutableFile(atPath: "\(folder)/\(path)")
          == files.isExecutableFile(atPath: "\(Rehearsed.standIns)/\(path)"), "\(path)")
    }
  }
}

@Suite struct RequestTests {
  private func request() throws -> RehearsalRequest {
    let example = try Rehearsed.example("trade-nexus")
    let rehearsal = try example.rehearsal("production")
    return RehearsalRequest(operations: try rehearsal.operations(), environment: rehearsal.environment)
  }

  private func message(_ body: (RehearsalRequest) throws -> Void) throws -> String {
    do {
      try body(try request())
      return "nothing was wrong"
    } catch let unknown as UnknownName {
      return RehearsalRequest.message(unknown)
    } catch let problem as RequestProblem {
      return problem.description
    }
  }

  @Test func saysWhatWasMeant() throws {
    #expect(
      try message { _ = try $0.faults("shift to 5 %:hang") }
        == "there is no operation “shift to 5 %”; did you mean “shift to 50 %”?")
    #expect(
      try message { _ = try $0.faults("deploy:hnag") } == "there is no fault of “deploy” “hnag”; did you mean “hang”?")
    #expect(
      try message { _ = try $0.badVersion("eror-rate=5%@10%") }
        == "there is no metric of production “eror-rate”; did you mean “error-rate”?")
    #expect(try message { _ = try $0.badVersion("error-rate=5ms@10%") }.contains("write it like 1%"))
    #expect(
      try message { _ = try $0.badVersion("error-rate=12@25%") }
        == "--bad error-rate=12@25%: “12” has no unit, and error-rate has one; write --bad error-rate=12%@25%")
    #expect(try message { _ = try $0.badVersion("error-rate=5%") }.contains("from when on"))
    #expect(
      try message { _ = try $0.badVersion("error-rate=5%@soon") }.contains("neither a share (25%) nor a time (5m)"))
    #expect(try message { _ = try $0.faults("deploy") }.contains("write OPERATION:KIND"))
    let step = try Rehearsed.example("trade-nexus").rehearsal("production").workflow
    #expect(try message { _ = try $0.interruption(.cancel, "10 %").step(in: step) } == "nothing was wrong")
    #expect(
      try message { _ = try $0.interruption(.cancel, "Deplyo").step(in: step) }.contains("did you mean “Deploy”?"))
    let rehearsal = try Rehearsed.example("trade-nexus").rehearsal("production")
    for name in ["shfit to 10 %", "shift to 10 %"] {
      let said = try message { _ = try rehearsal.place(of: $0.interruption(.cancel, name)) }
      #expect(
        said.hasPrefix(
          "there is no step “\(name)”; “shift to 10 %” is an operation, and happens in the step “10 % for "), "\(said)")
    }
  }

  /// What only one driver or only a plan's own words can tell is in the list.
  @Test func operationsComeFromThePlan() throws {
    let names = Set(try Rehearsed.example("forge").rehearsal("prod").operations().map(\.name))
    for name in [
      "gate no-incidents", "approval prod", "check backup", "migrate", "deploy", "verify smoke before traffic",
      "shift to 5 %", "shift to 25 %", "shift to 100 %", "read back 5 %", "metric error-rate at 25 %",
      "probe health at 5 %", "source PROMETHEUS_URL at 5 %", "finish", "note the promotion",
      "tell release-channel of started", "rollback: undo", "guard: undo", "rollback: verify smoke",
    ] { #expect(names.contains(name), "\(name)") }
  }
}
