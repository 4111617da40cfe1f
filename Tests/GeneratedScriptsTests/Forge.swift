import Foundation
import GitHubWorkflow
import Testing

/// The forge example: Kubernetes, rolling in dev, canary by HTTPRoute in prod, Prometheus.
enum Forge {
  static let image = "ghcr.io/forge/api"
  static let old = "\(image)@sha256:\(String(repeating: "a", count: 64))"
  static let new = "\(image)@sha256:\(String(repeating: "b", count: 64))"
  static let stable = "Deployment/forge-prod/forge-api"
  static let canary = "Deployment/forge-prod/forge-api-canary"
  static let dev = "Deployment/forge-dev/forge-api"

  /// The same release in less time: rarer looks and shorter holds. What is asked stays.
  static let edits = [
    Edit("over 5m", "over 2m"), Edit("hold: 15m", "hold: 3m"), Edit("hold: 60m", "hold: 3m"),
    Edit("check-every: 15s", "check-every: 1m"), Edit("check-every: 30s", "check-every: 1m"),
    Edit("health fails for 30s", "health fails for 1m"), Edit("watch: 15m", "watch: 3m"),
    Edit("error-rate < 1% over 15m", "error-rate < 1% over 3m"), Edit("> 0 for 5m", "> 0 for 2m"),
  ]

  static let example = Result { try Example("forge", edits: edits) }

  // MARK: - The world

  /// What a text asks of Prometheus, the first that matches.
  private static func queries(withoutErrors: JSON) -> JSON {
    [
      ["match": "track=\"(\\w+)\",code=.*/ 0\\.001$", "track": "$1", "value": "error_ratio", "scale": 1000],
      [
        "match": "increase\\(http_requests_total.*track=\"(\\w+)\",code=", "track": "$1", "value": "errors",
        "without_errors": withoutErrors,
      ],
      ["match": "increase\\(http_requests_total.*track=\"(\\w+)\"\\}", "track": "$1", "value": "requests"],
      ["match": "rate\\(http_requests_total.*track=\"(\\w+)\"\\}", "track": "$1", "value": "rate"],
      ["match": "core_transactions_total.*track=\"(\\w+)\"", "track": "$1", "value": "requests"],
      ["match": "probe_success", "value": 100],
      ["match": "dependency_requests_total.*outcome=\"timeout\"", "value": 0],
      ["match": "dependency_requests_total.*track=\"(\\w+)\"", "track": "$1", "value": "requests"],
      ["match": "route=\"/health/ready\"", "value": 120],
      ["match": "histogram_quantile\\(0\\.95.*track=\"(\\w+)\"", "track": "$1", "value": "p95_ms"],
      ["match": "container_cpu", "value": 35],
      ["match": "ALERTS", "value": 0],
    ]
  }

  private static let versions: JSON = [
    // The patterns exclude each other: which version comes first does not matter.
    "old": ["match": "sha256:aaaa", "error_percent": 0.2, "latency_ms": 4, "p95_ms": 320],
    "new": [
      "match": "sha256:(?!aaaa)", "ready_seconds": 20, "latency_ms": 5, "p95_ms": 320, "error_percent": 0.1,
      "rules": [],
    ],
  ]

  private static let accounts: JSON = [
    "host": "forge.example", "path": "^/api/v1/account",
    "require_headers": ["authorization": "^Bearer smoke-token-2f6c$"], "json": ["account": "smoke"],
  ]

  private static func github(environments: [String: String]) -> JSON {
    let shown =
      ["forge-api/staging"] + ["smoke", "integration", "performance", "security"].map { "forge-api/staging/\($0)" }
    let approvals = environments.sorted { $0.key < $1.key }.map { environment, person -> JSON in
      ["user": .string(person), "environments": [.string(environment)]]
    }
    return [
      "repository": "forge/api",
      "commits": [
        "abc": [
          "check_runs": [["name": "lint"], ["name": "unit"], ["name": "integration"], ["name": "security"]],
          "statuses": .array(shown.map { ["context": .string($0)] }), "pulls": [12],
        ]
      ],
      "pulls": ["12": ["head_sha": "abc"]], "runs": ["1001": ["head_sha": "abc"]],
      "approvals": ["1001": .array(approvals)], "tags": ["v1.4.0-rc.1": ["sha": "abc"]],
      "rulesets": [
        [
          "id": 7, "name": "tags", "target": "tag", "enforcement": "active",
          "conditions": ["ref_name": ["include": ["refs/tags/v*"], "exclude": []]],
          "rules": [["type": "deletion"], ["type": "update"]],
        ]
      ],
    ]
  }

  /// Production within its window, the old version live, nothing under way.
  static var prod: JSON {
    [
      "start": "2026-06-02T02:30:00Z",
      "versions": versions,
      "services": [
        "forge": [
          "requests_per_second": 250, "from": ["httproute": "forge-prod/forge-api"],
          "tracks": ["canary": "^forge-api-canary ", "stable": "^forge-api "],
          "hosts": ["api.forge.example", ["host": "canary.api.forge.example", "track": "canary"]],
        ]
      ],
      "queries": queries(withoutErrors: "value"),
      "http": [accounts],
      "webhooks": ["hooks.slack.example"],
      "kubernetes": [
        "namespace": "forge-prod", "require_kubeconfig": true,
        "deployments": [
          ["name": "forge-api", "replicas": 4, "containers": ["api": .string(old)]],
          ["name": "forge-api-canary", "replicas": 0, "containers": ["api": .string(old)]],
        ],
        "services": [
          ["name": "forge-api", "selector": ["app": "forge-api"]],
          ["name": "forge-api-canary", "selector": ["app": "forge-api-canary"]],
        ],
        "httproutes": [
          [
            "name": "forge-api",
            "backends": [["service": "forge-api", "weight": 100], ["service": "forge-api-canary", "weight": 0]],
          ]
        ],
      ],
      "registry": ["images": .object(["\(image):abc": .string(String(new.dropFirst(image.count + 1)))])],
      "github": github(environments: ["prod-approval-service-owner": "sue", "prod": "pat"]),
    ]
  }

  /// A release of run 1001 that is under way in production: the canary is up and has this much of the traffic.
  static func underWay(weight: Int, state: String = "rolling-out", stableImage: String = old) -> JSON {
    var scenario = prod
    scenario["kubernetes"]["deployments"] = [
      [
        "name": "forge-api", "replicas": 4, "containers": ["api": .string(stableImage)],
        "annotations": [
          "liftlock.dev/state": .string(state), "liftlock.dev/run": "1001-1", "liftlock.dev/previous": .string(old),
          "liftlock.dev/candidate": .string(new), "liftlock.dev/weight": .string("\(weight)"),
          "liftlock.dev/incident": "", "liftlock.dev/commit": "abc",
        ],
      ],
      ["name": "forge-api-canary", "replicas": 2, "containers": ["api": .string(new)]],
    ]
    scenario["kubernetes"]["httproutes"][0]["backends"] = [
      ["service": "forge-api", "weight": .number(Double(100 - weight))],
      ["service": "forge-api-canary", "weight": .number(Double(weight))],
    ]
    return scenario
  }

  /// The environment dev, the old version live.
  static var development: JSON {
    var scenario = prod
    scenario["start"] = "2026-06-02T09:00:00Z"
    scenario["services"]["forge"] = [
      "requests_per_second": 250, "from": ["service": "forge-dev/forge-api"], "tracks": ["stable": "^forge-api "],
      "hosts": ["api.dev.forge.example"],
    ]
    scenario["kubernetes"] = [
      "namespace": "forge-dev", "require_kubeconfig": true,
      "deployments": [["name": "forge-api", "replicas": 2, "containers": ["api": .string(old)]]],
      "services": [["name": "forge-api", "selector": ["app": "forge-api"]]],
    ]
    scenario["registry"] = ["require_login": true]
    return scenario
  }

  /// Ten minutes of waiting for a deployment are few questions then.
  static let slowAnswers: JSON = [
    "command": "kubectl", "match": "get deployment/forge-api ", "kind": "slow", "delay": "55s", "until": "10m",
  ]

  // MARK: - Values

  static let secrets = [
    "KUBECONFIG": "apiVersion: v1\nkind: Config\nusers: [{name: ci, user: {token: kube-token-9d1f}}]",
    "PROMETHEUS_URL": "https://prometheus-5e21.forge.example/", "SMOKE_TOKEN": "smoke-token-2f6c",
    "DATABASE_URL": "postgres://forge:database-password-77b0@db/forge",
    "ANNOUNCE_WEBHOOK": "https://hooks.slack.example/services/T0/hook-secret-c4e8",
  ]

  /// What of each secret must not be seen anywhere.
  static let hidden = [
    "kube-token-9d1f", "prometheus-5e21", "smoke-token-2f6c", "database-password-77b0", "hook-secret-c4e8",
    WorkflowRunner.token,
  ]

  static let github = [
    "GITHUB_RUN_ID": "1001", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": "abc", "GITHUB_REF_NAME": "v1.4.0-rc.1",
    "GITHUB_REPOSITORY": "forge/api", "GITHUB_REF_TYPE": "tag", "GITHUB_ACTOR": "ann",
    "GITHUB_SERVER_URL": "https://github.com",
  ]

  /// What the scripts get when they are run one by one, as the steps of run 1001.
  static var environment: [String: String?] {
    github.merging(secrets) { $1 }.merging(["ARTIFACT": new, "GH_TOKEN": WorkflowRunner.token]) { $1 }
  }
}

extension ReleaseRepository {
  /// A repository of forge with a build context, and programs in the place of the teams' own that end well.
  @discardableResult
  static func forge<Result>(
    _ scenario: JSON, example: Example? = nil, programs: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (ReleaseRepository) throws -> Result
  ) throws -> Result {
    try with(example ?? Forge.example.get(), scenario, sourceLocation: sourceLocation) { repository in
      try repository.write("Dockerfile", "FROM scratch\n")
      let report = "mkdir -p build\nprintf '{\"runs\": [{\"results\": []}]}' >build/trivy.sarif"
      let all = [
        "integration", "load", "migrate", "migration-compatibility", "rollback-database", "verify-backup",
      ].map { ($0, "exit 0") }
      let bodies = Dictionary(uniqueKeysWithValues: all + [("scan", report)]).merging(programs) { $1 }
      for (name, body) in bodies {
        try repository.write("ops/\(name).sh", "#!/usr/bin/env bash\n\(body)\n", isExecutable: true)
      }
      return try body(repository)
    }
  }

  func forgeRunner(_ environment: String) throws -> WorkflowRunner {
    WorkflowRunner(self, try example.workflow(environment), Forge.github)
  }

  /// A deployment, by its key in the cluster.
  func deployment(_ key: String) throws -> Deployment {
    let object = try state["kubernetes"]["objects"][key]
    let notes = object["metadata"]["annotations"].members.filter { $0.key.hasPrefix("liftlock.dev/") }
    return Deployment(
      image: object["spec"]["template"]["spec"]["containers"][0]["image"].string ?? "",
      replicas: Int(object["spec"]["replicas"].number ?? -1),
      marker: Dictionary(
        uniqueKeysWithValues: notes.map { (String($0.key.dropFirst("liftlock.dev/".count)), $0.value.string ?? "") }))
  }

  struct Deployment: Equatable {
    var image: String
    var replicas: Int
    var marker: [String: String]
  }

  /// The weights of the route in production: stable, canary.
  var route: [Int] {
    get throws {
      try state["kubernetes"]["objects"]["HTTPRoute/forge-prod/forge-api"]["spec"]["rules"][0]["backendRefs"].elements
        .map { Int($0["weight"].number ?? -1) }
    }
  }

  /// Production is as it was before the release.
  func expectProdTakenBack(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let stable = try deployment(Forge.stable)
    let canary = try deployment(Forge.canary)
    let route = try route
    #expect(route == [100, 0], sourceLocation: sourceLocation)
    #expect(stable.image == Forge.old, sourceLocation: sourceLocation)
    #expect(stable.marker["state"] == "rolled-back", sourceLocation: sourceLocation)
    #expect(canary.replicas == 0, sourceLocation: sourceLocation)
  }
}
