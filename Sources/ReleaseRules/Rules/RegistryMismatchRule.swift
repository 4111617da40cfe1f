import Diagnostics
import ReleaseModel

enum RegistryMismatchRule: Rule {
  static let name = "registry-mismatch"
  static let severity = Severity.error
  static let summary = "The registry that is logged in to is the one that keeps the image."
  static let rationale = """
    The login and the push name two registries, and the one does not know the credentials of the other. The first release \
    fails in its build, after the approvals; or a token goes to a host that it was never meant for.
    """
  private static let artifact = "artifact: { image: ghcr.io/acme/shop }"
  static let failingExample = ExampleSpec.with(
    (artifact, "artifact: { image: «acmeregistry.azurecr.io/shop», registry: { github: packages } }"))
  static let passingExample = ExampleSpec.with(
    (artifact, "artifact: { image: ghcr.io/acme/shop, registry: { github: packages } }"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let artifact = context.spec.artifact
    let host = artifact.image.value.split(separator: "/").first.map { $0.lowercased() } ?? ""
    let expected: String
    switch artifact.registry {
    case nil: return
    case .github: expected = "ghcr.io"
    case .azure(let name): expected = name.lowercased() + ".azurecr.io"
    }
    if host == expected { return }
    report(
      problem(
        "the image is not in the registry that is logged in to", at: artifact.image.span,
        label: "kept at \(host), and the login is to \(expected)",
        notes: ["the credentials of the one are nothing to the other"],
        help: ["write an image of \(expected), or the `registry` of \(host)"]))
  }
}
