import GitHubWorkflow
import ReleaseModel

/// `.github/workflows/<service>-housekeeping.yml`: twice an hour, what waits for people or for a window.
struct HousekeepingWorkflow {
  let plan: ReleasePlan
  let pins: ActionPins

  /// `nil` when there is nothing to look after.
  init?(plan: ReleasePlan, pins: ActionPins) {
    if HousekeepingTask.needed(by: plan).isEmpty { return nil }
    self.plan = plan
    self.pins = pins
  }

  var workflow: Workflow {
    Workflow(
      name: "\(plan.service): housekeeping",
      // Off the full hour, when GitHub has the most to start and drops some.
      triggers: [.schedule(["13,43 * * * *"]), .workflowDispatch()],
      concurrency: Concurrency(group: Template(text: "\(plan.service)-housekeeping")),
      jobs: HousekeepingTask.needed(by: plan).map(job), headerComment: header)
  }

  private var header: [String] {
    Prose.lines([
      """
      Looks after releases of \(plan.service) that wait. Written by Liftlock from the release spec: change the spec and \
      generate again. By hand it is ops/\(plan.service)/housekeeping.sh --help. It is safe to run at any time, and more \
      than once.
      """,
      """
      GitHub runs schedules from the default branch only, some minutes late, and stops those of a public repository \
      after 60 days without a commit. Nothing here makes a release safe: each release judges its window and the age of \
      its approvals itself.
      """,
    ])
  }

  /// Each with permissions of its own: cancelling is not announcing.
  private func job(_ task: HousekeepingTask) -> Job {
    let upkeep = UpkeepSteps(plan: plan, pins: pins)
    let event: NotificationChannel.Event = task == .announce ? .maintenance : .approvalExpired
    let teller = upkeep.teller(of: event, in: task.environments(of: plan))
    let telling = teller.map { upkeep.telling(event, in: $0) } ?? [:]
    return Job(
      id: task.rawValue, name: name(task), environment: teller.map(upkeep.place), runsOn: Runner.hosted,
      timeoutMinutes: 2 * Limits.question + Limits.checkout, permissions: Permissions.housekeeping(task),
      steps: [
        CommonSteps(pins: pins).checkout,
        Step(
          name: name(task), .run(RunScript("\("ops/\(plan.service)/housekeeping.sh") \(task.rawValue)")),
          env: telling.merging(CommonSteps.token), timeoutMinutes: 2 * Limits.question),
      ])
  }

  private func name(_ task: HousekeepingTask) -> String {
    switch task {
    case .expire: "Cancel runs that nobody approved in time"
    case .reopen: "Start runs again that waited for the window"
    case .announce: "Announce windows"
    }
  }
}
