import Foundation
import Testing

/// A release of one environment, small enough to be read beside a test: what a driver and a strategy need, and no more.
struct SmallRelease {
  /// What stands under `deploy`, on one line.
  var deploy: String
  /// What stands under `rollout`, on one line.
  var rollout: String
  /// The names of the secrets; a `?` behind one makes it optional.
  var secrets: [String]
  var values: [String: String]
  /// The world, without the versions, which are always the same two.
  var scenario: JSON

  static let image = "ghcr.io/acme/shop"
  static let old = "\(image)@sha256:\(String(repeating: "a", count: 64))"
  static let new = "\(image)@sha256:\(String(repeating: "b", count: 64))"

  static let canary =
    "{ canary: { verify: [ready], check-every: 1m, steps: [{ to: 25%, hold: 3m }, { to: 100%, hold: 3m }] } }"
  static let blueGreen = "{ blue-green: { verify: [ready], check-every: 1m, watch: 3m } }"
  static let rolling = "{ rolling: { verify: [ready], check-every: 1m, watch: 3m } }"

  var text: String {
    let declared = secrets.map { name in
      name.hasSuffix("?")
        ? "  \(name.dropLast()): { in: [prod], purpose: tests, rotate: 90d, optional: true, without: it is left out }"
        : "  \(name): { in: [prod], purpose: tests, rotate: 90d }"
    }
    return """
      liftlock: 1
      service: shop
      artifact: { image: \(Self.image) }
      secrets:
      \(declared.joined(separator: "\n"))
      checks:
        ready: { probe: { requests: [GET /ready] } }
        proof: { run: ops/proof.sh }
      environments:
        prod:
          on: { push: { branches: [main] } }
          url: https://shop.example
          deploy: \(deploy)
          rollout: \(rollout)
          rollback: { when: [ready fails for 1m], verify: [ready] }

      """
  }

  /// The world: an old version that is well, and a new one that behaves as the test says.
  func world(new: JSON = [:], faults: JSON = []) -> JSON {
    var world = scenario
    world["start"] = "2026-06-02T09:00:00Z"
    world["versions"] = ["old": ["match": "sha256:aaaa"], "new": new]
    world["versions"]["new"]["match"] = "sha256:bbbb"
    world["faults"] = faults
    return world
  }

  var environment: [String: String?] {
    var result: [String: String?] = [
      "GITHUB_RUN_ID": "1001", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": "abc", "GITHUB_REPOSITORY": "acme/shop",
      "ARTIFACT": Self.new,
    ]
    for (name, value) in values { result[name] = value }
    return result
  }

  @discardableResult
  func run<Result>(
    new: JSON = [:], faults: JSON = [], files: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (ReleaseRepository) throws -> Result
  ) throws -> Result {
    let example = try Example(name: "small", text: text)
    return try ReleaseRepository.with(example, world(new: new, faults: faults), sourceLocation: sourceLocation) {
      repository in
      try repository.write("ops/proof.sh", "#!/usr/bin/env bash\nexit 0\n", isExecutable: true)
      for (path, text) in files { try repository.write(path, text) }
      return try body(repository)
    }
  }
}
