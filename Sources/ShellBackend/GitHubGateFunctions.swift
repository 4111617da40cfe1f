import ReleaseModel
import TextLayout

/// A function a gate that GitHub can answer: pass (0), fail (1), unknown (2).
enum GitHubGateFunctions {
  static func function(_ gate: Gate, _ environment: EnvironmentPlan?, _ plan: ReleasePlan) -> ShellFunction {
    let name = ShellName("ask", of: gate.name)
    switch gate.question {
    case .released(let environment):
      return ShellFunction(
        name, "\(environment) released this very commit and kept it.", needs: ["gate_status"],
        body: "gate_status \("\(plan.service)/\(environment)")")
    case .recorded(let check, let environment):
      return ShellFunction(
        name, "\(check.title), as \(environment) recorded it for this commit.", needs: ["gate_status"],
        body: "gate_status \("\(plan.service)/\(environment)/\(check.name)")")
    case .soaked(let environment, let time):
      return ShellFunction(
        name, "\(environment) has had this very commit live for \(time), and still has.", needs: ["gate_soak"],
        body: "gate_soak \(time.seconds) \(words: [environment] + others(environment, plan))")
    case .check(let check):
      let (needed, body) = call(check.check, environment, plan)
      return ShellFunction(name, check.title, needs: needed, body: body)
    }
  }

  /// Environments with the same target: a hotfix that is released takes the place of what was there.
  private static func others(_ name: String, _ plan: ReleasePlan) -> [String] {
    let target = plan.environment(name)?.targetName
    return plan.environments.filter { $0.name != name && $0.targetName == target }.map(\.name)
  }

  private static func call(_ check: Check, _ environment: EnvironmentPlan?, _ plan: ReleasePlan) -> ([String], Bash) {
    switch check.kind {
    case .gitHubChecks(let names):
      (["gate_github_checks"], "gate_github_checks \(check.timeout.seconds) \(words: names.map(\.value))")
    case .noOpenIssues(let labels):
      (["gate_no_open_issues"], "gate_no_open_issues \(words: labels.map(\.value))")
    case .stableFor(let environment, let time):
      (["gate_stable_for"], "gate_stable_for \(time.seconds) \(environment.value)")
    case .pullRequestReviews(let count): (["gate_reviews"], "gate_reviews \(count.value)")
    case .confirm(let text): (["gate_confirm"], "gate_confirm \(text)")
    case .signedTag(let immutable): (["gate_signed_tag"], "gate_signed_tag \(immutable ? 1 : 0)")
    case .releaseIssue(let time):
      (
        ["gate_release_issue"],
        "gate_release_issue \(time?.seconds ?? 0) \(words: environment.map(ReleaseIssueText.boxes) ?? [])"
      )
    case .comment(let text, let role):
      (
        ["gate_comment"],
        "gate_comment \(text) \(words: plan.spec.roles[role.value]?.people.map(\.value) ?? [])"
      )
    case .workflowRun(let file, let time): (["gate_workflow_run"], "gate_workflow_run \(file) \(time.seconds)")
    // The rule `unbound-criterion` refuses a spec that gets here; unknown is the answer that lets nothing through.
    case .probe, .require, .run: ([], "return 2")
    }
  }
}
