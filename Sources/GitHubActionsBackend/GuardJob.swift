import GitHubWorkflow
import ReleaseModel
import TextLayout

/// Takes a release back whose own job could not: timed out, lost with its runner, or killed in the middle.
struct GuardJob {
  static let id = "guard"

  let plan: ReleasePlan
  let environment: EnvironmentPlan
  let pins: ActionPins

  var job: Job {
    let result = Expression.result(ofJob: RolloutJob.id)
    let scripts = Scripts(service: plan.service, environment: environment.name)
    let reason = ShellWord(.literal("the rollout ended as "), .variable("ROLLOUT"))
    let env: NamedValues<Value> = ["ROLLOUT": .expression(result)]
    let common = CommonSteps(pins: pins)
    return Job(
      id: Self.id, name: "Guard", needs: [RolloutJob.id],
      condition: .always && result.differs(from: "success") && result.differs(from: "skipped"),
      environment: DeploymentEnvironment(name: Template(text: environment.rollbackEnvironment)),
      runsOn: Runner.labels(of: environment), timeoutMinutes: Limits.rollbackJob(environment),
      permissions: Permissions.rollback(environment),
      steps: [common.checkout] + common.login("Log in", to: environment) + [
        Step(
          name: "Roll back what is unfinished", .run(scripts.rollback("--if-needed --reason \(reason)")),
          env: StepSecrets(environment: environment).rollback.merging(CommonSteps.token).merging(env),
          timeoutMinutes: Limits.rollback(environment)),
        common.rollbackEvidence(of: environment, plan),
      ])
  }
}
