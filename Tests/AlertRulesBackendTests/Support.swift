import Diagnostics
import Foundation
import ReleaseCompiler
import Testing

/// The alerts of a release gate on its callbacks, whose counters only the ratio can be made up from its selectors.
let callbackAlerts = #"""
  ReleaseGateRollbackCallbackFailuresPresent:
    severity: warning
    when: callback-failures >= 1 over 6h
    summary: A rollback callback failed; see {{ the }} receiver's log.
  ReleaseGateRollbackCallbackFailureRateCritical:
    severity: critical
    when: callback-failure-rate > 20% over 24h with >= 3 events
    role: owner
  ReleaseGateRollbackCallbackDrillMissing:
    severity: warning
    when: callback-events < 1 over 14d
    runbook: ops/runbooks/drill.md#missing
  """#

let callbackMetrics = #"""
  callback-failures:
    unit: count
    better: lower
    query: sum(increase(callbacks_total{outcome="failed"}[$window]))
    example: { gives: 1, series: ['callbacks_total{outcome="failed"} $value/window'] }
  callback-failure-rate:
    unit: percent
    better: lower
    ratio: { bad: 'callbacks_total{outcome=~"failed|late"}', total: callbacks_total }
  callback-events:
    unit: count
    better: higher
    query: sum(increase(callbacks_total[$window]))
    example: { gives: 1, series: ['callbacks_total{outcome="sent"} $value/window'] }
  """#

/// A spec with these metrics, alerts and objectives.
func spec(metrics: String = callbackMetrics, alerts: String = "", slos: String = "") -> String {
  func section(_ name: String, _ body: String) -> String {
    body.isEmpty ? "" : "\(name):\n" + body.split(separator: "\n").map { "  \($0)\n" }.joined()
  }
  return #"""
    liftlock: 1
    service: shop
    artifact: { image: ghcr.io/acme/shop }
    roles: { owner: { title: Owner, reviewers: [acme/owners] } }
    secrets: { PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d } }
    sources: { prometheus: { prometheus: { url: PROMETHEUS_URL } } }
    checks: { smoke: { probe: { requests: [GET /health] } } }
    environments:
      prod:
        on: { push: { branches: [main] } }
        url: https://shop.example
        deploy: { command: { run: ops/prod.sh } }
        rollout: { rolling: { verify: [smoke], watch: 15m } }
        verify: [smoke]
        rollback: { when: [smoke fails for 1m, error-rate > 3% over 5m], verify: [smoke] }

    """# + section("metrics", errorRate + "\n" + metrics) + section("alerts", alerts) + section("slos", slos)
}

private let errorRate = #"""
  error-rate:
    unit: percent
    better: lower
    target: 1%
    ratio: { bad: 'requests_total{track="$track",code=~"5.."}', total: 'requests_total{track="$track"}' }
  """#

/// What the alerts of a spec are compiled to.
struct Compiled {
  let rules: String
  let tests: String
  let runbook: String

  init(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let checked = ReleaseCompiler.check(SourceFile(path: "release.yaml", text: text))
    let found = relevant(checked).map { "\($0.code): \($0.message)" }
    try #require(found.isEmpty, "\(found)", sourceLocation: sourceLocation)
    let files = ReleaseCompiler.generate(try #require(checked.plan))
    func body(_ path: String) -> String { files.first { $0.path == path }?.text ?? "" }
    rules = body("monitoring/shop.rules.yml")
    tests = body("monitoring/shop.rules.test.yml")
    runbook = body("docs/runbooks/shop.md")
  }

  /// What promtool says of the rules, perhaps changed by somebody, and of the tests.
  func judged(rules changed: String? = nil) throws -> (check: Outcome, test: Outcome) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("liftlock-alerts-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data((changed ?? rules).utf8).write(to: folder.appendingPathComponent("shop.rules.yml"))
    try Data(tests.utf8).write(to: folder.appendingPathComponent("shop.rules.test.yml"))
    return (
      try promtool(["check", "rules", "--lint-fatal", "shop.rules.yml"], in: folder),
      try promtool(["test", "rules", "shop.rules.test.yml"], in: folder)
    )
  }

  /// Both are fine.
  func expectSound(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let (check, test) = try judged()
    #expect(check.code == 0, "\(check.text)\n\(rules)", sourceLocation: sourceLocation)
    #expect(test.code == 0, "\(test.text)\n\(rules)\n\(tests)", sourceLocation: sourceLocation)
  }

  /// The names of the tests, each of which starts with its alert.
  var testNames: [String] {
    tests.split(separator: "\n").compactMap { line in
      line.hasPrefix("  - name: ") ? String(line.dropFirst("  - name: ".count)) : nil
    }
  }
}

struct Outcome {
  let code: Int32
  let text: String
}

/// Runs promtool; a test fails where it is missing.
private func promtool(_ arguments: [String], in folder: URL) throws -> Outcome {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
  let path = try #require(
    folders.map { $0 + "/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) },
    "promtool is missing; `make test` installs it")
  let output = folder.appendingPathComponent("output")
  try Data().write(to: output)
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.currentDirectoryURL = folder
  let handle = try FileHandle(forWritingTo: output)
  process.standardOutput = handle
  process.standardError = handle
  try process.run()
  process.waitUntilExit()
  return Outcome(code: process.terminationStatus, text: String(decoding: try Data(contentsOf: output), as: UTF8.self))
}

/// What is found in a spec, as `code: marked text`.
func findings(_ text: String) -> [String] {
  let file = SourceFile(path: "release.yaml", text: text)
  return relevant(ReleaseCompiler.check(file)).map { "\($0.code): \(file.text(in: $0.span))" }
}

/// What is said of a spec.
func messages(_ text: String) -> [String] {
  relevant(ReleaseCompiler.check(SourceFile(path: "release.yaml", text: text))).map(\.message)
}

/// The specs of these tests declare more metrics than each of them watches.
private func relevant(_ checked: ReleaseCompiler.Checked) -> [Diagnostic] {
  checked.diagnostics.filter { $0.code != "unused-metric" }
}
