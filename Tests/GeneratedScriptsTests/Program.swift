import Foundation

/// How a program ended.
struct Outcome: Sendable {
  var code: Int32
  /// Standard output and standard error, as they came.
  var output: String
}

/// Runs programs of the machine.
enum Program {
  /// Runs a program to its end. Its output goes through a file, so that a daemon which it leaves behind holds up nobody.
  static func run(
    _ path: String, _ arguments: [String], in folder: URL, environment: [String: String]
  ) throws -> Outcome {
    let files = FileManager.default
    let log = files.temporaryDirectory.appendingPathComponent("output-\(UUID().uuidString)")
    guard files.createFile(atPath: log.path, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
    defer { try? files.removeItem(at: log) }
    let handle = try FileHandle(forWritingTo: log)
    defer { try? handle.close() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = environment
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Outcome(code: process.terminationStatus, output: try text(of: log))
  }

  /// A file's text, whatever bytes are in it.
  static func text(of file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }
}
