import GitHubWorkflow

/// Runs a typed workflow by GitHub's rules, with real bash for its `run` steps, on a stage.
public final class WorkflowRunner {
  public let stage: Stage
  public let workflow: Workflow
  /// What every runner has: `GITHUB_SHA`, `GITHUB_RUN_ID` and so on.
  public let variables: [String: String]
  /// How many seconds a step gets that is broken off from outside.
  public var interruptedAfter = 60
  /// What happens to a step while it runs.
  public var faults: [StepFault] = []
  /// Told when a step begins and when it has ended.
  public var onStep: (StepReport) throws -> Void = { _ in }
  /// Steps that are not run, and what they hand on instead, by the call of their script: `artifact.sh`.
  public var given: [String: NamedValues<String>] = [:]

  /// What ran, in order: `rollout: ops/…/rollout.sh deploy`, `guard: azure/login`.
  public private(set) var calls: [String] = []
  /// What the steps of `run` printed, by their call.
  public private(set) var output = ""
  /// What was written to `GITHUB_STEP_SUMMARY`.
  public private(set) var summary = ""
  /// What the upload action was asked to keep: its name and its files.
  public private(set) var uploads: [(name: String, files: [String])] = []
  /// The steps that ran, in order.
  public private(set) var steps: [StepReport] = []
  /// Variables of this machine that only steps have which ask for them.
  public var hidden: [String] = []
  private var killed = false
  /// How many lines of each journal have been read.
  private var journalLines: [String: Int] = [:]

  public init(_ stage: Stage, _ workflow: Workflow, _ variables: [String: String]) {
    self.stage = stage
    self.workflow = workflow
    self.variables = variables
  }

  /// The token that the workflow itself has.
  public static let token = "token-of-the-run"

  /// Runs the workflow. `secrets` holds for every environment of GitHub that a job names.
  public func run(
    event: String = "push", secrets: [String: String], inputs: NamedValues<ExpressionValue> = [:],
    disturbances: [Disturbance] = [], timedOut: WorkflowRunRequest.TimedOutJobResult = .cancelled
  ) throws -> WorkflowRun {
    var environments = NamedValues<WorkflowRunRequest.EnvironmentValues>()
    let values = NamedValues(secrets.sorted { $0.key < $1.key }.map { NamedValues<String>.Entry($0.key, $0.value) })
    for name in workflow.jobs.compactMap({ $0.environment?.name.rendered }) {
      environments[name] = .init(secrets: values)
    }
    let github: NamedValues<ExpressionValue> = [
      "sha": .string(variables["GITHUB_SHA"] ?? ""), "ref_name": .string(variables["GITHUB_REF_NAME"] ?? ""),
      "actor": .string(variables["GITHUB_ACTOR"] ?? ""), "token": .string(variables["GH_TOKEN"] ?? Self.token),
      "run_attempt": .string(variables["GITHUB_RUN_ATTEMPT"] ?? ""),
    ]
    let request = WorkflowRunRequest(
      event: event, github: github, inputs: inputs, environments: environments, disturbances: disturbances,
      timedOutJobResult: timedOut)
    return try WorkflowInterpreter.run(workflow, request: request) { try execute($0) }
  }

  // MARK: - Steps

  private func execute(_ request: StepRequest) throws -> StepResult {
    var report = StepReport(
      job: request.job.id, jobName: request.job.name, index: request.stepIndex, name: request.step.name,
      began: try stage.clock)
    try onStep(report)
    let struck = faults.filter { $0.job == request.job.id && $0.step == request.stepIndex }
    let undo = try strike(struck)
    killed = false
    let (isSuccess, outputs, text) = try perform(request)
    report.wasKilled = killed
    try undo()
    report.ended = try stage.clock
    report.journal = newLines(of: request.job.id)
    report.trafficChanges = try stage.world?.trafficChanges
    report.isSuccess = isSuccess
    report.output = text
    report.interruption = request.interruption
    report.limit = request.step.timeoutMinutes
    steps.append(report)
    try onStep(report)
    return StepResult(
      isSuccess: isSuccess, outputs: outputs, duration: .milliseconds((report.ended ?? report.began) - report.began))
  }

  /// What was added to a job's journals since this was asked before.
  private func newLines(of job: String) -> [String] {
    var lines: [String] = []
    for path in Machine.files(under: [stage.runnerTemporary(job)]) where path.hasSuffix("/journal.jsonl") {
      let all = ((try? Machine.text(of: path)) ?? "").split(separator: "\n").map(String.init)
      lines += all.dropFirst(journalLines[path] ?? 0)
      journalLines[path] = all.count
    }
    return lines
  }

  /// The share of the new version after a change of the traffic that a line of the journal tells of.
  static func share(_ line: String) -> Double? {
    guard let entry = try? JSON(parsing: line), let text = entry["text"].string else { return nil }
    switch entry["event"].string {
    // `VERSION has 25 %`
    case "shifted": return text.split(separator: " ").dropLast().last.flatMap { Double($0) }
    case "undone": return 0
    default: return nil
    }
  }

  private func perform(_ request: StepRequest) throws -> (Bool, NamedValues<String>, String) {
    switch request.step.kind {
    case .uses(let action, _):
      calls.append("\(request.job.id): \(action.name)")
      return (try act(action.name, request), [:], "")
    case .run(let script):
      calls.append("\(request.job.id): \(script.text.split(separator: "\n").last ?? "")")
      if let name = Operations.words(script.text).first, let values = given[name] { return (true, values, "") }
      return try bash(script.text, request)
    }
  }

  private func act(_ action: String, _ request: StepRequest) throws -> Bool {
    switch action {
    // On this machine as it is, somebody has logged in before.
    case "azure/login" where stage.world == nil: return true
    case "azure/login":
      let inputs = request.inputs
      guard let client = inputs["client-id"], let tenant = inputs["tenant-id"], !client.isEmpty, !tenant.isEmpty else {
        return false
      }
      let words = [
        "az", "login", "--service-principal", "--username", client, "--tenant", tenant, "--federated-token", "t",
      ]
      return try stage.run(words).code == 0
    case "actions/upload-artifact":
      // The interpreter knows no `runner.temp`, so that the path begins behind it.
      let folder = stage.runnerTemporary(request.job.id) + (request.inputs["path"] ?? "")
      let found = Machine.files(under: [folder.hasSuffix("/") ? String(folder.dropLast()) : folder])
      if found.isEmpty { return request.inputs["if-no-files-found"] == "ignore" }
      uploads.append((request.inputs["name"] ?? "", found.map { String($0.dropFirst(folder.count)) }))
      return true
    default: return true
    }
  }

  private func bash(_ script: String, _ request: StepRequest) throws -> (Bool, NamedValues<String>, String) {
    let folder = stage.runnerTemporary(request.job.id)
    try Machine.makeFolder(folder)
    let place = "\(folder)/step-\(request.stepIndex)"
    let outputFile = place + ".output"
    let summaryFile = place + ".summary"
    for file in [outputFile, summaryFile] { try Machine.write(file, "") }
    try Machine.write(place + ".sh", script)

    var values: [String: String?] = variables.mapValues { $0 }
    // Only steps that ask for the token have it.
    values["GH_TOKEN"] = .some(nil)
    for name in hidden { values[name] = .some(nil) }
    values["LIFTLOCK_STATE"] = .some(nil)
    values["GITHUB_ACTIONS"] = "true"
    values["GITHUB_OUTPUT"] = outputFile
    values["GITHUB_STEP_SUMMARY"] = summaryFile
    values["RUNNER_TEMP"] = folder
    for entry in request.env.entries { values[entry.name] = entry.value }

    if request.interruption != nil, let world = stage.world {
      // GitHub asks the script to end and kills everything ten seconds later; the worst case is that nothing listens.
      let state = try world.state
      let begun = try stage.clock - Int(state["start"].number ?? 0)
      var rules = state["faults"]
      rules.append(["command": "*", "at": .string("\(begun / 1000 + interruptedAfter)s"), "kind": "kill"])
      try world.set("/faults", rules)
    }
    let words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", place + ".sh"]
    let outcome = try stage.run(words, values)
    killed = outcome.code == 137
    output += "── \(request.job.id): \(request.step.name)\n\(outcome.output)"
    summary += try Machine.text(of: summaryFile)
    return (outcome.code == 0, Self.outputs(try Machine.text(of: outputFile)), outcome.output)
  }

  /// `name=value` lines, as `GITHUB_OUTPUT` holds them; the generated scripts write no other form.
  private static func outputs(_ text: String) -> NamedValues<String> {
    NamedValues(
      text.split(separator: "\n").map { line in
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return .init(parts[0], parts.count > 1 ? parts[1] : "")
      })
  }

  // MARK: - Faults

  /// Lets faults happen from now on; what is returned ends them again.
  private func strike(_ struck: [StepFault]) throws -> () throws -> Void {
    guard !struck.isEmpty, let world = stage.world else { return {} }
    let state = try world.state
    let answers = state["queries"].elements
    try world.set("/faults", .array(state["faults"].elements + struck.flatMap(\.rules)))
    // A query has the answer of the first rule that it matches.
    try world.set("/queries", .array(struck.flatMap(\.answers) + answers))
    let configuration = world.folder + "/curl/.curlrc"
    let usual = try Machine.text(of: configuration)
    let lines = struck.flatMap(\.unreachable).map { host, how in
      // Nobody listens on port 1; a name with a label of more than 63 characters is nobody's, and no server is asked for it.
      let place = how == .refused ? "127.0.0.1:1" : String(repeating: "x", count: 64) + ".invalid:443"
      return "connect-to = \"\(host):443:\(place)\"\nconnect-to = \"\(host):80:\(place)\"\n"
    }
    if !lines.isEmpty { try Machine.write(configuration, lines.joined() + usual) }
    return {
      try world.set("/faults", state["faults"])
      try world.set("/queries", .array(answers))
      if !lines.isEmpty { try Machine.write(configuration, usual) }
    }
  }
}

/// What happens to one step of a job while it runs.
public struct StepFault: Sendable {
  public enum Unreachable: Sendable { case refused, unknownName }

  public let job: String
  /// Counted from 0.
  public let step: Int
  /// Rules of the world for calls.
  public var rules: [JSON] = []
  /// Rules of the world for queries.
  public var answers: [JSON] = []
  /// Hosts that cannot be reached.
  public var unreachable: [(host: String, how: Unreachable)] = []

  public init(job: String, step: Int) {
    self.job = job
    self.step = step
  }
}

/// How a step went, or, while it has not ended, that it began.
public struct StepReport: Sendable {
  public let job: String
  public let jobName: String
  /// Counted from 0.
  public let index: Int
  public let name: String
  /// Milliseconds since 1970.
  public let began: Int
  public var ended: Int?
  public var isSuccess = true
  /// Whether it was killed in the middle.
  public var wasKilled = false
  /// What it printed.
  public var output = ""
  /// What it wrote to the journal of the release, a JSON object each.
  public var journal: [String] = []
  /// How many states the traffic of each service of the world had had when it ended; `nil` where things are real.
  public var trafficChanges: [String: Int]?
  public var interruption: StepRequest.Interruption?
  /// The minutes that GitHub gives it.
  public var limit: Int?
}
