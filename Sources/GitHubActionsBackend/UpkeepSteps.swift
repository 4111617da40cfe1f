import GitHubWorkflow
import ReleaseModel
import TextLayout

/// What the scheduled workflows have in common.
struct UpkeepSteps {
  let plan: ReleasePlan
  let pins: ActionPins

  var common: CommonSteps { CommonSteps(pins: pins) }

  /// Keeps what a script has put into `folder`, below its place in the runner's temporary folder. A name that others look for
  /// stays the same when a job is run again.
  func keep(_ name: String, as artifact: String, from folder: String, required: Bool = true) -> Step {
    let path: Template = "\(.path("runner.temp"))\(text: "/liftlock/\(plan.service)/\(folder)/")"
    return Step(
      name: name,
      .uses(
        pins.uploadArtifact,
        with: [
          "name": .text(artifact), "path": .template(path),
          "if-no-files-found": .text(required ? "error" : "warn"), "overwrite": "true",
        ]),
      condition: .always, timeoutMinutes: Limits.question)
  }

  /// One run at a time; one that is under way is never cut off.
  static func queue(_ name: String) -> Concurrency { Concurrency(group: Template(text: name)) }

  /// An environment without reviewers, so that nobody has to be there.
  func place(_ environment: EnvironmentPlan) -> DeploymentEnvironment {
    DeploymentEnvironment(name: Template(text: plan.unattendedEnvironment(of: environment)), isDeployment: false)
  }

  func values(_ secrets: [PlannedSecret]) -> NamedValues<Value> {
    NamedValues(secrets.map { .init($0.name, .expression(.secret($0.name))) })
  }
}
