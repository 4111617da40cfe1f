import Foundation
import Testing

/// A release as nextgen-market's production has it, on Container Apps: steps with thresholds that tighten, one that falls
/// back to a rest, a stabilisation, a schema whose way back a check decides, and a rollback in stages.
enum GradualRelease {
  static let old = "market--v1"
  static let new = "market--gh-1001-1"
  static let rollout = "prod/rollout.sh"
  static let rollback = "prod/rollback.sh"
  static let artifact = "ghcr.io/acme/market@sha256:\(String(repeating: "b", count: 64))"

  static let text = #"""
    liftlock: 1
    service: market
    artifact: { image: ghcr.io/acme/market }
    secrets:
      AZURE_CLIENT_ID: { in: [prod], purpose: login, rotate: 90d }
      AZURE_TENANT_ID: { in: [prod], purpose: login, rotate: 90d }
      AZURE_SUBSCRIPTION_ID: { in: [prod], purpose: login, rotate: 90d }
      PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }
      DATABASE_URL: { in: [prod], purpose: migrations, rotate: 90d }
    sources:
      prometheus: { prometheus: { url: PROMETHEUS_URL }, resolution: 5s }
    metrics:
      error-rate:
        unit: percent
        better: lower
        ratio: { bad: 'errors{version="$version"}', total: 'requests{version="$version"}' }
      p99-latency: { unit: ms, better: lower, query: 'p99{version="$version"}' }
    checks:
      smoke: { probe: { requests: [GET /health] } }
      full-smoke: { probe: { requests: [GET /health, GET /orders] } }
      compatible: { run: ops/compatible.sh }
    environments:
      prod:
        on: { push: { branches: [main] } }
        url: https://market.example
        migrate: { run: ops/migrate.sh, secrets: [DATABASE_URL], destructive: false }
        deploy: { azure-container-apps: { app: market, resource-group: market } }
        rollout:
          canary:
            check-every: 20s
            settle: 20s
            verify: [smoke]
            rest-limit: 4m
            steps:
              - { to: 5%, hold: 1m, require: [error-rate < 1%] }
              - { to: 25%, hold: 1m, require: [error-rate < 0.5%] }
              - to: 50%
                hold: 2m
                require: [error-rate < 0.4%]
                fail-when: [p99-latency > 800ms for 2 checks]
                on-failure: 25%
              - { to: 100%, hold: 1m, require: [error-rate < 0.5%] }
            stabilise: { hold: 2m, require: [error-rate < 0.5%], verify: [full-smoke] }
        rollback:
          when:
            - error-rate > 1% for 2 checks
            - p99-latency > 2000ms for 3 checks
            - smoke fails for 40s
          verify: [smoke]
          migrations:
            compatible: compatible
            otherwise: ops/restore-schema.sh
            last-resort: ops/restore.sh --point-in-time
            secrets: [DATABASE_URL]
            timeout: 5m
            text: Compatible, the schema is kept; otherwise it goes back first.
          stages: { to: [25%, 50%, 100%], watch: 1m }

    """#

  static let example = Result { try Example(name: "market", text: text) }

  static let secrets = [
    "AZURE_CLIENT_ID": "client-id-81c2", "AZURE_TENANT_ID": "tenant-id-4b7d",
    "AZURE_SUBSCRIPTION_ID": "subscription-id-90aa", "PROMETHEUS_URL": "https://prometheus.market.example/",
    "DATABASE_URL": "database-url-1f2e",
  ]

  static var environment: [String: String?] {
    var values: [String: String?] = [
      "GITHUB_RUN_ID": "1001", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": "abc", "ARTIFACT": artifact,
    ]
    for (name, value) in secrets { values[name] = .some(value) }
    return values
  }

  /// A good release, with the new version behaving like this under rules.
  static func scenario(new rules: JSON..., faults: JSON = []) -> JSON {
    [
      "start": "2026-06-02T09:00:00Z",
      "versions": [
        "old": ["match": "v1|:1\\.0", "error_percent": 0.1, "latency_ms": 4, "p99_ms": 300],
        "new": [
          "match": "gh-\\d+|sha256", "ready_seconds": 5, "latency_ms": 5, "error_percent": 0.1, "p99_ms": 300,
          "rules": .array(rules),
        ],
      ],
      "services": ["market": ["requests_per_second": 50, "from": ["azure": "market"], "hosts": ["market.example"]]],
      "queries": [
        ["match": "errors\\{version=\"([^\"]+)\"", "track": "$1", "value": "errors"],
        ["match": "requests\\{version=\"([^\"]+)\"", "track": "$1", "value": "requests"],
        ["match": "p99\\{version=\"([^\"]+)\"", "track": "$1", "value": "p99_ms"],
      ],
      "azure": [
        "update_seconds": 5,
        "apps": [
          "market": [
            "resource_group": "market", "mode": "Multiple", "tags": [:],
            "fqdn": "market.happyhill.westeurope.azurecontainerapps.io",
            "revisions": [["suffix": "v1", "image": "ghcr.io/acme/market:1.0", "active": true]],
            "traffic": [["revision": "v1", "weight": 100]],
          ]
        ],
      ],
      "faults": faults,
    ]
  }

  /// A release of run 1001 that is under way.
  static func underWay(
    weight: Int, state: String = "rolling-out", run: String = "1001-1", more: [String: String] = [:],
    new rules: JSON...,
    faults: JSON = []
  ) -> JSON {
    var scenario = scenario(faults: faults)
    scenario["versions"]["new"]["rules"] = .array(rules)
    var app = scenario["azure"]["apps"]["market"]
    app["revisions"].append(["suffix": "gh-1001-1", "image": .string(artifact), "active": true, "created": "-10m"])
    let shares: [JSON] = [
      ["revision": "v1", "weight": .number(Double(100 - weight))],
      ["revision": "gh-1001-1", "weight": .number(Double(weight))],
    ]
    app["traffic"] = .array(shares.filter { $0["weight"] != 0 })
    app["tags"] = [
      "liftlock-state": .string(state), "liftlock-run": .string(run), "liftlock-previous": .string(old),
      "liftlock-candidate": .string(new), "liftlock-weight": .string("\(weight)"), "liftlock-commit": "abc",
    ]
    for (name, value) in more { app["tags"]["liftlock-\(name)"] = .string(value) }
    scenario["azure"]["apps"]["market"] = app
    return scenario
  }

  /// Every program that is called leaves a line in `called`.
  static func program(exit code: Int = 0) -> String {
    "#!/usr/bin/env bash\nprintf '%s\\n' \"$0\" >>called\nexit \(code)\n"
  }
}

extension ReleaseRepository {
  @discardableResult
  static func gradual<Result>(
    _ scenario: JSON, compatible: Int = 0, restore: Int = 0, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (ReleaseRepository) throws -> Result
  ) throws -> Result {
    try with(GradualRelease.example.get(), scenario, sourceLocation: sourceLocation) { repository in
      try repository.write("ops/migrate.sh", GradualRelease.program(), isExecutable: true)
      try repository.write("ops/compatible.sh", GradualRelease.program(exit: compatible), isExecutable: true)
      try repository.write("ops/restore-schema.sh", GradualRelease.program(exit: restore), isExecutable: true)
      return try body(repository)
    }
  }

  /// The tags that the release speaks through.
  var marketMarker: [String: String] {
    get throws {
      let tags = try state["azure"]["apps"]["market"]["tags"].members
      return Dictionary(
        uniqueKeysWithValues: tags.map { (String($0.key.dropFirst("liftlock-".count)), $0.value.string ?? "") })
    }
  }

  /// The new version's shares, one after the other.
  var newShares: [Double] { get throws { try traffic.map { $0[GradualRelease.new] ?? 0 } } }

  /// The programs of the repository that were run, in order.
  var called: [String] {
    let text = (try? Program.text(of: checkout.appendingPathComponent("called"))) ?? ""
    return text.split(separator: "\n").map { String($0.split(separator: "/").last ?? "") }
  }

  func gradual(_ line: String, _ more: [String: String?] = [:]) throws -> Outcome {
    try script(line, GradualRelease.environment.merging(more) { $1 })
  }
}
