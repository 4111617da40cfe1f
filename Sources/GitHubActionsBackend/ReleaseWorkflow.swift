import GitHubWorkflow
import ReleaseModel

/// `.github/workflows/<service>-<environment>.yml`: gates, approvals, rollout, guard, result.
struct ReleaseWorkflow {
  let plan: ReleasePlan
  let environment: EnvironmentPlan
  let pins: ActionPins

  var workflow: Workflow {
    let gates = GateJobs(plan: plan, environment: environment, pins: pins).jobs
    let rollout = RolloutJob(plan: plan, environment: environment, pins: pins, needs: gates.map(\.id)).job
    let guardian = canRollBack ? GuardJob(plan: plan, environment: environment, pins: pins).job : nil
    let required = gates + [rollout]
    let result = ResultJob(
      service: plan.service, required: required, guardian: guardian, runsOn: Runner.labels(of: environment))
    return Workflow(
      name: "\(plan.service): release to \(environment.name)",
      runName: runName, triggers: triggers, jobs: required + (guardian.map { [$0] } ?? []) + [result.job],
      headerComment: header, triggerComment: Prose.noConcurrency)
  }

  /// Without a declared rollback there is no script that could do one.
  private var canRollBack: Bool { environment.spec.rollback != nil }

  /// Which version goes where: `shop to prod: v1.4.0 @ 3f5c…`.
  private var runName: Template {
    "\(text: plan.service) to \(text: environment.name): \(.github("ref_name")) @ \(.github("sha"))"
  }

  private var triggers: [GitHubWorkflow.Trigger] {
    let written = environment.spec.trigger
    var triggers: [GitHubWorkflow.Trigger] = []
    if written.push != nil || !written.tags.isEmpty {
      triggers.append(
        .push(
          branches: written.push?.branches.map(\.value) ?? [], tags: written.tags.map(\.value.filter),
          paths: written.push?.paths ?? []))
    }
    if written.manual != nil { triggers.append(.workflowDispatch()) }
    return triggers
  }

  // MARK: - What a reader of the file should know

  private var header: [String] {
    var paragraphs = [
      """
      Releases \(plan.service) into \(environment.name). Written by Liftlock from the release spec: change the spec and \
      generate again. This file says what happens in which order; the scripts under ops/\(plan.service) do the work, \
      and a person can run them, too.
      """
    ]
    if !environment.gates.isEmpty {
      paragraphs.append(
        """
        Gates: questions that can be answered before anything is touched. Each step runs whatever the others found \
        (`!cancelled()`), so that all answers are there at once.
        """)
    }
    if !environment.approvals.isEmpty { paragraphs.append(approvalNote) }
    paragraphs.append(rolloutNote)
    if case .azure = environment.spec.target.login { paragraphs.append(loginNote) }
    if canRollBack { paragraphs.append(guardNote) }
    return Prose.lines(paragraphs + [resultNote])
  }

  private var approvalNote: String {
    let count = environment.approvals.count
    var note = """
      Approvals: before its first use of a secret the release asks GitHub who approved it, because an environment that \
      does not exist lets everybody pass: GitHub makes a missing one on the fly, with no reviewers.
      """
    if count > 1 {
      note += """
         Any one reviewer of an environment is enough for GitHub, so \(count) approvals are \(count) environments, \
        the last one being \(environment.name) itself, and nobody may pass two of them.
        """
    }
    return note
  }

  private var rolloutNote: String {
    var note =
      "Roll out: one job from the first command to the last check, so that one approval and one set of secrets cover it"
    note +=
      canRollBack
      ? """
      , and the rollback is at hand as a step. That step runs after a failure and after a cancellation, once the \
      deployment has begun; after a cancellation GitHub leaves five minutes for all that is still to do.
      """ : ". The spec declares no rollback, so nothing takes a failed release back."
    note += """
       Of several runs that wait for the concurrency group GitHub keeps the newest and cancels the others; the one that \
      rolls out is left alone.
      """
    if !environment.gates.isEmpty || environment.approvals.count > 1 {
      note +=
        " The `if` names every result that is needed, so that a job which was skipped or cancelled never counts as passed."
    }
    return note
  }

  private var loginNote: String {
    """
    Logins: a login by OIDC ends within the hour, so there is a new one before each shift of traffic and before the \
    rollback. The first may fail without ending the job: the step behind it says by name which secret is missing.
    """
  }

  private var guardNote: String {
    """
    Guard: a rollout that times out or loses its runner takes its rollback step with it. To later jobs such a job is \
    `cancelled` although the run is not, so that neither `failure()` nor `cancelled()` holds: the guard asks for the \
    result by name. Whether this run left anything unfinished it reads from the marker on the target, and does nothing \
    if not. \(environment.rollbackEnvironment) has no reviewers, and the guard is in no concurrency group: a rollback \
    waits for nobody. Only a forced cancellation skips it; then run \(plan.service)-rollback.yml.
    """
  }

  private var resultNote: String {
    "Result: fails unless every job before it succeeded; by itself GitHub counts a skipped job as a success."
  }
}

/// Where jobs run.
enum Runner {
  static let hosted = ["ubuntu-24.04"]

  static func labels(of environment: EnvironmentPlan) -> [String] {
    environment.spec.runsOn.isEmpty ? hosted : environment.spec.runsOn
  }
}
