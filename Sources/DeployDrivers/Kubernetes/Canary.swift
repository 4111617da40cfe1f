import ReleaseModel
import SpecShape

/// How a canary is set up: the second deployment, and what splits the traffic.
extension Kubernetes {
  struct Canary: Sendable {
    let deployment: String
    let replicas: Int
    let url: String?
    let traffic: Traffic
  }

  enum Traffic: Sendable {
    case gateway(GatewayRoute)
    case nginx(ingress: String)
    case replicas(total: Int)
    case manifests(Manifests)
  }

  /// Weights on the backends of an HTTPRoute. Source: the Gateway API's reference, `HTTPBackendRef.weight`.
  struct GatewayRoute: Sendable {
    let route: String
    let rule: Int
    let service: String
    let canaryService: String
  }

  /// Files of the repository that say how the objects look at each share, by percent, ascending.
  struct Manifests: Sendable {
    let files: [(percent: Int, path: String)]
    let back: String
  }

  private static let gateway = Shape<Traffic>.object(
    "gateway-api", "Weights on the backends of an HTTPRoute of the Gateway API.",
    .required("route", .resourceName, "The HTTPRoute.", example: "shop"),
    .defaulted("rule", .integer(0...15), to: 0, shown: "0", "Which of its rules, counted from 0."),
    .required("service", .resourceName, "The service in front of the stable deployment.", example: "shop"),
    .required(
      "canary-service", .resourceName, "The service in front of the canary deployment.", example: "shop-canary"),
    .optional(
      "port", .integer(1...65535), "The port of both services; for readers, since the route says it itself.",
      example: "80")
  ) { _, route, rule, service, canaryService, _ in
    .gateway(GatewayRoute(route: route, rule: rule, service: service, canaryService: canaryService))
  }
  .different("service", "canary-service", because: "both shares of the traffic would reach the same pods")

  private static let nginx = Shape<Traffic>.object(
    "ingress-nginx", "The annotations `canary` and `canary-weight` on a second ingress of ingress-nginx.",
    .required(
      "canary-ingress", .resourceName, "The ingress for the same host that leads to the canary's service.",
      example: "shop-canary")
  ) { _, ingress in .nginx(ingress: ingress) }

  private static let replicas = Shape<Traffic>.object(
    "replicas", "Numbers of pods: one service selects the pods of both deployments.",
    .required(
      "total", .integer(1...1000),
      "How many pods there are in all. A share must be a whole number of them: 5% needs 20.", example: "20")
  ) { _, total in .replicas(total: total) }

  private static let manifests = Shape<Traffic>.object(
    "manifests",
    "Manifests of the repository, one for each share. They are applied, and the images are set right after: what a manifest "
      + "says about the image does not count.",
    .required(
      "at", Shape<String>.repositoryPath.named("share", keyPattern: .percent, placeholder: "percent"),
      "The manifest for each share. With one for 0, the new version is up before it gets traffic. At 100 the stable "
        + "deployment must still run.",
      example: "{ 5: k8s/canary-5pct.yaml, 25: k8s/canary-25pct.yaml, 100: k8s/production-full.yaml }"),
    .required(
      "back", .repositoryPath, "The manifest without a canary: for the way back, and for the end.",
      example: "k8s/stable.yaml")
  ) { _, at, back in
    let files = at.readable.compactMap { entry in Int(entry.name.value).map { (percent: $0, path: entry.value) } }
    return .manifests(Manifests(files: files.sorted { $0.percent < $1.percent }, back: back))
  }

  static let canary = Shape<Canary>.object(
    "canary", "The second deployment and what splits the traffic.",
    .required("deployment", .resourceName, "The deployment that runs the candidate.", example: "shop-canary"),
    .defaulted(
      "replicas", .integer(1...1000), to: 2, shown: "2",
      "How many replicas it gets, unless the numbers of pods or the manifests say it."),
    .optional(
      "url", .httpsAddress,
      "Where the canary alone is reached.", example: "https://canary.shop.example"),
    .required(
      "traffic",
      .variant(
        "traffic", "How traffic is split.",
        [
          Variant("gateway-api", "By an HTTPRoute.", gateway),
          Variant("ingress-nginx", "By ingress-nginx.", nginx),
          Variant("replicas", "By numbers of pods.", replicas),
          Variant("manifests", "By manifests of your own.", manifests),
        ]),
      "How traffic is split.")
  ) { _, deployment, replicas, url, traffic in
    Canary(deployment: deployment, replicas: replicas, url: url, traffic: traffic)
  }

  static func canaryTarget(_ settings: Settings, _ canary: Canary) -> (TargetOperations, TargetCapabilities) {
    var capabilities = TargetCapabilities(weights: .any, candidateAddress: canary.url != nil, separateTracks: true)
    switch canary.traffic {
    case .gateway(let route):
      return (routedOperations(settings, canary, gatewayRouter(settings, route)), capabilities)
    case .nginx(let ingress):
      return (routedOperations(settings, canary, nginxRouter(settings, ingress)), capabilities)
    case .replicas(let total):
      // The canary's pods take traffic as soon as there are any.
      capabilities.candidateAddress = false
      capabilities.weights = .only(
        (1...100).filter { $0 * total % 100 == 0 },
        else: "raise `total:` under `replicas`: a share must be a whole number of pods, and 5% needs 20 of them")
      return (replicaOperations(settings, canary, total: total), capabilities)
    case .manifests(let manifests):
      capabilities.candidateAddress = canary.url != nil && manifests.files.first?.percent == 0
      capabilities.weights = .only(
        manifests.files.map(\.percent).filter { $0 > 0 }, else: "add a manifest for it to `at:` under `manifests`")
      return (manifestOperations(settings, canary, manifests), capabilities)
    }
  }
}
