import GitHubWorkflow
import ReleaseModel

/// A release on this machine as it is: in real time, with the real programs in PATH and the real target.
extension ReleaseRehearsal {
  /// What a live run needs besides the spec.
  public struct LiveOptions: Sendable {
    /// What is released, where there is no registry to ask: the image with its digest.
    public var artifact: String?
    public var keep: String?

    public init() {}
  }

  /// The secrets that have no value among the variables of this machine.
  public var missingSecrets: [String] {
    let wanted = environment.rolloutSecrets + environment.rollbackSecrets
    return wanted.filter { !$0.isOptional && (Machine.variable($0.name) ?? "").isEmpty }.map(\.name)
      .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Runs it for real. Nothing is a stand-in: traffic moves.
  public func runLive(_ options: LiveOptions, onStep: @escaping (StepReport) -> Void) throws -> RehearsalReport {
    let missing = missingSecrets
    if !missing.isEmpty {
      throw RehearsalProblem("no value for \(missing.joined(separator: ", ")): set them as variables of this shell")
    }
    let base = try Machine.temporaryFolder()
    defer { Machine.remove(base) }
    let stage = Stage(base: base, world: nil)
    try stage.prepare()
    try checkOutLive(stage)
    let start = Machine.milliseconds
    // A number, as GitHub's runs have one, and another each time.
    let run = "\(start / 1000)"
    var variables = [
      "GITHUB_RUN_ID": run, "GITHUB_RUN_ATTEMPT": "1", "GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch",
      "GITHUB_ACTOR": Machine.variable("GITHUB_ACTOR") ?? Machine.variable("USER") ?? "rehearsal",
    ]
    for name in ["GITHUB_REPOSITORY", "GITHUB_SHA", "GITHUB_REF_NAME", "GITHUB_REF_TYPE", "GITHUB_SERVER_URL"] {
      if let value = Machine.variable(name) { variables[name] = value }
    }
    if variables["GITHUB_SHA"] == nil { variables["GITHUB_SHA"] = try commit() }
    if let token = Machine.variable("GH_TOKEN") { variables["GH_TOKEN"] = token }

    let runner = WorkflowRunner(stage, workflow, variables)
    runner.onStep = onStep
    var secrets: [String: String] = [:]
    for name in plan.spec.secrets.readable.map(\.name.value) {
      if let value = Machine.variable(name) { secrets[name] = value }
    }
    runner.hidden = Array(secrets.keys)
    if let artifact = options.artifact { runner.given = ["artifact.sh": ["artifact": .init(artifact)]] }
    let isPush = environment.spec.trigger.push != nil || !environment.spec.trigger.tags.isEmpty
    let result = try runner.run(event: isPush ? "push" : "workflow_dispatch", secrets: secrets)
    let seen = try observed(stage, runner, secrets, start: start, run: "\(run)-1")
    let report = RehearsalReport(plan: plan, environment: environment, runner: runner, run: result, seen: seen)
    if let keep = options.keep {
      try Machine.makeFolder(Machine.parent(of: keep))
      try Machine.copyFolder(base, to: keep, without: [])
    }
    return report
  }

  /// The commit that the repository stands on; a name of its own where there is none.
  private func commit() throws -> String {
    guard let git = Machine.find("git") else { return String(repeating: "0", count: 40) }
    let outcome = try Machine.run(git, ["rev-parse", "HEAD"], in: repository, environment: Machine.environment)
    return outcome.code == 0
      ? String(outcome.output.prefix { !$0.isWhitespace }) : String(repeating: "0", count: 40)
  }

  /// What the target says of itself, by the rollback script's own `--status`, and the shifts that the journal has.
  private func observed(
    _ stage: Stage, _ runner: WorkflowRunner, _ secrets: [String: String], start: Int, run: String
  ) throws -> RehearsalReport.Observation {
    var values: [String: String?] = secrets.mapValues { $0 }
    values["LIFTLOCK_STATE"] = stage.runnerTemporary() + "/status"
    let script = "ops/\(plan.service)/\(environment.targetName)/rollback.sh"
    var lines: [String: String] = [:]
    if environment.spec.rollback != nil {
      let outcome = try stage.run(["bash", script, "--status"], values)
      for line in outcome.output.split(separator: "\n") {
        guard let colon = line.firstIndex(of: ":") else { continue }
        lines[String(line[..<colon])] = String(line[line.index(after: colon)...].drop { $0 == " " })
      }
    }
    // `promoted (run 1700000000-1)`
    let last = (lines["last release"] ?? "").split(separator: " ").map(String.init)
    let owner = (last.last ?? "").filter { $0 != ")" }
    let percent = Double((lines["weight now"] ?? "").prefix { $0.isNumber || $0 == "." }) ?? 0
    var marker = ["state": last.count >= 3 ? last[0] : "", "run": owner]
    marker["weight"] = String((lines["its weight"] ?? "").prefix { $0.isNumber })
    var traffic: [(at: Int, shares: [String: Double])] = [(start, [Scenario.before: 100])]
    for step in runner.steps {
      for line in step.journal {
        guard let share = WorkflowRunner.share(line), let entry = try? JSON(parsing: line) else { continue }
        let at = secondsOf(entry["at"].string ?? "") * 1000
        traffic.append((at, [Scenario.candidate: share, Scenario.before: 100 - share]))
      }
    }
    let end = Machine.milliseconds
    traffic.append((end, [Scenario.candidate: percent, Scenario.before: 100 - percent]))
    return .init(start: start, end: end, marker: marker, traffic: traffic, run: run)
  }
}
