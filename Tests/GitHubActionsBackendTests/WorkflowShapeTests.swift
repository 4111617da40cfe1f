import GitHubWorkflow
import ReleaseModel
import Testing

@testable import GitHubActionsBackend

@Suite struct WorkflowShapeTests {
  @Test(arguments: examples) func nothingIsWrongWithTheWorkflows(name: String) throws {
    for (path, workflow) in GitHubActionsBackend.workflows(for: try example(name)) {
      #expect(WorkflowProblems.check(workflow) == [], "\(path)")
    }
  }

  @Test func everyEnvironmentHasAFileAndTheServiceHasTheOthers() throws {
    #expect(
      try allWorkflows().map(\.path) == [
        ".github/workflows/forge-api-dev.yml", ".github/workflows/forge-api-staging.yml",
        ".github/workflows/forge-api-prod.yml", ".github/workflows/forge-api-rollback.yml",
        ".github/workflows/forge-api-release-issue.yml", ".github/workflows/forge-api-housekeeping.yml",
        ".github/workflows/forge-api-drill-restore.yml", ".github/workflows/forge-api-secret-rotation.yml",
        ".github/workflows/trade-nexus-backend-production.yml", ".github/workflows/trade-nexus-backend-rollback.yml",
        ".github/workflows/trade-nexus-backend-before-merge.yml",
      ])
  }

  @Test func onlyWhatTheSpecNamesStartsARelease() throws {
    let forge = try example("forge")
    #expect(try workflow("forge-api-dev", of: forge).triggers == [.push(branches: ["main"])])
    #expect(
      try workflow("forge-api-staging", of: forge).triggers == [.push(tags: ["v[0-9]+.[0-9]+.[0-9]+-rc.[0-9]+"])])
    #expect(try workflow("forge-api-prod", of: forge).triggers == [.workflowDispatch()])
    #expect(try tradeNexus().triggers == [.push(branches: ["main"], paths: ["backend/**"])])
  }

  @Test func tokensCanDoNothingUnlessAJobSaysSo() throws {
    for (path, workflow) in try allWorkflows() { #expect(workflow.permissions.isEmpty, "\(path)") }
  }

  @Test func everyStepHasALimitBelowThatOfItsJob() throws {
    for (path, workflow) in try allWorkflows() {
      for job in workflow.jobs {
        let limit = try #require(job.timeoutMinutes)
        #expect(limit <= 360)
        for step in job.steps {
          let minutes = try #require(step.timeoutMinutes, "\(path) \(step.name)")
          #expect((1..<limit).contains(minutes), "\(path) \(step.name)")
        }
      }
    }
  }

  /// And the time for which a person may hold it: half an hour, less where the login ends before.
  @Test func stepsMayTakeTheirHoldAnExtensionAndTheTimeOfThePlatform() throws {
    let job = try tradeNexus().job("rollout")
    #expect(try job.step("10 %").timeoutMinutes == 15 + 15 + 20 + 25)
    #expect(try job.step("100 %").timeoutMinutes == 30 + 15 + 20 + 10)
    #expect(job.timeoutMinutes == (try example("trade-nexus").environments[0].worstCase.minutes) + 30 + 30)
  }

  @Test func onlyTheRolloutTakesItsTurn() throws {
    // Those that release nothing may wait for themselves; a pull request replaces its earlier run.
    let others = ["before-merge", "release-issue", "housekeeping", "drill-restore", "secret-rotation"]
    for (path, workflow) in try allWorkflows() where !others.contains(where: { path.hasSuffix("-\($0).yml") }) {
      #expect(workflow.concurrency == nil)
      for job in workflow.jobs {
        #expect((job.concurrency != nil) == (job.id == "rollout"), "\(path) \(job.id)")
        #expect(job.concurrency?.cancelInProgress != true)
      }
    }
    #expect(try forgeProd().job("rollout").concurrency?.group == "forge-api-prod")
  }

  @Test func rollbacksRunWhereNobodyHasToApprove() throws {
    for (_, workflow) in try allWorkflows() {
      for job in workflow.jobs where job.id == "guard" || job.id.hasPrefix("rollback-") {
        #expect(job.environment?.name.rendered.hasSuffix("-rollback") == true)
      }
    }
  }

  @Test func withoutADeclaredRollbackNothingCallsAScriptThatIsNotThere() throws {
    let plan = try plan(of: smallSpec(canRollBack: false))
    let workflows = GitHubActionsBackend.workflows(for: plan)
    #expect(workflows.map(\.path) == [".github/workflows/shop-prod.yml"])
    let release = try #require(workflows.first?.workflow)
    #expect(WorkflowProblems.check(release).isEmpty)
    #expect(release.jobs.map(\.id) == ["gates", "approval-1-owner", "rollout", "result"])
    #expect(!GitHubActionsBackend.render(release).contains("rollback.sh"))
    var world = World()
    #expect(try run(release, in: &world).conclusion == .success)
  }

  @Test func approvalsButTheLastAreGatesOfTheirOwn() throws {
    let prod = try forgeProd()
    #expect(prod.jobs.map(\.id) == ["gates", "approval-1-service-owner", "rollout", "guard", "result"])
    let approval = try prod.job("approval-1-service-owner")
    #expect(approval.environment == DeploymentEnvironment(name: "prod-approval-service-owner", isDeployment: false))
    #expect(approval.steps.last?.script == "ops/forge-api/prod/gates.sh approval prod-approval-service-owner")
    #expect(try prod.job("rollout").environment?.url == "https://api.forge.example")
    let staging = try workflow("forge-api-staging", of: example("forge"))
    #expect(staging.jobs.map(\.id) == ["gates", "rollout", "guard", "result"])
  }

  @Test func gatesThatDoNotBlockSaySo() throws {
    let staging = try workflow("forge-api-staging", of: example("forge")).job("gates")
    #expect(staging.steps.contains { $0.name == "Performance baseline (recommended)" })
    #expect(staging.steps.contains { $0.name == "Integration / E2E (required for candidates)" })
  }

  @Test func thePinsOfTheSpecsOwnerAreUsed() throws {
    let commit = String(repeating: "a", count: 40)
    var pins = ActionPins()
    pins.checkout.commit = commit
    for (_, workflow) in GitHubActionsBackend.workflows(for: try example("forge"), pins: pins) {
      for job in workflow.jobs where job.id != "result" {
        guard case .uses(let action, _)? = job.steps.first?.kind else {
          Issue.record("\(job.id) checks nothing out")
          continue
        }
        #expect(action.commit == commit)
      }
    }
  }

  @Test func theRecordOfEachAttemptHasItsOwnNameAndMayLieInAHiddenFolder() throws {
    guard case .uses(let action, let inputs)? = try tradeNexus().job("rollout").steps.last?.kind else {
      Issue.record("nothing is kept")
      return
    }
    #expect(action.name == "actions/upload-artifact")
    #expect(
      inputs["name"]?.rendered == "trade-nexus-backend-production-evidence-${{ github.run_attempt }}")
    #expect(
      inputs["path"]?.rendered == "${{ runner.temp }}/liftlock/trade-nexus-backend/production/evidence/")
    #expect(inputs["include-hidden-files"] == "true")
  }

  @Test func theSameSpecGivesTheSameBytes() throws {
    for name in examples {
      let first = GitHubActionsBackend.workflows(for: try example(name)).map {
        GitHubActionsBackend.render($0.workflow)
      }
      let second = GitHubActionsBackend.workflows(for: try example(name)).map {
        GitHubActionsBackend.render($0.workflow)
      }
      #expect(first == second)
    }
  }

  @Test func pullRequestsAreJudgedAgainWhenTheirTextOrTheirReviewsChange() throws {
    let merge = try workflow("trade-nexus-backend-before-merge", of: example("trade-nexus"))
    #expect(
      merge.triggers == [
        .pullRequest(
          types: ["opened", "synchronize", "reopened", "edited", "ready_for_review"], branches: ["main"]),
        .pullRequestReview(types: ["submitted", "dismissed"]),
      ])
    #expect(merge.concurrency?.cancelInProgress == true)
    let job = try merge.job("before-merge")
    #expect(job.environment == nil)
    #expect(job.runsOn == ["ubuntu-24.04"])
    #expect(
      job.steps.dropFirst().map(\.script)
        == ["ci", "no-incidents", "stable-release", "review", "breaking-changes"].map {
          "ops/trade-nexus-backend/before-merge.sh \($0)"
        })
    for step in job.steps.dropFirst() {
      #expect(step.env["COMMIT"]?.rendered == "${{ github.event.pull_request.head.sha }}")
      #expect(step.condition == !.cancelled)
    }
  }

  @Test func headersFitTheLine() throws {
    for (_, workflow) in try allWorkflows() {
      #expect(!workflow.headerComment.isEmpty)
      #expect(workflow.headerComment.allSatisfy { $0.count <= 112 && !$0.hasSuffix(" ") })
    }
  }
}
