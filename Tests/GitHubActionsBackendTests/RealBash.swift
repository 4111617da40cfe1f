import Foundation

/// What a script left behind.
struct BashOutcome {
  var code: Int32
  var output: String
  var summary: String
  var files: [String]
}

/// Runs a script as GitHub does, in an empty folder; a stub prints its arguments, each in angle brackets.
func bash(_ script: String, _ environment: [String: String], stubs: [String] = []) throws -> BashOutcome {
  let files = FileManager.default
  let folder = files.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try files.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? files.removeItem(at: folder) }
  for stub in stubs {
    let url = folder.appendingPathComponent(stub)
    try files.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try "#!/bin/bash\nprintf '<%s>' \"$@\"\necho\n".write(to: url, atomically: true, encoding: .utf8)
    try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
  }
  let summary = folder.appendingPathComponent("summary.md")
  try "".write(to: summary, atomically: true, encoding: .utf8)
  let variables = environment.merging(["PATH": "/usr/bin:/bin", "GITHUB_STEP_SUMMARY": summary.path]) { $1 }
  var (code, output) = try run(script, variables, in: folder)
  // A process that another test has just begun may hold a stub open for writing until it is a program of its own, and a file
  // that is open for writing is not executed.
  for _ in 0..<100 where code == 126 && !stubs.isEmpty {
    Thread.sleep(forTimeInterval: 0.02)
    (code, output) = try run(script, variables, in: folder)
  }
  return BashOutcome(
    code: code, output: output, summary: try String(contentsOf: summary, encoding: .utf8),
    files: try files.contentsOfDirectory(atPath: folder.path))
}

private func run(_ script: String, _ variables: [String: String], in folder: URL) throws -> (Int32, String) {
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(fileURLWithPath: "/bin/bash")
  process.arguments = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script]
  process.currentDirectoryURL = folder
  process.environment = variables
  process.standardOutput = pipe
  try process.run()
  let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, output)
}
