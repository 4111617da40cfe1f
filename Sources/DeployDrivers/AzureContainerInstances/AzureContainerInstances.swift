import Diagnostics
import ReleaseModel
import SpecShape

/// Azure Container Instances. With a Traffic Manager in front, each version is a container group of its own and DNS splits
/// the traffic. Without one, there is a single group, and another version means a new container in it: downtime.
///
/// Source: Microsoft's docs, "YAML reference: Azure Container Instances" and "Weighted traffic-routing method".
enum AzureContainerInstances {
  struct Settings: Sendable {
    let name: String
    let resourceGroup: String
    let login: TargetLogin
    let group: Group
    let manager: Manager?
  }

  /// What every container group of the service has in common.
  struct Group: Sendable {
    let location: String
    let cpu: Int
    let memory: Int
    let port: Int
    let label: String?
    let environment: [(name: String, value: String)]
    let secrets: [String]
    let registry: Registry?
  }

  struct Registry: Sendable {
    enum Login: Sendable {
      case password(username: String, password: String)
      case identity(String)
    }
    let server: String
    let login: Login
  }

  struct Manager: Sendable {
    let profile: String
    let ttl: TimeSpan
  }

  private static let registry = Shape<Registry>.object(
    "registry", "Where the image is pulled from, when that needs a login.",
    exactlyOneOf: [["username-secret", "identity"], ["password-secret", "identity"]],
    .required("server", .resourceName, "The registry.", example: "acme.azurecr.io"),
    .optional("username-secret", .reference, "The secret that holds the user name.", example: "REGISTRY_USER"),
    .optional("password-secret", .reference, "The secret that holds the password.", example: "REGISTRY_PASSWORD"),
    .optional(
      "identity",
      .identityID,
      "A managed identity that may pull, instead of user name and password.",
      example:
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/acme/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull"
    )
  ) { _, server, username, password, identity in
    Registry(
      server: server,
      login: identity.map { .identity($0) } ?? .password(username: username ?? "", password: password ?? ""))
  }

  private static let manager = Shape<Manager>.object(
    "traffic-manager", "The Traffic Manager profile whose weighted endpoints are the versions.",
    .required("profile", .resourceName, "The profile, in the same resource group.", example: "acme-prod"),
    .defaulted(
      "ttl", Shape<TimeSpan>.lifetime, to: .seconds(60), shown: "60s",
      "How long resolvers keep an answer: the profile's DNS time to live, or more. It is waited for after every shift.")
  ) { _, profile, ttl in Manager(profile: profile, ttl: ttl) }

  static let variant = Variant<DriverChoice>(
    "azure-container-instances", "Container groups of Azure Container Instances, with or without a Traffic Manager.",
    Shape.object(
      "azure-container-instances",
      "Container groups of Azure Container Instances, with or without a Traffic Manager. Without one there is a single "
        + "group, and a release (`rolling`) puts another container into it: the service is down while that starts.",
      .required("resource-group", .resourceName, "The resource group.", example: "acme-prod"),
      .required(
        "name", .groupName, "The group; with a Traffic Manager, what the names of the groups begin with.",
        example: "acme-api"),
      .required("location", .resourceName, "Where groups are created.", example: "westeurope"),
      .defaulted("cpu", .integer(1...31), to: 1, shown: "1", "Cores of a group."),
      .defaulted("memory", .integer(1...240), to: 2, shown: "2", "Memory of a group in GB."),
      .defaulted("port", .integer(1...65535), to: 80, shown: "80", "The port that it listens on."),
      .optional(
        "dns-label", .groupName,
        "What its host name begins with; with a Traffic Manager the group's own name follows. Default: the group's name.",
        example: "acme-api"),
      .defaulted(
        "environment", Shape<String>.line.named("variable", keyPattern: .secret, placeholder: "NAME"),
        to: NamedMap(), shown: "{}", "Variables of its environment that are no secrets.",
        example: "{ LOG_LEVEL: info }"),
      .defaulted(
        "secure-environment", Shape<String>.reference.list(), to: [], shown: "[]",
        "Secrets that become variables of its environment, under the same names.", example: "[DATABASE_URL]"),
      .optional("registry", registry, "Where the image is pulled from, when that needs a login."),
      .optional("traffic-manager", manager, "What splits the traffic between versions."),
      .defaulted(
        "client-id", .reference, to: "AZURE_CLIENT_ID", shown: "AZURE_CLIENT_ID",
        "The secret that holds the client id of the identity that GitHub is federated with."),
      .defaulted(
        "tenant-id", .reference, to: "AZURE_TENANT_ID", shown: "AZURE_TENANT_ID", "The secret that holds its tenant."),
      .defaulted(
        "subscription-id", .reference, to: "AZURE_SUBSCRIPTION_ID", shown: "AZURE_SUBSCRIPTION_ID",
        "The secret that holds the subscription.")
    ) {
      _, resourceGroup, name, location, cpu, memory, port, label, environment, secrets, registry, manager, client,
      tenant,
      subscription in
      let settings = Settings(
        name: name, resourceGroup: resourceGroup,
        login: .azure(client: client, tenant: tenant, subscription: subscription),
        group: Group(
          location: location, cpu: cpu, memory: memory, port: port, label: label,
          environment: environment.readable.map { ($0.name.value, $0.value) }, secrets: secrets, registry: registry),
        manager: manager)
      return DriverChoice(driver: "azure-container-instances") { target(settings, $0) }
    })

  private static func target(_ settings: Settings, _ rollout: Rollout) -> DeployTarget {
    let capabilities: TargetCapabilities
    let operations: TargetOperations
    if let manager = settings.manager {
      capabilities = TargetCapabilities(
        weights: .any, candidateAddress: true, separateTracks: true, reverseStages: true, instantSwitch: true,
        refused: [
          .rolling: "write `canary:` or `blue-green:`, which the Traffic Manager can do without downtime; or take "
            + "`traffic-manager:` away"
        ])
      operations = managedOperations(settings, manager, readyWithin: rollout.readyWithin)
    } else {
      let help = "add `traffic-manager:`; or write `rolling:`, which is down while the container is replaced"
      capabilities = TargetCapabilities(
        weights: .none, candidateAddress: false, separateTracks: false, refused: [.canary: help, .blueGreen: help])
      operations = singleOperations(settings, readyWithin: rollout.readyWithin)
    }
    var secrets = settings.group.secrets
    if case .password(let username, let password)? = settings.group.registry?.login { secrets += [username, password] }
    return DeployTarget(
      driver: "azure-container-instances",
      login: settings.login,
      capabilities: capabilities, operations: operations,
      platform: .containerGroups(
        .init(
          name: settings.name, resourceGroup: settings.resourceGroup, location: settings.group.location,
          cpu: settings.group.cpu, memory: settings.group.memory, port: settings.group.port,
          manager: settings.manager.map { ($0.profile, $0.ttl) })),
      secrets: secrets)
  }
}

extension Shape where Value == String {
  fileprivate static let identityID = matching(
    "^/subscriptions/[A-Za-z0-9._/@+-]+$", "the resource id of a user-assigned identity"
  ) { $0.hasPrefix("/subscriptions/") && isRepositoryPath(String($0.dropFirst())) }

  /// Source: Azure's naming rules, "Microsoft.ContainerInstance": lower-case letters, digits and hyphens. The name of the run
  /// follows it, so that it is kept short.
  fileprivate static let groupName = matching(
    "^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$",
    "a name for container groups (at most 30 lower-case letters, digits and hyphens, with a letter in front)"
  ) { name in
    let bytes = Array(name.utf8)
    let isLetter = { (byte: UInt8) in (97...122).contains(byte) }
    let isDigit = { (byte: UInt8) in (48...57).contains(byte) }
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 30, isLetter(first) else { return false }
    return (isLetter(last) || isDigit(last)) && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == 45 }
  }
}

extension Shape where Value == TimeSpan {
  /// Whole seconds, as DNS counts them: `30s`, `1m`.
  fileprivate static let lifetime = Shape(
    schema: .quantity(pattern: "^([0-9]+m)?([0-9]+s)?$", format: "a length of time")
  ) { node, reader in
    guard let text = Shape<String>.line.read(node, &reader) else { return nil }
    guard let span = TimeSpan(text), span.milliseconds % 1000 == 0, span <= .minutes(60) else {
      reader.reportWrongType(node, expected: "a length of time in whole seconds, at most an hour, such as `60s`")
      return nil
    }
    return span
  }
}
