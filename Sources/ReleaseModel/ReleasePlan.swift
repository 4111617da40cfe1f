import Diagnostics

/// The release as it will happen: what every backend prints. All names are resolved and all defaults are filled in.
public struct ReleasePlan: Sendable {
  public let spec: ReleaseSpec
  public let service: String
  public let environments: [EnvironmentPlan]
  public let beforeMerge: MergePlan?
  public let alerts: [PlannedAlert]
  public let objectives: [PlannedObjective]

  public init(
    spec: ReleaseSpec, environments: [EnvironmentPlan], beforeMerge: MergePlan?, alerts: [PlannedAlert] = [],
    objectives: [PlannedObjective] = []
  ) {
    self.spec = spec
    self.service = spec.service.value
    self.environments = environments
    self.beforeMerge = beforeMerge
    self.alerts = alerts
    self.objectives = objectives
  }

  public func environment(_ name: String) -> EnvironmentPlan? { environments.first { $0.name == name } }
  /// The environments that are promoted into from this one.
  public func downstream(of name: String) -> [EnvironmentPlan] { environments.filter { $0.upstream == name } }
  /// One environment a target: a hotfix is taken back where what it replaces is.
  public var targets: [EnvironmentPlan] { environments.filter { !$0.isHotfix } }
  /// All that release into the target of this one: the usual way and that of a hotfix.
  public func ways(into environment: EnvironmentPlan) -> [EnvironmentPlan] {
    environments.filter { $0.targetName == environment.targetName }
  }
  /// The columns of the promotion matrix.
  public var promotedInto: [EnvironmentPlan] {
    environments.filter { environment in
      spec.promotion.readable.contains { $0.value.cells.entry(environment.name) != nil }
    }
  }
}

public struct NamedCheck: Sendable {
  public let name: String
  public let check: Check
  public init(name: String, check: Check) {
    self.name = name
    self.check = check
  }
  /// What it is called for people.
  public var title: String { check.title ?? name }
}

public struct NamedMetric: Sendable {
  public let name: String
  public let metric: Metric
  public let source: MetricSource
  public init(name: String, metric: Metric, source: MetricSource) {
    self.name = name
    self.metric = metric
    self.source = source
  }
  public var title: String { metric.title ?? name }
}

/// What a pull request must pass before its merge.
public struct MergePlan: Sendable {
  public let branches: [String]
  public let paths: [String]
  public let gates: [Gate]
  public init(branches: [String], paths: [String], gates: [Gate]) {
    self.branches = branches
    self.paths = paths
    self.gates = gates
  }
}

/// One question that must be answered well before anything moves.
public struct Gate: Sendable {
  public enum Requirement: String, Sendable {
    case required
    case requiredForCandidates = "required-for-candidates"
    case recommended
    case optional
  }

  public enum Question: Sendable {
    /// Asked of GitHub now.
    case check(NamedCheck)
    /// What the environment before recorded about this commit.
    case recorded(NamedCheck, environment: String)
    /// That the environment before released this very commit and kept it.
    case released(environment: String)
    /// That this very commit has been live there for so long and still is.
    case soaked(environment: String, for: TimeSpan)
  }

  public let name: String
  public let title: String
  public let requirement: Requirement
  public let question: Question

  public init(name: String, title: String, requirement: Requirement, question: Question) {
    self.name = name
    self.title = title
    self.requirement = requirement
    self.question = question
  }
}

/// One approval: a GitHub environment with reviewers, by whom one person must have let the run pass.
public struct Approval: Sendable {
  /// The environment of GitHub that asks for it: a gate environment, or the real one for the last approval.
  public let environment: String
  public let roles: [String]
  public let reviewers: [String]
  /// After this long without it the run counts as rejected.
  public let within: TimeSpan?
  public init(environment: String, roles: [String], reviewers: [String], within: TimeSpan? = nil) {
    self.within = within
    self.environment = environment
    self.roles = roles
    self.reviewers = reviewers
  }
}

/// A condition with everything that is needed to judge it.
public struct PlannedCondition: Sendable {
  public enum Subject: Sendable {
    case metric(NamedMetric, MetricCondition, bound: Bound)
    case check(NamedCheck)
    case manual
  }

  /// The threshold in the metric's own unit.
  public enum Bound: Sendable {
    case fixed(Double)
    /// The baseline, or the floor where that is higher, × factor + offset.
    case baseline(factor: Double, offset: Double, floor: Double)
  }

  public let condition: Condition
  public let subject: Subject
  /// The window of the query.
  public let window: TimeSpan

  public init(condition: Condition, subject: Subject, window: TimeSpan) {
    self.condition = condition
    self.subject = subject
    self.window = window
  }
}

public struct PlannedStep: Sendable {
  public let weight: Int
  public let hold: TimeSpan
  public let settle: TimeSpan
  public let require: [PlannedCondition]
  /// Judged at every tick of this step; one that is met fails it.
  public let failWhen: [PlannedCondition]
  /// The weight to fall back to when the step fails; 0 is the rollback.
  public let onFailure: Int
  /// How long the hold is extended, once, when a requirement is unknown at its end.
  public var longestExtension: TimeSpan { require.isEmpty ? .zero : min(hold, .minutes(15)) }
  public init(
    weight: Int, hold: TimeSpan, settle: TimeSpan, require: [PlannedCondition], failWhen: [PlannedCondition] = [],
    onFailure: Int = 0
  ) {
    self.failWhen = failWhen
    self.onFailure = onFailure
    self.weight = weight
    self.hold = hold
    self.settle = settle
    self.require = require
  }
}

/// A hold at 100 % before the old version goes away, and the checks at its end.
public struct PlannedStabilisation: Sendable {
  public let step: PlannedStep
  public let verify: [NamedCheck]
  public init(step: PlannedStep, verify: [NamedCheck]) {
    self.step = step
    self.verify = verify
  }
}

/// What decides about the schema when a version is taken back.
public struct PlannedDatabaseBranch: Sendable {
  public let compatible: NamedCheck
  public let branch: Rollback.DatabaseBranch
  public init(compatible: NamedCheck, branch: Rollback.DatabaseBranch) {
    self.compatible = compatible
    self.branch = branch
  }
}

public struct NamedChannel: Sendable {
  public let name: String
  public let channel: NotificationChannel
  public init(name: String, channel: NotificationChannel) {
    self.name = name
    self.channel = channel
  }
}

public struct NamedChecklist: Sendable {
  public let name: String
  public let checklist: Checklist
  public init(name: String, checklist: Checklist) {
    self.name = name
    self.checklist = checklist
  }
  /// What it is called for people.
  public var title: String { checklist.title ?? name }
}

/// One environment's release, in the order in which it happens.
public struct EnvironmentPlan: Sendable {
  public let name: String
  public let spec: EnvironmentSpec
  public let upstream: String?
  public let gates: [Gate]
  public let approvals: [Approval]
  /// Checks that are run in the environment's own job, before anything is touched.
  public let preconditions: [NamedCheck]
  /// Checks of the candidate, before it gets traffic.
  public let candidateChecks: [NamedCheck]
  public let steps: [PlannedStep]
  public let verify: [NamedCheck]
  public let report: [NamedCheck]
  public let rollbackWhen: [PlannedCondition]
  public let rollbackVerify: [NamedCheck]
  public let recovered: [PlannedCondition]
  /// Every metric that something here asks for, in the order of the spec.
  public let metrics: [NamedMetric]
  /// Conditions of checks (`require`, `compare`) by the name of the check.
  public let checkConditions: [String: [PlannedCondition]]
  /// Secrets that the rollout and that a rollback need, in the order of the spec.
  public let rolloutSecrets: [PlannedSecret]
  public let rollbackSecrets: [PlannedSecret]
  public var stabilisation: PlannedStabilisation?
  public var database: PlannedDatabaseBranch?
  /// Days on which no release starts.
  public var freezes: [Freeze] = []
  /// Who is told of anything that happens here.
  public var channels: [NamedChannel] = []
  /// What people do before and after a release here.
  public var checklists: [NamedChecklist] = []

  public init(
    name: String, spec: EnvironmentSpec, upstream: String?, gates: [Gate], approvals: [Approval],
    preconditions: [NamedCheck], candidateChecks: [NamedCheck], steps: [PlannedStep], verify: [NamedCheck],
    report: [NamedCheck],
    rollbackWhen: [PlannedCondition], rollbackVerify: [NamedCheck], recovered: [PlannedCondition],
    metrics: [NamedMetric], checkConditions: [String: [PlannedCondition]], rolloutSecrets: [PlannedSecret],
    rollbackSecrets: [PlannedSecret]
  ) {
    self.name = name
    self.spec = spec
    self.upstream = upstream
    self.gates = gates
    self.approvals = approvals
    self.preconditions = preconditions
    self.candidateChecks = candidateChecks
    self.steps = steps
    self.verify = verify
    self.report = report
    self.rollbackWhen = rollbackWhen
    self.rollbackVerify = rollbackVerify
    self.recovered = recovered
    self.metrics = metrics
    self.checkConditions = checkConditions
    self.rolloutSecrets = rolloutSecrets
    self.rollbackSecrets = rollbackSecrets
  }

  public var operations: TargetOperations { spec.target.operations }
  /// GitHub's environment from which a rollback runs: the same secrets, and nobody who has to approve.
  public var rollbackEnvironment: String { targetName + "-rollback" }
  /// The environment whose target this is: its own, or the one that a hotfix goes into.
  public var targetName: String { spec.hotfixOf ?? name }
  public var isHotfix: Bool { spec.hotfixOf != nil }
  public var strategy: Rollout.Strategy { spec.rollout.strategy }
  /// Whether a step falls back to an earlier weight and not to 0 %.
  public var canRest: Bool { steps.contains { $0.onFailure > 0 } }
  /// Everything that is held: the steps, and the stabilisation behind them.
  public var heldSteps: [PlannedStep] { steps + (stabilisation.map { [$0.step] } ?? []) }
  public var holdTotal: TimeSpan { heldSteps.reduce(.zero) { $0 + $1.hold } }
  /// Every condition that the rollout judges, by itself or in a check.
  public var conditions: [PlannedCondition] {
    rollbackWhen + heldSteps.flatMap { $0.require + $0.failWhen }
      + checkConditions.keys.sorted().flatMap { checkConditions[$0] ?? [] }
  }

  /// How long a person may hold the release in a step: what is declared, and what the login of the step leaves of it.
  public func holdAllowance(_ step: PlannedStep) -> TimeSpan {
    guard let lifetime = spec.target.login.lifetime else { return spec.rollout.holdLimit }
    let rest = step.onFailure > 0 ? spec.rollout.restLimit : .zero
    let used = step.hold + step.longestExtension + rest
    return used < lifetime
      ? min(spec.rollout.holdLimit, TimeSpan(milliseconds: lifetime.milliseconds - used.milliseconds)) : .zero
  }

  /// Whether there is any step in which a person may hold the release.
  public var canBeHeld: Bool { heldSteps.contains { holdAllowance($0) > .zero } }

  /// The longest that the rollout may take from its first step to its last: holds (each may be extended once when data is
  /// missing), a rest, checks, the migration and what the platform needs. Windows and job limits are judged by it.
  public var worstCase: TimeSpan {
    var total = platformTime
    for _ in steps { total = total + operations.shift.pauses }
    if canRest { total = total + spec.rollout.restLimit }
    for step in heldSteps { total = total + step.hold + step.longestExtension }
    total = total + (preconditions + candidateChecks + (stabilisation?.verify ?? []) + verify + report).timeouts
    if let migration = spec.migration { total = total + migration.timeout }
    return total
  }
}

public struct PlannedSecret: Sendable, Hashable {
  public let name: String
  public let isOptional: Bool
  public init(name: String, isOptional: Bool) {
    self.name = name
    self.isOptional = isOptional
  }
}

extension ReleaseSpec {
  /// The secrets of these names, in the order of the spec.
  public func planned(_ names: Set<String>) -> [PlannedSecret] {
    secrets.ordered(names).compactMap { name in
      secrets[name].map { PlannedSecret(name: name, isOptional: $0.isOptional) }
    }
  }
}
