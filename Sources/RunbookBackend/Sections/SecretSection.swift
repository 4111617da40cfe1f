import ReleaseModel
import TextLayout

/// The secrets by name, and where they are set.
enum SecretSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let secrets = plan.spec.secrets.readable
    if secrets.isEmpty { return [] }
    let rows = secrets.map { name, secret -> [Prose] in
      [
        "\(code: name.value)", Words.codes(secret.environments.map(\.value)), .text(secret.purpose),
        .text(secret.risk.rawValue), secret.rotation.map { "every \($0.value)" } ?? "–", necessity(secret),
      ]
    }
    return [
      .heading(.secrets),
      .table(["Secret", "Environments", "Purpose", "Risk", "Rotated", "Without it"], rows),
      .prose(
        "Set each as a secret of the GitHub environment, never of the repository. The environments for rollbacks "
          + "need copies "
          + "of their own. \(code: "gh") asks for the value:"),
      .bash(commands(plan)),
    ] + files(plan) + [
      .prose(
        "To rotate one: make the new value, set it in every environment above and in its rollback environment, see one "
          + "release and one \(code: "--dry-run") rollback succeed, then revoke the old one. After a leak, revoke "
          + "first."
      )
    ]
  }

  /// A kubeconfig is a text there, and a path on a person's machine.
  private static func files(_ plan: ReleasePlan) -> [Markdown.Block] {
    let names = plan.environments.reduce(into: [String]()) { found, environment in
      if case .kubeconfig(let secret) = environment.spec.target.login, !found.contains(secret) { found.append(secret) }
    }
    if names.isEmpty { return [] }
    return [
      .prose(
        "\(Words.codes(names)) is the text of a kubeconfig there: give \(code: "gh") the file behind \(code: "<").")
    ]
  }

  private static func necessity(_ secret: Secret) -> Prose {
    if !secret.isOptional { return "the release stops in its preflight" }
    return secret.without.map(Prose.text) ?? "the release goes on"
  }

  private static func commands(_ plan: ReleasePlan) -> [String] {
    plan.environments.flatMap { environment -> [String] in
      let own = plan.spec.secrets.readable.filter { _, secret in
        secret.environments.contains { $0.value == environment.name }
      }.map(\.name.value)
      return own.map { "gh secret set \($0) --env \(environment.name)" }
        + (environment.isHotfix ? [] : plan.unattendedSecrets(of: environment)).map {
          "gh secret set \($0.name) --env \(environment.rollbackEnvironment)"
        }
    }
  }
}
