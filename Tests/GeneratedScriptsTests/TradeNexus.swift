import Foundation
import GitHubWorkflow
import Testing

/// The trade-nexus example: Azure Container Apps, canary, Log Analytics.
enum TradeNexus {
  static let old = "trade-nexus-backend--v1-0-0"
  static let new = "trade-nexus-backend--gh-1001-1"
  static let rollout = "production/rollout.sh"
  static let rollback = "production/rollback.sh"
  static let workspace = "workspace-7f3a"

  /// The same release in less time: rarer looks, shorter holds, logs that come sooner. What is asked stays.
  static let fasterEdits = [
    Edit("warm-up: 1\n", "\n"), Edit("resolution: 1m", "resolution: 15s"), Edit("lag: 3m", "lag: 1m"),
    Edit("settle: 7m", "settle: 2m"), Edit("hold: 15m", "hold: 3m"), Edit("hold: 30m", "hold: 3m"),
    Edit("check-every: 30s", "check-every: 1m"), Edit("health fails for 30s", "health fails for 1m"),
    Edit("over 5m", "over 2m"),
  ]

  static let faster = Result { try Example("trade-nexus", edits: fasterEdits) }
  /// Without its first step.
  static let halfAtOnce = Result {
    let first = Edit("          - { to: 10%, hold: 3m, require: [error-rate < 2%] }\n", "")
    return try Example("trade-nexus", edits: fasterEdits + [first])
  }
  static let asWritten = Result { try Example("trade-nexus") }

  /// A good release; tests change what they are about.
  static var scenario: JSON {
    [
      "start": "2026-06-02T09:00:00Z",
      "versions": [
        "old": ["match": "v1-0-0|:1\\.0\\.0", "error_percent": 0.1, "latency_ms": 4],
        "new": [
          "match": "gh-1001|sha256|by-hand|gh-2026", "ready_seconds": 20, "latency_ms": 5, "error_percent": 0.2,
          "rules": [],
        ],
      ],
      "services": [
        "tn": [
          "requests_per_second": 20, "from": ["azure": "trade-nexus-backend"], "hosts": ["api.trade-nexus.example"],
        ]
      ],
      "queries": [
        [
          "match": "startswith \"([^\"]+)\" \\| where toint", "track": "$1", "columns": ["value": "errors"],
          "lag": "1m",
        ],
        [
          "match": "startswith \"([^\"]+)\" \\| summarize", "track": "$1", "columns": ["value": "requests"],
          "lag": "1m",
        ],
      ],
      "azure": [
        "token_minutes": 60, "workspaces": [.string(workspace)],
        "apps": [
          "trade-nexus-backend": [
            "resource_group": "trade-nexus", "mode": "Multiple", "tags": [:],
            // Azure's own name, from which those of the revisions come; users come by the custom domain.
            "fqdn": "trade-nexus-backend.happyhill.westeurope.azurecontainerapps.io",
            "revisions": [
              [
                "suffix": "v1-0-0", "image": "tradenexusacr.azurecr.io/trade-nexus-backend:1.0.0", "active": true,
              ]
            ],
            "traffic": [["revision": "v1-0-0", "weight": 100]],
          ]
        ],
      ],
      "registry": ["require_login": true],
      "github": [
        "repository": "trade-nexus/backend",
        "commits": [
          "abc": [
            "check_runs": [
              ["name": "lint"], ["name": "typecheck"], ["name": "tests"], ["name": "contract governance"],
            ], "pulls": [12],
          ]
        ], "pulls": ["12": ["head_sha": "abc"]], "runs": ["1001": ["head_sha": "abc"]],
        "approvals": ["1001": [["user": "olga", "environments": ["production"]]]],
        "deployments": [["environment": "production", "sha": "aaa", "created_at": "-2d"]],
      ],
    ]
  }

  /// The scenario with the new version behaving like this under a rule.
  static func scenario(new rule: JSON) -> JSON {
    var scenario = scenario
    scenario["versions"]["new"]["rules"].append(rule)
    return scenario
  }

  static func scenario(fault: JSON...) -> JSON {
    var scenario = scenario
    scenario["faults"] = .array(fault)
    return scenario
  }

  /// A release of run 1001 that is under way: the new version is up and has this much of the traffic.
  static func underWay(
    weight: Int, state: String = "rolling-out", run: String = "1001-1", oldIsActive: Bool = true
  ) -> JSON {
    var scenario = scenario
    var app = scenario["azure"]["apps"]["trade-nexus-backend"]
    app["revisions"][0]["active"] = .bool(oldIsActive)
    app["revisions"].append(["suffix": "gh-1001-1", "image": .string(artifact), "active": true, "created": "-10m"])
    let shares: [JSON] = [
      ["revision": "v1-0-0", "weight": .number(Double(100 - weight))],
      ["revision": "gh-1001-1", "weight": .number(Double(weight))],
    ]
    app["traffic"] = .array(shares.filter { $0["weight"] != 0 })
    app["tags"] = [
      "team": "backend", "liftlock-state": .string(state), "liftlock-run": .string(run),
      "liftlock-previous": .string(old), "liftlock-candidate": .string(new), "liftlock-weight": .string("\(weight)"),
      "liftlock-incident": state == "rolled-back" ? "13" : "", "liftlock-commit": "abc",
    ]
    scenario["azure"]["apps"]["trade-nexus-backend"] = app
    return scenario
  }

  static let secrets = [
    "AZURE_CLIENT_ID": "client-id-81c2", "AZURE_TENANT_ID": "tenant-id-4b7d",
    "AZURE_SUBSCRIPTION_ID": "subscription-id-90aa", "LOG_ANALYTICS_WORKSPACE_ID": workspace,
  ]

  static let artifact =
    "tradenexusacr.azurecr.io/trade-nexus-backend@sha256:\(String(repeating: "1", count: 64))"

  /// What the scripts get in a run on GitHub.
  static let github = [
    "GITHUB_RUN_ID": "1001", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": "abc", "GITHUB_REF_NAME": "main",
    "GITHUB_REPOSITORY": "trade-nexus/backend", "GITHUB_REF_TYPE": "branch", "GITHUB_ACTOR": "ann",
    "GITHUB_SERVER_URL": "https://github.com",
  ]

  /// What a person has: the settings of the metrics, and `az login` done before.
  static let byHand: [String: String?] = ["LOG_ANALYTICS_WORKSPACE_ID": workspace]

  /// What the scripts get when they are run one by one, as the steps of run 1001.
  static var environment: [String: String?] {
    github.merging(secrets) { $1 }.merging(["ARTIFACT": artifact, "GH_TOKEN": "token-of-ann"]) { $1 }
  }
}

extension ReleaseRepository {
  /// A repository of the faster trade-nexus, with a build context.
  @discardableResult
  static func tradeNexus<Result>(
    _ scenario: JSON = TradeNexus.scenario, _ example: Swift.Result<Example, any Error> = TradeNexus.faster,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (ReleaseRepository) throws -> Result
  ) throws -> Result {
    try with(example.get(), scenario, sourceLocation: sourceLocation) { repository in
      try repository.write("backend/Dockerfile", "FROM scratch\n")
      return try body(repository)
    }
  }

  /// The tags on the container app that the release speaks through, without their prefix.
  var azureMarker: [String: String] {
    get throws {
      let tags = try state["azure"]["apps"]["trade-nexus-backend"]["tags"].members
      return Dictionary(
        uniqueKeysWithValues: tags.filter { $0.key.hasPrefix("liftlock-") }
          .map { (String($0.key.dropFirst("liftlock-".count)), $0.value.string ?? "") })
    }
  }

  /// Everything about the target that a release or a rollback could change.
  var app: JSON { get throws { try state["azure"]["apps"]["trade-nexus-backend"] } }

  func tradeNexusRunner() throws -> WorkflowRunner {
    WorkflowRunner(self, try example.workflow("production"), TradeNexus.github)
  }

  /// All traffic is with the old version, and the marker says so.
  func expectTakenBack(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let split = try split
    let marker = try azureMarker
    #expect(split == [TradeNexus.old: 100], sourceLocation: sourceLocation)
    #expect(marker["state"] == "rolled-back", sourceLocation: sourceLocation)
  }
}
