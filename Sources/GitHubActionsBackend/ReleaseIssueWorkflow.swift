import GitHubWorkflow
import ReleaseModel

/// `.github/workflows/<service>-release-issue.yml`: a person opens the issue with what is to be done before a release.
struct ReleaseIssueWorkflow {
  let plan: ReleasePlan
  let pins: ActionPins

  /// `nil` when nobody has anything to do before a release.
  init?(plan: ReleasePlan, pins: ActionPins) {
    if plan.withReleaseIssue.isEmpty { return nil }
    self.plan = plan
    self.pins = pins
  }

  var workflow: Workflow {
    Workflow(
      name: "\(plan.service): release issue",
      runName: "\(text: plan.service): release issue of \(.input("tag")) to \(.input("environment"))",
      triggers: [.workflowDispatch(inputs: inputs)],
      // Two at once could both find no issue and open one each.
      concurrency: Concurrency(group: Template(text: "\(plan.service)-release-issue")), jobs: [job],
      headerComment: header)
  }

  private var inputs: [DispatchInput] {
    [
      DispatchInput(
        name: "environment", description: "Where the release goes", kind: .choice(plan.withReleaseIssue.map(\.name)),
        isRequired: true),
      DispatchInput(name: "tag", description: "The tag that will be released", kind: .string(), isRequired: true),
      DispatchInput(
        name: "planned", description: "When it is to start, in UTC, such as 2026-06-02T02:00Z", kind: .string(),
        isRequired: true),
    ]
  }

  private var header: [String] {
    Prose.lines([
      """
      Opens the issue of a release of \(plan.service): what people do before it, with the time by which each list is \
      due. Written by Liftlock from the release spec: change the spec and generate again. Start it as long before the \
      release as the first list asks; an issue that is open already is left as it is. By hand it is \
      ops/\(plan.service)/release-issue.sh --help.
      """
    ])
  }

  private var job: Job {
    let inputs: NamedValues<Value> = [
      "ENVIRONMENT": .expression(.input("environment")), "TAG": .expression(.input("tag")),
      "PLANNED": .expression(.input("planned")),
    ]
    let script = "ops/\(plan.service)/release-issue.sh"
    return Job(
      id: "release-issue", name: "Release issue", runsOn: Runner.hosted,
      timeoutMinutes: 2 * Limits.question + Limits.checkout, permissions: Permissions.releaseIssue,
      steps: [
        CommonSteps(pins: pins).checkout,
        Step(
          name: "Open the release issue", .run(RunScript("\(script) \"${ENVIRONMENT}\" \"${TAG}\" \"${PLANNED}\"")),
          env: CommonSteps.token.merging(inputs), timeoutMinutes: Limits.question),
      ])
  }
}
