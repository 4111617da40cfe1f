import ReleaseModel

/// How long things may take, in minutes.
///
/// A step that takes too long fails, a job that takes too long is cancelled, and the jobs after a cancelled one see
/// neither `failure()` nor `cancelled()`. So every step has a limit, and it is below its job's.
enum Limits {
  /// GitHub ends a job on a hosted runner after six hours.
  static let longestJob = 360
  static let checkout = 5
  static let login = 5
  /// How long an OIDC login is trusted: it ends within the hour (AADSTS700024).
  static let session = 45
  /// Read-only questions with a handful of requests.
  static let question = 5
  static let build = 30
  /// What the platform needs to bring a version up, or to take the old one away.
  static let platform = 30
  /// What every release keeps in hand at the end of its job for taking itself back.
  static let reserve = 20

  /// A check's own limit, and a little for what stands around it.
  static func check(_ check: NamedCheck) -> Int { check.check.timeout.minutes + 2 }

  static func checks(_ checks: [NamedCheck]) -> Int { checks.reduce(0) { $0 + $1.check.timeout.minutes } + 2 }

  static func gate(_ gate: Gate) -> Int {
    if case .check(let check) = gate.question { return self.check(check) }
    return question
  }

  static func gatesJob(_ gates: [Gate]) -> Int { min(gates.reduce(10) { $0 + gate($1) }, longestJob) }

  static func rolloutJob(_ environment: EnvironmentPlan) -> Int {
    min(environment.worstCase.minutes + environment.spec.rollout.holdLimit.minutes + 30, longestJob)
  }

  /// A hold is extended once when data is missing.
  static func step(_ step: PlannedStep, in environment: EnvironmentPlan) -> Int {
    let extra = step.require.isEmpty ? TimeSpan.zero : min(step.hold, .minutes(15))
    // A rolling update is live as soon as it starts, so the candidate's checks run inside the step.
    let checks = environment.strategy == .rolling ? self.checks(environment.candidateChecks) : 0
    // A step that fails may rest in its own time.
    let rest = step.onFailure > 0 ? environment.spec.rollout.restLimit : .zero
    return (step.hold + extra + rest + environment.holdAllowance(step)).minutes + 20 + checks
  }

  static func stabilisation(_ part: PlannedStabilisation, in environment: EnvironmentPlan) -> Int {
    step(part.step, in: environment) + checks(part.verify)
  }

  /// Moving the traffic, the checks of the version before, and the longest window of what must be true again: less would
  /// break a rollback off while it still looks at numbers from before. The way back of the database goes before it.
  ///
  /// Only people ask for `stages`; a shift may take the platform a few minutes.
  static func rollback(_ environment: EnvironmentPlan, stages: Rollback.Stages? = nil) -> Int {
    let checks = environment.rollbackVerify.reduce(0) { $0 + $1.check.timeout.minutes }
    let recovery = environment.recovered.map { condition -> Int in
      guard case .metric(let metric, _, _) = condition.subject else { return condition.window.minutes + 5 }
      return (condition.window + metric.source.lag).minutes + 5
    }
    let database = environment.spec.migration == nil ? 0 : environment.database?.branch.timeout.minutes ?? 0
    let staged = stages.map { $0.weights.count * ($0.watch.minutes + 10) + checks } ?? 0
    return min(max(20, 10 + checks + (recovery.max() ?? 0) + database + staged), longestJob - checkout - login)
  }

  static func rollbackJob(_ environment: EnvironmentPlan, stages: Rollback.Stages? = nil) -> Int {
    max(30, rollback(environment, stages: stages) + checkout + login)
  }

  /// A step's limit inside a job: below the job's by at least `reserve`, which is for the steps behind it.
  static func clamped(_ minutes: Int, toJob job: Int, reserve: Int) -> Int { max(1, min(minutes, job - reserve)) }
}
