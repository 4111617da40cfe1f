import ReleaseModel

/// The target as it is before a release: the version before has all of the traffic.
struct Likeness {
  /// The parts of the world that make it up.
  private(set) var world: JSON = [:]
  /// Where its traffic comes in.
  private(set) var source: JSON = [:]
  /// Which part of the traffic a metric's label means.
  private(set) var tracks: JSON = [:]
  private(set) var hosts: [JSON] = []
  /// What answers over HTTP besides the service.
  private(set) var routes: [JSON] = []
  /// Notes that are kept on GitHub.
  private(set) var deployments: [JSON] = []

  private let plan: ReleasePlan
  private let environment: EnvironmentPlan
  private let image: String
  private var old: JSON { .string("\(image)@\(Scenario.digestBefore)") }

  init(_ plan: ReleasePlan, _ environment: EnvironmentPlan, secrets: [String: String], manifested: [JSON]) throws {
    self.plan = plan
    self.environment = environment
    image = plan.spec.artifact.image.value
    let names = environment.operations.tracks
    tracks =
      names.candidate == names.stable
      ? .object([names.stable: ""])
      : .object([names.candidate: .string(" \(Scenario.candidate)$"), names.stable: .string(" \(Scenario.before)$")])
    if let url = environment.spec.url { hosts.append(.string(host(of: url.value))) }
    for check in environment.everyCheck {
      guard case .probe(let probe) = check.check.kind, let list = probe.addresses.flatMap({ secrets[$0.value] }) else {
        continue
      }
      for address in list.split(separator: ",") {
        let name = JSON.string(host(of: String(address.drop { $0 == " " })))
        if !hosts.contains(name) { hosts.append(name) }
      }
    }
    switch environment.spec.target.platform {
    case .containerApp(let name, let group): addApp(name, group)
    case .containerGroups(let groups): addGroups(groups)
    case .kubernetes(let objects): try addKubernetes(objects, manifested)
    case .webhooks(let hooks): addWebhooks(hooks, secrets)
    case .program(let path): addProgram(path)
    }
  }

  // MARK: - Azure

  private mutating func addApp(_ name: String, _ group: String) {
    world["azure"] = [
      "token_minutes": 60, "workspaces": workspaces,
      "apps": .object([
        name: [
          "resource_group": .string(group), "mode": "Multiple", "tags": [:],
          "fqdn": .string("\(name).rehearsal.westeurope.azurecontainerapps.io"),
          "revisions": [["suffix": "v1-0-0", "image": .string("\(image):1.0.0"), "active": true]],
          "traffic": [["revision": "v1-0-0", "weight": 100]],
        ]
      ]),
    ]
    source = ["azure": .string(name)]
  }

  /// The workspaces of Log Analytics that metrics come from.
  private var workspaces: JSON {
    let names = environment.metrics.compactMap { metric -> String? in
      if case .azureLogAnalytics(let workspace) = metric.source.kind { "rehearsal-\(mark(workspace))" } else { nil }
    }
    return .array(names.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.map { .string($0) })
  }

  private mutating func addGroups(_ groups: TargetPlatform.ContainerGroups) {
    let live = groups.manager == nil ? groups.name : "\(groups.name)-v1-0-0"
    var azure: JSON = [
      "create_seconds": 20, "location": .string(groups.location), "workspaces": workspaces,
      "containers": .object([
        live: [
          "resource_group": .string(groups.resourceGroup), "image": old, "cpu": .number(Double(groups.cpu)),
          "memory": .number(Double(groups.memory)), "ports": [.number(Double(groups.port))],
        ]
      ]),
    ]
    if let manager = groups.manager {
      azure["traffic_managers"] = .object([
        manager.profile: [
          "resource_group": .string(groups.resourceGroup), "dns_name": .string(manager.profile),
          "ttl": .number(Double(manager.ttl.seconds)),
          "endpoints": [["name": .string(live), "container": .string(live), "weight": 100]],
        ]
      ])
      source = ["traffic_manager": .string(manager.profile)]
    } else {
      source = ["container": .string(live)]
    }
    world["azure"] = azure
  }

  // MARK: - Kubernetes

  private mutating func addKubernetes(_ objects: TargetPlatform.KubernetesObjects, _ manifested: [JSON]) throws {
    let space = objects.namespace
    var cluster: JSON = ["namespace": .string(space), "require_kubeconfig": true]
    func deployment(_ name: String, _ replicas: Int, _ labels: JSON) -> JSON {
      [
        "name": .string(name), "replicas": .number(Double(replicas)),
        "containers": .object([objects.container: old]), "pod_labels": labels,
      ]
    }
    func label(_ name: String) -> JSON { ["app": .string(name)] }
    func service(_ name: String, _ labels: JSON) -> JSON { ["name": .string(name), "selector": labels] }
    switch objects.arrangement {
    case .one(let name):
      cluster["deployments"] = [deployment(name, 2, label(name))]
      cluster["services"] = [service(name, label(name))]
      source = ["service": .string("\(space)/\(name)")]
    case .blueGreen(let name, let key, let blue, let green, let preview, let url):
      func colour(_ colour: String) -> JSON { .object(["app": .string(name), key: .string(colour)]) }
      cluster["deployments"] = [deployment(blue, 4, colour("blue")), deployment(green, 0, colour("green"))]
      cluster["services"] = .array(
        [service(name, colour("blue"))] + (preview.map { [service($0, colour("green"))] } ?? []))
      source = ["service": .string("\(space)/\(name)")]
      if let url, let preview {
        hosts.append(["host": .string(host(of: url)), "from": ["service": .string("\(space)/\(preview)")]])
      }
    case .canary(let stable, let canary, let url, let router):
      tracks = .object([
        environment.operations.tracks.candidate: .string("^\(canary) "),
        environment.operations.tracks.stable: .string("^\(stable) "),
      ])
      if let url {
        hosts.append(["host": .string(host(of: url)), "track": .string(environment.operations.tracks.candidate)])
      }
      switch router {
      case .httpRoute(let name, let rule, let first, let second):
        guard rule == 0 else {
          throw RehearsalProblem(
            "the stand-ins know only the first rule of an HTTPRoute, and \(name) is split by another")
        }
        cluster["deployments"] = [deployment(stable, 4, label(stable)), deployment(canary, 0, label(canary))]
        cluster["services"] = [service(first, label(stable)), service(second, label(canary))]
        cluster["httproutes"] = [
          [
            "name": .string(name),
            "backends": [
              ["service": .string(first), "weight": 100], ["service": .string(second), "weight": 0],
            ],
          ]
        ]
        source = ["httproute": .string("\(space)/\(name)")]
      case .ingress(let second):
        let first = second + "-main"
        let address = hosts.first ?? "service.rehearsal.example"
        cluster["deployments"] = [deployment(stable, 4, label(stable)), deployment(canary, 0, label(canary))]
        cluster["services"] = [service(stable, label(stable)), service(canary, label(canary))]
        cluster["ingresses"] = [
          ["name": .string(first), "host": address, "service": .string(stable)],
          ["name": .string(second), "host": address, "service": .string(canary)],
        ]
        source = ["ingress": .string("\(space)/\(first)")]
      case .replicas(let total):
        // One service finds the pods of both.
        func pods(_ track: String) -> JSON { ["app": .string(plan.service), "track": .string(track)] }
        cluster["deployments"] = [
          deployment(stable, total, pods("stable")), deployment(canary, 0, pods("canary")),
        ]
        cluster["services"] = [service(plan.service, ["app": .string(plan.service)])]
        source = ["service": .string("\(space)/\(plan.service)")]
      case .manifests: try addManifested(manifested, objects, &cluster)
      }
    }
    world["kubernetes"] = cluster
  }

  /// What the team's own manifest made, with the version before in it.
  private mutating func addManifested(
    _ manifested: [JSON], _ objects: TargetPlatform.KubernetesObjects, _ cluster: inout JSON
  ) throws {
    let address = environment.spec.url.map { host(of: $0.value) }
    cluster["objects"] = .array(
      manifested.filter { $0["kind"] != "Namespace" }.map { object in
        var object = object
        let containers = object["spec"]["template"]["spec"]["containers"].elements
        if object["kind"] == "Deployment" {
          object["spec"]["template"]["spec"]["containers"] = .array(
            containers.map { container in
              var container = container
              if container["name"] == .string(objects.container) { container["image"] = old }
              return container
            })
        }
        return object
      })
    func name(_ object: JSON) -> JSON {
      .string("\(objects.namespace)/\(object["metadata"]["name"].string ?? "")")
    }
    func leads(_ object: JSON) -> Bool {
      let names = object["spec"]["hostnames"].elements + object["spec"]["rules"].elements.map { $0["host"] }
      return address.map { names.contains(.string($0)) } ?? false
    }
    let routes = manifested.filter { $0["kind"] == "HTTPRoute" || $0["kind"] == "Ingress" }
    if let route = routes.first(where: leads) ?? (routes.count == 1 ? routes.first : nil) {
      source = .object([route["kind"] == "Ingress" ? "ingress" : "httproute": name(route)])
    } else if let service = manifested.first(where: { $0["kind"] == "Service" }) {
      source = ["service": name(service)]
    } else {
      throw RehearsalProblem(
        "the manifest without a canary has no HTTPRoute, Ingress or Service that traffic comes through")
    }
  }

  // MARK: - Everything else

  private mutating func addWebhooks(_ hooks: TargetPlatform.Webhooks, _ secrets: [String: String]) {
    let place = "services.\(plan.service).from.live"
    func route(_ secret: String, sets value: String?) -> JSON {
      let address = secrets[secret] ?? ""
      let path = address.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }.prefix { $0 != "?" }
      var route: JSON = [
        "host": .string("^\(escaped(host(of: address)))$"), "path": .string("^\(escaped(String(path)))$"),
        "method": "POST", "status": 202,
      ]
      if let value { route["set"] = .object([place: .string(value)]) }
      if let token = hooks.token.flatMap({ secrets[$0] }) {
        route["require_headers"] = ["authorization": .string("^Bearer \(escaped(token))$")]
      }
      return route
    }
    routes += [
      route(hooks.deploy, sets: "$body.version"), route(hooks.rollback, sets: "$body.previous"),
      route(hooks.verify, sets: nil),
    ]
    source = ["live": old]
    deployments = [
      [
        "environment": .string(environment.targetName), "sha": .string(Scenario.commitBefore), "created_at": "-2d",
        "task": "liftlock-marker",
        "payload": [
          "liftlock-live": old, "liftlock-state": "promoted", "liftlock-run": "900-1", "liftlock-weight": "100",
          "liftlock-candidate": old, "liftlock-previous": .string("\(image)@sha256:0000"),
          "liftlock-commit": .string(Scenario.commitBefore),
        ],
      ]
    ]
  }

  private mutating func addProgram(_ path: String) {
    let home = environment.spec.url.map { host(of: $0.value) } ?? "service.rehearsal.example"
    world["programs"] = .object([
      path: ["target": ["live": "v1-0-0", "history": "v0-9-0", "address": .string("https://candidate.\(home)")]]
    ])
    hosts.append(["host": .string("candidate.\(home)"), "track": "candidate"])
    source = ["program": .string(path)]
    // The stand-in calls its shares by the driver's labels; a metric can also ask by the version's own name.
    tracks = .object([
      "v1-0-0": .string(" \(Scenario.before)$"), "gh-\(Scenario.run)-1": .string(" \(Scenario.candidate)$"),
    ])
  }
}
