import GitHubWorkflow
import ReleaseModel
import TextLayout

/// `.github/workflows/<service>-rollback.yml`: a person takes a release back, from the Actions page or with `gh`.
struct RollbackWorkflow {
  let plan: ReleasePlan
  let pins: ActionPins

  /// Those with a declared rollback: others have no script for it.
  private var environments: [EnvironmentPlan] { plan.targets.filter { $0.spec.rollback != nil } }

  var workflow: Workflow {
    Workflow(
      name: "\(plan.service): roll back",
      runName: canHold
        ? "\(text: plan.service): \(.input("action")) in \(.input("environment")) by \(.github("actor"))"
        : "\(text: plan.service) rolled back in \(.input("environment")) by \(.github("actor"))",
      triggers: [.workflowDispatch(inputs: inputs)], jobs: environments.map(job), headerComment: header,
      triggerComment: Prose.noConcurrency)
  }

  private var canHold: Bool { environments.contains(where: \.canBeHeld) }
  private var hasStages: Bool { environments.contains { $0.spec.rollback?.stages != nil } }

  /// Whether its script may take the schema back first, and so can be told to leave it alone.
  private func hasSchema(_ environment: EnvironmentPlan) -> Bool {
    environment.spec.migration != nil && environment.database != nil
  }

  private var inputs: [DispatchInput] {
    let keepSchema = DispatchInput(
      name: "keep-schema",
      description: "Leave the database alone, whatever the release did to it: after it was brought back by hand",
      kind: .boolean(default: false))
    let staged = DispatchInput(
      name: "staged",
      description: "In watched shares and not at once; only for what was fully promoted, and only where it is set up",
      kind: .boolean(default: false))
    let action = DispatchInput(
      name: "action",
      description: "Take it back; or hold it at its weight, watched, for a while; or let it go on again",
      kind: .choice(["roll-back", "hold", "resume"], default: "roll-back"))
    return [
      DispatchInput(
        name: "environment", description: "Where to roll back", kind: .choice(environments.map(\.name)),
        isRequired: true)
    ] + (canHold ? [action] : []) + [
      DispatchInput(
        name: "to",
        description: "The version to go back to\(versions), as `rollback.sh --status` prints it; empty: the one before",
        kind: .string()),
      DispatchInput(
        name: "reason", description: "Why, for the record and the incident", kind: .string(), isRequired: true),
    ] + (hasStages ? [staged] : []) + (environments.contains(where: hasSchema) ? [keepSchema] : [])
  }

  /// How versions are written here, each form once: ` (revision)`, ` (blue=IMAGE or green=IMAGE, image)`.
  private var versions: String {
    let forms = environments.map(\.operations.versionForm).reduce(into: [String]()) { forms, form in
      if form != "version", !forms.contains(form) { forms.append(form) }
    }
    return forms.isEmpty ? "" : " (\(forms.joined(separator: ", ")))"
  }

  private var header: [String] {
    var paragraphs = [
      """
      Takes \(plan.service) back to an earlier version. Written by Liftlock from the release spec: change the spec and \
      generate again. By hand it is ops/\(plan.service)/<environment>/rollback.sh --help.
      """,
      """
      Each environment has a job of its own, for secrets and permissions belong to jobs. It runs in \
      <environment>-rollback, which has no reviewers, and in no concurrency group: a rollback waits for nobody. It may \
      overtake a rollout, which then stops by itself, because the marker on the target is no longer its own.
      """,
      """
      Inputs reach the script as environment variables. What stands in `run` as an expression GitHub would paste into \
      the script before bash reads it, and a reason could be a command.
      """,
    ]
    if let example = environments.last {
      paragraphs.append(
        "With gh: gh workflow run \(plan.service)-rollback.yml -f environment=\(example.name) -f reason='…'")
    }
    return Prose.lines(paragraphs)
  }

  private func job(_ environment: EnvironmentPlan) -> Job {
    let scripts = Scripts(service: plan.service, environment: environment.name)
    let common = CommonSteps(pins: pins)
    var inputs: NamedValues<Value> = ["TO": .expression(.input("to")), "REASON": .expression(.input("reason"))]
    if hasStages { inputs = inputs.merging(["STAGED": .expression(.input("staged"))]) }
    if hasSchema(environment) { inputs = inputs.merging(["KEEP_SCHEMA": .expression(.input("keep-schema"))]) }
    let keepsSchema: Bash =
      hasSchema(environment) ? "if [[ ${KEEP_SCHEMA} == true ]]; then arguments+=(--keep-schema); fi" : .empty
    // Where it is not set up, the script refuses: what was asked for carefully is not done at once.
    let staged: Bash =
      hasStages ? "if [[ ${STAGED} == true ]]; then arguments+=(--staged); fi" : .empty
    let stages = environment.spec.rollback?.stages
    if canHold { inputs = inputs.merging(["ACTION": .expression(.input("action"))]) }
    let held: Bash =
      canHold
      ? """
      case ${ACTION:-} in
        hold | resume) exec \(scripts.rolloutPath) "${ACTION}" ;;
      esac
      """ : .empty
    return Job(
      id: "rollback-\(environment.name)",
      name: "\(canHold ? "Take back, hold or resume" : "Roll back") \(environment.name)",
      condition: .input("environment").equals(environment.name),
      environment: DeploymentEnvironment(name: Template(text: environment.rollbackEnvironment)),
      runsOn: Runner.labels(of: environment), timeoutMinutes: Limits.rollbackJob(environment, stages: stages),
      permissions: Permissions.rollback(environment),
      steps: [common.checkout] + common.login("Log in", to: environment) + [
        Step(
          name: "Roll back",
          .run(
            RunScript(
              """
              set -u
              \(held)
              arguments=(--yes)
              if [[ -n ${REASON} ]]; then arguments+=(--reason "${REASON}"); fi
              if [[ -n ${TO} ]]; then arguments+=(--to "${TO}"); fi
              \(staged)
              \(keepsSchema)
              \(scripts.rollbackPath) "${arguments[@]}"
              """)),
          env: StepSecrets(environment: environment).rollback.merging(CommonSteps.token).merging(inputs),
          timeoutMinutes: Limits.rollback(environment, stages: stages)),
        common.rollbackEvidence(of: environment, plan),
      ])
  }
}
