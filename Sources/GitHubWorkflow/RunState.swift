/// What a run knows while it goes on.
struct RunState {
  let workflow: Workflow
  let request: WorkflowRunRequest
  let inputs: NamedValues<ExpressionValue>
  var records: [String: WorkflowRun.JobRecord] = [:]
  var log: [WorkflowRun.Event] = []
  private(set) var isCancelled = false

  init(workflow: Workflow, request: WorkflowRunRequest, inputs: NamedValues<ExpressionValue>) {
    self.workflow = workflow
    self.request = request
    self.inputs = inputs
  }

  func isDisturbed(by disturbance: Disturbance) -> Bool {
    request.disturbances.contains(disturbance)
  }

  mutating func cancelRun() {
    if isCancelled { return }
    isCancelled = true
    log.append(.runCancelled)
  }

  /// Takes over what a job changed.
  mutating func adopt(_ other: RunState) {
    log = other.log
    isCancelled = other.isCancelled
  }

  // MARK: - Conditions of jobs

  /// Whether the job's condition holds now.
  ///
  /// `success()` and `failure()` look at every job before it, also behind jobs that were skipped, and are both false
  /// once the run is being cancelled.
  func wants(_ job: Job) throws(ExpressionFailure) -> Bool {
    let ancestors = workflow.ancestors(of: job.id)
    let results = ancestors.compactMap { records[$0]?.result }
    let status = ExpressionContext.Status(
      success: !isCancelled && results.allSatisfy { $0 == .success },
      failure: !isCancelled && results.contains(.failure),
      cancelled: isCancelled)
    // In this place alone `needs` holds all jobs before, not only those that the job names.
    let contexts = baseContexts.merging(["needs": needs(ancestors)])
    let condition = job.condition ?? .success
    return try condition.holds(in: ExpressionContext(contexts: contexts, status: status))
  }

  /// Whether a job that has passed its condition goes on after the run was cancelled: only when it holds still.
  func stillWants(_ job: Job) -> Bool {
    do throws(ExpressionFailure) {
      return try wants(job)
    } catch {
      return false
    }
  }

  // MARK: - Contexts

  var baseContexts: NamedValues<ExpressionValue> {
    var github = request.github
    github["event_name"] = .string(request.event)
    return ["github": .object(github), "inputs": .object(inputs), "vars": .texts(request.variables)]
  }

  func needs(_ ids: [String]) -> ExpressionValue {
    let entries = ids.compactMap { id in
      records[id].map { record in
        NamedValues<ExpressionValue>.Entry(
          id, .object(["result": .string(record.result.rawValue), "outputs": .texts(record.outputs)]))
      }
    }
    return .object(NamedValues(entries))
  }
}
