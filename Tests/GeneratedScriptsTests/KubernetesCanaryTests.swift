import Testing

/// The ways in which Kubernetes can split traffic, each through a whole release and back.
@Suite(.threads) struct KubernetesCanaryTests {
  enum Way: String, CaseIterable {
    case gateway, nginx, replicas, manifests

    var traffic: String {
      switch self {
      case .gateway: "gateway-api: { route: shop, service: shop, canary-service: shop-canary }"
      case .nginx: "ingress-nginx: { canary-ingress: shop-canary }"
      case .replicas: "replicas: { total: 4 }"
      case .manifests: "manifests: { at: { 0: k8s/0.json, 25: k8s/25.json, 100: k8s/100.json }, back: k8s/back.json }"
      }
    }

    var from: JSON {
      switch self {
      case .gateway, .manifests: ["httproute": "prod/shop"]
      case .nginx: ["ingress": "prod/shop"]
      case .replicas: ["service": "prod/shop"]
      }
    }

    var release: SmallRelease {
      let url = self == .replicas ? "" : "url: https://canary.shop.example, "
      let check = self == .replicas ? "verify: [proof]" : "verify: [ready]"
      return SmallRelease(
        deploy: """
          { kubernetes: { namespace: prod, deployment: shop, container: app, canary: { deployment: shop-canary, \(url)traffic: \
          { \(traffic) } } } }
          """,
        rollout: SmallRelease.canary.replacingOccurrences(of: "verify: [ready]", with: check), secrets: ["KUBECONFIG"],
        values: ["KUBECONFIG": "apiVersion: v1\nkind: Config"],
        scenario: [
          "services": [
            "shop": [
              "requests_per_second": 20, "from": from, "tracks": ["canary": "^shop-canary ", "stable": "^shop "],
              "hosts": ["shop.example", ["host": "canary.shop.example", "from": ["service": "prod/shop-canary"]]],
            ]
          ],
          "kubernetes": [
            "namespace": "prod", "require_kubeconfig": true,
            "deployments": [
              [
                "name": "shop", "replicas": 4, "containers": ["app": .string(SmallRelease.old)],
                "pod_labels": ["app": "shop", "track": "stable"],
              ],
              [
                "name": "shop-canary", "replicas": 0, "containers": ["app": .string(SmallRelease.old)],
                "pod_labels": ["app": "shop", "track": "canary"],
              ],
            ],
            "services": [
              ["name": "shop", "selector": self == .replicas ? ["app": "shop"] : ["app": "shop", "track": "stable"]],
              ["name": "shop-canary", "selector": ["track": "canary"]],
            ],
            "httproutes": [
              [
                "name": "shop",
                "backends": [["service": "shop", "weight": 100], ["service": "shop-canary", "weight": 0]],
              ]
            ],
            "ingresses": [
              ["name": "shop", "host": "shop.example", "service": "shop", "annotations": [:]],
              [
                "name": "shop-canary", "host": "shop.example", "service": "shop-canary",
                "annotations": ["nginx.ingress.kubernetes.io/canary": "true"],
              ],
            ],
          ],
        ])
    }

    var files: [String: String] {
      func manifest(_ weight: Int, _ replicas: Int) -> String {
        func backend(_ name: String, _ weight: Int) -> String {
          "{\"name\": \"\(name)\", \"port\": 80, \"weight\": \(weight)}"
        }
        func deployment(_ name: String, _ track: String, _ replicas: Int) -> String {
          """
          {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "\(name)"}, "spec": {"replicas": \(replicas), \
          "selector": {"matchLabels": {"app": "shop", "track": "\(track)"}}, "template": {"metadata": {"labels": \
          {"app": "shop", "track": "\(track)"}}, "spec": {"containers": [{"name": "app", "image": "\(SmallRelease.old)"}]}}}}
          """
        }
        return """
          {"apiVersion": "v1", "kind": "List", "items": [\(deployment("shop", "stable", 4)), \
          \(deployment("shop-canary", "canary", replicas)), {"apiVersion": "gateway.networking.k8s.io/v1", "kind": \
          "HTTPRoute", "metadata": {"name": "shop"}, "spec": {"rules": [{"backendRefs": [\(backend("shop", 100 - weight)), \
          \(backend("shop-canary", weight))]}]}}]}
          """
      }
      guard self == .manifests else { return [:] }
      return [
        "k8s/0.json": manifest(0, 2), "k8s/25.json": manifest(25, 2), "k8s/100.json": manifest(100, 4),
        "k8s/back.json": manifest(0, 0),
      ]
    }
  }

  private func text(_ repository: ReleaseRepository) throws -> String {
    let stable = try repository.deployment("Deployment/prod/shop")
    let canary = try repository.deployment("Deployment/prod/shop-canary")
    let image = stable.image == SmallRelease.new ? "new" : "old"
    return "\(image) × \(stable.replicas), canary × \(canary.replicas), \(stable.marker["state"] ?? "")"
  }

  @Test(arguments: Way.allCases)
  func aGoodReleaseEndsOnTheStableDeployment(way: Way) throws {
    let release = way.release
    try release.run(files: way.files) { repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try text(repository) == "new × 4, canary × 0, promoted")
      let shares = try repository.traffic.map { $0["shop-canary"] ?? 0 }
      #expect(shares.contains { abs($0 - 25) < 0.1 } && shares.contains { abs($0 - 100) < 0.1 }, "\(shares)")
      #expect(shares.last == 0)
      if way == .manifests {
        // The image that stands in the manifests never ran on the stable deployment again.
        let down = try repository.split
        #expect(down == ["shop": 100])
      }
    }
  }

  @Test(arguments: Way.allCases)
  func aCanaryThatFailsIsTakenBack(way: Way) throws {
    let release = way.release
    try release.run(new: ["rules": [["weight_at_least": 20, "paths": ["/ready": 503]]]], files: way.files) {
      repository in
      let outcome = try repository.script("prod/rollout.sh all", release.environment)
      #expect(outcome.code == 1)
      #expect(try text(repository) == "old × 4, canary × 0, rolled-back", "\(outcome.output)")
      #expect(try repository.split == ["shop": 100])
      let shares = try repository.traffic.map { $0["shop-canary"] ?? 0 }
      // Without an address of its own only one probe in four meets the canary, too few in a row to take it back.
      #expect(shares == (way == .replicas ? [0, 25, 100, 0] : [0, 25, 0]))
    }
  }

  @Test(arguments: Way.allCases)
  func aReleaseKilledInItsFirstShiftIsTakenBack(way: Way) throws {
    let release = way.release
    let call =
      switch way {
      case .gateway: "patch httproute/shop .*:25}"
      case .nginx: "canary-weight=25"
      case .replicas: "scale deployment/shop --replicas=3"
      case .manifests: "apply --filename k8s/25.json"
      }
    let kill: JSON = ["command": "kubectl", "match": .string(call), "kind": "kill", "when": "after", "times": 1]
    try release.run(faults: [kill], files: way.files) { repository in
      let killed = try repository.script("prod/rollout.sh all", release.environment)
      #expect(killed.code == 137, "\(killed.output)")
      for _ in 1...2 {
        let outcome = try repository.script("prod/rollback.sh --yes", release.environment)
        #expect(outcome.code == 0, "\(outcome.output)")
        #expect(try text(repository) == "old × 4, canary × 0, rolled-back")
        #expect(try repository.split == ["shop": 100])
      }
    }
  }

  @Test func theRouteKeepsWhateverElseItSays() throws {
    let release = Way.gateway.release
    try release.run { repository in
      let rule = "/kubernetes/objects/HTTPRoute~1prod~1shop/spec/rules/0"
      try repository.set("\(rule)/backendRefs/0/filters", [["type": "RequestHeaderModifier"]])
      #expect(try repository.script("prod/rollout.sh all", release.environment).code == 0)
      let backend = try repository.state["kubernetes"]["objects"]["HTTPRoute/prod/shop"]["spec"]["rules"][0][
        "backendRefs"][0]
      #expect(backend["filters"][0]["type"] == "RequestHeaderModifier")
      #expect(backend["weight"] == 100)
    }
  }
}
