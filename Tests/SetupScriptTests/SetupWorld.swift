import Diagnostics
import Foundation
import ReleaseCompiler
import ReleaseModel
import Testing

/// A small service whose one environment needs two approvals.
enum Shop {
  static let spec = """
    liftlock: 1
    service: shop
    artifact: { image: ghcr.io/acme/shop }
    roles:
      owner: { title: Owner, reviewers: [ann, octo-org/owners] }
      product: { title: Product, reviewers: [ben] }
    secrets:
      TARGET_TOKEN: { in: [prod], purpose: reaching the target, rotate: 90d }
      CHAT_WEBHOOK: { in: [prod], purpose: announcements, optional: true, without: nobody is told, rotate: 90d }
    checks:
      health: { probe: { requests: [GET /health] } }
    notify: { team: { slack: CHAT_WEBHOOK, on: [failed], in: [prod] } }
    environments:
      prod:
        on: { push: { branches: [main] }, tag: "v[0-9]+" }
        url: https://shop.example
        deploy: { command: { run: ops/target.sh, secrets: [TARGET_TOKEN] } }
        rollout: { rolling: { verify: [health], watch: 5m } }
        verify: [health]
        rollback: { when: [health fails for 1m], verify: [health] }
    promotion:
      approvals: { prod: [product, owner] }
    """

  /// The spec with another pair of values; the first must be there.
  static func spec(_ old: String, _ new: String) throws -> String {
    try #require(spec.contains(old), "the spec has no longer \(old)")
    return spec.replacingOccurrences(of: old, with: new)
  }

  static var people: [String: Any] {
    ["users": ["ann", "ben", "eve"], "teams": ["octo-org/owners": ["ann"]]]
  }
  /// No tag that a release starts from can be moved.
  static var ruleset: [String: Any] {
    [
      "id": 5, "target": "tag", "enforcement": "active", "rules": [["type": "deletion"], ["type": "update"]],
      "conditions": ["ref_name": ["include": ["refs/tags/v*"], "exclude": [String]()]],
    ]
  }
  static var environments: [String: Any] {
    [
      "prod-approval-product": [
        "reviewers": ["ben"], "prevent_self_review": true, "can_admins_bypass": false,
        "policies": ["branch main", "tag v[0-9]*"],
      ],
      "prod": [
        "reviewers": ["octo-org/owners", "ann"], "prevent_self_review": true, "can_admins_bypass": false,
        "policies": ["tag v[0-9]*", "branch main"], "secrets": ["TARGET_TOKEN", "CHAT_WEBHOOK"],
      ],
      "prod-rollback": [
        "policies": ["branch main", "tag v[0-9]*"], "secrets": ["TARGET_TOKEN", "CHAT_WEBHOOK"],
      ],
    ]
  }
  /// Everything as the spec has it.
  static var declared: [String: Any] {
    people.merging(["rulesets": [ruleset], "environments": environments]) { _, new in new }
  }
  /// The same, or another GitHub, with one environment changed.
  static func drifted(
    _ name: String, _ changes: [String: Any], in gitHub: [String: Any] = declared
  ) -> [String: Any] {
    var gitHub = gitHub
    var environments = gitHub["environments"] as? [String: Any] ?? [:]
    let old = environments[name] as? [String: Any] ?? [:]
    environments[name] = old.merging(changes) { _, new in new }
    gitHub["environments"] = environments
    return gitHub
  }
}

/// The set-up script of a spec beside a small GitHub, in the test world.
struct SetupWorld {
  struct Outcome {
    var code: Int32
    var output: String
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  let service: String
  private let base: URL
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func example(_ name: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent("Examples/\(name)/release.yaml"), encoding: .utf8)
  }

  /// Compiles the spec, starts a world with this GitHub, and ends it whatever happens. What the world did not foresee
  /// fails the test.
  static func with(
    _ gitHub: [String: Any], spec: String = Shop.spec, faults: [[String: Any]] = [], _ body: (SetupWorld) throws -> Void
  ) throws {
    let checked = ReleaseCompiler.check(SourceFile(path: "release.yaml", text: spec))
    let plan = try #require(checked.plan, "\(checked.diagnostics.map(\.message))")
    let files = FileManager.default
    let base = files.temporaryDirectory.appendingPathComponent("liftlock-\(UUID().uuidString.prefix(8))")
    let world = SetupWorld(service: plan.service, base: base)
    defer { try? files.removeItem(at: base) }
    for file in ReleaseCompiler.generate(plan) where file.path == world.script {
      #expect(file.isExecutable)
      let url = base.appendingPathComponent("checkout/\(file.path)")
      try files.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try file.text.write(to: url, atomically: true, encoding: .utf8)
    }
    try files.createDirectory(at: base.appendingPathComponent("tmp"), withIntermediateDirectories: true)
    let scenario: [String: Any] = ["github": gitHub, "faults": faults]
    try JSONSerialization.data(withJSONObject: scenario).write(to: base.appendingPathComponent("scenario.json"))
    try world.tell("start", "--scenario", base.appendingPathComponent("scenario.json").path, "--no-http")
    defer { _ = try? world.tell("stop") }
    try body(world)
    let problems = try world.world(["problems", world.folder])
    #expect(problems.output.isEmpty)
    #expect(try files.contentsOfDirectory(atPath: base.appendingPathComponent("tmp").path).isEmpty)
  }

  private var script: String { "ops/\(service)/setup-environments.sh" }
  private var folder: String { base.appendingPathComponent("world").path }

  /// Runs the script as a person does.
  func run(_ words: String..., values: [String: String] = [:]) throws -> Outcome {
    try world(["run", folder, "--", "bash", script] + words, values)
  }

  /// Every call of gh since the world began, as a line each.
  var calls: [String] {
    get throws {
      let data = Data(try tell("calls", "--json").utf8)
      let rows = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
      return rows.filter { $0["command"] as? String == "gh" }.map {
        (($0["args"] as? [String]) ?? []).joined(separator: " ")
      }
    }
  }

  /// Those calls that change something.
  var changes: [String] { get throws { try calls.filter { !$0.contains("--method GET") } } }

  /// An environment as the world keeps it.
  func environment(_ name: String) throws -> [String: Any] {
    let data = Data(try tell("show", "/github/environments").utf8)
    let all = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return try #require(all[name] as? [String: Any], "there is no \(name)")
  }

  /// Its branches and tags, as `branch main`.
  func refs(_ name: String) throws -> [String] {
    let policies = try environment(name)["policies"] as? [[String: Any]] ?? []
    return policies.map { "\($0["type"] ?? "") \($0["name"] ?? "")" }.sorted()
  }

  /// How many reviewers of each kind it has, such as `["Team", "User"]`.
  func reviewers(_ name: String) throws -> [String] {
    let reviewers = try environment(name)["reviewers"] as? [[String: Any]] ?? []
    return reviewers.map { $0["type"] as? String ?? "" }.sorted()
  }

  @discardableResult
  private func tell(_ verb: String, _ words: String...) throws -> String {
    let outcome = try world([verb, folder] + words)
    try #require(outcome.code == 0, "world \(verb): \(outcome.output)")
    return outcome.output
  }

  private func world(_ words: [String], _ values: [String: String] = [:]) throws -> Outcome {
    let log = base.appendingPathComponent("log-\(UUID().uuidString)")
    #expect(FileManager.default.createFile(atPath: log.path, contents: nil))
    let handle = try FileHandle(forWritingTo: log)
    defer {
      try? handle.close()
      try? FileManager.default.removeItem(at: log)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", Self.root.appendingPathComponent("Sources/Rehearsal/World/world").path] + words
    process.currentDirectoryURL = base.appendingPathComponent("checkout")
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": base.path,
      "TMPDIR": base.appendingPathComponent("tmp").path, "GH_TOKEN": "token",
    ].merging(values) { _, new in new }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    return Outcome(code: process.terminationStatus, output: String(decoding: try Data(contentsOf: log), as: UTF8.self))
  }
}
