import ReleaseModel

/// Plan → scripts.
public enum ShellBackend {
  /// Every script of a service: `(path from the repository's root, text)`.
  public static func scripts(for plan: ReleasePlan) -> [(path: String, text: String)] {
    var scripts = [ArtifactScript(plan: plan).script]
    if let merge = plan.beforeMerge {
      scripts.append(GatesScript(plan: plan, environment: nil, gates: merge.gates).script)
    }
    for environment in plan.environments {
      if !environment.gates.isEmpty || !environment.approvals.isEmpty {
        scripts.append(GatesScript(plan: plan, environment: environment, gates: environment.gates).script)
      }
      scripts.append(RolloutScript(plan: plan, environment: environment).script)
      if environment.spec.rollback != nil {
        scripts.append(RollbackScript(plan: plan, environment: environment).script)
      }
    }
    if let issue = ReleaseIssueScript(plan: plan) { scripts.append(issue.script) }
    if let housekeeping = HousekeepingScript(plan: plan) { scripts.append(housekeeping.script) }
    scripts.append(SetupScript(plan: plan).script)
    scripts += plan.drills.map { DrillScript(plan: plan, named: $0).script }
    if !plan.readiness.isEmpty { scripts.append(ReadinessScript(plan: plan).script) }
    if let rotation = plan.spec.rotation { scripts.append(RotationScript(plan: plan, rotation: rotation).script) }
    scripts += plan.environments.map { EnvironmentDoctorScript(plan: plan, environment: $0).script }
    scripts.append(DoctorScript(plan: plan).script)
    return scripts.map { ($0.path, ShellScriptRenderer.render($0)) }
  }
}
