import ReleaseModel
import TextLayout

/// What a terminal needs before commands typed by hand reach the target.
enum HandLogin {
  static func blocks(_ environment: EnvironmentPlan, secrets: [String]) -> [Markdown.Block] {
    let login = environment.spec.target.login
    let own = Set(login.secrets)
    let exports = secrets.filter { !own.contains($0) }.map { "export \($0)=\"<value>\"" }
    switch login {
    case .azure(_, let tenant, let subscription):
      return [
        .prose("Log in. The values are those of \(code: tenant) and \(code: subscription)."),
        .bash(azure(tenant, subscription) + exports),
      ]
    case .kubeconfig:
      return [
        .prose("Point \(code: "kubectl") at the cluster:"), .bash([kubeconfig("KUBECONFIG", environment)] + exports),
      ]
    case .none:
      let lead: Markdown.Block = .prose("Go to the root of a checkout of the repository.")
      return exports.isEmpty ? [lead] : [lead, .bash(exports)]
    }
  }

  static func azure(_ tenant: String, _ subscription: String) -> [String] {
    [
      "az login --tenant \"<value-of-\(tenant)>\"",
      "az account set --subscription \"<value-of-\(subscription)>\"",
    ]
  }

  /// A person has it as a file, and the scripts take its path as well as its text.
  static func kubeconfig(_ variable: String, _ environment: EnvironmentPlan) -> String {
    "export \(variable)=\"<path-to-the-kubeconfig-of-\(environment.name)>\""
  }

  /// Secrets in the order in which they are first needed, each once.
  static func secrets(_ environment: EnvironmentPlan, of checks: [NamedCheck], and others: [String] = []) -> [String] {
    (environment.spec.target.secrets + others + checks.flatMap { $0.check.secrets.map(\.value) })
      .reduce(into: []) { found, name in
        if !found.contains(name) { found.append(name) }
      }
  }
}
