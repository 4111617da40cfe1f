import ReleaseModel
import TextLayout

/// The environments of GitHub that a spec needs, for the script that makes them, the one that looks at them and the one that
/// watches their secrets.
struct GitHubEnvironment {
  /// What the spec says about people who must approve.
  enum Rule {
    /// These, and nobody their own release.
    case reviewed([String])
    /// Nothing, so what is there stays.
    case unspoken
    /// Nobody, and no waiting either.
    case nobody
  }

  let name: String
  let comment: String
  let rule: Rule
  let refs: [ShellWord]
  let secrets: [PlannedSecret]

  var function: ShellName { ShellName("environment", of: name) }

  /// Sets what is wanted and hands it on to `verb`, such as `match_environment`.
  func function(calling verb: String) -> ShellFunction {
    let (rule, reviewers): (String, [String]) =
      switch self.rule {
      case .reviewed(let reviewers): ("reviewed", reviewers)
      case .unspoken: ("unspoken", [])
      case .nobody: ("nobody", [])
      }
    return ShellFunction(
      function, "\(name): \(comment).", needs: [verb],
      body: """
        REVIEWERS=(\(words: reviewers))
        REFS=(\(words: refs))
        SECRETS=(\(words: secrets.filter { !$0.isOptional }.map(\.name)))
        OPTIONAL_SECRETS=(\(words: secrets.filter(\.isOptional).map(\.name)))
        \(ShellName(verb).bash) \(name) \(rule)
        """)
  }

  /// All of them, in the order of the spec.
  static func all(of plan: ReleasePlan) -> [GitHubEnvironment] { plan.environments.flatMap { environments($0, plan) } }

  private static func environments(_ environment: EnvironmentPlan, _ plan: ReleasePlan) -> [GitHubEnvironment] {
    let refs = DeploymentRefs(environment.spec.trigger).patterns.map(ShellWord.literal)
    let upkeep = plan.upkeepSecrets(of: environment)
    let canRollBack = environment.spec.rollback != nil
    // The job of the release takes back what it began, so it has what a rollback needs, too.
    let secrets = unique(environment.rolloutSecrets + (canRollBack ? environment.rollbackSecrets : upkeep))
    let gates = environment.approvals.map { approval in
      let isReal = approval.environment == environment.name
      let roles = approval.roles.map { plan.spec.roles[$0]?.title ?? $0 }.joined(separator: " or ")
      return GitHubEnvironment(
        name: approval.environment,
        comment: (isReal ? "where \(plan.service) is released" : "a gate before \(environment.name)")
          + "; approved by \(roles)",
        rule: .reviewed(unique(approval.reviewers)), refs: refs, secrets: isReal ? secrets : [])
    }
    var declared = gates
    if !gates.contains(where: { $0.name == environment.name }) {
      declared.append(
        GitHubEnvironment(
          name: environment.name, comment: "where \(plan.service) is released; nobody has to approve",
          rule: .unspoken, refs: refs, secrets: secrets))
    }
    if canRollBack, !environment.isHotfix {
      let ways = plan.ways(into: environment)
      let refs = unique(ways.flatMap { DeploymentRefs($0.spec.trigger).patterns }).map(ShellWord.literal)
      // The guard runs on the ref of the release, the rollback workflow and what is scheduled on the default branch.
      let rollbackRefs = refs.isEmpty ? [] : [ShellWord(.literal("branch "), .variable("DEFAULT_BRANCH"))] + refs
      declared.append(
        GitHubEnvironment(
          name: environment.rollbackEnvironment, comment: "from where \(environment.name) is rolled back, at once",
          rule: .nobody, refs: rollbackRefs, secrets: unique(ways.flatMap(\.rollbackSecrets) + upkeep)))
    }
    return declared
  }

  /// Tags from which releases start.
  static func releaseTags(of plan: ReleasePlan) -> [TagPattern] {
    unique(plan.environments.flatMap(\.spec.trigger.releaseTags)).filter { !$0.isExclusion }
  }

  private static func unique<Value: Equatable>(_ values: [Value]) -> [Value] {
    values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
