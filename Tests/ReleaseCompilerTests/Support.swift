import Diagnostics
import Foundation
import ReleaseCompiler
import ReleaseLanguage
import ReleaseModel
import Testing
import YAMLDocument

/// The root of this repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The names of the folders in a folder of the repository, sorted.
func folders(in path: String) -> [String] {
  let files = FileManager.default
  let folder = repository.appendingPathComponent(path)
  let names = (try? files.contentsOfDirectory(atPath: folder.path)) ?? []
  return names.filter { name in
    var isFolder: ObjCBool = false
    return files.fileExists(atPath: folder.appendingPathComponent(name).path, isDirectory: &isFolder)
      && isFolder.boolValue
  }.sorted()
}

/// The systems in `Examples`.
let exampleNames = folders(in: "Examples")

func exampleText(_ name: String) throws -> String {
  try String(contentsOf: repository.appendingPathComponent("Examples/\(name)/release.yaml"), encoding: .utf8)
}

/// What an example is compiled to. An example with findings is a mistake of the example.
func generate(_ text: String, path: String = "release.yaml") throws -> [GeneratedFile] {
  let checked = ReleaseCompiler.check(SourceFile(path: path, text: text))
  try #require(checked.diagnostics.isEmpty, "\(findings(checked))")
  return ReleaseCompiler.generate(try #require(checked.plan))
}

/// What an example is compiled to, compiled once for all tests that only look at it.
func compiled(_ name: String) throws -> [GeneratedFile] { try #require(compilations[name]).get() }

private let compilations = Dictionary(
  uniqueKeysWithValues: exampleNames.map { name in (name, Result { try generate(exampleText(name)) }) })

/// A spec that nobody has anything against; each of its lines is there once.
let baseSpec = #"""
  liftlock: 1
  service: shop
  artifact: { image: ghcr.io/acme/shop }
  candidates: { tag: "v*-rc.*" }
  roles:
    owner: { reviewers: [acme/owners] }
    operations: { reviewers: [acme/operations], duty: Runs the rollback by hand. }
  secrets:
    PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }
  sources:
    prometheus: { prometheus: { url: PROMETHEUS_URL } }
  metrics:
    error-rate:
      unit: percent
      better: lower
      target: 1%
      query: errors{track="$track"}
    latency:
      unit: ms
      better: lower
      slo: 400ms
      query: latency{track="$track"}
  checks:
    ci: { github-checks: [test] }
    ready: { probe: { requests: [GET /ready] } }
    smoke: { title: Smoke tests, probe: { requests: [GET /health < 500ms] } }
  environments:
    staging:
      on: { push: { branches: [main] } }
      url: https://staging.shop.example
      deploy: { command: { run: ops/staging.sh } }
      rollout: { rolling: { verify: [ready], watch: 15m } }
      verify: [smoke]
      rollback: { when: [smoke fails for 1m], verify: [smoke] }
    prod:
      after: staging
      on: { tag: candidates }
      url: https://shop.example
      window: { days: [mon, tue], from: "02:00", to: "06:00", zone: UTC }
      migrate: { run: ops/migrate.sh, destructive: false }
      deploy: { command: { run: ops/prod.sh } }
      rollout:
        canary:
          verify: [ready]
          steps:
            - { to: 10%, hold: 15m }
            - { to: 100%, hold: 30m }
      rollback:
        when: [error-rate > 3% over 5m, latency > 900ms over 5m]
        verify: [smoke, ready]
        migrations: Additive only; keep the schema.
  promotion:
    ci: { prod: required }
    smoke: { prod: required }
    approvals: { prod: [owner] }
  slos: { errors: { below: 5%, metric: error-rate }, answers: { below: 2s, metric: latency } }

  """#

/// The base spec with some of its lines, named without their indentation, replaced.
func spec(_ replacements: [(line: String, by: String)]) throws -> String {
  var lines = baseSpec.components(separatedBy: "\n")
  for (line, by) in replacements {
    let index = try #require(lines.firstIndex { $0.drop { $0 == " " } == line }, "the base spec has no line \(line)")
    let indentation = lines[index].prefix { $0 == " " }
    lines[index] = by.components(separatedBy: "\n").map { indentation + $0 }.joined(separator: "\n")
  }
  return lines.joined(separator: "\n")
}

/// A text without its marks `«…»`, and where they were: `line:column-column`. Marks can be nested, for two findings at one
/// place.
func unmarked(_ marked: String) -> (text: String, places: [String]) {
  var lines: [String] = []
  var places: [String] = []
  for (number, line) in marked.components(separatedBy: "\n").enumerated() {
    var text = ""
    var starts: [Int] = []
    for character in line {
      switch character {
      case "«": starts.append(text.unicodeScalars.count + 1)
      case "»": places.append("\(number + 1):\(starts.popLast() ?? 0)-\(text.unicodeScalars.count + 1)")
      default: text.append(character)
      }
    }
    lines.append(text)
  }
  return (lines.joined(separator: "\n"), places)
}

/// The place of a finding as `unmarked` writes places.
func place(_ span: Span, in file: SourceFile) -> String {
  let start = file.position(of: span.start)
  let end = file.position(of: span.end)
  return "\(start.line):\(start.column)-" + (end.line == start.line ? "" : "\(end.line):") + "\(end.column)"
}

/// Everything that was found, each as `line:column-column code: message`.
func findings(_ checked: ReleaseCompiler.Checked) -> [String] {
  checked.diagnostics.map { "\(place($0.span, in: checked.file)) \($0.code): \($0.message)" }
}

func check(_ text: String) -> ReleaseCompiler.Checked {
  ReleaseCompiler.check(SourceFile(path: "release.yaml", text: text))
}

/// A slip in the base spec: a line, what it is replaced by with the places of the findings marked, and the findings.
struct Slip: Sendable, CustomTestStringConvertible {
  let line: String
  let by: String
  /// As `code: message`, in the order of the marks.
  let findings: [String]

  init(_ line: String, _ by: String, _ findings: String...) {
    self.line = line
    self.by = by
    self.findings = findings
  }

  var testDescription: String { by }

  /// Nothing else is found than what is listed, and each exactly where it is marked.
  func expectFindings(
    also others: [(line: String, by: String)] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let (text, places) = unmarked(try spec([(line, by)] + others))
    #expect(
      ReleaseCompilerTests.findings(check(text)) == zip(places, findings).map { "\($0) \($1)" },
      sourceLocation: sourceLocation)
    #expect(places.count == findings.count, "as many marks as findings", sourceLocation: sourceLocation)
  }
}

/// What a program answered.
struct Outcome {
  let code: Int32
  let output: String
}

/// Runs a program that PATH finds, in a folder.
func run(_ program: String, _ arguments: [String], in folder: URL, input: String = "") throws -> Outcome {
  let inputFile = folder.appendingPathComponent(".input")
  let outputFile = folder.appendingPathComponent(".output")
  try input.write(to: inputFile, atomically: false, encoding: .utf8)
  try Data().write(to: outputFile)
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program] + arguments
  process.currentDirectoryURL = folder
  process.standardInput = try FileHandle(forReadingFrom: inputFile)
  process.standardOutput = try FileHandle(forWritingTo: outputFile)
  try process.run()
  process.waitUntilExit()
  return Outcome(
    code: process.terminationStatus, output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self))
}

/// Works in an empty folder that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("liftlock-" + UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
