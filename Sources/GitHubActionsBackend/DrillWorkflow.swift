import GitHubWorkflow
import ReleaseModel
import TextLayout

/// `.github/workflows/<service>-drill-<name>.yml`: an exercise in each environment, and what it came to.
struct DrillWorkflow {
  let plan: ReleasePlan
  let named: NamedDrill
  let pins: ActionPins

  private var steps: UpkeepSteps { UpkeepSteps(plan: plan, pins: pins) }
  private var script: String { "ops/\(plan.service)/drill-\(named.name).sh" }
  private var folder: String { "drill-\(named.name)" }

  var workflow: Workflow {
    let jobs = named.environments.compactMap { plan.environment($0).map(job) }
    return Workflow(
      name: "\(plan.service): drill \(named.name)",
      triggers: [.schedule([named.drill.schedule.value]), .workflowDispatch(inputs: inputs)],
      concurrency: UpkeepSteps.queue("\(plan.service)-drill-\(named.name)"), jobs: jobs + [evaluation(after: jobs)],
      headerComment: header)
  }

  private var inputs: [DispatchInput] {
    [
      DispatchInput(
        name: "delta-applied", description: "What was changed after the drill before, for the log; empty: no",
        kind: .string()),
      DispatchInput(name: "notes", description: "Notes for the log", kind: .string()),
    ]
  }

  private var header: [String] {
    Prose.lines([
      """
      \(named.drill.title): tries what must work when it is needed. Written by Liftlock from the release spec: change the \
      spec and generate again. By hand it is \(script) --help.
      """,
      """
      Each environment has a job of its own, in the environment of GitHub that rollbacks run in: it has no reviewers, for \
      nobody is there when the schedule strikes. A release that is under way is never disturbed: the drill finds its marker \
      on the target and refuses, and a release finds the drill's.
      """,
      """
      Evaluate: reads all reports, and a report that is not there counts as missing, never as passed. It compares with the \
      drill before, carries the log on, and opens an issue unless all passed.
      """,
    ])
  }

  private func job(_ environment: EnvironmentPlan) -> Job {
    let secrets: [PlannedSecret]
    var minutes: Int
    var login: [Step] = []
    switch named.drill.kind {
    case .environments(let exercises):
      secrets = environment.rollbackSecrets
      let goesBack = exercises.contains { $0.name.value == environment.name && $0.exercise == .rollBack }
      minutes = Limits.rollback(environment) * (goesBack ? 3 : 1)
      login = steps.common.login("Log in", to: environment)
    case .program(_, let names, _, let timeout):
      let needed = Set(names.map(\.value))
      secrets = plan.upkeepSecrets(of: environment).filter { needed.contains($0.name) }
      minutes = timeout.minutes + 2
    }
    minutes = min(minutes, Limits.longestJob - Limits.checkout - Limits.login - Limits.question)
    let limit = minutes + Limits.checkout + Limits.login + Limits.question
    let artifact = UpkeepArtifacts.drillReport(plan.service, named.name, environment.name)
    return Job(
      id: "drill-\(environment.name)", name: "Drill in \(environment.name)", environment: steps.place(environment),
      runsOn: Runner.labels(of: environment), timeoutMinutes: limit,
      permissions: Permissions.drill(named.drill, environment),
      steps: [steps.common.checkout] + login + [
        Step(
          name: "Exercise", .run(RunScript("\(script) run \(environment.name)")),
          env: steps.values(secrets).merging(CommonSteps.token), timeoutMinutes: minutes),
        steps.keep("Keep the report", as: artifact, from: folder + "/report", required: false),
      ])
  }

  private func evaluation(after jobs: [Job]) -> Job {
    let env: NamedValues<Value> = [
      "DELTA_APPLIED": .expression(.input("delta-applied")), "NOTES": .expression(.input("notes")),
    ]
    let name = named.name
    let teller = steps.teller(of: .drillFailed, in: named.environments.compactMap(plan.environment))
    let telling = teller.map { steps.telling(.drillFailed, in: $0) } ?? [:]
    return Job(
      id: "evaluate", name: "Evaluate", needs: jobs.map(\.id), condition: .always, environment: teller.map(steps.place),
      runsOn: Runner.hosted,
      timeoutMinutes: 5 * Limits.question, permissions: Permissions.evaluation,
      steps: [
        steps.common.checkout,
        Step(
          name: "Evaluate the reports", .run(RunScript("\(script) evaluate")),
          env: env.merging(telling).merging(CommonSteps.token),
          timeoutMinutes: 2 * Limits.question),
        steps.keep(
          "Keep the delta report", as: UpkeepArtifacts.deltaReport(plan.service, name), from: folder + "/report"),
        steps.keep(
          "Carry the log on", as: UpkeepArtifacts.drillLog(plan.service, name), from: folder + "/log-report",
          required: false),
      ])
  }
}
