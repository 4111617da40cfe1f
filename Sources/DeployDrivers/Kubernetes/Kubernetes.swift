import ReleaseModel
import SpecShape

/// Kubernetes through `kubectl`: a version is the image of a container.
///
/// Rolling: the deployment's own rolling update. Canary: a second deployment beside the first, and something that splits
/// traffic by weight, since plain Kubernetes has no weights. Blue-green: two deployments, and a service that selects one.
enum Kubernetes {
  struct Settings: Sendable {
    let namespace: String
    let deployment: String
    let container: String
    let kubeconfig: String
    let canary: Canary?
    let blueGreen: BlueGreen?
  }

  static let variant = Variant<DriverChoice>(
    "kubernetes", "Deployments in a namespace, reached with a kubeconfig.",
    Shape.object(
      "kubernetes", "Deployments in a namespace, reached with a kubeconfig.",
      exactlyOneOf: [["deployment", "blue-green"]],
      .required("namespace", .resourceName, "The namespace.", example: "shop"),
      .optional("deployment", .resourceName, "The deployment that serves.", example: "shop"),
      .required("container", .resourceName, "The container whose image is the version.", example: "app"),
      .defaulted(
        "kubeconfig", .reference, to: "KUBECONFIG", shown: "KUBECONFIG", "The secret that holds the kubeconfig's text."),
      .optional("canary", canary, "What a canary needs."),
      .optional("blue-green", blueGreen, "What blue-green needs, instead of `deployment`.")
    ) { _, namespace, deployment, container, kubeconfig, canary, blueGreen in
      let settings = Settings(
        namespace: namespace, deployment: deployment ?? blueGreen?.blue ?? "", container: container,
        kubeconfig: kubeconfig, canary: canary, blueGreen: blueGreen)
      return DriverChoice(driver: "kubernetes") { target(settings, $0) }
    }
    .different(
      "deployment", "canary.deployment",
      because: "the candidate would be put over the version that serves, with all of the traffic at once"))

  private static func target(_ settings: Settings, _ rollout: Rollout) -> DeployTarget {
    var capabilities = TargetCapabilities(weights: .none, candidateAddress: false, separateTracks: false)
    let operations: TargetOperations
    switch rollout.strategy {
    case .canary:
      if let canary = settings.canary {
        (operations, capabilities) = canaryTarget(settings, canary)
      } else {
        operations = rollingOperations(settings)
      }
    case .rolling:
      operations = rollingOperations(settings)
    case .blueGreen:
      if let blueGreen = settings.blueGreen {
        operations = blueGreenOperations(settings, blueGreen, readyWithin: rollout.readyWithin)
        capabilities.candidateAddress = blueGreen.url != nil
        capabilities.instantSwitch = true
      } else {
        operations = rollingOperations(settings)
      }
    }
    if settings.blueGreen == nil {
      capabilities.refused[.blueGreen] =
        "write `blue-green:` instead of `deployment:` under `kubernetes`, with the service and the two deployments"
    } else {
      let help = "write `blue-green:` under `rollout`, or name one `deployment:` under `kubernetes`"
      capabilities.refused = [.rolling: help, .canary: help]
    }
    return DeployTarget(
      driver: "kubernetes", login: .kubeconfig(secret: settings.kubeconfig), capabilities: capabilities,
      operations: operations,
      platform: .kubernetes(
        .init(namespace: settings.namespace, container: settings.container, arrangement: arrangement(settings))))
  }

  private static func arrangement(_ settings: Settings) -> TargetPlatform.KubernetesObjects.Arrangement {
    if let pair = settings.blueGreen {
      return .blueGreen(
        service: pair.service, label: pair.label, blue: pair.blue, green: pair.green, preview: pair.previewService,
        url: pair.url)
    }
    guard let canary = settings.canary else { return .one(deployment: settings.deployment) }
    let router: TargetPlatform.KubernetesObjects.Router =
      switch canary.traffic {
      case .gateway(let route):
        .httpRoute(name: route.route, rule: route.rule, service: route.service, canaryService: route.canaryService)
      case .nginx(let ingress): .ingress(canary: ingress)
      case .replicas(let total): .replicas(total: total)
      case .manifests(let manifests): .manifests(manifests.files.map(\.path) + [manifests.back])
      }
    return .canary(stable: settings.deployment, canary: canary.deployment, url: canary.url, router)
  }
}
