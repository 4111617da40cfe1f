/// What a run of a workflow starts from.
public struct WorkflowRunRequest: Sendable {
  /// The event: `push`, `workflow_dispatch`.
  public var event: String
  /// The `github` context; `event_name` is added.
  public var github: NamedValues<ExpressionValue>
  /// Answers to the dispatch inputs. Inputs without one get their default.
  public var inputs: NamedValues<ExpressionValue>
  /// The repository's variables.
  public var variables: NamedValues<String>
  /// The repository's secrets.
  public var secrets: NamedValues<String>
  /// What the repository's environments add, by their names.
  public var environments: NamedValues<EnvironmentValues>
  /// What goes wrong from outside.
  public var disturbances: [Disturbance]
  /// What the jobs after a job that timed out see as its result. GitHub's documentation is silent; users report
  /// `cancelled`. Test both.
  public var timedOutJobResult: TimedOutJobResult

  /// The readings of a job that timed out.
  public enum TimedOutJobResult: Sendable, Hashable, CaseIterable {
    /// As if it had been cancelled, which is what users see.
    case cancelled
    /// As if it had failed.
    case failure
  }

  /// Secrets and variables of one environment; they win over the repository's.
  public struct EnvironmentValues: Sendable, Hashable {
    /// Its secrets.
    public var secrets: NamedValues<String>
    /// Its variables.
    public var variables: NamedValues<String>

    /// An environment's values.
    public init(secrets: NamedValues<String> = [:], variables: NamedValues<String> = [:]) {
      self.secrets = secrets
      self.variables = variables
    }
  }

  /// A run; what is not given is empty, and nothing goes wrong.
  public init(
    event: String, github: NamedValues<ExpressionValue> = [:], inputs: NamedValues<ExpressionValue> = [:],
    variables: NamedValues<String> = [:], secrets: NamedValues<String> = [:],
    environments: NamedValues<EnvironmentValues> = [:], disturbances: [Disturbance] = [],
    timedOutJobResult: TimedOutJobResult = .cancelled
  ) {
    self.event = event
    self.github = github
    self.inputs = inputs
    self.variables = variables
    self.secrets = secrets
    self.environments = environments
    self.disturbances = disturbances
    self.timedOutJobResult = timedOutJobResult
  }
}

/// Something that happens to a run from outside. Steps are counted from 0.
public enum Disturbance: Sendable, Hashable {
  /// Somebody cancels the run before a job's turn comes.
  case runCancelledBeforeJob(String)
  /// Somebody cancels the run while a job waits for its environment's reviewers.
  case runCancelledWhileWaiting(job: String)
  /// Somebody cancels the run just before a step; with the number of steps, just after the last.
  case runCancelledBeforeStep(job: String, step: Int)
  /// Somebody cancels the run while a step is running.
  case runCancelledDuringStep(job: String, step: Int)
  /// The job's time is up while a step is running.
  case jobTimesOut(job: String, step: Int)
  /// The machine is gone in the middle of a step.
  case runnerLost(job: String, step: Int)
  /// A reviewer of the job's environment says no, or nobody says anything for 30 days.
  case environmentRejected(job: String)
}

/// What a step is given to run with.
public struct StepRequest: Sendable {
  /// The job.
  public let job: Job
  /// The step.
  public let step: Step
  /// The step's place in the job, from 0.
  public let stepIndex: Int
  /// The environment variables of workflow, job and step, with every expression evaluated.
  public let env: NamedValues<String>
  /// The inputs of an action, evaluated.
  public let inputs: NamedValues<String>
  /// What will break the step off, if anything. The step has started, so how much of it takes effect is for the
  /// executor to say; the result that it returns is replaced.
  public let interruption: Interruption?

  /// What can break a step off.
  public enum Interruption: Sendable, Hashable {
    /// The run is cancelled.
    case runCancelled
    /// The job's time is up.
    case jobTimedOut
    /// The machine is gone.
    case runnerLost
  }
}

/// How a step went.
public struct StepResult: Sendable, Hashable {
  /// True when the step ended well.
  public var isSuccess: Bool
  /// What it wrote to `GITHUB_OUTPUT`.
  public var outputs: NamedValues<String>
  /// How long it took. Past its own limit it fails, past the job's the job is cancelled.
  public var duration: Duration

  /// How a step went; in no time unless said otherwise.
  public init(isSuccess: Bool, outputs: NamedValues<String> = [:], duration: Duration = .zero) {
    self.isSuccess = isSuccess
    self.outputs = outputs
    self.duration = duration
  }

  /// It ended well.
  public static func success(outputs: NamedValues<String> = [:], duration: Duration = .zero) -> StepResult {
    StepResult(isSuccess: true, outputs: outputs, duration: duration)
  }

  /// It failed.
  public static func failure(outputs: NamedValues<String> = [:], duration: Duration = .zero) -> StepResult {
    StepResult(isSuccess: false, outputs: outputs, duration: duration)
  }
}
