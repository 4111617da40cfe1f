public import GitHubWorkflow
public import ReleaseModel

/// Lowers a plan to GitHub Actions: one workflow for each environment, one that takes releases back, and, when the spec
/// asks for it, those that judge pull requests, open release issues and look after what waits.
///
/// The workflows only orchestrate: order, conditions, approvals, permissions, secrets. What talks to the world is in the
/// generated scripts, which a person can run alone.
public enum GitHubActionsBackend {
  /// The workflows with their paths in the user's repository, in the order of the spec.
  ///
  /// ```swift
  /// for (path, workflow) in GitHubActionsBackend.workflows(for: plan) {
  ///   files[path] = GitHubActionsBackend.render(workflow)   // .github/workflows/shop-prod.yml
  /// }
  /// ```
  public static func workflows(
    for plan: ReleasePlan, pins: ActionPins = ActionPins()
  ) -> [(path: String, workflow: Workflow)] {
    var workflows = plan.environments.map { environment in
      let lowering = ReleaseWorkflow(plan: plan, environment: environment, pins: pins)
      return (path: path(plan.service, environment.name), workflow: lowering.workflow)
    }
    // A choice without options is no input that GitHub accepts.
    if plan.environments.contains(where: { $0.spec.rollback != nil }) {
      workflows.append((path(plan.service, "rollback"), RollbackWorkflow(plan: plan, pins: pins).workflow))
    }
    if let merge = plan.beforeMerge, !merge.gates.isEmpty {
      let lowering = BeforeMergeWorkflow(service: plan.service, merge: merge, pins: pins)
      workflows.append((path(plan.service, "before-merge"), lowering.workflow))
    }
    if let issue = ReleaseIssueWorkflow(plan: plan, pins: pins) {
      workflows.append((path(plan.service, "release-issue"), issue.workflow))
    }
    if let housekeeping = HousekeepingWorkflow(plan: plan, pins: pins) {
      workflows.append((path(plan.service, "housekeeping"), housekeeping.workflow))
    }
    for drill in plan.drills {
      let lowering = DrillWorkflow(plan: plan, named: drill, pins: pins)
      workflows.append((path(plan.service, "drill-\(drill.name)"), lowering.workflow))
    }
    for readiness in plan.readiness {
      let lowering = ReadinessWorkflow(plan: plan, named: readiness, pins: pins)
      workflows.append((path(plan.service, "readiness-\(readiness.name)"), lowering.workflow))
    }
    if let rotation = plan.spec.rotation, let environment = plan.rotationEnvironment {
      let lowering = RotationWorkflow(plan: plan, rotation: rotation, environment: environment, pins: pins)
      workflows.append((path(plan.service, "secret-rotation"), lowering.workflow))
    }
    return workflows
  }

  /// The text of a workflow's file.
  public static func render(_ workflow: Workflow) -> String { WorkflowRenderer.render(workflow) }

  private static func path(_ service: String, _ part: String) -> String { ".github/workflows/\(service)-\(part).yml" }
}
