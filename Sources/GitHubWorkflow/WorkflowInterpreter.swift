/// Runs a workflow in memory, by GitHub's rules, with a closure in place of what steps do.
///
/// Jobs run one after the other: always the first in the file whose needs have all ended. What runs in parallel on
/// GitHub, and who waits for a concurrency group, is therefore not seen here. Filters of triggers are not looked at;
/// the event's name is.
///
/// ```swift
/// let run = WorkflowInterpreter.run(workflow, request: .init(event: "push")) { _ in .success() }
/// run.job("deploy")?.result    // .success
/// ```
public enum WorkflowInterpreter {
  /// Runs the workflow; `execute` is called for every step that starts and may throw to give up.
  public static func run<Failure: Error>(
    _ workflow: Workflow, request: WorkflowRunRequest,
    execute: (StepRequest) throws(Failure) -> StepResult
  ) throws(Failure) -> WorkflowRun {
    let inputs: NamedValues<ExpressionValue>
    switch preparedInputs(workflow, request) {
    case .failure(let refusal): return WorkflowRun(refusal: refusal.reason, conclusion: .skipped, jobs: [], log: [])
    case .success(let values): inputs = values
    }
    guard let order = executionOrder(workflow) else {
      return WorkflowRun(refusal: "jobs wait for each other", conclusion: .skipped, jobs: [], log: [])
    }
    var state = RunState(workflow: workflow, request: request, inputs: inputs)
    for job in order {
      let record = try run(job, in: &state, execute: execute)
      state.log.append(.jobEnded(job.id, record.result))
      state.records[job.id] = record
    }
    let jobs = workflow.jobs.compactMap { state.records[$0.id] }
    return WorkflowRun(
      refusal: nil, conclusion: .summary(of: jobs.map(\.result)), jobs: jobs, log: state.log)
  }

  // MARK: - Before the first job

  private struct Refusal: Error {
    let reason: String
  }

  private static func preparedInputs(
    _ workflow: Workflow, _ request: WorkflowRunRequest
  ) -> Result<NamedValues<ExpressionValue>, Refusal> {
    guard let trigger = workflow.triggers.first(where: { $0.event == request.event }) else {
      return .failure(Refusal(reason: "the event `\(request.event)` does not start this workflow"))
    }
    guard case .workflowDispatch(let questions) = trigger else { return .success([:]) }
    var inputs = NamedValues<ExpressionValue>()
    for question in questions {
      let answer = request.inputs[question.name] ?? question.kind.defaultValue
      if question.isRequired, answer == nil {
        return .failure(Refusal(reason: "the input `\(question.name)` is required"))
      }
      inputs[question.name] = answer ?? .string("")
    }
    return .success(inputs)
  }

  /// The jobs in the order in which they run; `nil` when some can never start.
  private static func executionOrder(_ workflow: Workflow) -> [Job]? {
    var waiting = workflow.jobs
    var order: [Job] = []
    while !waiting.isEmpty {
      let ended = Set(order.map(\.id))
      guard let next = waiting.firstIndex(where: { $0.needs.allSatisfy(ended.contains) }) else { return nil }
      order.append(waiting.remove(at: next))
    }
    return order
  }

  // MARK: - A job

  private static func run<Failure: Error>(
    _ job: Job, in state: inout RunState, execute: (StepRequest) throws(Failure) -> StepResult
  ) throws(Failure) -> WorkflowRun.JobRecord {
    var record = WorkflowRun.JobRecord(id: job.id, result: .skipped)
    if state.isDisturbed(by: .runCancelledBeforeJob(job.id)) { state.cancelRun() }
    do throws(ExpressionFailure) {
      if try !state.wants(job) { return record }
    } catch {
      record.result = .failure
      record.error = "the `if` cannot be evaluated: \(error)"
      return record
    }
    if job.environment != nil {
      if state.isDisturbed(by: .environmentRejected(job: job.id)) {
        record.result = .failure
        record.error = "the environment was not approved"
        return record
      }
      if state.isDisturbed(by: .runCancelledWhileWaiting(job: job.id)) {
        state.cancelRun()
        if !state.stillWants(job) {
          record.result = .cancelled
          return record
        }
      }
    }
    state.log.append(.jobStarted(job.id))
    var runner = JobRunner(job: job, state: state)
    try runner.run(execute)
    state.adopt(runner.state)
    return runner.record
  }
}

extension DispatchInput.Kind {
  /// The answer when nobody gives one. A box that nobody ticked is `false`; of a list, GitHub picks the first.
  fileprivate var defaultValue: ExpressionValue? {
    switch self {
    case .string(let text), .environment(let text): text.map { .string($0) }
    case .boolean(let flag): .boolean(flag ?? false)
    case .choice(let options, let preset): (preset ?? options.first).map { .string($0) }
    }
  }
}
