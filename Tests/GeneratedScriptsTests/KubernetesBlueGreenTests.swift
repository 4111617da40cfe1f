import Testing

/// Two deployments and a service that selects one of them.
@Suite(.threads) struct KubernetesBlueGreenTests {
  private static let release = SmallRelease(
    deploy: """
      { kubernetes: { namespace: prod, container: app, blue-green: { service: shop, blue: shop-blue, green: shop-green, \
      url: https://preview.shop.example, preview-service: shop-preview } } }
      """,
    rollout: SmallRelease.blueGreen, secrets: ["KUBECONFIG"],
    values: ["KUBECONFIG": "apiVersion: v1\nkind: Config"],
    scenario: [
      "services": [
        "shop": [
          "requests_per_second": 20, "from": ["service": "prod/shop"],
          "hosts": ["shop.example", ["host": "preview.shop.example", "from": ["service": "prod/shop-preview"]]],
        ]
      ],
      "kubernetes": [
        "namespace": "prod", "require_kubeconfig": true,
        "deployments": [
          [
            "name": "shop-blue", "replicas": 3, "containers": ["app": .string(SmallRelease.old)],
            "pod_labels": ["app": "shop", "version": "blue"],
          ],
          [
            "name": "shop-green", "replicas": 0, "containers": ["app": .string(SmallRelease.old)],
            "pod_labels": ["app": "shop", "version": "green"],
          ],
        ],
        "services": [
          ["name": "shop", "selector": ["app": "shop", "version": "blue"]],
          ["name": "shop-preview", "selector": ["app": "shop", "version": "green"]],
        ],
      ],
    ])

  private struct State: Equatable {
    var colour: String
    var blue: Int
    var green: Int
    var marker: String
  }

  private func state(_ repository: ReleaseRepository) throws -> State {
    let service = try repository.state["kubernetes"]["objects"]["Service/prod/shop"]
    return State(
      colour: service["spec"]["selector"]["version"].string ?? "",
      blue: try repository.deployment("Deployment/prod/shop-blue").replicas,
      green: try repository.deployment("Deployment/prod/shop-green").replicas,
      marker: service["metadata"]["annotations"]["liftlock.dev/state"].string ?? "")
  }

  private let release = Self.release
  private let back = State(colour: "blue", blue: 3, green: 0, marker: "rolled-back")

  @Test func theIdleColourComesUpIsProvedAndTakesOver() throws {
    try release.run { repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try state(repository) == State(colour: "green", blue: 0, green: 3, marker: "promoted"))
      #expect(try repository.deployment("Deployment/prod/shop-green").image == SmallRelease.new)
      let calls = try repository.calls
      let proved = try #require(calls.firstIndex { $0.hasPrefix("http GET https://preview.shop.example/ready") })
      let switched = try #require(calls.firstIndex { $0.contains("patch service/shop ") })
      #expect(proved < switched)
      // The next release goes the other way.
      let next = try repository.script(
        "prod/rollout.sh all", release.environment.merging(["GITHUB_RUN_ID": "1002"]) { $1 })
      #expect(next.code == 0, "\(next.output)")
      #expect(try state(repository) == State(colour: "blue", blue: 3, green: 0, marker: "promoted"))
    }
  }

  @Test func aColourThatNeverBecomesReadyIsTakenAwayAndNobodyNotices() throws {
    let slow: JSON = [
      "command": "kubectl", "match": "get deployment/shop-green", "kind": "slow", "delay": "55s", "until": "9m",
    ]
    try release.run(new: ["ready": false], faults: [slow]) { repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("waited 600s, and still not: every replica of the new colour is available"))
      #expect(try state(repository) == back)
      #expect(try repository.traffic.count == 1)
    }
  }

  @Test func aVersionThatFailsItsCheckOnThePreviewNeverServes() throws {
    try release.run(new: ["paths": ["/ready": 503]]) { repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 1)
      #expect(try state(repository) == back)
      #expect(try repository.traffic.count == 1)
    }
  }

  @Test func aVersionThatFailsAfterTheSwitchIsSwitchedBack() throws {
    try release.run(new: ["rules": [["weight_at_least": 100, "paths": ["/ready": 503]]]]) { repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("rollback condition met: ready fails for 1m"), "\(outcome.output)")
      #expect(try state(repository) == back)
    }
  }

  @Test(arguments: ["scale deployment/shop-green --replicas=3", "patch service/shop ", "scale deployment/shop-blue"])
  func afterAKillTheRollbackFindsItsWay(where call: String) throws {
    let kill: JSON = ["command": "kubectl", "match": .string(call), "kind": "kill", "when": "after", "times": 1]
    try release.run(faults: [kill]) { repository in
      let killed = try repository.script("prod/rollout.sh all", release.environment)
      #expect(killed.code == 137)
      let outcome = try repository.script("prod/rollback.sh --yes --if-needed", release.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try state(repository) == back)
      let again = try repository.script("prod/rollback.sh --yes", release.environment)
      #expect(again.code == 0, "\(again.output)")
      #expect(try state(repository) == back)
    }
  }

  @Test func aPromotedReleaseGoesBackToTheColourAndTheImageBefore() throws {
    try release.run { repository in
      #expect(try repository.script("prod/rollout.sh all", release.environment).code == 0)
      let outcome = try repository.script("prod/rollback.sh --yes --to blue=\(SmallRelease.old)", release.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try state(repository) == back)
      let wrong = try repository.script("prod/rollback.sh --yes --to \(SmallRelease.old)", release.environment)
      #expect(wrong.code == 1)
      #expect(wrong.output.contains("is PLACE=IMAGE, and this is not"))
    }
  }
}
