import GitHubWorkflow
import ReleaseModel

/// What must be so before the rollout: one job for all gates, and one for each approval but the last.
struct GateJobs {
  let plan: ReleasePlan
  let environment: EnvironmentPlan
  let pins: ActionPins

  private static let gatesID = "gates"

  var jobs: [Job] {
    let gates = environment.gates.isEmpty ? [] : [gatesJob]
    return gates + environment.approvals.dropLast().enumerated().map { approval($1, number: $0 + 1) }
  }

  private var scripts: Scripts { Scripts(service: plan.service, environment: environment.name) }

  private var gatesJob: Job {
    let limit = Limits.gatesJob(environment.gates)
    let steps = environment.gates.map { gate in
      Step(
        name: gate.stepName, .run(scripts.gate(gate.name)), condition: !.cancelled, env: CommonSteps.token,
        timeoutMinutes: Limits.clamped(Limits.gate(gate), toJob: limit, reserve: Limits.checkout))
    }
    return Job(
      id: Self.gatesID, name: "Gates", runsOn: Runner.labels(of: environment), timeoutMinutes: limit,
      permissions: Permissions.gates(environment.gates), steps: [CommonSteps(pins: pins).checkout] + steps)
  }

  /// Waits for a reviewer before its first step, then makes sure that there was one.
  private func approval(_ approval: Approval, number: Int) -> Job {
    let titles = approval.roles.map { plan.spec.roles[$0]?.title ?? $0 }
    let needs = environment.gates.isEmpty ? [] : [Self.gatesID]
    return Job(
      id: Self.approvalID(approval, number: number), name: "Approval: \(titles.joined(separator: " or "))",
      needs: needs, condition: Expression.allSucceeded(needs),
      environment: DeploymentEnvironment(name: Template(text: approval.environment), isDeployment: false),
      runsOn: Runner.labels(of: environment), timeoutMinutes: 2 * Limits.question + Limits.checkout,
      permissions: Permissions.approval,
      steps: [
        CommonSteps(pins: pins).checkout,
        Step(
          name: "Check who approved", .run(scripts.approval(approval.environment)), env: CommonSteps.token,
          timeoutMinutes: Limits.question),
      ])
  }

  /// Numbered, for two approvals can ask the same roles, and cut off below GitHub's 100 characters.
  private static func approvalID(_ approval: Approval, number: Int) -> String {
    String("approval-\(number)-\(approval.roles.joined(separator: "-or-"))".prefix(90))
  }
}

extension Gate {
  /// Its title, and how much it asks where that is not everything.
  var stepName: String {
    switch requirement {
    case .required: title
    case .requiredForCandidates: "\(title) (required for candidates)"
    case .recommended, .optional: "\(title) (\(requirement.rawValue))"
    }
  }
}

extension Expression {
  /// `!cancelled() && needs.a.result == 'success' && …`; nothing without jobs.
  static func allSucceeded(_ jobs: [String]) -> Expression? {
    jobs.isEmpty ? nil : allOf([!.cancelled] + jobs.map { .result(ofJob: $0).equals("success") })
  }
}
