import ReleaseModel

/// A value for every secret of the spec, of the form that its use wants. Each has a mark in it that nothing else has, so
/// that it would be found wherever it went.
struct InventedSecrets {
  private(set) var values: [String: String] = [:]
  private(set) var marks: [String] = []

  init(_ plan: ReleasePlan, _ environment: EnvironmentPlan) {
    let identifiers = Self.identifiers(environment)
    for entry in plan.spec.secrets.readable {
      let name = entry.name.value
      values[name] = "rehearsal-\(mark(name))"
      if !identifiers.contains(name) { marks.append(mark(name)) }
    }
    if case .kubeconfig(let secret) = environment.spec.target.login {
      values[secret] = """
        apiVersion: v1
        kind: Config
        users: [{name: rehearsal, user: {token: \(mark(secret))}}]
        """
    }
    for metric in environment.metrics {
      switch metric.source.kind {
      case .prometheus(let url, _): values[url] = "https://prometheus-\(mark(url)).rehearsal.example/"
      case .json(let url, _): values[url] = "https://metrics-\(mark(url)).rehearsal.example/metrics"
      case .azureLogAnalytics, .command: break
      }
    }
    for channel in environment.channels {
      switch channel.channel.kind {
      case .slack(let webhook):
        values[webhook.value] = "https://hooks.slack.com/services/T0REHEARSAL/B0/\(mark(webhook.value))"
      case .pagerDuty(let key):
        values[key.value] = String((mark(key.value) + String(repeating: "0", count: 32)).prefix(32))
      case .webhook(let address, _):
        values[address.value] = "https://receiver.rehearsal.example/\(mark(address.value))"
      case .statusPage, .pullRequest, .command: break
      }
    }
    let home = environment.spec.url.map { host(of: $0.value) } ?? "service.rehearsal.example"
    for check in environment.everyCheck {
      guard case .probe(let probe) = check.check.kind, let list = probe.addresses?.value else { continue }
      values[list] = "https://\(home)/health, https://part-\(mark(list)).rehearsal.example/health"
    }
    if case .webhooks(let hooks) = environment.spec.target.platform {
      for (name, path) in [(hooks.deploy, "deploy"), (hooks.rollback, "rollback"), (hooks.verify, "verify")] {
        values[name] = "https://platform.rehearsal.example/\(path)?key=\(mark(name))"
      }
    }
  }

  /// What is kept in secrets for convenience and is no secret: names of identities and places, which stand on command lines.
  private static func identifiers(_ environment: EnvironmentPlan) -> Set<String> {
    var names: Set<String> = []
    if case .azure(let client, let tenant, let subscription) = environment.spec.target.login {
      names = [client, tenant, subscription]
    }
    for metric in environment.metrics {
      if case .azureLogAnalytics(let workspace) = metric.source.kind { names.insert(workspace) }
    }
    return names
  }
}
