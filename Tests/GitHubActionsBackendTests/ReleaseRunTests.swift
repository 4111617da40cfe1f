import GitHubWorkflow
import Testing

@testable import GitHubActionsBackend

/// What becomes of a release, run in memory by GitHub's rules.
@Suite struct ReleaseRunTests {
  // MARK: - All is well

  @Test func everythingHappensOnceAndInOrder() throws {
    var world = World()
    let run = try run(tradeNexus(), in: &world)
    #expect(run.conclusion == .success)
    #expect(
      world.calls.filter { !$0.contains("/") } == [
        "gates ci", "gates no-incidents", "gates stable-release", "gates approval production", "rollout preflight",
        "artifact build", "rollout deploy", "rollout verify-candidate", "rollout step 1", "rollout step 2",
        "rollout step 3", "rollout finish", "rollout verify smoke", "rollout complete", "rollout record \"${RESULT}\"",
        "Sum up",
      ])
    #expect(world.rollbacks.isEmpty)
    #expect(run.job("guard")?.result == .skipped)
  }

  @Test func notificationsAndMigrationStandWhereTheyBelong() throws {
    var world = World()
    let run = try run(forgeProd(), in: &world)
    #expect(run.conclusion == .success)
    let rollout = world.calls.drop { $0 != "rollout preflight" }.filter { !$0.contains("/") }
    #expect(
      rollout == [
        "rollout preflight", "artifact resolve", "rollout check backup", "rollout notify started", "rollout migrate",
        "rollout deploy", "rollout verify-candidate", "rollout step 1", "rollout step 2", "rollout step 3",
        "rollout finish", "rollout verify smoke", "rollout verify quiet-alerts", "rollout complete",
        "rollout notify succeeded", "rollout record \"${RESULT}\"", "rollout duties \"${RESULT}\"", "Sum up",
      ])
  }

  @Test func aFreshLoginStandsBeforeEveryChangeOfTheTarget() throws {
    let job = try tradeNexus().job("rollout")
    for name in ["Deploy", "10 %", "50 %", "100 %", "Finish", "Complete", "Roll back"] {
      #expect(job.steps[try job.index(of: name) - 1].action == "azure/login", "before \(name)")
    }
  }

  // MARK: - Nothing was touched

  @Test func aFailingGateStopsEverythingAndTheOthersStillReport() throws {
    var world = World()
    world.failing = ["gates ci"]
    let run = try run(tradeNexus(), in: &world)
    #expect(world.calls.contains("gates stable-release"))
    #expect(run.job("rollout")?.result == .skipped)
    #expect(run.job("guard")?.result == .skipped)
    #expect(run.job("gates")?.result == .failure)
    #expect(run.job("result")?.result == .failure)
  }

  @Test func anApprovalWithoutAPersonStopsBeforeTheFirstSecret() throws {
    var world = World()
    world.failing = ["gates approval prod"]
    let run = try run(forgeProd(), in: &world)
    #expect(run.job("rollout")?.result == .failure)
    #expect(!world.calls.contains("rollout preflight"))
    #expect(world.rollbacks.isEmpty)
  }

  @Test func aFailingGateEnvironmentKeepsTheRolloutFromStarting() throws {
    var world = World()
    let run = try run(forgeProd(), in: &world, [.environmentRejected(job: "approval-1-service-owner")])
    #expect(run.job("rollout")?.result == .skipped)
    #expect(run.job("guard")?.result == .skipped)
    #expect(run.conclusion == .failure)
  }

  @Test func aRejectedEnvironmentWakesTheGuardWhichFindsNothing() throws {
    var world = World()
    let run = try run(tradeNexus(), in: &world, [.environmentRejected(job: "rollout")])
    #expect(run.job("rollout")?.steps.isEmpty == true)
    #expect(world.calls.contains { $0.hasPrefix("rollback --yes --if-needed") })
    #expect(world.rollbacks.isEmpty)
    #expect(run.job("guard")?.result == .success)
  }

  @Test func aFailureBeforeTheFirstChangeRollsNothingBackInTheJob() throws {
    var world = World()
    world.failing = ["rollout check backup"]
    let run = try run(forgeProd(), in: &world)
    #expect(step("Roll back", of: run)?.outcome == .skipped)
    #expect(world.calls.contains("rollout notify failed"))
    #expect(world.calls.contains("rollout record \"${RESULT}\""))
    #expect(world.rollbacks.isEmpty)
  }

  /// The database may have changed: the rollback reads on the target whether it has.
  @Test func aFailedMigrationAsksTheRollbackWhetherThereIsAnythingToTakeBack() throws {
    var world = World()
    world.failing = ["rollout migrate"]
    let run = try run(forgeProd(), in: &world)
    #expect(step("Roll back", of: run)?.outcome == .success)
    #expect(world.calls.contains { $0.hasPrefix("rollback --yes --if-needed") })
    #expect(world.rollbacks.isEmpty)
  }

  // MARK: - Something was touched

  @Test(arguments: ["deploy", "verify-candidate", "step 1", "step 3", "finish", "verify smoke", "complete"])
  func aFailureAfterTheDeploymentBeganRollsBackOnce(phase: String) throws {
    for workflow in [try tradeNexus(), try forgeProd()] {
      var world = World()
      world.failing = ["rollout \(phase)"]
      let run = try run(workflow, in: &world)
      #expect(world.rollbacks == ["rollout"])
      #expect(!world.isUnfinished)
      #expect(run.job("rollout")?.result == .failure)
      #expect(run.job("guard")?.result == .success)
      #expect(step("Keep the record", of: run)?.outcome == .success)
    }
  }

  @Test func aRollbackThatFailsInTheJobIsDoneByTheGuard() throws {
    var world = World()
    world.failing = ["rollout step 2", "rollback --yes --if-needed"]
    _ = try run(tradeNexus(), in: &world)
    #expect(world.rollbacks == ["guard"])
  }

  @Test func aLoginThatFailsDoesNotKeepTheRollbackFromBeingTried() throws {
    var world = World()
    let workflow = try tradeNexus()
    let rollout = try workflow.job("rollout")
    let again = try rollout.index(of: "10 %") - 1
    let toRollBack = try rollout.index(of: "Log in to roll back")
    let run = try WorkflowInterpreter.run(workflow, request: .init(event: "push")) { request in
      let fails = request.job.id == "rollout" && [again, toRollBack].contains(request.stepIndex)
      return fails ? .failure() : try world.execute(request)
    }
    #expect(world.rollbacks == ["rollout"])
    #expect(step("Roll back", of: run)?.outcome == .success)
  }

  @Test func aCancellationDuringAStepRollsBackInTheJob() throws {
    for workflow in [try tradeNexus(), try forgeProd()] {
      let second = try workflow.job("rollout").steps.firstIndex { $0.script.hasSuffix("step 2") }
      var world = World()
      let run = try run(
        workflow, in: &world, [.runCancelledDuringStep(job: "rollout", step: try #require(second))])
      #expect(world.rollbacks == ["rollout"])
      #expect(run.job("rollout")?.result == .cancelled)
      #expect(run.job("guard")?.result == .success)
      #expect(run.job("result")?.result == .failure)
    }
  }

  @Test func aCancellationBetweenAnyTwoStepsLeavesNothingUnfinished() throws {
    for workflow in [try tradeNexus(), try forgeProd()] {
      for index in 0...(try workflow.job("rollout").steps.count) {
        var world = World()
        let run = try run(workflow, in: &world, [.runCancelledBeforeStep(job: "rollout", step: index)])
        #expect(!world.isUnfinished, "cancelled before step \(index)")
        #expect(run.conclusion != .success)
      }
    }
  }

  @Test(arguments: WorkflowRunRequest.TimedOutJobResult.allCases)
  func aJobThatTimesOutIsFollowedByTheGuard(reading: WorkflowRunRequest.TimedOutJobResult) throws {
    let workflow = try tradeNexus()
    let index = try workflow.job("rollout").index(of: "50 %")
    var world = World()
    // The five minutes that remain are not enough for the rollback in the job.
    world.failing = ["rollback --yes --if-needed"]
    let run = try run(workflow, in: &world, [.jobTimesOut(job: "rollout", step: index)], timedOut: reading)
    #expect(run.job("rollout")?.isTimedOut == true)
    #expect(world.rollbacks == ["guard"])
    #expect(!world.isUnfinished)
    #expect(run.job("result")?.result == .failure)
  }

  @Test func aLostRunnerIsFollowedByTheGuard() throws {
    let workflow = try forgeProd()
    var undisturbed = World()
    let steps = try #require(try run(workflow, in: &undisturbed).job("rollout")?.steps)
    // A step whose condition does not hold is no place to lose a runner in.
    for index in steps.indices where steps[index].outcome != .skipped {
      var world = World()
      let run = try run(workflow, in: &world, [.runnerLost(job: "rollout", step: index)])
      #expect(run.job("guard")?.result == .success)
      #expect(!world.isUnfinished, "lost in step \(index)")
      #expect(!world.rollbacks.contains("rollout"))
    }
  }

  @Test func aReleaseThatIsCompleteIsNeverTakenBack() throws {
    let workflow = try forgeProd()
    var world = World()
    world.failing = ["rollout notify succeeded", "rollout record \"${RESULT}\""]
    let run = try run(workflow, in: &world)
    #expect(run.job("rollout")?.result == .failure)
    #expect(world.rollbacks.isEmpty)
  }

  @Test func aFailingFirstLoginLetsTheNextStepSayWhatIsMissing() throws {
    let workflow = try tradeNexus()
    let login = try workflow.job("rollout").index(of: "Log in")
    var calls: [String] = []
    _ = WorkflowInterpreter.run(workflow, request: .init(event: "push")) { request in
      calls.append(request.step.name)
      return request.job.id == "rollout" && request.stepIndex == login ? .failure() : .success()
    }
    #expect(calls.contains("Check that everything is there"))
  }

  private func step(_ name: String, of run: WorkflowRun) -> WorkflowRun.StepRecord? {
    run.job("rollout")?.steps.first { $0.name == name }
  }
}
