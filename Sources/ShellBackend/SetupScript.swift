import ReleaseModel
import TextLayout

/// `ops/<service>/setup-environments.sh`: makes GitHub's environments what the spec says, or tells what differs.
struct SetupScript {
  let plan: ReleasePlan

  var script: ShellScript {
    let path = "ops/\(plan.service)/setup-environments.sh"
    let declared = GitHubEnvironment.all(of: plan)
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
        "CURRENT", "WANTED", "LINES_DIFFERENT", "RULESETS", ShellVariable("REVIEWERS", "()"),
        ShellVariable("REFS", "()"),
        ShellVariable("SECRETS", "()"), ShellVariable("OPTIONAL_SECRETS", "()"), ShellVariable("DIFFERENCES", "0"),
        ShellVariable("PROBLEMS", "0"),
      ],
      functions: declared.map { $0.function(calling: "match_environment") },
      main: main(declared),
      mainNeeds: ["need_tools", "read_repository", "conclude"] + declared.map(\.function.text)
        + (declared.contains { $0.refs.isEmpty } ? ["match_default_branch"] : [])
        + (releaseTags.isEmpty ? [] : ["read_rulesets", "match_tag_protection"]))
  }

  private var releaseTags: [TagPattern] { GitHubEnvironment.releaseTags(of: plan) }

  private func main(_ declared: [GitHubEnvironment]) -> Bash {
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
}
