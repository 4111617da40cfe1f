import GitHubWorkflow
import Testing

@Suite struct WorkflowProblemsTests {
  /// The problems of a workflow with one deliberate mistake.
  private func problems(_ jobs: Job..., change: (inout Workflow) -> Void = { _ in }) -> [String] {
    var workflow = Workflow(name: "test", triggers: [.push()], jobs: jobs)
    change(&workflow)
    return WorkflowProblems.check(workflow)
  }

  @Test func aSoundWorkflowHasNone() {
    #expect(WorkflowProblems.check(sampleWorkflow) == [])
  }

  @Test func needsMustExistAndNotTurnInCircles() {
    #expect(problems(job("a", needs: ["b"])) == ["jobs.a.needs: there is no job `b`"])
    #expect(
      problems(job("a", needs: ["b"]), job("b", needs: ["a"])) == [
        "jobs.a.needs: the job waits for itself", "jobs.b.needs: the job waits for itself",
      ])
    #expect(problems(job("a"), job("b", needs: ["a", "a"])) == ["the need of jobs.b `a` occurs twice"])
    #expect(problems() == ["jobs: there is no job"])
  }

  @Test func idsMustBeValidAndUnique() {
    #expect(problems(job("1a")) == ["jobs: `1a` is no valid id"])
    #expect(problems(job("__a")) == ["jobs: `__a` is no valid id"])
    #expect(problems(job("a"), job("A")) == ["the job id `A` occurs twice"])
    #expect(problems(job("a", steps: [step("a b")])) == ["jobs.a.steps[0]: `a b` is no valid id"])
    #expect(problems(job("a", steps: [step("s"), step("S")])) == ["the step id in jobs.a `S` occurs twice"])
  }

  @Test func whateverIsReadOfAnotherJobMustBeNeeded() {
    let condition: Expression = .always && .result(ofJob: "a").equals("success")
    #expect(
      problems(job("a"), job("b", needs: ["a"]), job("c", needs: ["b"], if: condition)) == [
        "jobs.c.if: `needs.a.result`: `a` is missing in the job's `needs`"
      ])
    #expect(
      problems(job("a"), job("b", needs: ["a"], env: ["X": .expression(.output("x", ofJob: "a"))])) == [
        "jobs.b.env.X: `needs.a.outputs.x`: `a` has no such output"
      ])
    #expect(
      problems(job("a"), job("b", needs: ["a"], env: ["X": .expression(.path("needs.a.outcome"))])) == [
        "jobs.b.env.X: `needs.a.outcome`: a need has a result and outputs, nothing else"
      ])
  }

  @Test func stepsMustComeBeforeWhoReadsThem() {
    let early = step("first", if: .always && .outcome(ofStep: "second").equals("success"))
    #expect(
      problems(job("a", steps: [early, step("second")])) == [
        "jobs.a.steps[0].if: `steps.second.outcome`: the step does not come before this one"
      ])
    #expect(
      problems(job("a", outputs: ["x": "\(.output("x", ofStep: "nope"))"])) == [
        "jobs.a.outputs.x: `steps.nope.outputs.x`: there is no step with this id"
      ])
    #expect(problems(job("a", outputs: ["x": "\(.output("x", ofStep: "only"))"])) == [])
  }

  @Test func secretsStayInEnvironmentsAndOutOfConditions() {
    let reading = step("s", env: ["T": .expression(.secret("TOKEN"))])
    #expect(
      problems(job("a", steps: [reading])) == [
        "jobs.a.steps[0].env.T: `secrets.TOKEN`: without an environment, whoever can push can read the secret"
      ])
    #expect(problems(job("a", environment: "prod", steps: [reading])) == [])
    #expect(problems(job("a", steps: [step("s", env: ["T": .expression(.secret("GITHUB_TOKEN"))])])) == [])
    let asking = step("s", if: .secret("TOKEN").differs(from: ""))
    #expect(
      problems(job("a", environment: "prod", steps: [asking])) == [
        "jobs.a.steps[0].if: `secrets.TOKEN`: an `if` cannot read secrets"
      ])
    #expect(
      problems(job("a", if: .secret("TOKEN").equals("x"), environment: "prod")) == [
        "jobs.a.if: `secrets.TOKEN`: an `if` cannot read secrets"
      ])
    #expect(
      problems(job("a")) { $0.env = ["T": "${{ secrets.TOKEN }}"] } == [
        "env.T holds plain text, so GitHub will not evaluate the `${{` in it"
      ])
  }

  @Test func contextsAndFunctionsMustBeAvailableWhereTheyStand() {
    #expect(
      problems(job("a", if: .environmentVariable("X").equals("1"))) == [
        "jobs.a.if: `env.X`: the context `env` is not available here"
      ])
    #expect(
      problems(job("a", env: ["X": .expression(.always)])) == ["jobs.a.env.X: always() works in an `if` only"])
    #expect(
      problems(job("a")) { $0.concurrency = Concurrency(group: "\(.result(ofJob: "a"))") } == [
        "concurrency.group: `needs.a.result`: the context `needs` is not available here"
      ])
    #expect(
      problems(job("a", if: .call(.contains, [.null]))) == ["jobs.a.if: contains() cannot take 1 arguments"])
    #expect(
      problems(job("a", env: ["X": .expression(.call(.hashFiles, [.string("x")]))])) == [
        "jobs.a.env.X: hashFiles() works in steps only"
      ])
    #expect(
      problems(job("a", env: ["X": .expression(.input("x"))])) == ["jobs.a.env.X: `inputs.x`: there is no such input"])
  }

  @Test func timeoutsAreSetAndNested() {
    var endless = job("a")
    endless.timeoutMinutes = nil
    #expect(problems(endless) == ["jobs.a: no timeout-minutes, so a hanging job runs for six hours"])
    #expect(
      problems(job("a", timeout: 10, steps: [step("s", timeout: 10)])) == [
        "jobs.a.steps[0].timeout-minutes: 10 is not below the job's 10, so the job is cancelled before the step fails"
      ])
    #expect(problems(job("a", timeout: 10, steps: [step("s", timeout: 9)])) == [])
    #expect(problems(job("a", timeout: 0)) == ["jobs.a.timeout-minutes: must be at least 1"])
  }

  @Test func gitHubsLimitsAreKept() {
    let long = Expression.variable("A").equals(String(repeating: "x", count: 21_000))
    #expect(problems(job("a", if: long)) == ["jobs.a.if: 21012 characters, GitHub reads 21000"])
    func scripted(_ length: Int) -> Job {
      job("a", steps: [Step(name: "s", .run(RunScript(text: String(repeating: "x", count: length))))])
    }
    #expect(problems(scripted(20_000)) == [])
    #expect(
      problems(scripted(20_001)) == [
        "jobs.a.steps[0].run: 20001 characters, over 20000: move it into a script file"
      ])
    let steps = (0..<30).map { _ in Step(name: "s", .run(RunScript(text: String(repeating: "x", count: 16_000)))) }
    let size = WorkflowRenderer.render(workflow(job("a", steps: steps))).utf8.count
    #expect(
      problems(job("a", steps: steps)) == [
        "the file has \(size) bytes: over 450000 it comes near the size GitHub ignores"
      ])
    let inputs = (1...26).map { DispatchInput(name: "i\($0)", description: "", kind: .string()) }
    #expect(
      problems(job("a")) { $0.triggers = [.workflowDispatch(inputs: inputs)] } == [
        "on.workflow_dispatch: 26 inputs, GitHub allows 25"
      ])
  }

  @Test func triggersMustMakeSense() {
    let choice = DispatchInput(name: "c", description: "", kind: .choice(["a"], default: "b"))
    let nothing = DispatchInput(name: "n", description: "", kind: .choice([]))
    #expect(
      problems(job("a")) {
        $0.triggers = [
          .push(paths: ["a"], pathsIgnore: ["b"]), .schedule(["5 5 * *"]), .schedule([]),
          .workflowDispatch(inputs: [choice, nothing, nothing]),
        ]
      } == [
        "the trigger `schedule` occurs twice",
        "on.push: GitHub accepts either `paths` or `paths-ignore`, not both",
        "on.schedule: `5 5 * *` does not have the five fields of a cron line",
        "on.schedule: there is no time",
        "the input `n` occurs twice",
        "on.workflow_dispatch.inputs.c: the default `b` is not among the options",
        "on.workflow_dispatch.inputs.n: there is nothing to choose from",
        "on.workflow_dispatch.inputs.n: there is nothing to choose from",
      ])
    #expect(problems(job("a")) { $0.triggers = [] } == ["on: nothing starts the workflow"])
  }

  @Test func wherePlainTextIsExpectedThereIsNoExpression() {
    let input = DispatchInput(name: "i", description: "${{ x", kind: .choice(["a", "${{"], default: "a"))
    #expect(
      problems(job("a")) {
        $0.name = "${{ x }}"
        $0.triggers = [.push(branches: ["${{ b }}"]), .workflowDispatch(inputs: [input])]
      } == [
        "name: GitHub accepts no `${{` here", "on.push: GitHub accepts no `${{` here",
        "on.workflow_dispatch: GitHub accepts no `${{` here", "on.workflow_dispatch: GitHub accepts no `${{` here",
      ])
  }

  @Test func actionsAreFullyPinned() {
    let loose = PinnedAction(name: "checkout", commit: "v4", version: "")
    #expect(
      problems(job("a", steps: [Step(name: "s", .uses(loose))])) == [
        "jobs.a.steps[0].uses: `v4` is not a full commit hash",
        "jobs.a.steps[0].uses: `checkout` is not owner/repository",
        "jobs.a.steps[0].uses: the version of the commit is missing",
      ])
    let local = PinnedAction(name: "./x", commit: checkout.commit, version: "v1")
    #expect(
      problems(job("a", steps: [Step(name: "s", .uses(local))])) == [
        "jobs.a.steps[0].uses: `./x` is not owner/repository"
      ])
  }

  @Test func namesAndPermissionsMustBeKnown() {
    #expect(
      problems(job("a", env: ["A-B": "1", "GITHUB_X": "2", "C": "3", "c": "4"])) == [
        "the variable in jobs.a.env `c` occurs twice", "jobs.a.env: `A-B` is no valid name of a variable",
        "jobs.a.env: GitHub sets `GITHUB_X` itself",
      ])
    #expect(
      problems(job("a")) { $0.permissions = [Permission("id-token", .read), Permission("x", .read)] } == [
        "permissions: `id-token` cannot be `read`", "permissions: GitHub knows no permission `x`",
      ])
    #expect(problems(job("a", steps: [])) == ["jobs.a.steps: there is no step"])
    #expect(problems(job("a", steps: [Step(name: "s", .run(" \n"))])) == ["jobs.a.steps[0].run: empty"])
  }
}
