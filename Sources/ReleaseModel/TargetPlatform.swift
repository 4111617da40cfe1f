/// What a target consists of on its platform: for whoever builds a likeness of it, such as a rehearsal.
public enum TargetPlatform: Sendable {
  /// A Container App of Azure.
  case containerApp(name: String, resourceGroup: String)
  case containerGroups(ContainerGroups)
  case kubernetes(KubernetesObjects)
  case webhooks(Webhooks)
  /// A program of the repository that does each operation.
  case program(path: String)

  /// Container Instances of Azure.
  public struct ContainerGroups: Sendable {
    /// The group, or what the names of the groups begin with.
    public let name: String
    public let resourceGroup: String
    public let location: String
    public let cpu: Int
    public let memory: Int
    public let port: Int
    /// The Traffic Manager in front of them, if there is one, and how long its answers live.
    public let manager: (profile: String, ttl: TimeSpan)?

    public init(
      name: String, resourceGroup: String, location: String, cpu: Int, memory: Int, port: Int,
      manager: (profile: String, ttl: TimeSpan)?
    ) {
      self.name = name
      self.resourceGroup = resourceGroup
      self.location = location
      self.cpu = cpu
      self.memory = memory
      self.port = port
      self.manager = manager
    }
  }

  /// Objects of a namespace.
  public struct KubernetesObjects: Sendable {
    public let namespace: String
    public let container: String
    public let arrangement: Arrangement

    /// How versions stand beside each other.
    public enum Arrangement: Sendable {
      case one(deployment: String)
      case canary(stable: String, canary: String, url: String?, Router)
      case blueGreen(service: String, label: String, blue: String, green: String, preview: String?, url: String?)
    }

    /// What splits traffic between two deployments.
    public enum Router: Sendable {
      case httpRoute(name: String, rule: Int, service: String, canaryService: String)
      case ingress(canary: String)
      case replicas(total: Int)
      /// The paths of the manifests in the repository.
      case manifests([String])
    }

    public init(namespace: String, container: String, arrangement: Arrangement) {
      self.namespace = namespace
      self.container = container
      self.arrangement = arrangement
    }
  }

  /// The secrets that hold the addresses of a platform's webhooks, and the token for all of them.
  public struct Webhooks: Sendable {
    public let deploy: String
    public let rollback: String
    public let verify: String
    public let token: String?

    public init(deploy: String, rollback: String, verify: String, token: String?) {
      self.deploy = deploy
      self.rollback = rollback
      self.verify = verify
      self.token = token
    }
  }
}
