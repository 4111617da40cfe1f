import ReleaseModel
import TextLayout

/// What must be set up on GitHub before the first release.
enum GitHubEnvironmentSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let rows = plan.environments.flatMap { environmentRows($0, plan) }
    if rows.isEmpty { return [] }
    return [
      .heading(.gitHubEnvironments),
      .prose(
        "All of them must be there before the first release. A script makes them so and names the secrets that are "
          + "missing. It can be run again at any time; the first of these commands changes nothing and only says what "
          + "differs. They need \(code: "gh"), logged in as an administrator of the repository."),
      .bash([Places(plan).setUpEnvironments + " --dry-run", Places(plan).setUpEnvironments]),
      .prose("This is what it sets up, under Settings → Environments:"),
      .table(["GitHub environment", "Reviewers", "Deployment branches and tags", "Secrets"], rows),
      .bullets(notes(plan)),
    ]
  }

  private static func environmentRows(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [[Prose]] {
    // The patterns of environments are not the filters of triggers: what stands here can be typed in.
    let patterns = DeploymentRefs(environment.spec.trigger).patterns
    let refs: Prose = patterns.isEmpty ? "protected branches" : list(patterns)
    let own = environment.approvals.first { $0.environment == environment.name }
    let secrets = plan.spec.secrets.readable.filter { _, secret in
      secret.environments.contains { $0.value == environment.name }
    }.map(\.name.value)
    var rows: [[Prose]] = environment.approvals.filter { $0.environment != environment.name }.map { approval in
      ["\(code: approval.environment)", reviewers(approval), refs, "none"]
    }
    rows.append(["\(code: environment.name)", own.map(reviewers) ?? "none", refs, list(secrets)])
    if environment.isHotfix || environment.spec.rollback == nil { return rows }
    var allRefs: [String] = []
    for pattern in plan.ways(into: environment).flatMap({ DeploymentRefs($0.spec.trigger).patterns })
    where !allRefs.contains(pattern) { allRefs.append(pattern) }
    let anyOf: Prose = patterns.isEmpty ? "protected branches" : list(allRefs)
    rows.append([
      "\(code: environment.rollbackEnvironment)", "none: a rollback waits for nobody",
      "\(anyOf), and the default branch", list(plan.unattendedSecrets(of: environment).map(\.name)),
    ])
    return rows
  }

  private static func reviewers(_ approval: Approval) -> Prose { Words.codes(approval.reviewers.map { "@" + $0 }) }
  private static func list(_ names: [String]) -> Prose { names.isEmpty ? "none" : names.map(Prose.code).stacked }

  private static func notes(_ plan: ReleasePlan) -> [Prose] {
    var notes: [Prose] = []
    let approvals = plan.environments.flatMap(\.approvals)
    if !approvals.isEmpty {
      notes.append("Where there are reviewers, forbid self-review and do not let administrators pass the rules by.")
    }
    if approvals.contains(where: { $0.reviewers.count > 6 }) {
      notes.append("GitHub takes at most six reviewers: use teams.")
    }
    let federated = plan.environments.filter { environment in
      if case .azure = environment.spec.target.login { return true }
      return false
    }
    if !federated.isEmpty {
      let names = federated.flatMap { $0.isHotfix ? [$0.name] : [$0.name, $0.rollbackEnvironment] }
      notes.append(
        "The Azure identity needs one federated credential for each of the GitHub environments \(Words.codes(names)).")
    }
    let hasTags = plan.environments.contains {
      !$0.spec.trigger.tags.isEmpty || $0.spec.trigger.manual?.tags.isEmpty == false
    }
    if hasTags { notes.append("Protect release tags by a ruleset: who may push one can start a release.") }
    return notes
  }
}
