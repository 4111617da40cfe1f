import Diagnostics
import GitHubActionsBackend
import GitHubWorkflow
import ReleaseCompiler
import ReleaseModel

/// Runs the release of one environment on this machine: the generated workflow's jobs in their order, with the generated
/// scripts as they are, against stand-ins of everything that they talk to, in virtual time.
public struct ReleaseRehearsal {
  public let plan: ReleasePlan
  public let environment: EnvironmentPlan
  public let workflow: Workflow
  /// The root of the repository that the spec belongs to.
  public let repository: String

  /// What is to go wrong, and how the rehearsal is done.
  public struct Options: Sendable {
    public var bad: [BadVersion] = []
    public var faults: [OperationFault] = []
    public var interruption: PlannedInterruption?
    /// What later jobs see of a job whose time was up.
    public var timedOut: WorkflowRunRequest.TimedOutJobResult = .cancelled
    /// When it ends in no declared state, does what a person would: runs the rollback script.
    public var takesBackByHand = false
    /// Programs of the repository are run as they are, not replaced by stand-ins.
    public var keepsPrograms = false
    /// Real seconds that one step may take.
    public var limit = 900
    /// A folder that everything is left in.
    public var keep: String?

    public init() {}
  }

  public init(plan: ReleasePlan, environment: EnvironmentPlan, repository: String) throws {
    self.plan = plan
    self.environment = environment
    self.repository = repository
    let path = ".github/workflows/\(plan.service)-\(environment.name).yml"
    guard let found = GitHubActionsBackend.workflows(for: plan).first(where: { $0.path == path }) else {
      throw RehearsalProblem("there is no workflow \(path)")
    }
    workflow = found.workflow
  }

  /// Everything that can go wrong, in the order in which it happens.
  public func operations(manifested: [JSON] = []) throws -> [Operation] {
    // What objects there are in a cluster changes nothing about what is done to them.
    let objects: [JSON] = [["kind": "Service", "metadata": ["name": .string(plan.service)]]]
    let scenario = try Scenario(plan: plan, environment: environment, workflow: workflow, manifested: objects)
    return Operations(plan, environment, workflow: workflow, scenario: scenario).all
  }

  /// The step that is interrupted. Names of operations, which faults go by, lead to the step in which they happen.
  func place(of interruption: PlannedInterruption) throws -> (job: String, step: Int, after: Int) {
    do {
      return try interruption.step(in: workflow)
    } catch let unknown as UnknownName where Spelling.closest(to: unknown.name, among: unknown.known) == nil {
      let operations = try operations()
      let near = Spelling.closest(to: unknown.name, among: operations.map(\.name))
      guard let operation = operations.first(where: { $0.name == unknown.name || $0.name == near }),
        let steps = workflow.jobs.first(where: { $0.id == operation.job })?.steps,
        steps.indices.contains(operation.step)
      else { throw unknown }
      throw RequestProblem(
        "there is no step “\(unknown.name)”; “\(operation.name)” is an operation, and happens in the step "
          + "“\(steps[operation.step].name)”: write that")
    }
  }

  /// What must be installed and is not.
  public static func missingTools() -> [String] { World.tools.filter { Machine.find($0) == nil } }

  // MARK: - Running

  /// Runs it. `standIns` is a folder with the unpacked stand-ins, for those who run many; else they are unpacked.
  public func run(
    _ options: Options = Options(), standIns: String? = nil, onStep: @escaping (StepReport) -> Void = { _ in }
  ) throws -> RehearsalReport {
    let missing = Self.missingTools()
    if !missing.isEmpty {
      throw RehearsalProblem("not installed, and a rehearsal needs them: \(missing.joined(separator: ", "))")
    }
    var interruption = options.interruption
    if case .moment(let seconds)? = interruption?.place {
      // Which step runs at that moment is known when it has been run once.
      var undisturbed = options
      undisturbed.interruption = nil
      undisturbed.keep = nil
      let report = try run(undisturbed, standIns: standIns)
      interruption = try interruption?.placed(report, seconds: seconds)
    }
    let base = try Machine.temporaryFolder()
    defer { if options.keep == nil { Machine.remove(base) } }
    var folder = base + "/stand-ins"
    if let standIns { folder = standIns } else { try World.unpack(into: folder) }
    let report = try run(options, interruption, base: base, standIns: folder, onStep: onStep)
    if let keep = options.keep {
      if standIns == nil { Machine.remove(folder) }
      try Machine.makeFolder(Machine.parent(of: keep))
      try Machine.copyFolder(base, to: keep, without: [])
      Machine.remove(base)
    }
    return report
  }

  private func run(
    _ options: Options, _ interruption: PlannedInterruption?, base: String, standIns: String,
    onStep: @escaping (StepReport) -> Void
  ) throws -> RehearsalReport {
    let world = World(folder: base + "/world", standIns: standIns)
    let stage = Stage(base: base, world: world, limit: options.limit)
    try stage.prepare()
    defer { world.stop() }
    let manifested = try manifestedObjects(stage, standIns: standIns)
    var scenario = try Scenario(
      plan: plan, environment: environment, workflow: workflow, manifested: manifested,
      keepsPrograms: options.keepsPrograms)
    for bad in options.bad { scenario.world["versions"][Scenario.candidate]["rules"].append(bad.rule) }
    try checkOut(stage, scenario, keepsPrograms: options.keepsPrograms)
    try world.start(scenario.world)

    let runner = WorkflowRunner(stage, workflow, scenario.variables)
    runner.faults = options.faults.map { $0.operation.fault($0.kind) }
    runner.onStep = onStep
    var disturbances: [Disturbance] = []
    if let interruption {
      let place = try self.place(of: interruption)
      disturbances = [interruption.disturbance(job: place.job, step: place.step)]
      runner.interruptedAfter = place.after
    }
    let run = try runner.run(
      event: scenario.event, secrets: scenario.secrets, disturbances: disturbances, timedOut: options.timedOut)
    let seen = try RehearsalReport.Observation(world, plan, environment, scenario, runner, run)
    var report = RehearsalReport(plan: plan, environment: environment, runner: runner, run: run, seen: seen)
    if report.ending == .undeclared, options.takesBackByHand {
      let (isBack, output) = try takeBackByHand(stage, scenario, world)
      report.isTakenBackByHand = isBack
      if !isBack { report.remarks.append("the rollback by hand failed, too: \(output.suffix(600))") }
    }
    return report
  }

  /// What a person does whom the failure has called: the rollback script, from their own machine.
  private func takeBackByHand(_ stage: Stage, _ scenario: Scenario, _ world: World) throws -> (Bool, String) {
    // Nobody is at a keyboard at once.
    try world.advance(seconds: 15 * 60)
    var values: [String: String?] = scenario.secrets.mapValues { $0 }
    for (name, value) in scenario.variables where !name.hasPrefix("GITHUB_RUN") { values[name] = value }
    values["GH_TOKEN"] = "token-of-a-person"
    if case .azure = environment.spec.target.login {
      _ = try stage.run([
        "az", "login", "--service-principal", "--username", "person", "--tenant", "tenant", "--federated-token", "t",
      ])
    }
    let script = "ops/\(plan.service)/\(environment.targetName)/rollback.sh"
    let outcome = try stage.run(["bash", script, "--yes", "--reason", "rehearsed by hand"], values)
    let state = try world.state
    let last = try world.traffic.last { $0["service"] == .string(plan.service) } ?? .null
    let isBack = last["shares"].elements.allSatisfy { $0["version"] == "before" || $0["weight"] == 0 }
    let isNoted = TargetNotes(environment).read(state)["state"] == "rolled-back"
    return (outcome.code == 0 && isBack && isNoted, outcome.output)
  }

  /// The repository as a runner would check it out: what is generated, what the spec names, and stand-ins for its programs.
  private func checkOut(_ stage: Stage, _ scenario: Scenario, keepsPrograms: Bool) throws {
    if keepsPrograms {
      try Machine.copyFolder(repository, to: stage.checkout, without: Self.notCopied)
    } else {
      for path in named { try copy(path, stage) }
    }
    for path in scenario.missingFiles where !Machine.exists("\(stage.checkout)/\(path)") {
      try stage.write(path, "FROM scratch\n")
    }
    for file in ReleaseCompiler.generate(plan) {
      try stage.write(file.path, file.text, isExecutable: file.isExecutable)
    }
    for path in scenario.programs {
      let text = "#!/bin/sh\n# Stands in for the repository's own program.\nexec repository-program '\(path)' \"$@\"\n"
      try stage.write(path, text, isExecutable: true)
    }
  }

  /// The whole repository with what is generated, for a run with everything real.
  func checkOutLive(_ stage: Stage) throws {
    try Machine.copyFolder(repository, to: stage.checkout, without: Self.notCopied)
    for file in ReleaseCompiler.generate(plan) {
      try stage.write(file.path, file.text, isExecutable: file.isExecutable)
    }
  }

  private static let notCopied: Set<String> = [".git", ".build", "node_modules", ".venv", ".tools"]

  /// Files of the repository that generated scripts read.
  private var named: [String] {
    var paths = manifests
    if let template = plan.spec.evidence?.template { paths.append(template) }
    return paths
  }

  private var manifests: [String] {
    guard case .kubernetes(let objects) = environment.spec.target.platform,
      case .canary(_, _, _, .manifests(let paths)) = objects.arrangement
    else { return [] }
    return paths
  }

  private func copy(_ path: String, _ stage: Stage) throws {
    let source = "\(repository)/\(path)"
    guard Machine.exists(source) else { return }
    if Machine.isFolder(source) {
      try Machine.copyFolder(source, to: "\(stage.checkout)/\(path)", without: Self.notCopied)
    } else {
      let place = "\(stage.checkout)/\(path)"
      try Machine.makeFolder(Machine.parent(of: place))
      try Machine.write(place, try Machine.bytes(of: source))
    }
  }

  /// What the manifest without a canary makes of an empty namespace: so it is before a release.
  private func manifestedObjects(_ stage: Stage, standIns: String) throws -> [JSON] {
    guard let back = manifests.last, case .kubernetes(let objects) = environment.spec.target.platform else { return [] }
    try copy(back, stage)
    let world = World(folder: stage.base + "/namespace", standIns: standIns)
    let scratch = Stage(base: stage.base, world: world)
    try world.start(["kubernetes": ["namespace": .string(objects.namespace)]])
    defer { world.stop() }
    let outcome = try scratch.run([
      "kubectl", "--namespace", objects.namespace, "apply", "--filename", back,
    ])
    guard outcome.code == 0 else { throw RehearsalProblem("\(back) cannot be applied: \(outcome.output)") }
    return try world.state["kubernetes"]["objects"].members.sorted { $0.key < $1.key }.map(\.value)
  }
}

/// A new version that behaves badly from some moment or share of the traffic on.
public struct BadVersion: Sendable {
  /// As it was asked for.
  public let text: String
  let rule: JSON

  public init(text: String, rule: JSON) {
    self.text = text
    self.rule = rule
  }

  /// An error, a latency or any other metric of the plan, or its health; from a share of the traffic on, or so long after
  /// it first had any.
  public static func metric(_ metric: NamedMetric, _ value: Double, from: Onset, text: String) -> BadVersion {
    var rule = from.rule
    rule["metrics"] = .object([metric.name: .number(value)])
    return BadVersion(text: text, rule: rule)
  }

  public static func health(_ status: Int = 503, from: Onset, text: String = "health") -> BadVersion {
    var rule = from.rule
    rule["health"] = .number(Double(status))
    return BadVersion(text: text, rule: rule)
  }

  public enum Onset: Sendable, Hashable {
    case share(Int)
    case afterTraffic(TimeSpan)

    var rule: JSON {
      switch self {
      case .share(let percent): ["weight_at_least": .number(Double(percent))]
      case .afterTraffic(let time): ["after_traffic": .string("\(time.seconds)s")]
      }
    }
  }
}

/// A fault of one operation.
public struct OperationFault: Sendable {
  public let operation: Operation
  public let kind: FaultKind
  public init(_ operation: Operation, _ kind: FaultKind) {
    self.operation = operation
    self.kind = kind
  }
}

/// A release that is broken off from outside.
public struct PlannedInterruption: Sendable {
  public enum Kind: String, Sendable, CaseIterable { case cancel, loseRunner, timeout }
  public enum Place: Sendable, Hashable {
    /// A step by its name, or by a part of it that no other has; so many seconds after it began.
    case step(String, after: Int)
    /// So many seconds after the beginning.
    case moment(Int)
  }

  public let kind: Kind
  public let place: Place

  public init(_ kind: Kind, at place: Place) {
    self.kind = kind
    self.place = place
  }

  func disturbance(job: String, step: Int) -> Disturbance {
    switch kind {
    case .cancel: .runCancelledDuringStep(job: job, step: step)
    case .loseRunner: .runnerLost(job: job, step: step)
    case .timeout: .jobTimesOut(job: job, step: step)
    }
  }

  /// The same by the step that ran at that moment.
  func placed(_ report: RehearsalReport, seconds: Int) throws -> PlannedInterruption {
    let moment = report.start + seconds * 1000
    guard let step = report.steps.first(where: { $0.began <= moment && moment < ($0.ended ?? $0.began) }) else {
      let end = ((report.steps.last?.ended ?? report.start) - report.start) / 1000
      throw RehearsalProblem("nothing runs \(seconds) s after the beginning; the release takes \(end) s")
    }
    return PlannedInterruption(kind, at: .step("\(step.job)/\(step.index)", after: (moment - step.began) / 1000))
  }

  func step(in workflow: Workflow) throws -> (job: String, step: Int, after: Int) {
    guard case .step(let name, let after) = place else { throw RehearsalProblem("no step") }
    var known: [(job: String, step: Int, name: String)] = []
    for job in workflow.jobs {
      for (index, step) in job.steps.enumerated() {
        if case .uses = step.kind { continue }
        if "\(job.id)/\(index)" == name { return (job.id, index, after) }
        known.append((job.id, index, step.name))
      }
    }
    let wanted = name.lowercased()
    let exact = known.filter { $0.name.lowercased() == wanted }
    let found = exact.isEmpty ? known.filter { $0.name.lowercased().hasPrefix(wanted) } : exact
    guard let first = found.first else { throw UnknownName(kind: "step", name: name, known: known.map(\.name)) }
    return (first.job, first.step, after)
  }
}

/// A name that is none of those that there are.
public struct UnknownName: Error {
  public let kind: String
  public let name: String
  public let known: [String]

  public init(kind: String, name: String, known: [String]) {
    self.kind = kind
    self.name = name
    self.known = known
  }
}
