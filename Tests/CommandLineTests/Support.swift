import Foundation
import Testing

/// The root of this repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The systems in `Examples`.
let exampleNames =
  ((try? FileManager.default.contentsOfDirectory(atPath: repository.appendingPathComponent("Examples").path)) ?? [])
  .filter { !$0.hasSuffix(".yaml") }.sorted()

func examplePath(_ name: String) -> String { repository.appendingPathComponent("Examples/\(name)/release.yaml").path }

/// What a program answered.
struct Outcome: CustomStringConvertible {
  let code: Int32
  let output: Data
  let complaint: String

  var text: String { String(decoding: output, as: UTF8.self) }
  var description: String { "exit \(code)\n\(text)\n\(complaint)" }
}

/// Runs a program that PATH finds. Its input and output are files: a pipe could fill up.
func run(
  _ program: String, _ arguments: [String], in folder: URL, input: Data = Data(), environment: [String: String] = [:]
) throws -> Outcome {
  let files = FileManager.default
  let scratch = files.temporaryDirectory.appendingPathComponent("liftlock-run-" + UUID().uuidString)
  try files.createDirectory(at: scratch, withIntermediateDirectories: true)
  defer { try? files.removeItem(at: scratch) }
  let streams = ["input", "output", "complaint"].map { scratch.appendingPathComponent($0) }
  try input.write(to: streams[0])
  try Data().write(to: streams[1])
  try Data().write(to: streams[2])
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program] + arguments
  process.currentDirectoryURL = folder
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  process.standardInput = try FileHandle(forReadingFrom: streams[0])
  process.standardOutput = try FileHandle(forWritingTo: streams[1])
  process.standardError = try FileHandle(forWritingTo: streams[2])
  try process.run()
  process.waitUntilExit()
  return Outcome(
    code: process.terminationStatus, output: try Data(contentsOf: streams[1]),
    complaint: String(decoding: try Data(contentsOf: streams[2]), as: UTF8.self))
}

/// The program as it was built with these tests: it lies beside them.
let liftlockPath = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
  .appendingPathComponent("liftlock").path

func liftlock(
  _ arguments: String..., in folder: URL = repository, input: String = "", environment: [String: String] = [:]
) throws -> Outcome {
  try run(liftlockPath, arguments, in: folder, input: Data(input.utf8), environment: environment)
}

/// Works in an empty folder that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("liftlock-" + UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// Every file of a folder with its bytes; a symbolic link with where it leads.
func contents(of folder: URL) throws -> [String: Data] {
  let files = FileManager.default
  var result: [String: Data] = [:]
  guard let paths = files.enumerator(atPath: folder.path) else { return result }
  for case let path as String in paths {
    let url = folder.appendingPathComponent(path)
    switch try files.attributesOfItem(atPath: url.path)[.type] as? FileAttributeType {
    case .typeDirectory: continue
    case .typeSymbolicLink: result[path] = Data("-> \(try files.destinationOfSymbolicLink(atPath: url.path))".utf8)
    default: result[path] = try Data(contentsOf: url)
    }
  }
  return result
}

/// A repository with everything that an example is compiled to.
func withGeneratedRepository<Result>(_ example: String = "trade-nexus", _ body: (URL) throws -> Result) throws -> Result
{
  try withTemporaryFolder { root in
    let outcome = try liftlock("generate", examplePath(example), "--root", root.path)
    try #require(outcome.code == 0, "\(outcome)")
    return try body(root)
  }
}
