/// A first spec: complete, without a finding, and with a comment where something has to be replaced.
///
/// It is put together from parts, each of which is there for the driver, the strategy or the environments that ask for it.
public struct SpecTemplate: Sendable {
  public var driver = TemplateDriver.kubernetes
  public var strategy = TemplateStrategy.rolling
  /// Only for a canary on Kubernetes.
  public var traffic = TemplateTraffic.gatewayAPI
  public var service: String
  /// Who owns the repository on GitHub, in lower case as images are written. `nil`: to be replaced.
  public var owner: String?
  /// In the order in which a version goes through them; the last one is what users see.
  public var environments = ["prod"]
  public var branch = "main"
  /// Where the JSON Schema lies, from the spec's folder.
  public var schema = ".liftlock/release.schema.json"

  public init(service: String) { self.service = service }

  public var text: String {
    let parts = [head, roles, secrets, sources, metrics, checks, places, promotion]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  // MARK: - Parts

  private var organisation: String { owner ?? "acme" }
  private var last: String { environments.last ?? "prod" }
  private var isPromoted: Bool { environments.count > 1 }
  /// Both versions serve at once, and metrics have to tell them apart.
  private var isSplit: Bool { strategy == .canary }
  private var all: String { "[" + environments.joined(separator: ", ") + "]" }

  private var head: [String] {
    [
      "# yaml-language-server: $schema=\(schema)",
      "liftlock: 1",
      "service: \(service)",
      "artifact:",
    ]
      + (owner == nil ? ["  # Replace `acme` by the owner of the repository on GitHub."] : [])
      + [
        "  image: ghcr.io/\(organisation)/\(service)",
        "  # Take both lines away when another workflow builds and pushes the image.",
        "  build: { context: ., dockerfile: Dockerfile }",
        "  registry: { github: packages }",
      ]
  }

  private var roles: [String] {
    guard isPromoted else { return [] }
    return [
      "roles:",
      "  # Replace this by the person or the team (as `owner/team`) who lets a version go on.",
      "  release-manager: { reviewers: [\(organisation)/release-managers] }",
    ]
  }

  private var secrets: [String] {
    func secret(_ name: String, _ purpose: String, _ rest: String) -> String {
      "  \(name): { in: \(all), purpose: \(purpose), \(rest) }"
    }
    let login =
      switch driver {
      case .kubernetes: [secret("KUBECONFIG", "cluster access", "risk: high, rotate: 30d")]
      case .containerApps, .containerInstances:
        [
          secret("AZURE_CLIENT_ID", "federated login", "rotate: 90d"),
          secret("AZURE_TENANT_ID", "the directory", "rotate: 365d"),
          secret("AZURE_SUBSCRIPTION_ID", "the subscription", "rotate: 365d"),
        ]
      case .webhook:
        [
          secret("DEPLOY_WEBHOOK", "deploys a version", "risk: high, rotate: 30d"),
          secret("ROLLBACK_WEBHOOK", "takes it back", "risk: high, rotate: 30d"),
          secret("VERIFY_WEBHOOK", "confirms that it is back", "rotate: 90d"),
        ]
      case .command: [secret("DEPLOY_TOKEN", "login of the target", "risk: high, rotate: 30d")]
      }
    let metrics =
      readsLogs
      ? secret("LOG_WORKSPACE_ID", "log queries", "rotate: 365d")
      : secret("PROMETHEUS_URL", "metric queries", "rotate: 90d")
    let help =
      "# Their values are set on GitHub; docs/runbooks/\(service).md, once it is generated, says in which environments."
    return [help, "secrets:"] + login + [metrics]
  }

  /// Container Apps log to a workspace of their own; Prometheus does not see their revisions.
  private var readsLogs: Bool { driver == .containerApps }

  private var sources: [String] {
    readsLogs
      ? ["sources:", "  logs: { azure-log-analytics: { workspace: LOG_WORKSPACE_ID }, resolution: 1m, lag: 2m }"]
      : ["sources:", "  prometheus: { prometheus: { url: PROMETHEUS_URL }, resolution: 15s }"]
  }

  private var metrics: [String] {
    let (bad, total): (String, String)
    if readsLogs {
      let requests =
        isSplit
        ? "AppRequests | where AppRoleInstance startswith \"$version\""
        : "AppRequests | where AppRoleName == \"\(service)\""
      (bad, total) = (requests + " | where Success == false", requests)
    } else {
      var labels = "service=\"\(service)\""
      // Container groups have the names of the versions; elsewhere the two sides have names that stay.
      if isSplit { labels += driver == .containerInstances ? ",group=\"$version\"" : ",track=\"$track\"" }
      (bad, total) = ("http_requests_total{\(labels),code=~\"5..\"}", "http_requests_total{\(labels)}")
    }
    let sides =
      !isSplit
      ? []
      : readsLogs || driver == .containerInstances
        ? ["    # `$version` becomes the version that is judged."]
        : [
          "    # `$track` becomes `\(driver == .command ? "candidate" : "canary")` or `stable`: your pods need that label, or write what tells them apart."
        ]
    return [
      "metrics:",
      "  error-rate:",
      "    unit: percent",
      "    better: lower",
      "    # Replace both by what your service counts: failed requests, and all of them.",
    ] + sides + ["    ratio:", "      bad: \(bad)", "      total: \(total)"]
  }

  private var checks: [String] {
    [
      "checks:",
      "  # Replace `test` by the names of the checks that must be green on a commit before it is released.",
      "  ci: { github-checks: [test] }",
      "  # Replace `/health` by a path that answers well only when the service can serve.",
      "  health: { probe: { requests: [GET /health < 500ms] } }",
    ]
      + (hasHiddenCandidate
        ? [
          "  # A program of yours: pods that take traffic as soon as they are up have no address at which to be probed before.",
          "  canary-ready: { run: ops/canary-ready.sh, timeout: 5m }",
        ] : [])
  }

  /// Nobody reaches the new version alone.
  private var hasHiddenCandidate: Bool { driver == .kubernetes && strategy == .canary && traffic == .replicas }
  private var firstLook: String { hasHiddenCandidate ? "canary-ready" : "health" }

  private var places: [String] {
    var lines = ["environments:"]
    for (index, name) in environments.enumerated() {
      lines.append("  \(name):")
      if index == 0 {
        lines.append("    on: { push: { branches: [\(branch)] } }")
      } else {
        lines += ["    after: \(environments[index - 1])", "    on: { manual: true }"]
      }
      lines += [
        "    # Replace this by the address at which users reach it. Probes are sent there.",
        "    url: https://\(address(of: name)).\(organisation).example",
      ]
      if index == 0 { lines.append("    before: [ci]") }
      lines += ["    deploy:"] + deploy(name).map { "      " + $0 }
      lines += ["    rollout:"] + rollout.map { "      " + $0 }
      lines += [
        "    verify: [health]",
        "    rollback:",
        // While a canary has no address of its own, a probe mostly reaches the version before.
        "      when: [error-rate > 3% over 5m\(hasHiddenCandidate ? "" : ", health fails for 1m")]",
        "      verify: [health]",
      ]
    }
    return lines
  }

  private func address(of environment: String) -> String {
    environment == last ? service : "\(service)-\(environment)"
  }

  private func deploy(_ environment: String) -> [String] {
    let name = address(of: environment)
    switch driver {
    case .kubernetes:
      let namespace = ["kubernetes:", "  # Replace these names by those of your cluster.", "  namespace: \(name)"]
      switch strategy {
      case .rolling: return namespace + ["  deployment: \(service)", "  container: app"]
      case .canary:
        return namespace + ["  deployment: \(service)", "  container: app"] + canary(environment).map { "  " + $0 }
      case .blueGreen:
        return namespace + [
          "  container: app",
          "  # The service that users reach selects the pods whose label `version` is `blue` or `green`.",
          "  blue-green:",
          "    service: \(service)",
          "    blue: \(service)-blue",
          "    green: \(service)-green",
          "    # Replace this by where the new colour alone is reached, through a service that is pointed at it for that.",
          "    url: https://preview.\(name).\(organisation).example",
          "    preview-service: \(service)-preview",
        ]
      }
    case .containerApps:
      return [
        "# Replace these names by those of your subscription.",
        "azure-container-apps: { app: \(name), resource-group: \(name) }",
      ]
    case .containerInstances:
      let group = [
        "azure-container-instances:", "  # Replace these by those of your subscription.", "  resource-group: \(name)",
        "  name: \(short(name))", "  location: westeurope",
      ]
      return strategy == .rolling
        ? group
        : group + [
          "  # Its weighted endpoints are the versions; `ttl` is the profile's DNS time to live, or more.",
          "  traffic-manager: { profile: \(name), ttl: 30s }",
        ]
    case .webhook:
      return ["webhook: { deploy: DEPLOY_WEBHOOK, rollback: ROLLBACK_WEBHOOK, verify: VERIFY_WEBHOOK }"]
    case .command:
      return [
        "# A program of yours: Docs/language.md, `command`, says what it is called with and answers.",
        "command: { run: ops/target.sh, secrets: [DEPLOY_TOKEN] }",
      ]
    }
  }

  /// What names of container groups may be at most: the run's name follows.
  private func short(_ name: String) -> String {
    var name = String(name.prefix(30))
    while name.last == "-" { name.removeLast() }
    return name
  }

  private func canary(_ environment: String) -> [String] {
    let deployment = ["canary:", "  deployment: \(service)-canary"]
    let url = [
      "  # Replace this by where the canary alone is reached: it is probed there before it gets any traffic.",
      "  url: https://canary.\(address(of: environment)).\(organisation).example",
    ]
    switch traffic {
    case .gatewayAPI:
      return deployment + url + [
        "  traffic:", "    gateway-api: { route: \(service), service: \(service), canary-service: \(service)-canary }",
      ]
    case .ingressNGINX:
      return deployment + url + ["  traffic: { ingress-nginx: { canary-ingress: \(service)-canary } }"]
    case .replicas:
      return deployment + [
        "  # All pods together: 10% of the traffic is one of ten.",
        "  traffic: { replicas: { total: 10 } }",
      ]
    case .manifests:
      return deployment + url + [
        "  # Manifests of yours for each share, and the one without a canary for the way back.",
        "  traffic:",
        "    manifests:",
        "      at: { 0: k8s/canary-0.yaml, 10: k8s/canary-10.yaml, 50: k8s/canary-50.yaml, 100: k8s/canary-100.yaml }",
        "      back: k8s/stable.yaml",
      ]
    }
  }

  private var rollout: [String] {
    switch strategy {
    case .rolling: ["rolling: { verify: [health], watch: 15m }"]
    case .blueGreen: ["blue-green: { verify: [health], watch: 15m, require: [error-rate < 1%] }"]
    case .canary:
      ["canary:", "  verify: [\(firstLook)]", "  steps:"]
        + ["10%", "50%", "100%"].map { "    - { to: \($0), hold: 15m, require: [error-rate < 1%] }" }
    }
  }

  private var promotion: [String] {
    guard isPromoted else { return [] }
    let later = environments.dropFirst()
    func row(_ criterion: String, _ cell: String) -> String {
      "  \(criterion): { " + later.map { "\($0): \(cell)" }.joined(separator: ", ") + " }"
    }
    return [
      "# What a version must have shown before it goes on.", "promotion:", row("ci", "required"),
      row("health", "required"),
      row("approvals", "[release-manager]"),
    ]
  }
}
