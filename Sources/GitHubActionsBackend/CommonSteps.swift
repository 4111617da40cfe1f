import GitHubWorkflow
import ReleaseModel

/// Whether an environment's release makes the image or looks it up.
enum ArtifactVerb: String {
  case build, resolve

  /// Built once, where a version enters; every later environment takes the same digest.
  init(_ environment: EnvironmentPlan, _ artifact: Artifact) {
    self = environment.upstream == nil && artifact.build != nil ? .build : .resolve
  }
}

/// Steps that several jobs have.
struct CommonSteps {
  let pins: ActionPins

  static let token: NamedValues<Value> = ["GH_TOKEN": .expression(.github("token"))]

  /// Credentials stay out of the workspace: scripts get a token where they need one.
  var checkout: Step {
    Step(
      name: "Check out", .uses(pins.checkout, with: ["persist-credentials": "false"]), timeoutMinutes: Limits.checkout)
  }

  /// A login, for targets that are reached by OIDC; nothing for others.
  func login(
    _ name: String, to environment: EnvironmentPlan, if condition: Expression? = nil, continuesOnError: Bool = false
  ) -> [Step] {
    guard case .azure(let client, let tenant, let subscription) = environment.spec.target.login else { return [] }
    let inputs: NamedValues<Value> = [
      "client-id": .expression(.secret(client)), "tenant-id": .expression(.secret(tenant)),
      "subscription-id": .expression(.secret(subscription)),
    ]
    return [
      Step(
        name: name, .uses(pins.azureLogin, with: inputs), condition: condition, timeoutMinutes: Limits.login,
        continuesOnError: continuesOnError)
    ]
  }
}
