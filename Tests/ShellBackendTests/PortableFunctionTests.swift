import Foundation
import Testing
import TextLayout

@testable import ShellBackend

/// The functions that stand for what Linux and macOS do differently, run for real.
@Suite struct PortableFunctionTests {
  /// Which program has to do it: as on Linux, on macOS with Homebrew's coreutils, and on macOS as it comes.
  enum Limiter: String, CaseIterable, Sendable {
    case timeout, gtimeout, perl
  }

  struct Case: Sendable, CustomStringConvertible {
    let words: [String]
    let code: Int32
    var description: String { words.joined(separator: " ") }
  }

  static let cases: [Case] = [
    Case(words: ["20", "bash", "-c", "exit 0"], code: 0),
    Case(words: ["20", "bash", "-c", "exit 7"], code: 7),
    Case(words: ["20", "no-such-program"], code: 127),
    Case(words: ["20", "./plain-file"], code: 126),
    Case(words: ["20", "bash", "-c", "kill -TERM $$"], code: 143),
    Case(words: ["1", "sleep", "60"], code: 124),
    Case(words: ["1", "bash", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"], code: 124),
  ]

  @Test(arguments: Limiter.allCases, cases) func exitCodeTellsWhatHappened(limiter: Limiter, example: Case) throws {
    let room = try Room(tools: ["bash", "sleep"], limiter: limiter)
    defer { room.remove() }
    #expect(try room.run("limited \"$@\"", needs: ["limited"], example.words).code == example.code)
  }

  /// Ten seconds after it was asked to end.
  @Test func stubbornProgramIsKilled() throws {
    let room = try Room(tools: ["bash", "sleep"], limiter: .perl)
    defer { room.remove() }
    let outcome = try room.run(
      "limited \"$@\"", needs: ["limited"], ["1", "bash", "-c", "trap '' TERM; for i in {1..40}; do sleep 1; done"])
    #expect(outcome.code == 137)
  }

  @Test(arguments: Limiter.allCases) func whatTheProgramStartedEndsWithIt(limiter: Limiter) throws {
    let room = try Room(tools: ["bash", "sleep"], limiter: limiter)
    defer { room.remove() }
    let grandchild = "trap 'echo ended; exit' TERM; echo started; for i in {1..20}; do sleep 1; done; echo forgotten"
    let outcome = try room.run(
      "limited \"$@\"", needs: ["limited"], ["2", "bash", "-c", "bash -c \"$1\" & wait", "bash", grandchild])
    #expect(outcome.code == 124)
    #expect(outcome.output.contains("started\n") && outcome.output.contains("ended\n"))
    #expect(!outcome.output.contains("forgotten"))
  }

  @Test(arguments: Limiter.allCases) func inputOutputAndWordsComeThroughUnchanged(limiter: Limiter) throws {
    let room = try Room(tools: ["bash", "cat"], limiter: limiter)
    defer { room.remove() }
    let program = "printf '<%s>' \"$@\"; cat"
    let outcome = try room.run(
      "limited \"$@\" <<<'from the input'", needs: ["limited"],
      ["20", "bash", "-c", program, "--", "-k", "two words", "", "$x"])
    #expect(outcome.code == 0)
    #expect(outcome.output == "<-k><two words><><$x>from the input\n")
  }

  @Test func withoutAnyLimiterAScriptDoesNotBegin() throws {
    let room = try Room(tools: ["bash", "date"], limiter: nil)
    defer { room.remove() }
    let outcome = try room.run("need_tools bash", needs: ["need_tools"])
    #expect(outcome.code == 3)
    #expect(outcome.output.contains("not installed: timeout, gtimeout or perl"))
  }

  @Test(arguments: Limiter.allCases) func oneLimiterIsEnough(limiter: Limiter) throws {
    let room = try Room(tools: ["bash", "date"], limiter: limiter)
    defer { room.remove() }
    #expect(try room.run("need_tools bash", needs: ["need_tools"]).code == 0)
  }

  @Test func missingToolsAreAllNamed() throws {
    let room = try Room(tools: ["bash", "date"], limiter: .perl)
    defer { room.remove() }
    let outcome = try room.run("need_tools bash missing-one missing-two", needs: ["need_tools"])
    #expect(outcome.code == 3)
    #expect(outcome.output.contains("not installed: missing-one missing-two"))
  }

  @Test func timesAreReadAndWrittenWithoutDate() throws {
    let room = try Room(tools: ["bash"], limiter: nil)
    defer { room.remove() }
    let times = [
      (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
      (951_868_800, "2000-03-01T00:00:00Z"), (1_780_390_800, "2026-06-02T09:00:00Z"),
      (1_798_761_599, "2026-12-31T23:59:59Z"), (1_798_761_600, "2027-01-01T00:00:00Z"),
      (1_835_395_200, "2028-02-29T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
    ]
    for (seconds, text) in times {
      #expect(try room.run("moment \(seconds)", needs: ["moment"]).output == "\(text)\n")
      #expect(try room.run("seconds_of \(text)", needs: ["seconds_of"]).output == "\(seconds)\n")
    }
    #expect(try room.run("seconds_of 2026-06-02T09:00:00.125Z", needs: ["seconds_of"]).output == "1780390800\n")
    for text in ["", "yesterday", "2026-06-02", "2026-06-02T09:00:00+02:00"] {
      let outcome = try room.run("seconds_of \"$1\"", needs: ["seconds_of"], [text])
      #expect(outcome.code != 0 && outcome.output.isEmpty, "\(text)")
    }
  }

  @Test(arguments: [
    "", "plain", "a \"word\" and a \\ backslash \\\"", "two\nlines\tand a tab", "$(id) `id` ${x} %s 'q'", "µ → 漢字",
    "\u{1}\u{1b}[31m",
  ])
  func textsAreValuesOfJSON(text: String) throws {
    let room = try Room(tools: ["bash", "jq"], limiter: nil)
    defer { room.remove() }
    let outcome = try room.run("json_text \"$1\" | jq -r .", needs: ["json_text"], [text])
    let shown = String(
      text.map { $0 != "\n" && $0 != "\t" && $0.unicodeScalars.allSatisfy { $0.value < 32 } ? " " : $0 })
    #expect(outcome.code == 0 && outcome.output == shown + "\n")
  }
}

/// A folder from which a script finds these programs and no others.
private struct Room {
  private let folder: URL
  private var programs: URL { folder.appendingPathComponent("bin") }

  init(tools: [String], limiter: PortableFunctionTests.Limiter?) throws {
    let files = FileManager.default
    folder = files.temporaryDirectory.appendingPathComponent("liftlock-room-" + UUID().uuidString)
    try files.createDirectory(at: folder.appendingPathComponent("bin"), withIntermediateDirectories: true)
    try Data("no program".utf8).write(to: folder.appendingPathComponent("plain-file"))
    for tool in tools { try link(tool, as: tool) }
    switch limiter {
    case .timeout, .gtimeout: try link("timeout", as: limiter?.rawValue ?? "")
    case .perl: try link("perl", as: "perl")
    case nil: break
    }
  }

  private func link(_ tool: String, as name: String) throws {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let paths = (folders + ["/usr/bin", "/bin"]).map { $0 + "/" + tool }
    let path = try #require(paths.first(where: FileManager.default.isExecutableFile), "\(tool) is not installed")
    try FileManager.default.createSymbolicLink(
      at: programs.appendingPathComponent(name), withDestinationURL: URL(fileURLWithPath: path))
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// Runs a script that has these functions of the library.
  func run(_ main: Bash, needs: [String], _ words: [String] = []) throws -> (code: Int32, output: String) {
    let script = ShellScript(
      path: "ops/shop/try.sh", purpose: [], usage: [], exitCodes: [],
      constants: [ShellConstant("SERVICE", "shop"), ShellConstant("PLACE", "prod")], variables: [], functions: [],
      main: main, mainNeeds: needs)
    let file = folder.appendingPathComponent("try.sh")
    try Data(ShellScriptRenderer.render(script).utf8).write(to: file)
    let process = Process()
    // A test's process hands on signals that are blocked; a shell of a person or of a runner does not.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let unblock = "sigprocmask(SIG_SETMASK, POSIX::SigSet->new); exec @ARGV"
    process.arguments =
      ["PATH=" + programs.path, "/usr/bin/perl", "-MPOSIX=:signal_h", "-e", unblock, "bash", "--norc", file.path]
      + words
    process.currentDirectoryURL = folder
    process.environment = ["PATH": programs.path]
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
