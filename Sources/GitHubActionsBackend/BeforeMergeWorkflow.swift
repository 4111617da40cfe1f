import GitHubWorkflow
import ReleaseModel

/// `.github/workflows/<service>-before-merge.yml`: what a pull request must pass before it is merged.
struct BeforeMergeWorkflow {
  let service: String
  let merge: MergePlan
  let pins: ActionPins

  var workflow: Workflow {
    Workflow(
      name: "\(service): before merge",
      triggers: [
        // `edited`: a box in the description counts. The default types leave it out.
        .pullRequest(
          types: ["opened", "synchronize", "reopened", "edited", "ready_for_review"], branches: merge.branches),
        .pullRequestReview(types: ["submitted", "dismissed"]),
      ],
      concurrency: Concurrency(
        group: "\(text: "\(service)-before-merge")-\(.github("event.pull_request.number"))", cancelInProgress: true),
      jobs: [job], headerComment: header)
  }

  private var header: [String] {
    Prose.lines([
      """
      Judges pull requests of \(service) before they are merged. Written by Liftlock from the release spec: change the \
      spec and generate again. Without a branch rule that requires the check "Before merge" it is only advice.
      """,
      """
      A required check that a filter of paths keeps from running would block every other pull request, and reviews come \
      as an event without such filters: so it runs for all, and the script lets pass what it is not for. A newer event cancels the run of an older \
      one, for only the newest state counts. Pull requests from forks get a token that can only read, and no secrets; \
      more is not needed.
      """,
    ])
  }

  private var job: Job {
    let limit = Limits.gatesJob(merge.gates)
    let env: NamedValues<Value> = [
      "PULL_REQUEST": .expression(.github("event.pull_request.number")),
      "COMMIT": .expression(.github("event.pull_request.head.sha")),
    ]
    let script = "ops/\(service)/before-merge.sh"
    let steps = merge.gates.map { gate in
      Step(
        name: gate.stepName, .run(RunScript("\(script) \(gate.name)")), condition: !.cancelled,
        env: env.merging(CommonSteps.token),
        timeoutMinutes: Limits.clamped(Limits.gate(gate), toJob: limit, reserve: Limits.checkout))
    }
    // Never on runners of one's own: a pull request brings code of its own.
    return Job(
      id: "before-merge", name: "Before merge", runsOn: Runner.hosted, timeoutMinutes: limit,
      permissions: Permissions.beforeMerge(merge.gates), steps: [CommonSteps(pins: pins).checkout] + steps)
  }
}
