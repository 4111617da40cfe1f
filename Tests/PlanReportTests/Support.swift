import Diagnostics
import Foundation
import ReleaseCompiler
import ReleaseModel
import Testing

/// The root of this repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

let exampleNames =
  ((try? FileManager.default.contentsOfDirectory(atPath: repository.appendingPathComponent("Examples").path)) ?? [])
  .filter {
    FileManager.default.fileExists(atPath: repository.appendingPathComponent("Examples/\($0)/release.yaml").path)
  }
  .sorted()

func examplePlan(_ name: String) throws -> ReleasePlan {
  let path = repository.appendingPathComponent("Examples/\(name)/release.yaml")
  return try plan(String(contentsOf: path, encoding: .utf8))
}

func plan(_ text: String) throws -> ReleasePlan {
  let checked = ReleaseCompiler.check(SourceFile(path: "release.yaml", text: text))
  return try #require(checked.plan, "\(checked.diagnostics.map { "\($0.code): \($0.message)" })")
}

/// A release whose times can be added up by hand: ticks of 30 s, 2 min to settle, samples every 15 s.
func smallSpec(
  when: String = "error-rate > 3% over 5m", settle: String = "2m",
  steps: String = "{ to: 10%, hold: 15m }, { to: 100%, hold: 30m }"
)
  -> String
{
  """
  liftlock: 1
  service: shop
  artifact: { image: ghcr.io/acme/shop }
  secrets:
    PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }
  sources:
    prometheus: { prometheus: { url: PROMETHEUS_URL }, resolution: 15s }
  metrics:
    error-rate: { unit: percent, better: lower, query: 'errors{track="$track"}' }
  checks:
    smoke: { probe: { requests: [GET /health] } }
  environments:
    prod:
      on: { tag: "v*" }
      url: https://shop.example
      deploy: { command: { run: ops/prod.sh } }
      rollout:
        canary:
          check-every: 30s
          settle: \(settle)
          verify: [smoke]
          steps: [\(steps)]
      rollback: { when: [\(when)], verify: [smoke] }

  """
}
