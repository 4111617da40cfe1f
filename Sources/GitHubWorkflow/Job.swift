/// A job: steps that run one after the other on one runner.
public struct Job: Sendable, Hashable {
  /// The id, which other jobs need and expressions look up.
  public var id: String
  /// The name that GitHub shows. Text only.
  public var name: String
  /// The jobs that must end first.
  public var needs: [String]
  /// When it runs; without one, when all jobs before it succeeded.
  public var condition: Expression?
  /// The environment it deploys to, with its secrets and protection rules.
  public var environment: DeploymentEnvironment?
  /// The runner's label: `ubuntu-24.04`.
  public var runsOn: [String]
  /// After how many minutes GitHub cancels it; 360 without one.
  public var timeoutMinutes: Int?
  /// What its token may do; nothing printed when empty, so that the workflow's permissions hold.
  public var permissions: [Permission]
  /// Which jobs may not run at the same time.
  public var concurrency: Concurrency?
  /// What later jobs can read as `needs.id.outputs.name`.
  public var outputs: NamedValues<Template>
  /// Environment variables of all steps.
  public var env: NamedValues<Value>
  /// The steps in order.
  public var steps: [Step]

  /// A job; what is not given is not printed.
  public init(
    id: String, name: String, needs: [String] = [], condition: Expression? = nil,
    environment: DeploymentEnvironment? = nil, runsOn: [String], timeoutMinutes: Int?, permissions: [Permission] = [],
    concurrency: Concurrency? = nil, outputs: NamedValues<Template> = [:], env: NamedValues<Value> = [:],
    steps: [Step]
  ) {
    self.id = id
    self.name = name
    self.needs = needs
    self.condition = condition
    self.environment = environment
    self.runsOn = runsOn
    self.timeoutMinutes = timeoutMinutes
    self.permissions = permissions
    self.concurrency = concurrency
    self.outputs = outputs
    self.env = env
    self.steps = steps
  }
}

/// The environment that a job deploys to.
public struct DeploymentEnvironment: Sendable, Hashable {
  /// Its name in the repository's settings.
  public var name: Template
  /// The address shown with the deployment.
  public var url: Template?
  /// False when the job uses the environment's rules and secrets but deploys nothing.
  public var isDeployment: Bool

  /// An environment that is deployed to, unless said otherwise.
  public init(name: Template, url: Template? = nil, isDeployment: Bool = true) {
    self.name = name
    self.url = url
    self.isDeployment = isDeployment
  }
}

/// A step of a job.
public struct Step: Sendable, Hashable {
  /// What a step does.
  public enum Kind: Sendable, Hashable {
    /// Runs a script.
    case run(RunScript)
    /// Runs an action with inputs.
    case uses(PinnedAction, with: NamedValues<Value> = [:])
  }

  /// The id under which later expressions find it: `steps.id`.
  public var id: String?
  /// The name that GitHub shows. Text only.
  public var name: String
  /// What it does.
  public var kind: Kind
  /// When it runs; without one, when nothing before it failed.
  public var condition: Expression?
  /// Its environment variables; the way for values to get into a script.
  public var env: NamedValues<Value>
  /// After how many minutes it fails.
  public var timeoutMinutes: Int?
  /// True when the job goes on after it failed.
  public var continuesOnError: Bool

  /// A step; what is not given is not printed.
  public init(
    id: String? = nil, name: String, _ kind: Kind, condition: Expression? = nil, env: NamedValues<Value> = [:],
    timeoutMinutes: Int? = nil, continuesOnError: Bool = false
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.condition = condition
    self.env = env
    self.timeoutMinutes = timeoutMinutes
    self.continuesOnError = continuesOnError
  }
}

/// An action at one commit: tags can be moved to other code, commits cannot.
public struct PinnedAction: Sendable, Hashable {
  /// Owner, repository and, for an action in a folder, path: `github/codeql-action/upload-sarif`.
  public var name: String
  /// The commit's full hash, 40 hexadecimal digits.
  public var commit: String
  /// The version that the commit carries, printed as a comment: `v4.36.2`.
  public var version: String

  /// An action at one commit.
  public init(name: String, commit: String, version: String) {
    self.name = name
    self.commit = commit
    self.version = version
  }
}
