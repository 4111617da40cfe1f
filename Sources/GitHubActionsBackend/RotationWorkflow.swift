import GitHubWorkflow
import ReleaseModel
import TextLayout

/// `.github/workflows/<service>-secret-rotation.yml`: an issue for each secret that is older than it may become.
struct RotationWorkflow {
  let plan: ReleasePlan
  let rotation: Rotation
  /// The first environment that has the token.
  let environment: EnvironmentPlan
  let pins: ActionPins

  var workflow: Workflow {
    Workflow(
      name: "\(plan.service): secret rotation", triggers: [.schedule([rotation.schedule.value]), .workflowDispatch()],
      concurrency: UpkeepSteps.queue("\(plan.service)-secret-rotation"), jobs: [job], headerComment: header)
  }

  private var header: [String] {
    Prose.lines([
      """
      Looks when secrets were last written, and opens an issue for each that is due. Written by Liftlock from the release \
      spec: change the spec and generate again. By hand it is ops/\(plan.service)/secrets.sh --dry-run.
      """,
      """
      The workflow's own token may not see secrets, not even their names: \(rotation.token.value) may, which reads \
      environments and nothing else. Values can be read by nobody. When something cannot be read, the run fails.
      """,
    ])
  }

  private var job: Job {
    let steps = UpkeepSteps(plan: plan, pins: pins)
    let token = PlannedSecret(name: rotation.token.value, isOptional: false)
    return Job(
      id: "secrets", name: "Ages of secrets", environment: steps.place(environment),
      runsOn: Runner.labels(of: environment), timeoutMinutes: 5 * Limits.question, permissions: Permissions.rotation,
      steps: [
        steps.common.checkout,
        Step(
          name: "Look at the ages", .run(RunScript("\("ops/\(plan.service)/secrets.sh")")),
          env: steps.values([token]).merging(steps.telling(.secretDue, in: environment)).merging(CommonSteps.token),
          timeoutMinutes: 3 * Limits.question),
        steps.keep("Keep the report", as: UpkeepArtifacts.rotationReport(plan.service), from: "secrets/report"),
      ])
  }
}
