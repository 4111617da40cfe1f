import ReleaseModel
import TextLayout

/// `ops/<service>/setup-environments.sh`: makes GitHub's environments what the spec says, or tells what differs.
struct SetupScript {
  let plan: ReleasePlan

  /// One environment of GitHub.
  private struct Declared {
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
  }

  var script: ShellScript {
    let path = "ops/\(plan.service)/setup-environments.sh"
    let declared = plan.environments.flatMap(environments)
    return ShellScript(
      path: path,
      purpose: [
        "Makes the GitHub environments of \(plan.service) what the release spec says: reviewers, branches and tags.",
        "Names the secrets that are missing. Needs gh, logged in as an administrator of the repository.",
      ],
      usage: ["\(path)              # changes what differs", "\(path) --dry-run    # only says what differs"],
      exitCodes: [
        (0, "all is as declared, or was made so"),
        (1, "something differs (--dry-run), could not be changed, or has to be done by hand"), (2, "called wrongly"),
        (3, "a tool or the login is missing"),
      ],
      constants: [
        ShellConstant("SERVICE", plan.service), ShellConstant("PLACE", "environments"),
        ShellConstant("CALL_LIMIT", 60), ShellConstant("CALL_ATTEMPTS", 3), ShellConstant("MOST_REVIEWERS", 6),
      ],
      variables: [
        "DRY_RUN", "REPOSITORY", "DEFAULT_BRANCH", "PRIVATE", "ERRORS", "ANSWER", "STATUS", "PROBLEM", "FOUND",
        "CURRENT", "WANTED", "RULESETS", ShellVariable("REVIEWERS", "()"), ShellVariable("REFS", "()"),
        ShellVariable("SECRETS", "()"), ShellVariable("OPTIONAL_SECRETS", "()"), ShellVariable("DIFFERENCES", "0"),
        ShellVariable("PROBLEMS", "0"),
      ],
      functions: declared.map(function),
      main: main(declared),
      mainNeeds: ["need_tools", "read_repository", "conclude"] + declared.map(\.function.text)
        + (declared.contains { $0.refs.isEmpty } ? ["match_default_branch"] : [])
        + (releaseTags.isEmpty ? [] : ["read_rulesets", "match_tag_protection"]))
  }

  private func environments(_ environment: EnvironmentPlan) -> [Declared] {
    let refs = DeploymentRefs(environment.spec.trigger).patterns.map(ShellWord.literal)
    // The job of the release takes back what it began, so it has what a rollback needs, too.
    let secrets = unique(
      environment.rolloutSecrets + (environment.spec.rollback == nil ? [] : environment.rollbackSecrets))
    let gates = environment.approvals.map { approval in
      let isReal = approval.environment == environment.name
      return Declared(
        name: approval.environment,
        comment: (isReal ? "where \(plan.service) is released" : "a gate before \(environment.name)")
          + "; approved by \(roles(approval))",
        rule: .reviewed(unique(approval.reviewers)), refs: refs, secrets: isReal ? secrets : [])
    }
    var declared = gates
    if !gates.contains(where: { $0.name == environment.name }) {
      declared.append(
        Declared(
          name: environment.name, comment: "where \(plan.service) is released; nobody has to approve",
          rule: .unspoken, refs: refs, secrets: secrets))
    }
    if environment.spec.rollback != nil, !environment.isHotfix {
      let ways = plan.ways(into: environment)
      let refs = unique(ways.flatMap { DeploymentRefs($0.spec.trigger).patterns }).map(ShellWord.literal)
      // The guard runs on the ref of the release, the rollback workflow on the default branch.
      let rollbackRefs = refs.isEmpty ? [] : [ShellWord(.literal("branch "), .variable("DEFAULT_BRANCH"))] + refs
      declared.append(
        Declared(
          name: environment.rollbackEnvironment, comment: "from where \(environment.name) is rolled back, at once",
          rule: .nobody, refs: rollbackRefs, secrets: unique(ways.flatMap(\.rollbackSecrets))))
    }
    return declared
  }

  private func roles(_ approval: Approval) -> String {
    approval.roles.map { plan.spec.roles[$0]?.title ?? $0 }.joined(separator: " or ")
  }

  private func function(_ declared: Declared) -> ShellFunction {
    let (rule, reviewers): (String, [String]) =
      switch declared.rule {
      case .reviewed(let reviewers): ("reviewed", reviewers)
      case .unspoken: ("unspoken", [])
      case .nobody: ("nobody", [])
      }
    let required = declared.secrets.filter { !$0.isOptional }.map(\.name)
    let optional = declared.secrets.filter(\.isOptional).map(\.name)
    return ShellFunction(
      declared.function, "\(declared.name): \(declared.comment).", needs: ["match_environment"],
      body: """
        REVIEWERS=(\(words: reviewers))
        REFS=(\(words: declared.refs))
        SECRETS=(\(words: required))
        OPTIONAL_SECRETS=(\(words: optional))
        match_environment \(declared.name) \(rule)
        """)
  }

  private var releaseTags: [TagPattern] {
    unique(plan.environments.flatMap(\.spec.trigger.releaseTags)).filter { !$0.isExclusion }
  }

  private func main(_ declared: [Declared]) -> Bash {
    var steps = declared.map(\.function.bash)
    if declared.contains(where: { $0.refs.isEmpty }) { steps.append("match_default_branch") }
    if !releaseTags.isEmpty { steps.append("read_rulesets") }
    for tag in releaseTags {
      steps.append("match_tag_protection \(tag.filter) \(words: FilterPattern(tag).examples)")
    }
    return """
      case ${1:-} in
        '') ;;
        --dry-run) DRY_RUN=1 ;;
        -h | --help)
          usage
          exit 0
          ;;
        *)
          usage >&2
          exit 2
          ;;
      esac
      if (($# > 1)); then
        usage >&2
        exit 2
      fi
      need_tools gh jq
      ERRORS=$(mktemp "${TMPDIR:-/tmp}/liftlock.XXXXXX")
      trap 'rm -f "${ERRORS}"' EXIT
      read_repository
      \(Bash.lines(steps))
      conclude
      """
  }

  private func unique<Value: Equatable>(_ values: [Value]) -> [Value] {
    values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
