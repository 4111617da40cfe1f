import Foundation
import Testing
import TextLayout

@testable import ShellBackend

/// The watch's own clockwork, with a clock that says what the test wants.
@Suite struct WatchFunctionTests {
  /// Runs `watch_until 20` with ticks of 10 s. The clock says these seconds one after the other.
  private func watch(_ seconds: [Int]) throws -> (code: Int32, output: String) {
    let script = ShellScript(
      path: "ops/shop/try.sh", purpose: [], usage: [], exitCodes: [],
      constants: [
        ShellConstant("CHECK_EVERY", 10), ShellConstant("PATIENCE", 60), ShellConstant("WATCH_LIMIT", 8),
        ShellConstant("WHEN_TEXT", .list([])), ShellConstant("WHEN_KIND", .list([])),
      ],
      variables: ["WATCHED", "PENDING", "PROBED", "SILENT"],
      functions: [
        // In a subshell nothing can be counted but by a file.
        ShellFunction(
          "now",
          body: #"""
            sed -n 1p "$0.clock"
            sed -i -e 1d "$0.clock"
            """#),
        ShellFunction(
          "sleep",
          body: #"""
            printf 'slept %s\n' "$1"
            (($1 >= 0))
            """#),
        ShellFunction("stop_release", body: "exit 1"), ShellFunction("judge", body: ":"),
        ShellFunction("still_watched", body: ":"),
      ],
      main: "watch_until 20\necho done", mainNeeds: ["watch_until", "sleep"])
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("liftlock-" + UUID().uuidString)
    let clock = URL(fileURLWithPath: file.path + ".clock")
    defer { for each in [file, clock] { try? FileManager.default.removeItem(at: each) } }
    try Data(ShellScriptRenderer.render(script).utf8).write(to: file)
    try Data(seconds.map { "\($0)\n" }.joined().utf8).write(to: clock)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bash", file.path]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  @Test func ticksComeAtTheirTimes() throws {
    let outcome = try watch([0, 1, 11, 20])
    #expect(outcome.code == 0 && outcome.output == "slept 9\nslept 9\ndone\n", "\(outcome)")
  }

  /// A machine that stalls between two looks at the clock: no sleep of less than nothing, which would end the phase without
  /// a word.
  @Test func aStallIsNoReasonToEnd() throws {
    let outcome = try watch([0, 9, 9, 9, 12, 25])
    #expect(outcome.code == 0 && outcome.output.hasSuffix("done\n") && !outcome.output.contains("-"), "\(outcome)")
  }
}
