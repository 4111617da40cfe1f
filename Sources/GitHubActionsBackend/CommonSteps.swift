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

  /// The record of a release. Artifacts cannot be changed once they are there, so each attempt has a name of its own, unless
  /// the spec gives one: then the newest attempt's takes the place of the one before.
  func evidence(of environment: EnvironmentPlan, _ plan: ReleasePlan) -> Step {
    let own: Template = "\(text: "\(plan.service)-\(environment.name)")-evidence-\(.github("run_attempt"))"
    let given = plan.spec.evidence?.artifactName(in: environment.name)
    var more: NamedValues<Value> = ["if-no-files-found": "error"]
    if given != nil { more = more.merging(["overwrite": "true"]) }
    return upload("Keep the record", given.map { Template(text: $0) } ?? own, of: environment, plan, more)
  }

  /// The record of a rollback that is no part of a release's job; there is none when there was nothing to take back.
  func rollbackEvidence(of environment: EnvironmentPlan, _ plan: ReleasePlan) -> Step {
    let name: Template = "\(text: "\(plan.service)-\(environment.name)")-rollback-evidence-\(.github("run_attempt"))"
    return upload("Keep the record", name, of: environment, plan, ["if-no-files-found": "ignore"])
  }

  /// The record may lie in a folder such as `.ops`, which the action leaves out unless it is told to take hidden files.
  private func upload(
    _ title: String, _ name: Template, of environment: EnvironmentPlan, _ plan: ReleasePlan, _ more: NamedValues<Value>
  ) -> Step {
    let path: Template = "\(.path("runner.temp"))\(text: "/liftlock/\(plan.service)/\(environment.name)/evidence/")"
    let inputs: NamedValues<Value> = ["name": .template(name), "path": .template(path)]
    return Step(
      name: title, .uses(pins.uploadArtifact, with: inputs.merging(more).merging(["include-hidden-files": "true"])),
      condition: .always, timeoutMinutes: Limits.question)
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
