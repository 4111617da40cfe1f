import Foundation
import GitHubWorkflow
import Rehearsal
import Testing

/// Runs a typed workflow as a rehearsal does, inside a repository's world, and holds its steps to their limits.
final class WorkflowRunner {
  let repository: ReleaseRepository
  let workflow: Workflow
  /// How far a step gets that is broken off from outside.
  var interruptedAfter = "60s"
  private let runner: Rehearsal.WorkflowRunner

  /// What ran, in order: `rollout: ops/…/rollout.sh deploy`, `guard: azure/login`.
  var calls: [String] { runner.calls }
  /// What the steps of `run` printed, by their call.
  var output: String { runner.output }
  /// What was written to `GITHUB_STEP_SUMMARY`.
  var summary: String { runner.summary }
  /// What the upload action was asked to keep: its name and its files.
  var uploads: [(name: String, files: [String])] { runner.uploads }

  init(_ repository: ReleaseRepository, _ workflow: Workflow, _ variables: [String: String]) {
    self.repository = repository
    self.workflow = workflow
    runner = Rehearsal.WorkflowRunner(repository.stage, workflow, variables)
  }

  /// Runs the workflow. `secrets` holds for every environment of GitHub that a job names.
  func run(
    event: String = "push", secrets: [String: String], inputs: NamedValues<ExpressionValue> = [:],
    disturbances: [Disturbance] = [], timedOut: WorkflowRunRequest.TimedOutJobResult = .cancelled
  ) throws -> WorkflowRun {
    runner.interruptedAfter = Int(interruptedAfter.dropLast()) ?? 60
    runner.onStep = { step in
      guard let ended = step.ended, let limit = step.limit, step.interruption == nil else { return }
      #expect(ended - step.began <= limit * 60_000, "“\(step.name)” took longer than its limit")
    }
    return try runner.run(
      event: event, secrets: secrets, inputs: inputs, disturbances: disturbances, timedOut: timedOut)
  }

  static let token = Rehearsal.WorkflowRunner.token

  /// The folder of a job's runner: a new one for each, as on GitHub.
  func temporary(_ job: String) -> URL { repository.runnerTemporary(job) }
}
