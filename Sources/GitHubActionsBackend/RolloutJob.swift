import GitHubWorkflow
import ReleaseModel

/// Everything that touches the environment, in one job: one approval, one set of secrets, the rollback at hand.
struct RolloutJob {
  static let id = "rollout"

  let plan: ReleasePlan
  let environment: EnvironmentPlan
  let pins: ActionPins
  let needs: [String]

  var job: Job {
    let limit = Limits.rolloutJob(environment)
    return Job(
      id: Self.id, name: "Roll out", needs: needs, condition: Expression.allSucceeded(needs),
      environment: DeploymentEnvironment(
        name: Template(text: environment.name), url: environment.spec.url.map { Template(text: $0.value) }),
      runsOn: Runner.labels(of: environment), timeoutMinutes: limit,
      permissions: Permissions.rollout(environment, artifact: plan.spec.artifact),
      concurrency: Concurrency(group: Template(text: "\(plan.service)-\(environment.targetName)")),
      steps: RolloutSteps(plan: plan, environment: environment, pins: pins, jobLimit: limit).steps)
  }
}

/// The steps of the rollout, in order.
struct RolloutSteps {
  let plan: ReleasePlan
  let environment: EnvironmentPlan
  let pins: ActionPins
  let jobLimit: Int

  private static let artifactID = "artifact"
  private static let preflightID = "preflight"
  private static let deployID = "deploy"
  private static let rollbackID = "rollback"
  private static let migrateID = "migrate"

  private var scripts: Scripts { Scripts(service: plan.service, environment: environment.name) }
  private var common: CommonSteps { CommonSteps(pins: pins) }
  private var secrets: StepSecrets { StepSecrets(environment: environment) }

  var steps: [Step] { preparation + release + verification + aftermath }

  // MARK: - Before anything is touched

  private var preparation: [Step] {
    var steps = [common.checkout]
    // Before the first secret is used.
    if !environment.approvals.isEmpty {
      steps.append(
        Step(
          name: "Check who approved", .run(scripts.approval(environment.name)), env: CommonSteps.token,
          timeoutMinutes: Limits.question))
    }
    // The step behind it names a missing secret better than the action does.
    steps += common.login("Log in", to: environment, continuesOnError: true)
    steps.append(
      phase(
        "Check that everything is there", scripts.rollout("preflight"), secrets.all.merging(CommonSteps.token), 5,
        id: Self.preflightID))
    steps.append(artifact)
    steps += environment.preconditions.map { check in
      phase(check.title, scripts.rollout("check", check.name), secrets.checks([check]), Limits.check(check))
    }
    return steps
  }

  private var artifact: Step {
    let verb = ArtifactVerb(environment, plan.spec.artifact)
    var env: NamedValues<Value> = [:]
    if case .github = plan.spec.artifact.registry { env = CommonSteps.token }
    return phase(
      verb == .build ? "Build and push the image" : "Find the image of this commit", scripts.artifact(verb.rawValue),
      env, Limits.build, id: Self.artifactID)
  }

  // MARK: - The release

  private var release: [Step] {
    var steps: [Step] = []
    if isTold(of: .started) { steps.append(telling("Tell of the start", .started)) }
    if let migration = environment.spec.migration {
      let compatible = environment.database?.compatible
      if compatible != nil { steps += loginAgain }
      let minutes = migration.timeout.minutes + 2 + (compatible.map { Limits.check($0) + Limits.question } ?? 0)
      steps.append(
        phase(
          "Migrate the database", scripts.rollout("migrate"), secrets.migration, minutes,
          id: compatible == nil ? nil : Self.migrateID))
    }
    steps += loginAgain
    steps.append(
      phase("Deploy", scripts.rollout("deploy"), artifactEnv(secrets.deploy), Limits.platform, id: Self.deployID))
    steps.append(
      phase(
        "Verify the candidate", scripts.rollout("verify-candidate"),
        artifactEnv(secrets.checks(environment.candidateChecks)), Limits.checks(environment.candidateChecks)))
    for (index, step) in environment.steps.enumerated() {
      steps += loginAgain
      steps.append(
        phase(
          "\(step.weight) % for \(step.hold)", scripts.rollout("step", "\(index + 1)"), artifactEnv(secrets.step(step)),
          Limits.step(step, in: environment)))
    }
    if let part = environment.stabilisation {
      steps += loginAgain
      steps.append(
        phase(
          "Stabilise for \(part.step.hold)", scripts.rollout("stabilise"), artifactEnv(secrets.stabilisation(part)),
          Limits.stabilisation(part, in: environment)))
    }
    steps += loginAgain
    steps.append(phase("Finish", scripts.rollout("finish"), artifactEnv(secrets.target), Limits.platform))
    return steps
  }

  private var verification: [Step] {
    var steps: [Step] = []
    var minutesSinceLogin = Limits.platform
    let checks =
      environment.verify.map { ($0, "Verify", "verify") } + environment.report.map { ($0, "Report", "report") }
    for (check, title, verb) in checks {
      if minutesSinceLogin + Limits.check(check) > Limits.session {
        steps += loginAgain
        minutesSinceLogin = 0
      }
      minutesSinceLogin += Limits.check(check)
      steps.append(
        phase(
          "\(title): \(check.title)", scripts.rollout(verb, check.name),
          artifactEnv(secrets.checks([check])).merging(CommonSteps.token), Limits.check(check)))
    }
    if !checks.isEmpty { steps += loginAgain }
    steps.append(
      phase(
        "Complete", scripts.rollout("complete"), artifactEnv(secrets.target).merging(CommonSteps.token),
        2 * Limits.question))
    return steps
  }

  private var loginAgain: [Step] { common.login("Log in again", to: environment) }

  // MARK: - Whatever happened

  private var aftermath: [Step] {
    var steps = environment.spec.rollback == nil ? [] : rollback
    if isTold(of: .succeeded) { steps.append(telling("Tell of the success", .succeeded)) }
    if isTold(of: .failed) {
      steps.append(telling("Tell of the failure", .failed, if: hasFailed(after: Self.preflightID)))
    }
    steps.append(
      phase(
        "Record what happened", scripts.record,
        artifactEnv(secrets.target).merging(jobStatus)
          .merging(environment.approvals.isEmpty ? [:] : CommonSteps.token), Limits.question, if: .always)
    )
    steps.append(evidence)
    let owesAlways = !environment.duties(.hotfix).isEmpty
    if owesAlways || !environment.duties(.release).isEmpty {
      let hasBegun = Expression.always && .outcome(ofStep: Self.deployID).differs(from: "skipped")
      steps.append(
        phase(
          "Open the follow-up duties", scripts.duties, CommonSteps.token.merging(jobStatus), Limits.question,
          if: owesAlways ? hasBegun : nil, continuesOnError: true))
    }
    return steps
  }

  /// The first step that leaves something to take back.
  private var firstChange: String {
    environment.spec.migration != nil && environment.database != nil ? Self.migrateID : Self.deployID
  }

  private var rollback: [Step] {
    common.login("Log in to roll back", to: environment, if: hasFailed(after: firstChange)) + [
      phase(
        "Roll back", scripts.rollback("--if-needed"), secrets.rollback.merging(CommonSteps.token).merging(jobStatus),
        Limits.rollback(environment), id: Self.rollbackID, if: hasFailed(after: firstChange))
    ]
  }

  private var evidence: Step {
    common.evidence(of: environment, plan)
  }

  // MARK: - Pieces

  /// True after a failure or a cancellation once the step had begun.
  private func hasFailed(after step: String) -> Expression {
    (.failure || .cancelled) && .outcome(ofStep: step).differs(from: "skipped")
  }

  private func isTold(of event: NotificationChannel.Event) -> Bool {
    environment.channels.contains { $0.channel.hears(of: event) }
  }

  private func telling(_ name: String, _ event: NotificationChannel.Event, if condition: Expression? = nil) -> Step {
    phase(
      name, scripts.rollout("notify", event.rawValue), artifactEnv(secrets.telling(event)), 2 * Limits.question,
      if: condition, continuesOnError: true)
  }

  private var jobStatus: NamedValues<Value> { ["RESULT": .expression(.path("job.status"))] }

  private func artifactEnv(_ secrets: NamedValues<Value>) -> NamedValues<Value> {
    let artifact: NamedValues<Value> = ["ARTIFACT": .expression(.output("artifact", ofStep: Self.artifactID))]
    return secrets.merging(artifact)
  }

  private func phase(
    _ name: String, _ script: RunScript, _ env: NamedValues<Value>, _ minutes: Int, id: String? = nil,
    if condition: Expression? = nil, continuesOnError: Bool = false
  ) -> Step {
    Step(
      id: id, name: name, .run(script), condition: condition, env: env,
      timeoutMinutes: Limits.clamped(minutes, toJob: jobLimit, reserve: Limits.reserve),
      continuesOnError: continuesOnError)
  }
}
