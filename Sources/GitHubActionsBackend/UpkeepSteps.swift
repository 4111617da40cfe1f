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

  /// Of these environments the one whose channels hear of the event, and whose place has no reviewers that a job
  /// would wait for; `nil` when nobody listens.
  func teller(of event: NotificationChannel.Event, in environments: [EnvironmentPlan]) -> EnvironmentPlan? {
    let listening = environments.map { environment in
      environment.channels.filter { $0.channel.hears(of: event) }.count
    }
    let candidates = zip(environments, listening).filter { environment, count in
      count > 0 && (environment.spec.rollback != nil || environment.approvals.isEmpty)
    }
    let most = candidates.map(\.1).max()
    return candidates.first { $0.1 == most }?.0
  }

  /// What the channels need that hear of the event: the secrets that this environment's place has.
  func telling(_ event: NotificationChannel.Event, in environment: EnvironmentPlan) -> NamedValues<Value> {
    let channels = environment.channels.filter { $0.channel.hears(of: event) }
    let needed = Set(channels.flatMap { $0.channel.kind.secrets.map(\.value) })
    return values(plan.unattendedSecrets(of: environment).filter { needed.contains($0.name) })
  }

  func values(_ secrets: [PlannedSecret]) -> NamedValues<Value> {
    NamedValues(secrets.map { .init($0.name, .expression(.secret($0.name))) })
  }
}
