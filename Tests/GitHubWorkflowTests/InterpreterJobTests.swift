import GitHubWorkflow
import Testing

/// Runs a workflow in which the named steps (`job/step`) fail and all others succeed.
func run(
  _ workflow: Workflow, failing: Set<String> = [], lasting: [String: Duration] = [:],
  outputs: [String: NamedValues<String>] = [:], request: WorkflowRunRequest = .init(event: "push")
) -> WorkflowRun {
  WorkflowInterpreter.run(workflow, request: request) { step in
    let key = "\(step.job.id)/\(step.step.id ?? "")"
    return StepResult(
      isSuccess: !failing.contains(key), outputs: outputs[key] ?? [:], duration: lasting[key] ?? .zero)
  }
}

extension WorkflowRun {
  var results: [String] { jobs.map { "\($0.id) \($0.result.rawValue)" } }

  func outcomes(_ job: String) -> [String] {
    (self.job(job)?.steps ?? []).map { "\($0.id ?? "") \($0.outcome.rawValue)" }
  }
}

@Suite struct InterpreterJobTests {
  @Test func aFailedNeedSkipsTheJobsAfterIt() {
    let result = run(workflow(job("a"), job("b", needs: ["a"]), job("c", needs: ["b"])), failing: ["a/only"])
    #expect(result.results == ["a failure", "b skipped", "c skipped"])
    #expect(result.conclusion == .failure)
  }

  @Test func jobsRunInTheOrderOfTheirNeedsAndTheFile() {
    let result = run(workflow(job("c", needs: ["b"]), job("a"), job("b", needs: ["a"]), job("d")))
    let started = result.log.compactMap { if case .jobStarted(let id) = $0 { id } else { nil } }
    #expect(started == ["a", "b", "c", "d"])
    #expect(result.jobs.map(\.id) == ["c", "a", "b", "d"])
    #expect(result.conclusion == .success)
  }

  @Test func aConditionWithoutAStatusFunctionStillNeedsSuccess() {
    let condition = Expression.result(ofJob: "a").equals("failure")
    let result = run(workflow(job("a"), job("b", needs: ["a"], if: condition)), failing: ["a/only"])
    #expect(result.results == ["a failure", "b skipped"])
    let explicit = run(workflow(job("a"), job("b", needs: ["a"], if: .always && condition)), failing: ["a/only"])
    #expect(explicit.results == ["a failure", "b success"])
  }

  @Test(arguments: [
    (Expression.always, Conclusion.success), (!.cancelled, .success), (.success, .skipped), (.failure, .skipped),
    (!.failure, .success), (.success || .failure, .skipped), (.result(ofJob: "b").equals("skipped"), .skipped),
    (.always && .result(ofJob: "b").equals("skipped"), .success), (.cancelled, .skipped),
  ])
  func afterASkippedNeed(condition: Expression, expected: Conclusion) {
    let result = run(
      workflow(job("a"), job("b", needs: ["a"], if: .boolean(false)), job("c", needs: ["b"], if: condition)))
    #expect(result.job("c")?.result == expected)
  }

  @Test func successAndFailureLookAtEveryAncestor() {
    let skippedFirst = workflow(
      job("a", if: .boolean(false)), job("b", needs: ["a"], if: .always), job("c", needs: ["b"]))
    #expect(run(skippedFirst).results == ["a skipped", "b success", "c skipped"])
    let failedFirst = workflow(job("a"), job("b", needs: ["a"]), job("c", needs: ["b"], if: .failure))
    #expect(run(failedFirst, failing: ["a/only"]).results == ["a failure", "b skipped", "c success"])
    let stranger = workflow(job("a"), job("b"), job("c", needs: ["b"], if: .failure))
    #expect(run(stranger, failing: ["a/only"]).results == ["a failure", "b success", "c skipped"])
  }

  @Test func onlyAConditionSeesTheNeedsOfNeeds() {
    let reading = job(
      "c", needs: ["b"], if: .always && .result(ofJob: "a").equals("success"),
      env: ["A": .expression(.result(ofJob: "a")), "B": .expression(.result(ofJob: "b"))])
    var seen = NamedValues<String>()
    _ = WorkflowInterpreter.run(workflow(job("a"), job("b", needs: ["a"]), reading), request: .init(event: "push")) {
      seen = $0.env
      return .success()
    }
    #expect(seen == ["A": "", "B": "success"])
  }

  @Test func aConditionThatCannotBeEvaluatedFailsTheJob() {
    let result = run(workflow(job("a", if: .call(.fromJSON, [.string("")]))))
    #expect(result.results == ["a failure"])
    #expect(result.job("a")?.error != nil)
    #expect(result.job("a")?.steps == [])
  }

  @Test func aRunOfSkippedJobsIsSkipped() {
    #expect(run(workflow(job("a", if: .boolean(false)))).conclusion == .skipped)
  }

  @Test func outputsReachTheJobsAfterEvenFromAJobThatFailed() {
    let first = job(
      "a", outputs: ["v": "\(.output("v", ofStep: "only"))", "none": "\(.output("none", ofStep: "only"))"])
    let second = job("b", needs: ["a"], if: .always, env: ["V": .template("v\(.output("v", ofJob: "a"))")])
    var seen = NamedValues<String>()
    let result = WorkflowInterpreter.run(workflow(first, second), request: .init(event: "push")) {
      seen = $0.env
      return $0.job.id == "a" ? .failure(outputs: ["v": "1.2"]) : .success()
    }
    #expect(result.job("a")?.outputs == ["v": "1.2"])
    #expect(seen == ["V": "v1.2"])
  }

  @Test func anOutputWithASecretInItIsDropped() {
    let leaking = job("a", outputs: ["t": "x\(.output("t", ofStep: "only"))", "u": "ok"])
    let result = run(
      workflow(leaking), outputs: ["a/only": ["t": "s3cret"]],
      request: .init(event: "push", secrets: ["T": "s3cret"]))
    #expect(result.job("a")?.outputs == ["u": "ok"])
    #expect(result.job("a")?.droppedOutputs == ["t"])
  }

  @Test func anOutputThatCannotBeEvaluatedFailsTheJob() {
    let result = run(workflow(job("a", outputs: ["v": "\(.call(.fromJSON, [.string("")]))"])))
    #expect(result.results == ["a failure"])
  }

  @Test func environmentsAddSecretsAndVariablesAndARejectionFailsTheJob() {
    let deploying = job(
      "a", environment: "prod",
      env: ["S": .expression(.secret("S")), "V": .expression(.variable("V")), "R": .expression(.variable("R"))])
    let request = WorkflowRunRequest(
      event: "push", variables: ["V": "repo", "R": "repo"], secrets: ["S": "repo"],
      environments: ["prod": .init(secrets: ["S": "prod"], variables: ["V": "prod"])])
    var seen = NamedValues<String>()
    _ = WorkflowInterpreter.run(workflow(deploying), request: request) {
      seen = $0.env
      return .success()
    }
    #expect(seen == ["S": "prod", "V": "prod", "R": "repo"])

    var rejected = request
    rejected.disturbances = [.environmentRejected(job: "a")]
    let after = job("b", needs: ["a"], if: .failure)
    let result = run(workflow(deploying, after), request: rejected)
    #expect(result.results == ["a failure", "b success"])
    #expect(!result.log.contains(.jobStarted("a")))
  }

  @Test func anExecutorMayGiveUp() {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try WorkflowInterpreter.run(workflow(job("a")), request: .init(event: "push")) { (_) throws(Stop) in throw Stop()
      }
    }
  }
}

@Suite struct InterpreterStartTests {
  private func dispatch(_ inputs: [DispatchInput], _ answers: NamedValues<ExpressionValue>) -> (WorkflowRun, [String]) {
    let env = NamedValues(inputs.map { NamedValues<Value>.Entry($0.name, .expression(.input($0.name))) })
    let asked = Workflow(
      name: "x", triggers: [.workflowDispatch(inputs: inputs)], jobs: [job("a", env: env)])
    var seen: [String] = []
    let result = WorkflowInterpreter.run(asked, request: .init(event: "workflow_dispatch", inputs: answers)) {
      seen = $0.env.entries.map(\.value)
      return .success()
    }
    return (result, seen)
  }

  @Test func inputsWithoutAnAnswerGetTheirDefault() {
    let inputs = [
      DispatchInput(name: "a", description: "", kind: .string(default: "x")),
      DispatchInput(name: "b", description: "", kind: .boolean()),
      DispatchInput(name: "c", description: "", kind: .choice(["p", "q"])),
      DispatchInput(name: "d", description: "", kind: .string(), isRequired: true),
      DispatchInput(name: "e", description: "", kind: .environment()),
    ]
    #expect(dispatch(inputs, ["d": .string("given")]).1 == ["x", "false", "p", "given", ""])
    let refused = dispatch(inputs, [:]).0
    #expect(refused.refusal == "the input `d` is required")
    #expect(refused.jobs == [])
  }

  @Test func anotherEventStartsNothing() {
    let result = run(workflow(job("a")), request: .init(event: "schedule"))
    #expect(result.refusal == "the event `schedule` does not start this workflow")
  }

  @Test func jobsThatWaitForEachOtherOrForNobodyStartNothing() {
    #expect(run(workflow(job("a", needs: ["b"]), job("b", needs: ["a"]))).refusal == "jobs wait for each other")
    #expect(run(workflow(job("a", needs: ["nope"]))).refusal == "jobs wait for each other")
  }

  @Test func theEventAndTheWorkflowsEnvironmentReachTheSteps() {
    let asking = job(
      "a", env: ["EVENT": .expression(.github("event_name")), "REF": .expression(.github("ref"))],
      steps: [step("only", env: ["X": .template("\(.environmentVariable("EVENT"))!"), "REF": "own"])])
    var seen = NamedValues<String>()
    _ = WorkflowInterpreter.run(
      workflow(asking, env: ["W": "w"]), request: .init(event: "push", github: ["ref": .string("r")])
    ) {
      seen = $0.env
      return .success()
    }
    #expect(seen == ["W": "w", "EVENT": "push", "REF": "own", "X": "push!"])
  }

  @Test func actionsGetTheirInputsEvaluated() {
    let using = Step(
      name: "u",
      .uses(checkout, with: ["ref": .expression(.github("ref")), "e": .expression(.environmentVariable("E"))]),
      env: ["E": "env"])
    var seen = NamedValues<String>()
    _ = WorkflowInterpreter.run(
      workflow(job("a", steps: [using])), request: .init(event: "push", github: ["ref": .string("r")])
    ) {
      seen = $0.inputs
      return .success()
    }
    #expect(seen == ["ref": "r", "e": "env"])
  }
}
