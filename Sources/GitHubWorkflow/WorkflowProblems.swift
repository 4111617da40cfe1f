/// Checks that a workflow keeps GitHub's rules and the house's, before anybody pushes it.
public enum WorkflowProblems {
  /// One sentence for each problem, in the order of the file; empty when there is none.
  public static func check(_ workflow: Workflow) -> [String] {
    var problems = checkLiterals(workflow) + checkTriggers(workflow)
    problems += checkNames(of: workflow.env, at: "env", what: "variable")
    problems += checkPermissions(workflow.permissions, at: "permissions")
    for entry in workflow.env.entries where foldedCase(entry.value).containsBytes(of: "${{") {
      problems.append("env.\(entry.name) holds plain text, so GitHub will not evaluate the `${{` in it")
    }
    problems += workflow.placedExpressions.flatMap { checkExpression($0, in: workflow, job: nil) }
    problems += checkGraph(workflow)
    for job in workflow.jobs { problems += checkJob(job, in: workflow) }
    problems += checkDuplicates(workflow.jobs.map(\.id), what: "job id")
    let size = WorkflowRenderer.render(workflow).utf8.count
    if size > Limit.fileBytes {
      problems.append("the file has \(size) bytes: over \(Limit.fileBytes) it comes near the size GitHub ignores")
    }
    return problems
  }

  /// GitHub's limits, some with a margin below them.
  enum Limit {
    static let expressionCharacters = 21_000
    static let scriptCharacters = 20_000
    static let fileBytes = 450_000
    static let dispatchInputs = 25
    static let identifierCharacters = 100
  }

  // MARK: - Triggers

  /// Texts that GitHub evaluates nothing in: with `${{` in one of them it rejects the whole file.
  private static func checkLiterals(_ workflow: Workflow) -> [String] {
    var literals = [("name", workflow.name)]
    for trigger in workflow.triggers { literals += trigger.literals.map { ("on.\(trigger.event)", $0) } }
    return literals.filter { $0.1.containsBytes(of: "${{") }.map { "\($0.0): GitHub accepts no `${{` here" }
  }

  private static func checkTriggers(_ workflow: Workflow) -> [String] {
    var problems: [String] = []
    if workflow.triggers.isEmpty { problems.append("on: nothing starts the workflow") }
    problems += checkDuplicates(workflow.triggers.map(\.event), what: "trigger")
    for trigger in workflow.triggers {
      switch trigger {
      case .push(_, _, let paths, let pathsIgnore) where !paths.isEmpty && !pathsIgnore.isEmpty:
        problems.append("on.push: GitHub accepts either `paths` or `paths-ignore`, not both")
      case .schedule(let lines):
        if lines.isEmpty { problems.append("on.schedule: there is no time") }
        for line in lines where line.split(separator: " ").count != 5 {
          problems.append("on.schedule: `\(line)` does not have the five fields of a cron line")
        }
      case .workflowDispatch(let inputs): problems += checkInputs(inputs)
      default: break
      }
    }
    return problems
  }

  private static func checkInputs(_ inputs: [DispatchInput]) -> [String] {
    var problems = checkDuplicates(inputs.map(\.name), what: "input")
    if inputs.count > Limit.dispatchInputs {
      problems.append("on.workflow_dispatch: \(inputs.count) inputs, GitHub allows \(Limit.dispatchInputs)")
    }
    for input in inputs {
      if !isExpressionIdentifier(input.name) {
        problems.append("on.workflow_dispatch.inputs: `\(input.name)` is no valid name")
      }
      guard case .choice(let options, let preset) = input.kind else { continue }
      if options.isEmpty {
        problems.append("on.workflow_dispatch.inputs.\(input.name): there is nothing to choose from")
      } else if let preset, !options.contains(preset) {
        problems.append("on.workflow_dispatch.inputs.\(input.name): the default `\(preset)` is not among the options")
      }
    }
    return problems
  }

  // MARK: - Jobs and their order

  private static func checkGraph(_ workflow: Workflow) -> [String] {
    if workflow.jobs.isEmpty { return ["jobs: there is no job"] }
    var problems: [String] = []
    let ids = Set(workflow.jobs.map(\.id))
    for job in workflow.jobs {
      for need in job.needs where !ids.contains(need) {
        problems.append("jobs.\(job.id).needs: there is no job `\(need)`")
      }
      if workflow.ancestors(of: job.id).contains(job.id) {
        problems.append("jobs.\(job.id).needs: the job waits for itself")
      }
    }
    return problems
  }

  private static func checkJob(_ job: Job, in workflow: Workflow) -> [String] {
    let path = "jobs.\(job.id)"
    var problems = checkIdentifier(job.id, at: "jobs")
    if job.runsOn.isEmpty { problems.append("\(path).runs-on: empty") }
    if job.steps.isEmpty { problems.append("\(path).steps: there is no step") }
    switch job.timeoutMinutes {
    case nil: problems.append("\(path): no timeout-minutes, so a hanging job runs for six hours")
    case let minutes? where minutes < 1: problems.append("\(path).timeout-minutes: must be at least 1")
    default: break
    }
    problems += checkPermissions(job.permissions, at: "\(path).permissions")
    problems += checkDuplicates(job.needs, what: "need of \(path)")
    problems += checkNames(of: job.env, at: "\(path).env", what: "variable")
    problems += checkDuplicates(job.outputs.names, what: "output of \(path)")
    problems += checkDuplicates(job.steps.compactMap(\.id), what: "step id in \(path)")
    for (index, step) in job.steps.enumerated() {
      problems += checkStep(step, at: "\(path).steps[\(index)]", jobTimeout: job.timeoutMinutes)
    }
    return problems + job.placedExpressions.flatMap { checkExpression($0, in: workflow, job: job) }
  }

  // MARK: - Steps

  private static func checkStep(_ step: Step, at path: String, jobTimeout: Int?) -> [String] {
    var problems = step.id.map { checkIdentifier($0, at: path) } ?? []
    if let minutes = step.timeoutMinutes {
      if minutes < 1 { problems.append("\(path).timeout-minutes: must be at least 1") }
      if let jobTimeout, minutes >= jobTimeout {
        problems.append(
          "\(path).timeout-minutes: \(minutes) is not below the job's \(jobTimeout), so the job is cancelled before the "
            + "step fails")
      }
    }
    problems += checkNames(of: step.env, at: "\(path).env", what: "variable")
    switch step.kind {
    case .run(let script):
      let length = script.rendered.unicodeScalars.count
      if length == 0 { problems.append("\(path).run: empty") }
      if length > Limit.scriptCharacters {
        problems.append("\(path).run: \(length) characters, over \(Limit.scriptCharacters): move it into a script file")
      }
      if script.text.unicodeScalars.contains("\0") { problems.append("\(path).run: contains a NUL") }
    case .uses(let action, let inputs):
      problems += checkAction(action, at: path)
      problems += checkDuplicates(inputs.names, what: "input in \(path).with")
    }
    return problems
  }

  private static func checkAction(_ action: PinnedAction, at path: String) -> [String] {
    var problems: [String] = []
    let isCommit = action.commit.utf8.count == 40 && action.commit.utf8.allSatisfy { isHexadecimal($0) }
    if !isCommit { problems.append("\(path).uses: `\(action.commit)` is not a full commit hash") }
    let parts = action.name.split(separator: "/", omittingEmptySubsequences: false)
    let isName =
      parts.count >= 2
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { isLetter($0) || isDigit($0) || "-._".utf8.contains($0) }
      }
    if !isName || parts.first == "." {
      problems.append("\(path).uses: `\(action.name)` is not owner/repository")
    }
    if action.version.isEmpty { problems.append("\(path).uses: the version of the commit is missing") }
    return problems
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
