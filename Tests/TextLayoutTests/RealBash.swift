import Foundation

/// What bash printed, as bytes, and how it ended.
struct BashOutcome {
  let output: Data
  let status: Int32

  /// The texts that `printf '%s\0'` printed.
  var words: [String] {
    output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Runs a script with the machine's bash and nothing in its environment but what is given.
func runBash(_ script: String, environment: [String: String] = [:]) throws -> BashOutcome {
  let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).sh")
  try Data(script.utf8).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/bash")
  process.arguments = ["--norc", file.path]
  process.environment = environment.merging(["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]) { first, _ in first }
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return BashOutcome(output: output, status: process.terminationStatus)
}

/// Texts that a shell would act on if they were not quoted.
let hostileTexts = [
  "", " ", "plain", "v1.2.3", "registry.example.com/shop:1.0@sha256", "a b", "  two  ", "it's", "'", "''", "\"", "\\",
  "\\\\", "C:\\dir\\", "$HOME", "${HOME}", "$(id)", "`id`", "$((1+1))", "a$", "*", "?", "[a-z]*", "{a,b}", "{1..3}",
  "~",
  "~/x", "~root", "a=~", "x=1", "x+=1", "-rf", "--", "-n", "!", "!!", "hi!$x", "#", "# no", "a#b", "a;b", "a&b", "a|b",
  "a>b", "<a", "(a)", "\n", "a\nb", "\n\n", "a\n", "\ta", "a\r\nb", "\u{1B}[31m", "\u{07}", "é", "日本", "👩‍👩‍👧", "e\u{301}",
  "“q”", "‘q’", "a’s", "\u{202E}abc", "\u{FEFF}", "\u{85}", "\u{2028}", "\u{A0}", "if", "then", "done", "in", "{", "}",
  "[[", "]]", "time", "function", "%s", "%1", "a\\'b", "'\"'\"'", "$'x'", "\\n", "\\$x", "a`b'c\"d$e\\f!g",
]
