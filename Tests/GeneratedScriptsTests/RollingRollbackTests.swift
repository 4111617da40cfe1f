import Testing

/// A deployment that is replaced pod by pod: what it is told to run is not yet what serves.
@Suite(.threads) struct RollingRollbackTests {
  private static let release = SmallRelease(
    deploy: "{ kubernetes: { namespace: prod, deployment: shop, container: app } }",
    rollout: SmallRelease.rolling, secrets: ["KUBECONFIG"], values: ["KUBECONFIG": "apiVersion: v1\nkind: Config"],
    scenario: [
      "services": [
        "shop": ["requests_per_second": 20, "from": ["service": "prod/shop"], "hosts": ["shop.example"]]
      ],
      "kubernetes": [
        "namespace": "prod", "require_kubeconfig": true,
        "deployments": [
          [
            "name": "shop", "replicas": 3, "containers": ["app": .string(SmallRelease.new)],
            "pod_labels": ["app": "shop"],
            "annotations": [
              "liftlock.dev/state": "rolling-out", "liftlock.dev/run": "1001-1",
              "liftlock.dev/previous": .string(SmallRelease.old), "liftlock.dev/candidate": .string(SmallRelease.new),
              "liftlock.dev/weight": "100",
            ],
          ]
        ], "services": [["name": "shop", "selector": ["app": "shop"]]],
      ],
    ])

  @Test func theVersionBeforeReplacesEveryPod() throws {
    try Self.release.run { repository in
      let outcome = try repository.script("prod/rollback.sh --yes --if-needed", Self.release.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(outcome.output.contains("passes its checks"))
    }
  }

  /// The pods of the new version go on serving, and pass the checks for it.
  @Test func whatDoesNotComeUpIsNotCalledTakenBack() throws {
    try Self.release.run { repository in
      try repository.set("/versions/old/ready", false)
      let outcome = try repository.script("prod/rollback.sh --yes --if-needed", Self.release.environment)
      #expect(outcome.code == 1, "\(outcome.output)")
      #expect(outcome.output.contains("THE TRAFFIC COULD NOT BE MOVED"))
      #expect(!outcome.output.contains("has all traffic"))
    }
  }
}
