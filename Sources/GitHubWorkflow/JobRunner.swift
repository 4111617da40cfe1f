/// Runs the steps of one job.
struct JobRunner {
  let job: Job
  var state: RunState
  var record: WorkflowRun.JobRecord

  private var hasFailed = false
  /// When the job is killed, counted from its start; set once it was told to stop, because the run was cancelled or its
  /// time was up.
  private var killTime: Duration?
  private var jobEnv: NamedValues<String> = [:]
  private var steps: NamedValues<ExpressionValue> = [:]
  private var secrets: NamedValues<String> = [:]
  private var variables: NamedValues<String> = [:]

  init(job: Job, state: RunState) {
    self.job = job
    self.state = state
    record = WorkflowRun.JobRecord(id: job.id, result: .success)
  }

  mutating func run<Failure: Error>(_ execute: (StepRequest) throws(Failure) -> StepResult) throws(Failure) {
    do throws(ExpressionFailure) {
      try prepare()
    } catch {
      record.result = .failure
      record.error = "the job's surroundings cannot be evaluated: \(error)"
      return
    }
    for index in job.steps.indices {
      if state.isDisturbed(by: .runCancelledBeforeStep(job: job.id, step: index)) { cancelRun() }
      if record.isRunnerLost || isKilled {
        end(index, .cancelled)
      } else {
        try runStep(index, execute)
      }
    }
    if state.isDisturbed(by: .runCancelledBeforeStep(job: job.id, step: job.steps.count)) { cancelRun() }
    finish()
  }

  // MARK: - Start and end

  private mutating func prepare() throws(ExpressionFailure) {
    let request = state.request
    secrets = request.secrets
    variables = request.variables
    if let environment = job.environment {
      let name = try environment.name.evaluate(in: ExpressionContext(contexts: jobContexts))
      let values = request.environments[name] ?? .init()
      secrets = secrets.merging(values.secrets)
      variables = variables.merging(values.variables)
    }
    jobEnv = state.workflow.env
    let context = ExpressionContext(contexts: jobContexts.merging(["secrets": .texts(secrets)]))
    for entry in job.env.entries {
      jobEnv[entry.name] = try entry.value.template.evaluate(in: context)
    }
  }

  private mutating func finish() {
    if record.isRunnerLost {
      record.result = .failure
      return
    }
    record.result = result
    // What is killed does not get to hand anything on.
    if isKilled { return }
    do throws(ExpressionFailure) {
      let context = ExpressionContext(contexts: stepContexts(env: jobEnv))
      for output in job.outputs.entries {
        let value = try output.value.evaluate(in: context)
        if value.isEmpty { continue }
        if secrets.entries.contains(where: { !$0.value.isEmpty && value.containsBytes(of: $0.value) }) {
          record.droppedOutputs.append(output.name)
        } else {
          record.outputs[output.name] = value
        }
      }
      record.environmentURL = try job.environment?.url?.evaluate(in: context)
    } catch {
      record.result = .failure
      record.error = "the job's outputs cannot be evaluated: \(error)"
    }
  }

  private var result: Conclusion {
    if record.isTimedOut { return state.request.timedOutJobResult == .failure ? .failure : .cancelled }
    return status
  }

  private var isStopping: Bool { killTime != nil }

  private var isKilled: Bool { killTime.map { record.duration >= $0 } ?? false }

  /// Tells the job to stop at a point in time. Source of the five minutes: docs.github.com, "Workflow cancellation
  /// reference".
  private mutating func stop(at time: Duration) {
    killTime = time + .seconds(300)
  }

  /// `job.status`.
  private var status: Conclusion {
    isStopping ? .cancelled : hasFailed ? .failure : .success
  }

  // MARK: - Steps

  private mutating func runStep<Failure: Error>(
    _ index: Int, _ execute: (StepRequest) throws(Failure) -> StepResult
  ) throws(Failure) {
    let step = job.steps[index]
    let env: NamedValues<String>
    let inputs: NamedValues<String>
    do throws(ExpressionFailure) {
      env = try evaluatedEnv(of: step)
      guard try wants(step, env: env) else {
        end(index, .skipped)
        return
      }
      inputs = try evaluatedInputs(of: step, env: env)
    } catch {
      hasFailed = hasFailed || !step.continuesOnError
      record.error = "step \(index + 1) cannot be evaluated: \(error)"
      end(index, .failure)
      return
    }
    state.log.append(.stepStarted(job: job.id, step: index))
    let interruption = interruption(of: step, at: index, env: env)
    let result = try execute(
      StepRequest(job: job, step: step, stepIndex: index, env: env, inputs: inputs, interruption: interruption))
    settle(index, result, interruption: interruption, env: env)
  }

  /// What happens to the step from outside. A step whose condition holds in a job that is told to stop goes on.
  private mutating func interruption(
    of step: Step, at index: Int, env: NamedValues<String>
  ) -> StepRequest.Interruption? {
    let wasStopping = isStopping
    if state.isDisturbed(by: .runnerLost(job: job.id, step: index)) {
      record.isRunnerLost = true
      return .runnerLost
    }
    if state.isDisturbed(by: .jobTimesOut(job: job.id, step: index)), !wasStopping {
      record.isTimedOut = true
      stop(at: record.duration)
      return stillWants(step, env: env) ? nil : .jobTimedOut
    }
    if state.isDisturbed(by: .runCancelledDuringStep(job: job.id, step: index)) {
      cancelRun()
      if isStopping, !wasStopping { return stillWants(step, env: env) ? nil : .runCancelled }
    }
    return nil
  }

  private mutating func settle(
    _ index: Int, _ result: StepResult, interruption: StepRequest.Interruption?, env: NamedValues<String>
  ) {
    let step = job.steps[index]
    let outcome: Conclusion
    switch interruption {
    case .runnerLost:
      outcome = .failure
      record.duration += result.duration
    case .jobTimedOut, .runCancelled:
      outcome = .cancelled
      record.duration += result.duration
      stop(at: record.duration)
    case nil:
      let ending = ending(of: step, result, env: env)
      outcome = ending.outcome
      record.duration = ending.time
    }
    let isContinued = outcome == .failure && step.continuesOnError && !record.isRunnerLost
    if outcome == .failure, !isContinued { hasFailed = true }
    end(index, outcome, conclusion: isContinued ? .success : outcome, outputs: result.outputs)
  }

  /// How and when a step ends that nobody breaks off, by the limits of time: the step's own, the job's, and the five
  /// minutes that remain to a job that was told to stop.
  private mutating func ending(
    of step: Step, _ result: StepResult, env: NamedValues<String>
  ) -> (outcome: Conclusion, time: Duration) {
    let end = record.duration + result.duration
    let jobLimit = killTime ?? .seconds(60 * (job.timeoutMinutes ?? 360))
    if let minutes = step.timeoutMinutes {
      let stepLimit = record.duration + .seconds(60 * minutes)
      if stepLimit <= jobLimit, end > stepLimit { return (.failure, stepLimit) }
    }
    if end <= jobLimit { return (result.isSuccess ? .success : .failure, end) }
    if isStopping { return (.cancelled, jobLimit) }
    record.isTimedOut = true
    stop(at: jobLimit)
    return stillWants(step, env: env) ? ending(of: step, result, env: env) : (.cancelled, jobLimit)
  }

  private mutating func end(
    _ index: Int, _ outcome: Conclusion, conclusion: Conclusion? = nil, outputs: NamedValues<String> = [:]
  ) {
    let step = job.steps[index]
    let conclusion = conclusion ?? (outcome == .failure && step.continuesOnError ? .success : outcome)
    record.steps.append(
      WorkflowRun.StepRecord(
        id: step.id, name: step.name, outcome: outcome, conclusion: conclusion, outputs: outputs,
        endedAt: record.duration))
    state.log.append(.stepEnded(job: job.id, step: index, outcome))
    guard let id = step.id else { return }
    steps[id] = .object([
      "outputs": .texts(outputs), "outcome": .string(outcome.rawValue), "conclusion": .string(conclusion.rawValue),
    ])
  }

  /// Cancels the run. A job whose own condition holds all the same does not notice.
  private mutating func cancelRun() {
    state.cancelRun()
    if !isStopping, !state.stillWants(job) { stop(at: record.duration) }
  }

  // MARK: - Evaluation

  private func wants(_ step: Step, env: NamedValues<String>) throws(ExpressionFailure) -> Bool {
    let answers = ExpressionContext.Status(
      success: status == .success, failure: status == .failure, cancelled: isStopping)
    var contexts = stepContexts(env: env)
    contexts["secrets"] = nil
    return try (step.condition ?? .success).holds(in: ExpressionContext(contexts: contexts, status: answers))
  }

  private func stillWants(_ step: Step, env: NamedValues<String>) -> Bool {
    do throws(ExpressionFailure) {
      return try wants(step, env: env)
    } catch {
      return false
    }
  }

  private func evaluatedEnv(of step: Step) throws(ExpressionFailure) -> NamedValues<String> {
    let context = ExpressionContext(contexts: stepContexts(env: jobEnv))
    var env = jobEnv
    for entry in step.env.entries { env[entry.name] = try entry.value.template.evaluate(in: context) }
    return env
  }

  private func evaluatedInputs(
    of step: Step, env: NamedValues<String>
  ) throws(ExpressionFailure) -> NamedValues<String> {
    guard case .uses(_, let inputs) = step.kind else { return [:] }
    let context = ExpressionContext(contexts: stepContexts(env: env))
    var result = NamedValues<String>()
    for entry in inputs.entries { result[entry.name] = try entry.value.template.evaluate(in: context) }
    return result
  }

  private var jobContexts: NamedValues<ExpressionValue> {
    state.baseContexts.merging(["needs": state.needs(job.needs), "vars": .texts(variables)])
  }

  private func stepContexts(env: NamedValues<String>) -> NamedValues<ExpressionValue> {
    jobContexts.merging([
      "secrets": .texts(secrets), "steps": .object(steps), "env": .texts(env),
      "job": .object(["status": .string(status.rawValue)]), "runner": .object(["os": .string("Linux")]),
    ])
  }
}
