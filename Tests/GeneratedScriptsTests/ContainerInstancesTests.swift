import Foundation
import Testing

/// Container groups of Azure: behind a Traffic Manager, and a single one.
@Suite(.threads) struct ContainerInstancesTests {
  private static let secrets = [
    "AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID", "DATABASE_URL", "REGISTRY_USER", "REGISTRY_PASSWORD",
  ]
  private static let values = [
    "DATABASE_URL": "postgres://shop:database-password-77b0@db/\"shop\"", "REGISTRY_USER": "pull",
    "REGISTRY_PASSWORD": "registry-password-1f3a", "AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t",
    "AZURE_SUBSCRIPTION_ID": "s",
  ]
  private static let group = """
    resource-group: rg, name: shop, location: westeurope, memory: 2, environment: { LOG_LEVEL: info }, \
    secure-environment: [DATABASE_URL], registry: { server: ghcr.io, username-secret: REGISTRY_USER, password-secret: \
    REGISTRY_PASSWORD }
    """

  private static func container(_ image: String, tags: JSON = [:]) -> JSON {
    ["resource_group": "rg", "image": .string(image), "cpu": 1, "memory": 2, "tags": tags]
  }

  private static func managed(_ rollout: String) -> SmallRelease {
    SmallRelease(
      deploy: "{ azure-container-instances: { \(group), traffic-manager: { profile: shop-prod, ttl: 30s } } }",
      rollout: rollout, secrets: secrets, values: values,
      scenario: [
        "services": [
          "shop": ["requests_per_second": 20, "from": ["traffic_manager": "shop-prod"], "hosts": ["shop.example"]]
        ],
        "azure": [
          "create_seconds": 30, "containers": ["shop-first": container(SmallRelease.old)],
          "traffic_managers": [
            "shop-prod": [
              "resource_group": "rg", "ttl": 30,
              "endpoints": [["name": "shop-first", "container": "shop-first", "weight": 100]],
            ]
          ],
        ],
        "registry": ["require_login": true],
      ])
  }

  private static let single = SmallRelease(
    deploy: "{ azure-container-instances: { \(group) } }", rollout: SmallRelease.rolling, secrets: secrets,
    values: values,
    scenario: [
      "services": ["shop": ["requests_per_second": 20, "from": ["container": "shop"], "hosts": ["shop.example"]]],
      "azure": ["create_seconds": 30, "containers": ["shop": container(SmallRelease.old)]],
      "registry": ["require_login": true],
    ])

  private struct State: Equatable {
    var groups: [String]
    /// The endpoints that are enabled, with their weights.
    var endpoints: [String: Int]
    var marker: String
  }

  private func state(_ repository: ReleaseRepository) throws -> State {
    let azure = try repository.state["azure"]
    let profile = azure["traffic_managers"]["shop-prod"]
    let enabled = profile["endpoints"].members.filter { $0.value["status"] == "Enabled" }
    return State(
      groups: azure["containers"].members.map(\.key).sorted(),
      endpoints: Dictionary(uniqueKeysWithValues: enabled.map { ($0.key, Int($0.value["weight"].number ?? 0)) }),
      marker: profile["tags"]["liftlock-state"].string ?? "")
  }

  private let back = State(groups: ["shop-first"], endpoints: ["shop-first": 100], marker: "rolled-back")
  private let new = "shop-gh-1001-1"

  private func expectNoSecret(_ repository: ReleaseRepository, _ outcome: Outcome) throws {
    let calls = try repository.calls.joined(separator: "\n")
    let files = try repository.texts(under: [repository.temporary, repository.runnerTemporary()]).values
    for secret in ["database-password-77b0", "registry-password-1f3a"] {
      #expect(!calls.contains(secret))
      #expect(!outcome.output.contains(secret))
      #expect(!files.contains { $0.contains(secret) })
    }
  }

  @Test(arguments: [SmallRelease.canary, SmallRelease.blueGreen])
  func aGoodReleaseEndsInAGroupOfItsOwn(rollout: String) throws {
    let release = Self.managed(rollout)
    try release.run { repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try state(repository) == State(groups: [new], endpoints: [new: 100], marker: "promoted"))
      let group = try repository.state["azure"]["containers"][new]
      #expect(group["image"].string == SmallRelease.new)
      #expect(group["env"]["LOG_LEVEL"] == "info")
      #expect(group["secure_env"][0] == "DATABASE_URL")
      let shares = try repository.traffic.compactMap { $0[new] }
      #expect(shares == (rollout == SmallRelease.canary ? [25, 100] : [100]))
      try expectNoSecret(repository, outcome)
    }
  }

  @Test func aGroupThatNeverServesIsDeletedAndTheOldOneKeepsEverything() throws {
    let release = Self.managed(SmallRelease.blueGreen)
    let slow: JSON = ["command": "az", "match": "container show", "kind": "slow", "delay": "55s", "until": "11m"]
    try release.run(new: ["ready": false], faults: [slow]) { repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("and still not: the new container runs"), "\(outcome.output)")
      #expect(try state(repository) == back)
      #expect(try repository.traffic.count == 1)
    }
  }

  @Test func aVersionThatFailsAtAQuarterIsTakenBack() throws {
    let release = Self.managed(SmallRelease.canary)
    try release.run(new: ["rules": [["weight_at_least": 20, "health": 503, "paths": ["/ready": 503]]]]) { repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 1)
      #expect(try state(repository) == back, "\(outcome.output)")
    }
  }

  @Test(arguments: [
    "container create", "endpoint update --name shop-gh-1001-1", "endpoint update --name shop-first .*Disabled",
  ])
  func afterAKillTheRollbackFindsItsWay(call: String) throws {
    let release = Self.managed(SmallRelease.blueGreen)
    let kill: JSON = ["command": "az", "match": .string(call), "kind": "kill", "when": "after", "times": 1]
    try release.run(faults: [kill]) { repository in
      let killed = try repository.script("prod/rollout.sh all", release.environment)
      #expect(killed.code == 137, "\(killed.output)")
      for options in ["--yes --if-needed", "--yes"] {
        let outcome = try repository.script("prod/rollback.sh \(options)", release.environment)
        #expect(outcome.code == 0, "\(outcome.output)")
        #expect(try state(repository) == back)
      }
    }
  }

  @Test func aGroupThatIsGoneIsMadeAgainFromItsImage() throws {
    let release = Self.managed(SmallRelease.canary)
    try release.run { repository in
      #expect(try repository.script("prod/rollout.sh all", release.environment).code == 0)
      let outcome = try repository.script(
        "prod/rollback.sh --yes", release.environment.merging(["GITHUB_RUN_ID": "1002"]) { $1 })
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try state(repository) == back)
      #expect(try repository.state["azure"]["containers"]["shop-first"]["image"].string == SmallRelease.old)
      try expectNoSecret(repository, outcome)
    }
  }

  @Test func aSingleGroupIsReplacedAndKeepsItsMarker() throws {
    try Self.single.run { repository in
      let outcome = try repository.script("prod/rollout.sh all", Self.single.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      let group = try repository.state["azure"]["containers"]["shop"]
      #expect(group["image"].string == SmallRelease.new)
      #expect(group["tags"]["liftlock-state"] == "promoted")
      #expect(group["tags"]["liftlock-previous"].string == SmallRelease.old)
      try expectNoSecret(repository, outcome)
      let back = try repository.script("prod/rollback.sh --yes", Self.single.environment)
      #expect(back.code == 0, "\(back.output)")
      #expect(try repository.state["azure"]["containers"]["shop"]["image"].string == SmallRelease.old)
    }
  }
}
