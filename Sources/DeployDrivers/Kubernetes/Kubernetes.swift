import ReleaseModel
import SpecShape

/// Kubernetes through `kubectl`: a version is the image of a container.
///
/// Rolling: the deployment's own rolling update. Canary: a second deployment beside the first, and a router that splits
/// traffic by weight, since plain Kubernetes has no weights.
enum Kubernetes {
  struct Settings: Sendable {
    let namespace: Word
    let deployment: String
    let container: String
    let kubeconfig: String
    let canary: Canary?
  }

  struct Canary: Sendable {
    let deployment: String
    let replicas: Int
    let url: String?
    let route: GatewayRoute
  }

  /// Weights on the backends of an HTTPRoute. Source: the Gateway API's reference, `HTTPBackendRef.weight`.
  struct GatewayRoute: Sendable {
    let route: String
    let rule: Int
    let service: String
    let canaryService: String
    let port: Int
  }

  private static let gateway = Shape<GatewayRoute>.object(
    "gateway-api", "Weights on the backends of an HTTPRoute of the Gateway API.",
    .required("route", .resourceName, "The HTTPRoute.", example: "shop"),
    .defaulted("rule", .integer(0...15), to: 0, shown: "0", "Which of its rules, counted from 0."),
    .required("service", .resourceName, "The service in front of the stable deployment.", example: "shop"),
    .required(
      "canary-service", .resourceName, "The service in front of the canary deployment.", example: "shop-canary"),
    .required("port", .integer(1...65535), "The port of both services.", example: "80")
  ) { _, route, rule, service, canaryService, port in
    GatewayRoute(route: route, rule: rule, service: service, canaryService: canaryService, port: port)
  }

  private static let canary = Shape<Canary>.object(
    "canary", "The second deployment and the router that splits the traffic.",
    .required("deployment", .resourceName, "The deployment that runs the candidate.", example: "shop-canary"),
    .defaulted("replicas", .integer(1...1000), to: 2, shown: "2", "How many replicas it gets."),
    .optional(
      "url", .httpsAddress,
      "Where the canary alone is reached.", example: "https://canary.shop.example"),
    .required(
      "traffic", .variant("traffic", "How traffic is split.", [Variant("gateway-api", "By an HTTPRoute.", gateway)]),
      "How traffic is split.")
  ) { _, deployment, replicas, url, route in
    Canary(deployment: deployment, replicas: replicas, url: url, route: route)
  }

  static let variant = Variant<DriverChoice>(
    "kubernetes", "A deployment in a namespace, reached with a kubeconfig.",
    Shape.object(
      "kubernetes", "A deployment in a namespace, reached with a kubeconfig.",
      .required("namespace", .resourceName, "The namespace.", example: "shop"),
      .required("deployment", .resourceName, "The deployment that serves.", example: "shop"),
      .required("container", .resourceName, "The container whose image is the version.", example: "app"),
      .defaulted(
        "kubeconfig", .reference, to: "KUBECONFIG", shown: "KUBECONFIG", "The secret that holds the kubeconfig's text."),
      .optional("canary", canary, "What a canary needs.")
    ) { _, namespace, deployment, container, kubeconfig, canary in
      let settings = Settings(
        namespace: Word(namespace), deployment: deployment, container: container, kubeconfig: kubeconfig, canary: canary
      )
      return DriverChoice(driver: "kubernetes") { strategy in
        let canary = strategy == .canary ? settings.canary : nil
        return DeployTarget(
          driver: "kubernetes", login: .kubeconfig(secret: settings.kubeconfig),
          capabilities: TargetCapabilities(
            weightedTraffic: canary != nil, candidateAddress: canary?.url != nil, separateTracks: canary != nil),
          operations: canary.map { canaryOperations(settings, $0) } ?? rollingOperations(settings))
      }
    })

  /// `kubectl --namespace N …`
  static func kubectl(_ settings: Settings, _ words: Word...) -> Command {
    Command(words: ["kubectl", "--namespace", settings.namespace] + words)
  }

  static func get(_ settings: Settings, _ kind: String, _ name: String) -> Command {
    kubectl(settings, "get", Word("\(kind)/\(name)"), "--output", "json")
  }

  static func setImage(_ settings: Settings, _ deployment: String, _ version: RuntimeVariable) -> Action {
    .run(
      kubectl(
        settings, "set", "image", Word("deployment/\(deployment)"), Word("\(settings.container)=") + Word(version)))
  }

  /// A deployment that somebody paused would take the image and never roll it out.
  static func resume(_ settings: Settings, _ deployment: String) -> Action {
    .when(
      Query(get(settings, "deployment", deployment), ".spec.paused == true"),
      [.run(kubectl(settings, "rollout", "resume", Word("deployment/\(deployment)")))])
  }

  static func rolledOut(_ settings: Settings, _ deployment: String, _ what: String) -> Action {
    // The same test as `kubectl rollout status`, asked again and again, so that a lost connection costs one try.
    .wait(
      until: Query(
        get(settings, "deployment", deployment),
        """
        (.spec.replicas // 1) as $want | (.status.observedGeneration // 0) >= .metadata.generation and \
        (.status.updatedReplicas // 0) == $want and (.status.replicas // 0) == $want and \
        (.status.availableReplicas // 0) == $want
        """), limit: .minutes(10), what: what)
  }

  static func image(_ settings: Settings) -> String {
    // The container's name is written into the filter as a JSON string; `resourceName` admits nothing that needs escaping.
    ".spec.template.spec.containers[] | select(.name == \"\(settings.container)\") | .image"
  }

  static func marker(_ settings: Settings) -> (read: Query, write: Command) {
    (
      Query(get(settings, "deployment", settings.deployment), ".metadata.annotations // {}"),
      kubectl(settings, "annotate", "--overwrite", Word("deployment/\(settings.deployment)"))
    )
  }

  static func preflight(_ settings: Settings) -> [Action] {
    [
      .require(
        Query(get(settings, "deployment", settings.deployment), "[\(image(settings))] | length == 1"),
        orFail: "deployment \(settings.deployment) has no container \(settings.container)"),
      .require(
        Query(get(settings, "deployment", settings.deployment), ".spec.paused != true"),
        orFail:
          "deployment \(settings.deployment) is paused: somebody stopped it on purpose; find out who, then resume it"
      ),
    ]
  }
}
