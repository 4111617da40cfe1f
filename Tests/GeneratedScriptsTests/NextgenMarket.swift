import Foundation
import GitHubWorkflow
import ReleaseModel
import Testing

/// The nextgen-market example: container instances, in place in dev, behind a Traffic Manager in staging (blue-green) and
/// prod (canary), Prometheus.
enum NextgenMarket {
  static let image = "ghcr.io/nextgen-market/nextgen-market"
  static let old = "\(image)@sha256:\(String(repeating: "a", count: 64))"
  static let new = "\(image)@sha256:\(String(repeating: "b", count: 64))"

  /// The spec as it is: looks every 10 s, holds of 5 min.
  static let example = Result { try Example("nextgen-market") }

  /// The same release in less time: rarer looks and shorter holds. What is asked stays.
  static let faster = Result {
    try Example(
      "nextgen-market",
      edits: [
        Edit("check-every: 10s", "check-every: 30s"), Edit("hold: 5m", "hold: 90s"), Edit("hold: 30m", "hold: 1m"),
        Edit("health fails for 20s", "health fails for 30s"), Edit("watch: 30m", "watch: 3m"),
        Edit("watch: 2m", "watch: 90s"), Edit("rest-limit: 30m", "rest-limit: 4m"),
        Edit("watch: 5m", "watch: 90s"), Edit("restarts > 2 over 5m", "restarts > 2 over 1m"),
        Edit("critical-alerts < 1 over 5m", "critical-alerts < 1 over 1m"),
      ])
  }

  // MARK: - The world

  /// What a text asks of Prometheus, the first that matches. Versions are told apart by their container group.
  private static let queries: JSON = [
    [
      "match": "increase\\(requests_total.*container_group=\"([^\"]+)\",code=", "track": "$1", "value": "errors",
      "without_errors": "empty",
    ],
    ["match": "increase\\(requests_total.*container_group=\"([^\"]+)\"\\}", "track": "$1", "value": "requests"],
    ["match": "histogram_quantile\\(0\\.99.*nextgen-market-staging", "value": 410],
    ["match": "histogram_quantile\\(0\\.99.*container_group=\"([^\"]+)\"", "track": "$1", "value": "p99_ms"],
    ["match": "histogram_quantile\\(0\\.95.*container_group=\"([^\"]+)\"", "track": "$1", "value": "p95_ms"],
    ["match": "container_restarts.*container_group=\"([^\"]+)\"", "track": "$1", "value": "metric:restarts"],
    ["match": "db_pool_connections", "value": "metric:db_pool"],
    ["match": "container_cpu", "value": "metric:cpu"],
    ["match": "container_memory", "value": "metric:memory"],
    ["match": "ALERTS", "value": "metric:alerts"],
  ]

  private static let gauges: JSON = ["db_pool": 12, "cpu": 41, "memory": 52, "restarts": 0, "alerts": 0]

  private static let versions: JSON = [
    // The patterns exclude each other: which version comes first does not matter.
    "old": ["match": "sha256:aaaa", "error_percent": 0.05, "latency_ms": 4, "p99_ms": 460, "metrics": gauges],
    "new": [
      "match": "sha256:(?!aaaa)", "ready_seconds": 20, "latency_ms": 5, "p95_ms": 80, "p99_ms": 450,
      "error_percent": 0.05, "metrics": gauges, "rules": [],
    ],
  ]

  private static let repository: JSON = [
    "repository": "nextgen-market/nextgen-market",
    "commits": [
      "abc": [
        "check_runs": [["name": "lint"], ["name": "test"], ["name": "security"]], "pulls": [12],
        "statuses": .array(
          ["staging/security-scan", "staging/load-test", "staging/full-smoke", "staging"].map {
            ["context": .string("nextgen-market/\($0)"), "created_at": "-25h"]
          }),
      ]
    ],
    "pulls": [
      "12": [
        "head_sha": "abc", "reviews": [["user": "ann"], ["user": "bob"]],
        "comments": [["user": "rita", "body": "/ready-for-prod", "created_at": "-1h"]],
      ]
    ],
    "deployments": [
      ["environment": "staging", "sha": "abc", "created_at": "-25h", "statuses": [["state": "success"]]]
    ],
    "runs": ["1001": ["head_sha": "abc"]],
    "approvals": [
      "1001": [
        ["user": "rita", "environments": ["prod-approval-release-manager"]],
        ["user": "tom", "environments": ["prod-approval-tech-lead"]], ["user": "olga", "environments": ["prod"]],
      ]
    ],
    "teams": [
      "nextgen-market/release-managers": ["rita"], "nextgen-market/tech-leads": ["tom"],
      "nextgen-market/operations-leads": ["olga"], "nextgen-market/vp-engineering": ["vera"],
      "nextgen-market/devops": ["dan"],
    ],
    "tags": ["v1.0.0": ["sha": "abc"]],
    "issues": [
      [
        "title": "Release v1.0.0 of nextgen-market to prod", "created_at": "-49h", "association": "MEMBER",
        "body": .string(boxes.map { "- [x] \($0)" }.joined(separator: "\n")),
      ]
    ],
  ]

  /// What people tick before a release into prod.
  private static let boxes: [String] = {
    let lists = (try? example.get().plan.environment("prod")?.checklists) ?? []
    return lists.flatMap { named -> [String] in
      guard case .before = named.checklist.moment else { return [] }
      return named.checklist.items.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }
  }()

  /// One container group behind a Traffic Manager: what staging and prod have.
  private static func behindTrafficManager(_ environment: String, live: String, size: JSON) -> JSON {
    var group = size
    group["resource_group"] = .string("\(environment)-nextgen")
    group["image"] = .string(old)
    group["ports"] = [3000]
    return [
      "create_seconds": 20, "containers": [live: group],
      "traffic_managers": [
        "tm-\(environment)": [
          "resource_group": .string("\(environment)-nextgen"), "dns_name": .string("tm-\(environment)"), "ttl": 10,
          "endpoints": [["name": .string(live), "container": .string(live), "weight": 100]],
        ]
      ],
    ]
  }

  private static func world(start: JSON, service: JSON, azure: JSON) -> JSON {
    [
      "start": start, "versions": versions, "services": ["nextgen-market": service], "queries": queries,
      "azure": azure, "github": repository,
      "registry": ["images": .object(["\(image):abc": .string(String(new.dropFirst(image.count + 1)))])],
      "webhooks": [
        ["match": "hooks.slack.com/services", "kind": "slack"], ["match": "api.statuspage.io", "kind": "status-page"],
      ],
    ]
  }

  /// The container group that is live in production before a release, and the one that run 1001 brings up.
  static let stable = "prod-v0-9-5"
  static let candidate = "prod-gh-1001-1"

  /// Production at the beginning of its window, the old version live.
  static let prod = world(
    start: "2026-06-02T02:00:00Z",
    service: [
      "requests_per_second": 400, "from": ["traffic_manager": "tm-prod"], "hosts": ["prod-api.nextgen.example"],
    ],
    azure: behindTrafficManager("prod", live: stable, size: ["cpu": 2, "memory": 4]))

  static let staging: JSON = {
    var result = world(
      start: "2026-06-01T00:00:00Z",
      service: [
        "requests_per_second": 40, "from": ["traffic_manager": "tm-staging"], "hosts": ["staging-api.nextgen.example"],
      ],
      azure: behindTrafficManager("staging", live: "aci-staging-v0-9-5", size: ["cpu": 1, "memory": 2]))
    // The decision gate of staging wants no error at all.
    result["versions"]["new"]["error_percent"] = 0
    return result
  }()

  static let dev = world(
    start: "2026-06-01T00:00:00Z",
    service: [
      "requests_per_second": 10, "from": ["container": "aci-dev-nextgen"], "hosts": ["dev-api.nextgen.example"],
    ],
    azure: [
      "create_seconds": 20,
      "containers": [
        "aci-dev-nextgen": [
          "resource_group": "dev-nextgen", "image": .string(old), "cpu": 1, "memory": 1, "ports": [3000],
        ]
      ],
    ])

  /// A release of run 1001 that is under way in production: both versions are up, and the new one has this much of the
  /// traffic.
  static func underWay(weight: Int, state: String = "rolling-out", run: String = "1001-1") -> JSON {
    var scenario = prod
    let group: JSON = [
      "resource_group": "prod-nextgen", "image": .string(new), "cpu": 2, "memory": 4, "ports": [3000],
      "tags": ["liftlock-target": "prod"],
    ]
    scenario["azure"]["containers"][candidate] = group
    func endpoint(_ name: String, _ weight: Int) -> JSON {
      [
        "name": .string(name), "container": .string(name), "weight": .number(Double(max(weight, 1))),
        "status": weight == 0 ? "Disabled" : "Enabled",
      ]
    }
    scenario["azure"]["traffic_managers"]["tm-prod"]["endpoints"] = [
      endpoint(stable, 100 - weight), endpoint(candidate, weight),
    ]
    scenario["azure"]["traffic_managers"]["tm-prod"]["tags"] = [
      "liftlock-state": .string(state), "liftlock-run": .string(run), "liftlock-previous": .string("\(stable)=\(old)"),
      "liftlock-candidate": .string("\(candidate)=\(new)"), "liftlock-weight": .string("\(weight)"),
      "liftlock-incident": "", "liftlock-commit": "abc",
    ]
    return scenario
  }

  static func scenario(_ environment: String) -> JSON {
    switch environment {
    case "dev": dev
    case "staging": staging
    case "staging-hotfix": emergency(staging)
    case "prod-hotfix": emergency(prod)
    default: prod
    }
  }

  /// Noon, outside of every window; what staging's hotfix recorded twenty minutes ago, and who signed.
  private static func emergency(_ environment: JSON) -> JSON {
    var scenario = environment
    scenario["start"] = "2026-06-02T12:00:00Z"
    var github = repository
    github["commits"]["abc"]["statuses"] = .array(
      ["/full-smoke", ""].map {
        ["context": .string("nextgen-market/staging-hotfix\($0)"), "created_at": "-20m"]
      })
    github["deployments"] = [
      ["environment": "staging-hotfix", "sha": "abc", "created_at": "-20m", "statuses": [["state": "success"]]]
    ]
    github["approvals"]["1001"] = [
      ["user": "vera", "environments": ["prod-hotfix-approval-vp-engineering"]],
      ["user": "tom", "environments": ["prod-hotfix"]],
    ]
    github["tags"] = ["emergency-v1.0.1": ["sha": "abc"]]
    scenario["github"] = github
    return scenario
  }

  // MARK: - Values

  static let secrets = [
    "AZURE_CLIENT_ID": "client-id-81c2", "AZURE_TENANT_ID": "tenant-id-4b7d",
    "AZURE_SUBSCRIPTION_ID": "subscription-id-90aa", "REGISTRY_USERNAME": "puller",
    "REGISTRY_PASSWORD": "registry-password-5b1d",
    "DATABASE_URL": "postgres://nextgen:database-password-77b0@db/nextgen",
    "REDIS_URL": "redis://:redis-password-31fe@cache:6379",
    "PROMETHEUS_URL": "https://prometheus-5e21.nextgen.example/",
    "SLACK_WEBHOOK": "https://hooks.slack.com/services/T0/hook-secret-c4e8",
    "PAGERDUTY_ROUTING_KEY": "0123456789abcdef0123456789abcdef", "STATUS_PAGE_TOKEN": "status-token-6a0b",
    "SMTP_URL": "smtps://mail:mail-password-d3c9@smtp.nextgen.example",
  ]

  /// What of each secret must not be seen anywhere.
  static let hidden = [
    "registry-password-5b1d", "database-password-77b0", "redis-password-31fe", "prometheus-5e21", "hook-secret-c4e8",
    "0123456789abcdef0123456789abcdef", "status-token-6a0b", "mail-password-d3c9", WorkflowRunner.token,
  ]

  /// What every runner of run 1001 has.
  static func github(_ environment: String) -> [String: String] {
    let (type, name) =
      switch environment {
      case "dev": ("branch", "develop")
      case "staging": ("branch", "main")
      case "staging-hotfix", "prod-hotfix": ("tag", "emergency-v1.0.1")
      default: ("tag", "v1.0.0")
      }
    return [
      "GITHUB_RUN_ID": "1001", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": "abc", "GITHUB_REF_NAME": name,
      "GITHUB_REPOSITORY": "nextgen-market/nextgen-market", "GITHUB_REF_TYPE": type, "GITHUB_ACTOR": "ann",
      "GITHUB_SERVER_URL": "https://github.com",
    ]
  }

  /// What the scripts get when they are run one by one, as the steps of run 1001.
  static func environment(_ name: String) -> [String: String?] {
    github(name).merging(secrets) { $1 }.merging(["ARTIFACT": new, "GH_TOKEN": WorkflowRunner.token]) { $1 }
  }
}

extension ReleaseRepository {
  /// A repository of nextgen-market with a build context, and programs in the place of the team's own that end well.
  @discardableResult
  static func nextgenMarket<Result>(
    _ scenario: JSON, _ example: Swift.Result<Example, any Error> = NextgenMarket.faster,
    programs: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (ReleaseRepository) throws -> Result
  ) throws -> Result {
    try with(example.get(), scenario, sourceLocation: sourceLocation) { repository in
      try repository.write("Dockerfile", "FROM scratch\n")
      let names = ["load-test", "database-integrity", "verify-backup", "scheduled-jobs"]
      let own = [
        "security-scan": NextgenMarket.scan(findings: []),
        // What the mail says, and to whom it goes.
        "mail": "{ printf '%s ' \"$@\"; cat; } >>mail.txt",
      ]
      let bodies = Dictionary(uniqueKeysWithValues: names.map { ($0, "exit 0") }).merging(own) { $1 }
      for (name, body) in bodies.merging(programs, uniquingKeysWith: { $1 }) {
        try repository.nextgenMarketProgram(name, body)
      }
      return try body(repository)
    }
  }

  /// Puts a program in the place of one of the team's own.
  func nextgenMarketProgram(_ name: String, _ body: String) throws {
    try write("ops/\(name).sh", "#!/usr/bin/env bash\n\(body)\n", isExecutable: true)
  }

  func nextgenMarketRunner(_ environment: String) throws -> WorkflowRunner {
    WorkflowRunner(self, try example.workflow(environment), NextgenMarket.github(environment))
  }

  /// Everything on the target that a release or a rollback could change.
  func nextgenMarketTarget(_ environment: String) throws -> NextgenMarket.Target {
    let azure = try state["azure"]
    let containers = azure["containers"].members
    let profile = azure["traffic_managers"]["tm-\(environment)"]
    let tags = (profile == .null ? containers["aci-dev-nextgen"] ?? .null : profile)["tags"]
    let notes = tags.members.filter { $0.key.hasPrefix("liftlock-") && $0.key != "liftlock-target" }
    return NextgenMarket.Target(
      images: containers.mapValues { $0["image"].string ?? "" },
      endpoints: profile["endpoints"].members.filter { $0.value["status"] == "Enabled" }
        .mapValues { Int($0["weight"].number ?? -1) },
      marker: Dictionary(
        uniqueKeysWithValues: notes.map { (String($0.key.dropFirst("liftlock-".count)), $0.value.string ?? "") }))
  }

  /// The target is as it was before the release, and the marker says that it was taken back.
  func expectNextgenMarketTakenBack(
    _ environment: String, _ before: NextgenMarket.Target? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let target = try nextgenMarketTarget(environment)
    let images = before?.images ?? [NextgenMarket.stable: NextgenMarket.old]
    let endpoints = before?.endpoints ?? [NextgenMarket.stable: 100]
    #expect(target.images == images, sourceLocation: sourceLocation)
    #expect(target.endpoints == endpoints, sourceLocation: sourceLocation)
    #expect(target.marker["state"] == "rolled-back", sourceLocation: sourceLocation)
  }

  /// From the moment at which the rollout gave up to the last change of the traffic.
  func secondsFromStopToBack(runner: String = "rollout") throws -> Double {
    let journal = try texts(under: [runnerTemporary(runner)]).first { $0.key.hasSuffix("journal.jsonl") }?.value ?? ""
    let lines = try journal.split(separator: "\n").map { try JSON(parsing: String($0)) }
    let stopped = try #require(lines.first { $0["event"] == "stopped" }?["at"].string)
    let moment = try #require(try? Date(stopped, strategy: .iso8601))
    return try #require(try trafficChanges.last) - moment.timeIntervalSince1970
  }

  /// The newest state of each commit status that this release left.
  var nextgenMarketStatuses: [String: String] {
    get throws {
      let all = try state["github"]["commits"]["abc"]["statuses"].elements
      return Dictionary(all.map { ($0["context"].string ?? "", $0["state"].string ?? "") }) { newest, _ in newest }
    }
  }
}

extension NextgenMarket {
  struct Target: Equatable {
    /// The container groups with their images.
    var images: [String: String]
    /// The endpoints that are enabled, with their weights.
    var endpoints: [String: Int]
    var marker: [String: String]
  }

  /// A program that writes a SARIF report with findings of these severities (CVSS).
  static func scan(findings: [String]) -> String {
    let results = findings.map { "{\"ruleId\": \"r\", \"properties\": {\"security-severity\": \"\($0)\"}}" }
    return """
      mkdir -p build
      printf '%s' '{"runs": [{"results": [\(results.joined(separator: ", "))]}]}' >build/security.sarif
      """
  }
}
