import Foundation
import Rehearsal
import Testing

/// A repository with everything that Liftlock generates for an example, inside a running test world.
struct ReleaseRepository {
  let example: Example
  /// Everything of this repository; removed at the end.
  let base: URL
  /// The world as it begins; the moment is 09:00 on 2 June 2026 unless it says otherwise.
  let scenario: JSON

  var checkout: URL { base.appendingPathComponent("checkout") }
  /// Where temporary files go: what is left in it afterwards was left behind.
  var temporary: URL { base.appendingPathComponent("tmp") }
  /// A runner's `RUNNER_TEMP`, and by hand the folder under which notes are kept.
  func runnerTemporary(_ name: String = "runner") -> URL { base.appendingPathComponent("temp-\(name)") }

  /// The stand-ins as they stand in the repository: what the tool carries is a copy of them.
  private static let standIns = Example.root.appendingPathComponent("Sources/Rehearsal/World").path
  private var world: World { World(folder: base.appendingPathComponent("world").path, standIns: Self.standIns) }
  /// Where the steps of its workflows run.
  var stage: Stage { Stage(base: base.path, world: world, limit: 150) }

  /// Makes the repository, starts its world, and stops it whatever happens. What the scenario did not foresee fails the
  /// test: an answer that nobody thought about proves nothing.
  @discardableResult
  static func with<Result>(
    _ example: Example, _ scenario: JSON, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (ReleaseRepository) throws -> Result
  ) throws -> Result {
    let files = FileManager.default
    let base = files.temporaryDirectory.appendingPathComponent("liftlock-\(UUID().uuidString.prefix(8))")
    let repository = ReleaseRepository(example: example, base: base, scenario: scenario)
    defer { try? files.removeItem(at: base) }
    try repository.write()
    try repository.world.start(scenario)
    defer { repository.world.stop() }
    let result = try body(repository)
    let problems = try repository.world.problems
    #expect(problems.isEmpty, "the scenario did not foresee this", sourceLocation: sourceLocation)
    return result
  }

  private func write() throws {
    let files = FileManager.default
    try files.createDirectory(at: base, withIntermediateDirectories: true)
    if files.fileExists(atPath: example.folder.path) {
      try files.copyItem(at: example.folder.resolvingSymlinksInPath(), to: checkout)
    } else {
      try files.createDirectory(at: checkout, withIntermediateDirectories: true)
    }
    try stage.prepare()
    for file in example.files {
      try write(file.path, file.text, isExecutable: file.isExecutable)
    }
  }

  /// Writes a file of the repository.
  func write(_ path: String, _ text: String, isExecutable: Bool = false) throws {
    let url = checkout.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
    if isExecutable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path) }
  }

  // MARK: - Running

  /// Runs a command in the world, from the root of the repository. A value of `nil` takes a variable away.
  func run(_ words: [String], _ values: [String: String?] = [:], limit: Int = 150) throws -> Outcome {
    try Stage(base: base.path, world: world, limit: limit).run(words, values)
  }

  /// Runs a script of the service: `script("production/rollback.sh --yes")`.
  func script(_ line: String, _ values: [String: String?] = [:]) throws -> Outcome {
    var words = line.split(separator: " ").map(String.init)
    words[0] = "ops/\(example.plan.service)/\(words[0])"
    return try run(words, values)
  }

  // MARK: - Asking the world

  /// The whole state of the world.
  var state: JSON { get throws { try world.state } }

  /// Changes one place of the state, by its JSON pointer.
  func set(_ path: String, _ value: JSON) throws { try world.set(path, value) }

  /// The virtual time, in milliseconds since 1970.
  var clock: Int { get throws { try world.clock } }

  /// Everything that was called, in order, as a line each: `az containerapp show …`.
  var calls: [String] {
    get throws {
      try world.calls.map { call in
        ([call["command"].string ?? ""] + call["args"].elements.compactMap(\.string)).joined(separator: " ")
      }
    }
  }

  /// Every request that the world's server saw, with its body.
  var requests: [JSON] {
    get throws {
      try world.calls.filter { $0["command"] == "http" }
    }
  }

  /// How the traffic of the one service was split, one after the other: by track, in percent, without tracks that get
  /// nothing.
  var traffic: [[String: Double]] {
    get throws {
      let rows = try world.traffic
      return rows.reduce(into: []) { result, row in
        let shares = row["shares"].elements.map { ($0["track"].string ?? "", $0["weight"].number ?? 0) }
        let split = Dictionary(shares.filter { $0.1 > 0 }) { $0 + $1 }
        if result.last != split { result.append(split) }
      }
    }
  }

  /// When the split changed, in seconds since 1970.
  var trafficChanges: [Double] {
    get throws {
      let start = (try state["start"].number ?? 0) / 1000
      return try world.traffic.map {
        start + ($0["elapsed"].number ?? 0)
      }
    }
  }

  /// The split at the end.
  var split: [String: Double] { get throws { try traffic.last ?? [:] } }

  /// Every text that anything left behind: notes, records, temporary files, the checkout, by path.
  func texts(under folders: [URL]) throws -> [String: String] {
    var texts: [String: String] = [:]
    for folder in folders {
      for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) ?? .init()
      {
        if let data = try? Data(contentsOf: file) { texts[file.path] = String(decoding: data, as: UTF8.self) }
      }
    }
    return texts
  }
}

extension ReleaseRepository {
  /// The JSON bodies that were posted to a host, in order.
  func posted(_ host: String) throws -> [JSON] {
    try requests.filter { $0["args"][0] == "POST" && $0["args"][1].string?.contains(host) == true }
      .compactMap { try $0["body"].string.map(JSON.init(parsing:)) }
  }
}
