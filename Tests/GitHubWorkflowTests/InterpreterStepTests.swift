import GitHubWorkflow
import Testing

@Suite struct InterpreterStepTests {
  @Test func afterAFailureOnlyStepsThatAskForItRun() {
    let result = run(
      workflow(
        job(
          "a",
          steps: [
            step("one"), step("plain"), step("failure", if: .failure), step("cancelled", if: .cancelled),
            step("always", if: .always), step("not", if: !.cancelled),
            step("implicit", if: .outcome(ofStep: "one").equals("failure")),
            step("explicit", if: .failure && .outcome(ofStep: "one").equals("failure")),
          ])), failing: ["a/one"])
    #expect(
      result.outcomes("a") == [
        "one failure", "plain skipped", "failure success", "cancelled skipped", "always success", "not success",
        "implicit skipped", "explicit success",
      ])
    #expect(result.results == ["a failure"])
  }

  @Test func continueOnErrorHidesAFailureFromAllButTheOutcome() {
    let result = run(
      workflow(
        job(
          "a",
          steps: [
            step("one", continuesOnError: true), step("next"),
            step("seen", if: .outcome(ofStep: "one").equals("failure") && .conclusion(ofStep: "one").equals("success")),
          ])), failing: ["a/one"])
    #expect(result.outcomes("a") == ["one failure", "next success", "seen success"])
    #expect(result.job("a")?.steps.first?.conclusion == .success)
    #expect(result.results == ["a success"])
  }

  @Test func aStepThatCannotBeEvaluatedFails() {
    let broken = Expression.call(.fromJSON, [.string("")])
    let result = run(
      workflow(
        job(
          "a",
          steps: [step("one", env: ["X": .expression(broken)]), step("two", if: .failure && broken), step("three")])))
    #expect(result.outcomes("a") == ["one failure", "two failure", "three skipped"])
    #expect(!result.log.contains(.stepStarted(job: "a", step: 0)))
  }

  @Test func aStepPastItsLimitFails() {
    let result = run(
      workflow(job("a", steps: [step("slow", timeout: 5), step("after", if: .failure)])),
      lasting: ["a/slow": .seconds(301)])
    #expect(result.outcomes("a") == ["slow failure", "after success"])
    #expect(result.job("a")?.duration == .seconds(300))
    let inTime = run(workflow(job("a", steps: [step("slow", timeout: 5)])), lasting: ["a/slow": .seconds(300)])
    #expect(inTime.results == ["a success"])
  }

  private let timed = job(
    "a", timeout: 10,
    steps: [
      step("first"), step("slow"), step("plain"), step("always", if: .always), step("cancelled", if: .cancelled),
      step("failure", if: .failure), step("not", if: !.cancelled),
    ])

  @Test(arguments: [true, false])
  func aJobPastItsLimitIsCancelledAndMayTidyUp(isForced: Bool) {
    let after = [
      job("f", needs: ["a"], if: .failure), job("c", needs: ["a"], if: .cancelled),
      job("r", needs: ["a"], if: .always && .result(ofJob: "a").equals("cancelled")),
    ]
    let chain = Workflow(name: "x", triggers: [.push()], jobs: [timed] + after)
    let result =
      isForced
      ? run(chain, request: .init(event: "push", disturbances: [.jobTimesOut(job: "a", step: 1)]))
      : run(chain, lasting: ["a/first": .seconds(500), "a/slow": .seconds(101)])
    #expect(
      result.outcomes("a") == [
        "first success", "slow cancelled", "plain skipped", "always success", "cancelled success", "failure skipped",
        "not skipped",
      ])
    #expect(result.results == ["a cancelled", "f skipped", "c skipped", "r success"])
    #expect(result.job("a")?.isTimedOut == true)
    #expect(result.conclusion == .cancelled)
    if !isForced { #expect(result.job("a")?.duration == .seconds(600)) }
  }

  @Test func theOtherReadingOfAJobPastItsLimitIsAFailure() {
    let result = run(
      workflow(timed, job("f", needs: ["a"], if: .failure)),
      request: .init(
        event: "push", disturbances: [.jobTimesOut(job: "a", step: 1)], timedOutJobResult: .failure))
    #expect(result.results == ["a failure", "f success"])
  }

  @Test func whoIsToldToStopHasFiveMinutes() {
    let tidying = job(
      "a", timeout: 10,
      steps: [step("slow"), step("tidy", if: .always), step("more", if: .always), step("last", if: .always)])
    let lasting: [String: Duration] = ["a/slow": .seconds(700), "a/tidy": .seconds(200), "a/more": .seconds(101)]
    let result = run(workflow(tidying), lasting: lasting)
    #expect(result.outcomes("a") == ["slow cancelled", "tidy success", "more cancelled", "last cancelled"])
    #expect(result.job("a")?.duration == .seconds(900))
    #expect(!result.log.contains(.stepStarted(job: "a", step: 3)))
  }

  @Test func aStepThatRunsAlwaysIsNotBrokenOffWhenTheJobsTimeIsUp() {
    let stubborn = job("a", timeout: 10, steps: [step("always", if: .always), step("plain")])
    let result = run(workflow(stubborn), lasting: ["a/always": .seconds(800)])
    #expect(result.outcomes("a") == ["always success", "plain skipped"])
    #expect(result.results == ["a cancelled"])
    let tooLong = run(workflow(stubborn), lasting: ["a/always": .seconds(901)])
    #expect(tooLong.outcomes("a") == ["always cancelled", "plain cancelled"])
  }

  @Test func aLostMachineTakesTheRestOfTheJobWithIt() {
    var interruption: StepRequest.Interruption?
    let losing = job(
      "a", outputs: ["v": "\(.output("v", ofStep: "one"))"],
      steps: [step("one"), step("two"), step("always", if: .always)])
    let result = WorkflowInterpreter.run(
      workflow(losing, job("f", needs: ["a"], if: .failure)),
      request: .init(event: "push", disturbances: [.runnerLost(job: "a", step: 1)])
    ) {
      if $0.step.id == "two" { interruption = $0.interruption }
      return .success(outputs: ["v": "1"])
    }
    #expect(interruption == .runnerLost)
    #expect(result.outcomes("a") == ["one success", "two failure", "always cancelled"])
    #expect(result.results == ["a failure", "f success"])
    #expect(result.job("a")?.outputs == [:])
  }
}

@Suite struct InterpreterCancellationTests {
  private func cancelling(_ disturbance: Disturbance, _ jobs: Job...) -> WorkflowRun {
    run(
      Workflow(name: "x", triggers: [.push()], jobs: jobs),
      request: .init(event: "push", disturbances: [disturbance]))
  }

  private let steps = [
    step("long"), step("plain"), step("always", if: .always), step("cancelled", if: .cancelled),
    step("failure", if: .failure), step("not", if: !.cancelled),
  ]

  @Test func stepsAndJobsThatAskForItStillRun() {
    let result = cancelling(
      .runCancelledDuringStep(job: "a", step: 0), job("a", steps: steps), job("after", needs: ["a"]),
      job("failure", needs: ["a"], if: .failure), job("cancelled", needs: ["a"], if: .cancelled),
      job("always", needs: ["a"], if: .always), job("either", needs: ["a"], if: .failure || .cancelled))
    #expect(
      result.outcomes("a") == [
        "long cancelled", "plain skipped", "always success", "cancelled success", "failure skipped", "not skipped",
      ])
    #expect(
      result.results == [
        "a cancelled", "after skipped", "failure skipped", "cancelled success", "always success", "either success",
      ])
    #expect(result.conclusion == .cancelled)
  }

  @Test func beforeAStepTheStepIsSkipped() {
    let result = cancelling(.runCancelledBeforeStep(job: "a", step: 1), job("a", steps: steps))
    #expect(result.outcomes("a").prefix(3) == ["long success", "plain skipped", "always success"])
    #expect(result.results == ["a cancelled"])
  }

  @Test func afterTheLastStepTheJobIsCancelledAllTheSame() {
    let result = cancelling(.runCancelledBeforeStep(job: "a", step: 1), job("a"), job("b", needs: ["a"]))
    #expect(result.outcomes("a") == ["only success"])
    #expect(result.results == ["a cancelled", "b skipped"])
  }

  @Test func beforeAJobItIsSkippedUnlessItsConditionHolds() {
    let result = cancelling(
      .runCancelledBeforeJob("b"), job("a"), job("b", needs: ["a"]), job("c", needs: ["b"], if: .cancelled),
      job("d", if: !.cancelled))
    #expect(result.results == ["a success", "b skipped", "c success", "d skipped"])
  }

  @Test func aJobWhoseConditionHoldsDoesNotNotice() {
    let result = cancelling(
      .runCancelledDuringStep(job: "a", step: 0),
      job("a", if: .always, steps: [step("one"), step("two"), step("cancelled", if: .cancelled)]), job("b"))
    #expect(result.outcomes("a") == ["one success", "two success", "cancelled skipped"])
    #expect(result.results == ["a success", "b skipped"])
  }

  @Test func aStepWhoseConditionHoldsIsNotBrokenOff() {
    let result = cancelling(
      .runCancelledDuringStep(job: "a", step: 0), job("a", steps: [step("always", if: .always), step("next")]))
    #expect(result.outcomes("a") == ["always success", "next skipped"])
    #expect(result.results == ["a cancelled"])
  }

  @Test func aJobThatWaitsForItsReviewersIsCancelled() {
    let result = cancelling(
      .runCancelledWhileWaiting(job: "a"), job("a", environment: "prod"), job("b", needs: ["a"], if: .always))
    #expect(result.results == ["a cancelled", "b success"])
    #expect(!result.log.contains(.jobStarted("a")))
  }

  @Test func aFailureDoesNotCountOnceTheRunIsCancelled() {
    let result = run(
      workflow(job("a"), job("b"), job("f", needs: ["a", "b"], if: .failure)), failing: ["a/only"],
      request: .init(event: "push", disturbances: [.runCancelledDuringStep(job: "b", step: 0)]))
    #expect(result.results == ["a failure", "b cancelled", "f skipped"])
  }

  @Test func aFailedStepInACancelledJobLeavesItCancelled() {
    let result = run(
      workflow(job("a", steps: [step("long"), step("tidy", if: .always), step("after", if: .failure)])),
      failing: ["a/tidy"], request: .init(event: "push", disturbances: [.runCancelledDuringStep(job: "a", step: 0)]))
    #expect(result.outcomes("a") == ["long cancelled", "tidy failure", "after skipped"])
    #expect(result.results == ["a cancelled"])
  }

  @Test func theLogTellsWhatRanInOrder() {
    let result = cancelling(
      .runCancelledBeforeStep(job: "a", step: 1), job("a", steps: [step("x"), step("y")]), job("b"))
    #expect(
      result.log == [
        .jobStarted("a"), .stepStarted(job: "a", step: 0), .stepEnded(job: "a", step: 0, .success), .runCancelled,
        .stepEnded(job: "a", step: 1, .skipped), .jobEnded("a", .cancelled), .jobEnded("b", .skipped),
      ])
  }
}
