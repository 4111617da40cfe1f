import Foundation
import GitHubWorkflow
import ReleaseModel
import Testing

/// The doc-0020 example: Kubernetes with governance. Rolling in staging, a canary by manifests in the pilot, blue-green
/// in production, and a hotfix's own way into staging and production.
enum Doc0020 {
  enum Place: String, CaseIterable {
    case staging, pilot, production
    case stagingHotfix = "staging-hotfix"
    case productionHotfix = "production-hotfix"

    /// Where its target stands: the namespace, and the environment whose rollback takes it back.
    var target: String { rawValue.replacingOccurrences(of: "-hotfix", with: "") }
    var isHotfix: Bool { rawValue != target }
    /// What carries the marker.
    var marked: String {
      target == "production" ? "Service/production/app-service" : "Deployment/\(target)/app"
    }
  }

  static let image = "registry.doc0020.example/app"
  static let old = "\(image)@sha256:\(String(repeating: "a", count: 64))"
  static let new = "\(image)@sha256:\(String(repeating: "b", count: 64))"

  /// The same release in less time: rarer looks and shorter holds. What is asked stays.
  static let edits = [
    Edit("check-every: 15s", "check-every: 1m"), Edit("watch: 15m", "watch: 3m"), Edit("watch: 5m", "watch: 3m"),
    Edit("hold: 15m", "hold: 3m"), Edit("hold: 30m", "hold: 3m"), Edit("for 5m", "for 1m"), Edit("over 5m", "over 2m"),
  ]

  static let example = Result { try Example("doc-0020", edits: edits) }

  // MARK: - The world

  private static let queries: JSON = [
    [
      "match": "increase\\(http_requests_total.*track=\"(\\w+)\",code=", "track": "$1", "value": "errors",
      "without_errors": "value",
    ],
    ["match": "increase\\(http_requests_total.*track=\"(\\w+)\"\\}", "track": "$1", "value": "requests"],
    ["match": "histogram_quantile\\(0\\.95.*track=\"(\\w+)\"", "track": "$1", "value": "p95_ms"],
    ["match": "business_events_total.*track=\"(\\w+)\"", "track": "$1", "value": "metric:sign_ups"],
  ]

  private static let versions: JSON = [
    "old": [
      "match": "sha256:aaaa", "error_percent": 0.2, "latency_ms": 4, "p95_ms": 320, "metrics": ["sign_ups": 5],
    ],
    "new": [
      "match": "sha256:(?!aaaa)", "ready_seconds": 20, "latency_ms": 5, "p95_ms": 330, "error_percent": 0.2,
      "metrics": ["sign_ups": 5], "rules": [],
    ],
  ]

  private static func labels(_ track: String) -> JSON { ["app": "app", "track": .string(track)] }

  private static func cluster(_ target: String) -> JSON {
    var cluster: JSON = ["namespace": .string(target), "require_kubeconfig": true]
    func deployment(_ name: String, _ replicas: Int, _ labels: JSON) -> JSON {
      [
        "name": .string(name), "replicas": .number(Double(replicas)), "containers": ["app": .string(old)],
        "pod_labels": labels,
      ]
    }
    func colour(_ colour: String) -> JSON { ["app": "app", "version": .string(colour)] }
    switch target {
    case "staging":
      cluster["deployments"] = [deployment("app", 2, ["app": "app"])]
      cluster["services"] = [["name": "app", "selector": ["app": "app"]]]
    case "pilot":
      cluster["deployments"] = [deployment("app", 4, labels("stable")), deployment("app-canary", 0, labels("canary"))]
      cluster["services"] = [
        ["name": "app-stable", "selector": labels("stable")], ["name": "app-canary", "selector": labels("canary")],
      ]
      cluster["httproutes"] = [["name": "app", "backends": [["service": "app-stable", "weight": 100]]]]
    default:
      cluster["deployments"] = [
        deployment("app-blue", 4, colour("blue")), deployment("app-green", 0, colour("green")),
      ]
      cluster["services"] = [
        ["name": "app-service", "selector": colour("blue")], ["name": "app-preview", "selector": colour("green")],
      ]
    }
    return cluster
  }

  private static func service(_ target: String) -> JSON {
    var service: JSON = ["requests_per_second": 250]
    switch target {
    case "staging":
      service["from"] = ["service": "staging/app"]
      service["hosts"] = ["staging-api.doc0020.example"]
      service["tracks"] = ["stable": "^app "]
    case "pilot":
      service["from"] = ["httproute": "pilot/app"]
      service["hosts"] = [
        "pilot-api.doc0020.example",
        ["host": "canary.pilot-api.doc0020.example", "from": ["service": "pilot/app-canary"]],
      ]
      service["tracks"] = ["stable": "^app ", "canary": "^app-canary "]
    default:
      service["from"] = ["service": "production/app-service"]
      service["hosts"] = [
        "api.doc0020.example",
        ["host": "preview.api.doc0020.example", "from": ["service": "production/app-preview"]],
      ]
      // Whichever colour serves has this label.
      service["tracks"] = ["stable": "^app-"]
    }
    return service
  }

  /// Who let the run pass which environment of GitHub.
  static let approvals: [Place: [(environment: String, person: String)]] = [
    .pilot: [("pilot", "sue")],
    .production: [("production-approval-governance-sentinel", "gus"), ("production", "sue")],
    .productionHotfix: [("production-hotfix-approval-governance-board", "bea"), ("production-hotfix", "bob")],
  ]

  private static func github(_ place: Place) -> JSON {
    let before: [String] =
      switch place {
      case .staging, .stagingHotfix: []
      case .pilot: ["staging", "staging/smoke", "staging/feature-flags"]
      case .production: ["pilot", "pilot/smoke", "pilot/feature-flags"]
      case .productionHotfix: ["staging-hotfix", "staging-hotfix/smoke"]
      }
    let live = place == .productionHotfix ? "-20m" : "-25h"
    let passed = (approvals[place] ?? []).map { approval -> JSON in
      ["user": .string(approval.person), "environments": [.string(approval.environment)]]
    }
    return [
      "repository": "doc0020/app", "default_branch": "main",
      "commits": [
        "abc": [
          "check_runs": [["name": "test-gate"]], "pulls": [12],
          "statuses": .array(before.map { ["context": .string("app/\($0)"), "created_at": .string(live)] }),
        ]
      ],
      "pulls": ["12": ["head_sha": "abc"]],
      "runs": [
        "900": [
          "workflow": "app-drill-rollback.yml", "status": "completed", "conclusion": "success", "created_at": "-30d",
        ],
        "1001": ["workflow": .string("app-\(place.rawValue).yml"), "head_sha": "abc", "created_at": "-1h"],
      ],
      "deployments": .array(
        before.prefix(1).map { ["environment": .string($0), "sha": "abc", "created_at": .string(live)] }),
      "approvals": ["1001": .array(passed)], "tags": ["v1.2.3": ["sha": "abc"], "hotfix-v1.2.4": ["sha": "abc"]],
    ]
  }

  /// A good release into a place; tests change what they are about.
  static func scenario(_ place: Place) -> JSON {
    [
      // The first Tuesday of the month within the window; a hotfix comes on a Saturday afternoon.
      "start": place.isHotfix ? "2026-06-06T14:00:00Z" : "2026-06-02T02:05:00Z",
      "versions": versions, "services": ["app": service(place.target)], "queries": queries,
      "webhooks": [
        ["match": "hooks.slack.com/services", "kind": "slack"], ["match": "api.statuspage.io", "kind": "status-page"],
      ],
      "kubernetes": cluster(place.target),
      "registry": ["images": .object(["\(image):abc": .string(String(new.dropFirst(image.count + 1)))])],
      "github": github(place),
    ]
  }

  // MARK: - Values

  static let secrets = [
    "KUBECONFIG": "apiVersion: v1\nkind: Config\nusers: [{name: ci, user: {token: kube-token-9d1f}}]",
    "PROMETHEUS_URL": "https://prometheus-5e21.doc0020.example/",
    "DATABASE_URL": "postgres://app:database-password-77b0@db/app", "FLAGS_TOKEN": "flags-token-2f6c",
    "SLACK_WEBHOOK": "https://hooks.slack.com/services/T0/hook-secret-c4e8",
    "PAGERDUTY_ROUTING_KEY": "0123456789abcdef0123456789abcdef", "STATUS_PAGE_TOKEN": "status-token-31bb",
  ]

  /// What of each secret must not be seen anywhere.
  static let hidden = [
    "kube-token-9d1f", "prometheus-5e21", "database-password-77b0", "flags-token-2f6c", "hook-secret-c4e8",
    "0123456789abcdef", "status-token-31bb", WorkflowRunner.token,
  ]

  static func github(_ place: Place) -> [String: String] {
    [
      "GITHUB_RUN_ID": "1001", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": "abc", "GITHUB_REPOSITORY": "doc0020/app",
      "GITHUB_REF_TYPE": place == .staging ? "branch" : "tag",
      "GITHUB_REF_NAME": place == .staging ? "main" : place.isHotfix ? "hotfix-v1.2.4" : "v1.2.3",
      "GITHUB_ACTOR": "ann", "GITHUB_SERVER_URL": "https://github.com",
    ]
  }

  /// What the scripts get when they are run one by one, as the steps of run 1001.
  static func environment(_ place: Place) -> [String: String?] {
    github(place).merging(secrets) { $1 }.merging(["ARTIFACT": new, "GH_TOKEN": WorkflowRunner.token]) { $1 }
  }
}

extension ReleaseRepository {
  /// A repository of doc-0020, with programs in the place of the team's own that end well.
  static func doc0020(
    _ place: Doc0020.Place, programs: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation,
    change: (inout JSON) -> Void = { _ in }, _ body: (ReleaseRepository) throws -> Void
  ) throws {
    var scenario = Doc0020.scenario(place)
    change(&scenario)
    try with(Doc0020.example.get(), scenario, sourceLocation: sourceLocation) { repository in
      let names = [
        "change_log_entry", "health_check", "verify_backup", "critical_path", "feature_flags",
        "migration_compatibility", "migrate", "rollback_migration", "restore_backup",
      ]
      for name in names {
        let text = "#!/usr/bin/env bash\n\(programs[name] ?? "exit 0")\n"
        try repository.write("scripts/\(name).sh", text, isExecutable: true)
      }
      try body(repository)
    }
  }

  func doc0020Runner(_ place: Doc0020.Place) throws -> WorkflowRunner {
    WorkflowRunner(self, try example.workflow(place.rawValue), Doc0020.github(place))
  }

  /// What users get and how it is noted, on a line: `blue × 4, green × 0, old, promoted`.
  func doc0020State(_ place: Doc0020.Place) throws -> String {
    let objects = try state["kubernetes"]["objects"]
    func word(_ name: String) throws -> String {
      let deployment = try deployment("Deployment/\(place.target)/\(name)")
      return "\(deployment.image == Doc0020.new ? "new" : "old") × \(deployment.replicas)"
    }
    let marked = objects[place.marked]
    let marker = marked["metadata"]["annotations"]["liftlock.dev/state"].string ?? "no marker"
    switch place.target {
    case "staging": return "\(try word("app")), \(marker)"
    case "pilot":
      return "\(try word("app")), canary × \(try deployment("Deployment/pilot/app-canary").replicas), \(marker)"
    default:
      let live = marked["spec"]["selector"]["version"].string ?? ""
      return "\(live) live, blue \(try word("app-blue")), green \(try word("app-green")), \(marker)"
    }
  }

  /// The commit statuses of the release, newest first: `app/staging/smoke success`.
  var statuses: [String] {
    get throws {
      try state["github"]["commits"]["abc"]["statuses"].elements.map {
        "\($0["context"].string ?? "") \($0["state"].string ?? "success")"
      }
    }
  }
}
