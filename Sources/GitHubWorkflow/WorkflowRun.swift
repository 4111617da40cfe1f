/// How a step, a job or a run ended.
public enum Conclusion: String, Sendable, Hashable, CaseIterable {
  /// Well.
  case success
  /// Not well.
  case failure
  /// It was broken off, or did not get its turn before everything was.
  case cancelled
  /// Its condition did not hold.
  case skipped

  /// What several conclusions are together: failure, else cancelled, else success, unless all were skipped.
  static func summary(of conclusions: [Conclusion]) -> Conclusion {
    if conclusions.contains(.failure) { return .failure }
    if conclusions.contains(.cancelled) { return .cancelled }
    return conclusions.allSatisfy { $0 == .skipped } ? .skipped : .success
  }
}

/// What became of a run.
public struct WorkflowRun: Sendable, Hashable {
  /// Why there was no run at all: the event starts nothing, an answer is missing, or the jobs wait for each other.
  public var refusal: String?
  /// How the run ended.
  public var conclusion: Conclusion
  /// The jobs in the order of the file.
  public var jobs: [JobRecord]
  /// What happened, in order.
  public var log: [Event]

  /// The record of a job.
  public func job(_ id: String) -> JobRecord? {
    jobs.first { $0.id == id }
  }

  /// What became of a job.
  public struct JobRecord: Sendable, Hashable {
    /// The job's id.
    public var id: String
    /// How it ended, as `needs.id.result` tells.
    public var result: Conclusion
    /// What it hands on.
    public var outputs: NamedValues<String> = [:]
    /// Outputs that GitHub drops because a secret is in them.
    public var droppedOutputs: [String] = []
    /// The address shown with its deployment.
    public var environmentURL: String?
    /// True when its time was up.
    public var isTimedOut = false
    /// True when its machine was lost.
    public var isRunnerLost = false
    /// What GitHub complains about, as when a condition cannot be evaluated.
    public var error: String?
    /// Its steps in order; empty when it never started.
    public var steps: [StepRecord] = []
    /// How long its steps took together.
    public var duration: Duration = .zero
  }

  /// What became of a step.
  public struct StepRecord: Sendable, Hashable {
    /// The step's id.
    public var id: String?
    /// The step's name.
    public var name: String
    /// How it ended.
    public var outcome: Conclusion
    /// How it ended after `continue-on-error`: the outcome, or success.
    public var conclusion: Conclusion
    /// What it wrote to `GITHUB_OUTPUT`.
    public var outputs: NamedValues<String> = [:]
    /// When it ended, counted from the start of the job.
    public var endedAt: Duration = .zero
  }

  /// Something that happened.
  public enum Event: Sendable, Hashable {
    /// A job got its machine.
    case jobStarted(String)
    /// A step began to run.
    case stepStarted(job: String, step: Int)
    /// A step ended, or did not run.
    case stepEnded(job: String, step: Int, Conclusion)
    /// A job ended, or did not run.
    case jobEnded(String, Conclusion)
    /// Somebody cancelled the run.
    case runCancelled
  }
}
