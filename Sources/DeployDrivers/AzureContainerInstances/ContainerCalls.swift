import ReleaseModel

/// The calls of az that both ways have in common.
extension AzureContainerInstances {
  /// `az container … --name GROUP`
  static func container(_ settings: Settings, _ verb: Word, _ group: Word, _ options: Word...) -> Command {
    Command(
      words: ["az", "container", verb, "--name", group, "--resource-group", Word(settings.resourceGroup)] + options
        + ["--output", "json"])
  }

  static func groups(_ settings: Settings) -> Command {
    Command("az", "container", "list", "--resource-group", Word(settings.resourceGroup), "--output", "json")
  }

  static let image = ".containers[0].image // empty"
  static let running = """
    .provisioningState == "Succeeded" and .instanceView.state == "Running" and \
    .containers[0].instanceView.currentState.state == "Running"
    """

  /// Creates the group, or puts another container into it. Secrets would stand on the command line if they were options, so
  /// that everything is said in a file.
  static func create(
    _ settings: Settings, from source: Command?, name: String, image: RuntimeVariable, label: String, tags: String,
    arguments: [RuntimeVariable]
  ) -> Action {
    .runWithFile(
      Command(
        "az", "container", "create", "--resource-group", Word(settings.resourceGroup), "--no-wait", "--output", "none",
        "--file"),
      Document(
        from: source,
        filter(settings, name: name, image: "$\(image.filterName)", label: label, tags: tags),
        arguments: arguments + [image], fileName: "container-group.json"))
  }

  /// The document as jq makes it. `name`, `label` and `tags` are jq expressions.
  private static func filter(
    _ settings: Settings, name: String, image: String, label: String, tags: String
  ) -> String {
    let group = settings.group
    func secret(_ name: String) -> String { "($ENV.\(name) // error(\"no value for \(name)\"))" }
    let plain = group.environment.map { "{name: \(text($0.name)), value: \(text($0.value))}" }
    let secure = group.secrets.map { "{name: \(text($0)), secureValue: \(secret($0))}" }
    var credentials = ""
    var identity = ""
    if let registry = group.registry {
      switch registry.login {
      case .password(let username, let password):
        credentials =
          ", imageRegistryCredentials: [{server: \(text(registry.server)), username: \(secret(username)), "
          + "password: \(secret(password))}]"
      case .identity(let id):
        credentials = ", imageRegistryCredentials: [{server: \(text(registry.server)), identity: \(text(id))}]"
        identity = ", identity: {type: \"UserAssigned\", userAssignedIdentities: {\(text(id)): {}}}"
      }
    }
    let container =
      "{name: \"app\", properties: {image: \(image), ports: [{port: \(group.port), protocol: \"TCP\"}], resources: "
      + "{requests: {cpu: \(group.cpu), memoryInGB: \(group.memory)}}, environmentVariables: "
      + "[\((plain + secure).joined(separator: ", "))]}}"
    return "{apiVersion: \"2021-10-01\", type: \"Microsoft.ContainerInstance/containerGroups\", location: "
      + "\(text(group.location)), name: \(name), tags: \(tags)\(identity), properties: {osType: \"Linux\", restartPolicy: "
      + "\"Always\", ipAddress: {type: \"Public\", dnsNameLabel: \(label), ports: [{port: \(group.port), protocol: \"TCP\"}]}"
      + "\(credentials), containers: [\(container)]}}"
  }

  /// A JSON string, as jq's filters have them; a backslash in front of `(` would start an expression.
  static func text(_ value: String) -> String {
    var result = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
