import Foundation
import GitHubWorkflow
import Testing

/// Runs a typed workflow by GitHub's rules, with real bash for its `run` steps, inside a repository's world.
final class WorkflowRunner {
  let repository: ReleaseRepository
  let workflow: Workflow
  /// What every runner has: `GITHUB_SHA`, `GITHUB_RUN_ID` and so on.
  let variables: [String: String]
  /// How far a step gets that is broken off from outside.
  var interruptedAfter = "60s"

  /// What ran, in order: `rollout: ops/…/rollout.sh deploy`, `guard: azure/login`.
  private(set) var calls: [String] = []
  /// What the steps of `run` printed, by their call.
  private(set) var output = ""
  /// What was written to `GITHUB_STEP_SUMMARY`.
  private(set) var summary = ""
  /// What the upload action was asked to keep: its name and its files.
  private(set) var uploads: [(name: String, files: [String])] = []

  init(_ repository: ReleaseRepository, _ workflow: Workflow, _ variables: [String: String]) {
    self.repository = repository
    self.workflow = workflow
    self.variables = variables
  }

  /// Runs the workflow. `secrets` holds for every environment of GitHub that a job names.
  func run(
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
      "actor": .string(variables["GITHUB_ACTOR"] ?? ""), "token": .string(Self.token),
      "run_attempt": .string(variables["GITHUB_RUN_ATTEMPT"] ?? ""),
    ]
    let request = WorkflowRunRequest(
      event: event, github: github, inputs: inputs, environments: environments, disturbances: disturbances,
      timedOutJobResult: timedOut)
    return try WorkflowInterpreter.run(workflow, request: request) { try execute($0) }
  }

  static let token = "token-of-the-run"

  /// The folder of a job's runner: a new one for each, as on GitHub.
  func temporary(_ job: String) -> URL { repository.runnerTemporary(job) }

  // MARK: - Steps

  private func execute(_ request: StepRequest) throws -> StepResult {
    let start = try repository.clock
    let (isSuccess, outputs) = try perform(request)
    let duration = Duration.milliseconds(try repository.clock - start)
    if let limit = request.step.timeoutMinutes, request.interruption == nil {
      #expect(duration <= .seconds(60 * limit), "“\(request.step.name)” took longer than its limit")
    }
    return StepResult(isSuccess: isSuccess, outputs: outputs, duration: duration)
  }

  private func perform(_ request: StepRequest) throws -> (Bool, NamedValues<String>) {
    switch request.step.kind {
    case .uses(let action, _):
      calls.append("\(request.job.id): \(action.name)")
      return (try act(action.name, request), [:])
    case .run(let script):
      calls.append("\(request.job.id): \(script.text.split(separator: "\n").last ?? "")")
      return try bash(script.text, request)
    }
  }

  private func act(_ action: String, _ request: StepRequest) throws -> Bool {
    switch action {
    case "azure/login":
      let inputs = request.inputs
      guard let client = inputs["client-id"], let tenant = inputs["tenant-id"], !client.isEmpty, !tenant.isEmpty else {
        return false
      }
      let words = [
        "az", "login", "--service-principal", "--username", client, "--tenant", tenant, "--federated-token", "t",
      ]
      return try repository.run(words).code == 0
    case "actions/upload-artifact":
      // The interpreter knows no `runner.temp`, so that the path begins behind it.
      let folder = temporary(request.job.id).path + (request.inputs["path"] ?? "")
      let found = try repository.texts(under: [URL(fileURLWithPath: folder)]).keys.sorted()
      if found.isEmpty { return request.inputs["if-no-files-found"] == "ignore" }
      uploads.append((request.inputs["name"] ?? "", found.map { String($0.dropFirst(folder.count)) }))
      return true
    default: return true
    }
  }

  private func bash(_ script: String, _ request: StepRequest) throws -> (Bool, NamedValues<String>) {
    let files = FileManager.default
    let folder = temporary(request.job.id)
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    let place = folder.appendingPathComponent("step-\(request.stepIndex)")
    let outputFile = place.appendingPathExtension("output")
    let summaryFile = place.appendingPathExtension("summary")
    for file in [outputFile, summaryFile] { try Data().write(to: file) }
    let scriptFile = place.appendingPathExtension("sh")
    try script.write(to: scriptFile, atomically: true, encoding: .utf8)

    var values: [String: String?] = variables.mapValues { $0 }
    values["LIFTLOCK_STATE"] = .some(nil)
    values["GITHUB_ACTIONS"] = "true"
    values["GITHUB_OUTPUT"] = outputFile.path
    values["GITHUB_STEP_SUMMARY"] = summaryFile.path
    values["RUNNER_TEMP"] = folder.path
    for entry in request.env.entries { values[entry.name] = entry.value }

    if request.interruption != nil {
      // GitHub asks the script to end and kills everything ten seconds later; the worst case is that nothing listens.
      let begun = try repository.clock - Int(try repository.state["start"].number ?? 0)
      let after = Int(interruptedAfter.dropLast()) ?? 0
      var faults = try repository.state["faults"]
      faults.append([
        "command": "*", "at": .string("\(begun / 1000 + after)s"), "kind": "kill",
      ])
      try repository.set("/faults", faults)
    }
    let words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", scriptFile.path]
    let outcome = try repository.run(words, values)
    output += "── \(request.job.id): \(request.step.name)\n\(outcome.output)"
    summary += try Program.text(of: summaryFile)
    return (outcome.code == 0, Self.outputs(try Program.text(of: outputFile)))
  }

  /// `name=value` lines, as `GITHUB_OUTPUT` holds them; the generated scripts write no other form.
  private static func outputs(_ text: String) -> NamedValues<String> {
    NamedValues(
      text.split(separator: "\n").map { line in
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return .init(parts[0], parts.count > 1 ? parts[1] : "")
      })
  }
}
