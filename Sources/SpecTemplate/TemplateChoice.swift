/// The platforms that a first spec can be written for. Their names are those of the drivers.
public enum TemplateDriver: String, CaseIterable, Sendable {
  case kubernetes
  case containerApps = "azure-container-apps"
  case containerInstances = "azure-container-instances"
  case webhook
  case command

  public var summary: String {
    switch self {
    case .kubernetes: "deployments in a namespace, through kubectl"
    case .containerApps: "a Container App of Azure whose revisions share the traffic"
    case .containerInstances: "container groups of Azure, with or without a Traffic Manager"
    case .webhook: "a platform that deploys when a webhook is called"
    case .command: "a program of yours that does each operation"
    }
  }

  /// What the platform can do, the simplest first. A test holds this to what the compiler says of the others.
  public var strategies: [TemplateStrategy] {
    switch self {
    case .webhook: [.rolling]
    case .kubernetes, .containerApps, .containerInstances, .command: [.rolling, .canary, .blueGreen]
    }
  }

  /// Why the others cannot be.
  public var limit: String {
    switch self {
    case .webhook: "a webhook moves all traffic at once, and nothing can be seen of the new version before"
    case .kubernetes, .containerApps, .containerInstances, .command: ""
    }
  }
}

public enum TemplateStrategy: String, CaseIterable, Sendable {
  case rolling
  case canary
  case blueGreen = "blue-green"

  public var summary: String {
    switch self {
    case .rolling: "the platform replaces the old version, then the new one is watched"
    case .canary: "the new version gets the traffic in steps, each watched"
    case .blueGreen: "the new version comes up beside the old one, then one switch moves all traffic"
    }
  }
}

/// What splits the traffic of a canary on Kubernetes, which has no weights of its own.
public enum TemplateTraffic: String, CaseIterable, Sendable {
  case gatewayAPI = "gateway-api"
  case ingressNGINX = "ingress-nginx"
  case replicas
  case manifests

  public var summary: String {
    switch self {
    case .gatewayAPI: "weights in an HTTPRoute of the Gateway API"
    case .ingressNGINX: "annotations of a second ingress of ingress-nginx"
    case .replicas: "numbers of pods behind one service"
    case .manifests: "manifests of your own, one for each share"
    }
  }
}
