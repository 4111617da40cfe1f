import Diagnostics
import Foundation
import ReleaseCompiler
import ReleaseModel
import Testing

@testable import Rehearsal

/// A spec of the repository, compiled, with fewer looks and shorter holds: what is asked stays.
struct Rehearsed: Sendable {
  let name: String
  let plan: ReleasePlan

  /// Where the repository is: found from this file, so that the tests run wherever it lies.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let standIns = root.appendingPathComponent("Sources/Rehearsal/World").path

  var folder: String { Self.root.appendingPathComponent("Examples/\(name)").path }

  struct Problem: Error, CustomStringConvertible { let description: String }

  /// Changes that make an example's release shorter, in their order.
  private static let edits: [String: [(String, String)]] = [
    "trade-nexus": [
      ("resolution: 1m", "resolution: 15s"), ("lag: 3m", "lag: 1m"), ("settle: 7m", "settle: 2m"),
      ("hold: 15m", "hold: 3m"), ("hold: 30m", "hold: 3m"), ("check-every: 30s", "check-every: 1m"),
      ("health fails for 30s", "health fails for 1m"), ("over 5m", "over 2m"),
    ],
    "forge": [
      ("over 5m", "over 2m"), ("hold: 15m", "hold: 3m"), ("hold: 60m", "hold: 3m"),
      ("check-every: 15s", "check-every: 1m"), ("check-every: 30s", "check-every: 1m"),
      ("health fails for 30s", "health fails for 1m"), ("watch: 15m", "watch: 3m"),
      ("error-rate < 1% over 15m", "error-rate < 1% over 3m"), ("> 0 for 5m", "> 0 for 2m"),
    ],
    "ecom-back": [
      ("watch: 5m, check-every: 30s", "watch: 1m, check-every: 1m"),
      ("watch: 10m, check-every: 30s", "watch: 1m, check-every: 1m"), ("timeout: 20m", "timeout: 1m"),
    ],
    "doc-0020": [
      ("check-every: 15s", "check-every: 1m"), ("watch: 15m", "watch: 3m"), ("watch: 5m", "watch: 3m"),
      ("hold: 15m", "hold: 3m"), ("hold: 30m", "hold: 3m"), ("for 5m", "for 1m"), ("over 5m", "over 2m"),
    ],
    "nextgen-market": [
      ("check-every: 10s", "check-every: 30s"), ("hold: 5m", "hold: 90s"), ("hold: 30m", "hold: 1m"),
      ("health fails for 20s", "health fails for 30s"), ("watch: 30m", "watch: 3m"), ("watch: 2m", "watch: 90s"),
      ("rest-limit: 30m", "rest-limit: 4m"), ("watch: 5m", "watch: 90s"),
      ("restarts > 2 over 5m", "restarts > 2 over 1m"), ("critical-alerts < 1 over 5m", "critical-alerts < 1 over 1m"),
    ],
  ]

  static let names = edits.keys.sorted()

  /// An example in its shorter form.
  init(_ name: String) throws {
    let path = Self.root.appendingPathComponent("Examples/\(name)/release.yaml")
    var text = try String(contentsOf: path, encoding: .utf8)
    for (old, new) in Self.edits[name] ?? [] {
      guard text.contains(old) else { throw Problem(description: "no “\(old)” in the spec of \(name)") }
      text = text.replacingOccurrences(of: old, with: new)
    }
    try self.init(name: name, text: text)
  }

  init(name: String, text: String) throws {
    self.name = name
    let checked = ReleaseCompiler.check(SourceFile(path: "release.yaml", text: text))
    guard let plan = checked.plan else {
      throw Problem(description: checked.diagnostics.map { "\($0.code): \($0.message)" }.joined(separator: "\n"))
    }
    self.plan = plan
  }

  static let examples = Dictionary(uniqueKeysWithValues: names.map { name in (name, Result { try Rehearsed(name) }) })

  static func example(_ name: String) throws -> Rehearsed {
    guard let found = examples[name] else { throw Problem(description: "no example \(name)") }
    return try found.get()
  }

  func rehearsal(_ environment: String) throws -> ReleaseRehearsal {
    let found = try #require(plan.environment(environment))
    return try ReleaseRehearsal(plan: plan, environment: found, repository: folder)
  }

  func run(_ environment: String, _ change: (inout ReleaseRehearsal.Options) throws -> Void = { _ in }) throws
    -> RehearsalReport
  {
    var options = ReleaseRehearsal.Options()
    options.limit = 300
    let recorder = try ArgumentLibrary.recorder()
    defer { ArgumentLibrary.remove(recorder) }
    options.arguments = recorder
    try change(&options)
    return try rehearsal(environment).run(options, standIns: Self.standIns)
  }
}
