import GitHubWorkflow

let checkout = PinnedAction(
  name: "actions/checkout", commit: "3d3c42e5aac5ba805825da76410c181273ba90b1", version: "v7.0.1")
let uploadArtifact = PinnedAction(
  name: "actions/upload-artifact", commit: "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", version: "v7.0.0")

/// A rollout with a rollback step and a guard job, close to what a release plan is lowered to.
let sampleWorkflow = Workflow(
  name: "Release payments to prod",
  runName: "Release payments \(.input("version")) to prod",
  triggers: [
    .push(tags: ["payments-v*"]),
    .workflowDispatch(inputs: [
      DispatchInput(
        name: "version", description: "What to release: the image's tag", kind: .string(), isRequired: true),
      DispatchInput(name: "pace", description: "How fast", kind: .choice(["normal", "slow"], default: "normal")),
      DispatchInput(name: "dry_run", description: "Change nothing", kind: .boolean(default: false)),
      DispatchInput(name: "target", description: "Where to", kind: .environment(default: "prod")),
    ]),
    .schedule(["30 5 * * 1"]),
  ],
  concurrency: Concurrency(group: "payments-prod"),
  env: ["SERVICE": "payments", "VERBOSE": "yes"],
  jobs: [
    Job(
      id: "rollout", name: "Roll out to prod", condition: .github("ref_type").equals("tag") || .success,
      environment: DeploymentEnvironment(name: "prod", url: "https://payments.example.com/\(.input("version"))"),
      runsOn: ["ubuntu-24.04"], timeoutMinutes: 90,
      permissions: [
        Permission("contents", .read), Permission("id-token", .write, reason: "log in to the cloud without a password"),
      ],
      outputs: ["weight": "\(.output("weight", ofStep: "shift"))"],
      env: ["VERSION": .expression(.input("version"))],
      steps: [
        Step(name: "Check out", .uses(checkout, with: ["persist-credentials": "false"])),
        Step(
          id: "shift", name: "Shift 5 % of traffic", .run("ops/shift.sh prod"),
          env: [
            "TOKEN": .expression(.secret("TOKEN")), "RUN": .template("\(.github("run_id"))-\(.github("run_attempt"))"),
          ],
          timeoutMinutes: 10),
        Step(
          name: "Tell what happened", .run("echo \"Shifted: ${VERSION}\"\necho 'done' >>\"${GITHUB_STEP_SUMMARY}\"\n"),
          condition: !.cancelled && .outcome(ofStep: "shift").differs(from: "skipped"), continuesOnError: true),
        Step(
          name: "Roll back", .run("ops/rollback.sh"), condition: .failure || .cancelled,
          env: ["TOKEN": .expression(.secret("TOKEN"))], timeoutMinutes: 10),
        Step(
          name: "Keep evidence",
          .uses(uploadArtifact, with: ["name": .template("prod-\(.github("run_attempt"))"), "path": "evidence/"]),
          condition: .always),
      ]),
    Job(
      id: "guard", name: "Guard prod", needs: ["rollout"],
      condition: .always && .result(ofJob: "rollout").differs(from: "success")
        && .result(ofJob: "rollout").differs(from: "skipped"),
      environment: DeploymentEnvironment(name: "prod-rollback", isDeployment: false), runsOn: ["ubuntu-24.04"],
      timeoutMinutes: 30, concurrency: Concurrency(group: "guard-\(.github("ref_name"))"),
      steps: [
        Step(
          name: "Roll back what is left", .run("ops/rollback.sh"),
          env: ["WEIGHT": .expression(.output("weight", ofJob: "rollout"))], timeoutMinutes: 20)
      ]),
  ],
  headerComment: ["Generated from release.yaml.", "Edit that file, not this one."])

/// A job with one step a condition, named after its place: the bare bones for tests of the interpreter.
func job(
  _ id: String, needs: [String] = [], if condition: Expression? = nil, environment: String? = nil, timeout: Int = 60,
  outputs: NamedValues<Template> = [:], env: NamedValues<Value> = [:], steps: [Step] = [step("only")]
) -> Job {
  Job(
    id: id, name: id, needs: needs, condition: condition,
    environment: environment.map { DeploymentEnvironment(name: Template(text: $0)) }, runsOn: ["ubuntu-24.04"],
    timeoutMinutes: timeout, outputs: outputs, env: env, steps: steps)
}

func step(
  _ id: String, if condition: Expression? = nil, env: NamedValues<Value> = [:], timeout: Int? = nil,
  continuesOnError: Bool = false
) -> Step {
  Step(
    id: id, name: id, .run("true"), condition: condition, env: env, timeoutMinutes: timeout,
    continuesOnError: continuesOnError)
}

func workflow(_ jobs: Job..., env: NamedValues<String> = [:]) -> Workflow {
  Workflow(name: "test", triggers: [.push()], env: env, jobs: jobs)
}
