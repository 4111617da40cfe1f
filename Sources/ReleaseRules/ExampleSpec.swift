/// The spec that all examples are made from: one that no rule has anything against.
public enum ExampleSpec {
  /// The spec, each of whose lines is there once.
  public static let base = #"""
    liftlock: 1
    service: shop
    artifact: { image: ghcr.io/acme/shop }
    roles:
      owner: { reviewers: [acme/owners] }
      operations: { reviewers: [acme/operations], duty: Runs the rollback by hand. }
    secrets:
      PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }
    sources:
      prometheus: { prometheus: { url: PROMETHEUS_URL }, resolution: 15s }
    metrics:
      error-rate:
        unit: percent
        better: lower
        ratio: { bad: 'requests_total{code=~"5..",track="$track"}', total: 'requests_total{track="$track"}' }
    checks:
      ci: { github-checks: [test] }
      ready: { probe: { requests: [GET /ready] } }
      smoke: { probe: { requests: [GET /health] } }
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
        on: { tag: "v*" }
        url: https://shop.example
        deploy: { command: { run: ops/prod.sh } }
        rollout:
          canary:
            verify: [ready]
            steps:
              - { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }
              - { to: 100%, hold: 30m }
        rollback:
          when: [error-rate > 3% over 5m]
          verify: [smoke, ready]
    promotion:
      ci: { prod: required }
      smoke: { prod: required }
      approvals: { prod: [owner] }

    """#

  /// The base with some lines replaced. A line is named without its indentation, which every line in its place gets; a
  /// replacement `""` takes it out. `«…»` in a replacement marks a place that a diagnostic points at.
  ///
  ///     ExampleSpec.with(("after: staging", "after: «prod»"))
  static func with(_ replacements: (line: String, by: String)...) -> RuleExample {
    RuleExample { text(replacements) }
  }

  private static func text(_ replacements: [(line: String, by: String)]) -> MarkedText {
    var lines: [String] = []
    var changed: Set<Int> = []
    var used: Set<Int> = []
    for line in base.split(separator: "\n", omittingEmptySubsequences: false) {
      let content = line.drop { $0 == " " }
      guard let index = replacements.firstIndex(where: { $0.line == content }) else {
        lines.append(String(line))
        continue
      }
      used.insert(index)
      let indentation = line.prefix(line.count - content.count)
      for replacement in replacements[index].by.split(separator: "\n") {
        changed.insert(lines.count)
        lines.append(String(indentation) + replacement)
      }
    }
    assert(used.count == replacements.count, "an example replaces a line that the base does not have")
    return MarkedText(lines.joined(separator: "\n"), changedLines: changed)
  }
}
