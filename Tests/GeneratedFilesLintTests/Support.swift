import Foundation
import Testing

/// The root of this repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Every committed generated file with this ending.
func generatedFiles(_ ending: String) throws -> [String] {
  let root = repository.appendingPathComponent("Generated").path
  let paths = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(ending) }.sorted()
  try #require(!paths.isEmpty, "there is no *\(ending) in Generated; write it with: make generate")
  return paths.map { "Generated/" + $0 }
}

let exampleSpecs: [String] =
  ((try? FileManager.default.contentsOfDirectory(atPath: repository.appendingPathComponent("Examples").path)) ?? [])
  .filter { !$0.hasSuffix(".yaml") }.sorted().map { "Examples/\($0)/release.yaml" }

/// What a tool answered, its output and complaints together.
struct Outcome: CustomStringConvertible {
  let code: Int32
  let text: String
  var description: String { "exit \(code)\n\(text)" }
}

/// Runs a tool of `.tools/venv`, or one that PATH finds, in the repository's root. A tool that is not there fails the test.
func tool(_ name: String, _ arguments: [String], input: Data = Data()) throws -> Outcome {
  let files = FileManager.default
  let installed = repository.appendingPathComponent(".tools/venv/bin/\(name)").path
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
  let candidates = [installed] + folders.map { $0 + "/" + name }
  let path = try #require(
    candidates.first { files.isExecutableFile(atPath: $0) }, "\(name) is missing; `make test` installs it")
  let scratch = files.temporaryDirectory.appendingPathComponent("liftlock-lint-" + UUID().uuidString)
  try files.createDirectory(at: scratch, withIntermediateDirectories: true)
  defer { try? files.removeItem(at: scratch) }
  let streams = ["input", "output"].map { scratch.appendingPathComponent($0) }
  try input.write(to: streams[0])
  try Data().write(to: streams[1])
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.currentDirectoryURL = repository
  process.standardInput = try FileHandle(forReadingFrom: streams[0])
  let output = try FileHandle(forWritingTo: streams[1])
  process.standardOutput = output
  process.standardError = output
  try process.run()
  process.waitUntilExit()
  return Outcome(
    code: process.terminationStatus, text: String(decoding: try Data(contentsOf: streams[1]), as: UTF8.self))
}
