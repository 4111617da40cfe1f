import GitHubWorkflow
import ReleaseModel
import TextLayout

/// `.github/workflows/<service>-readiness-<name>.yml`: fails unless all evidence is there and healthy.
struct ReadinessWorkflow {
  let plan: ReleasePlan
  let named: NamedReadiness
  let pins: ActionPins

  var workflow: Workflow {
    let schedule = named.readiness.schedule.map { [GitHubWorkflow.Trigger.schedule([$0.value])] } ?? []
    return Workflow(
      name: "\(plan.service): readiness \(named.name)", triggers: schedule + [.workflowDispatch()],
      concurrency: UpkeepSteps.queue("\(plan.service)-readiness-\(named.name)"), jobs: [job], headerComment: header)
  }

  private var header: [String] {
    Prose.lines([
      """
      Fails unless all evidence is there, young enough and healthy. Written by Liftlock from the release spec: change the \
      spec and generate again. By hand it is ops/\(plan.service)/readiness.sh \(named.name).
      """,
      "Evidence is the newest artifact of its name that a run of this repository left, whatever its branch; forks do not count.",
    ])
  }

  private var job: Job {
    let steps = UpkeepSteps(plan: plan, pins: pins)
    let count = named.readiness.evidence.readable.count
    let minutes = min(Limits.question + 2 * count, Limits.longestJob / 2)
    return Job(
      id: "readiness", name: "Readiness", runsOn: Runner.hosted,
      timeoutMinutes: minutes + Limits.checkout + Limits.question, permissions: Permissions.readiness,
      steps: [
        steps.common.checkout,
        Step(
          name: "Look at the evidence", .run(RunScript("\("ops/\(plan.service)/readiness.sh") \(named.name)")),
          env: CommonSteps.token, timeoutMinutes: minutes),
        steps.keep(
          "Keep the report", as: UpkeepArtifacts.readinessReport(plan.service, named.name),
          from: "readiness-\(named.name)/report"),
      ])
  }
}
