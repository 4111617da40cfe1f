import ReleaseModel
import TextLayout

/// `ops/<service>/doctor.sh`: what has to be there before the first release, looked at and not touched.
struct DoctorScript {
  let plan: ReleasePlan

  var script: ShellScript {
    let path = "ops/\(plan.service)/doctor.sh"
    let declared = GitHubEnvironment.all(of: plan)
    return ShellScript(
      path: path,
      purpose: [
        "Looks whether everything is there that releases of \(plan.service) need. Changes nothing.",
        "A line for each thing: ok, missing, or cannot tell, with what to do about it.",
      ],
      usage: [path],
      exitCodes: [
        (0, "all is there"), (1, "something is missing"), (2, "called wrongly"), (3, "something cannot be told"),
      ],
      constants: [
        ShellConstant("SERVICE", plan.service), ShellConstant("PLACE", "doctor"), ShellConstant("CALL_LIMIT", 60),
        ShellConstant("CALL_ATTEMPTS", 3), ShellConstant("MOST_REVIEWERS", 6),
      ],
      variables: [
        "REPOSITORY", "DEFAULT_BRANCH", "PRIVATE", "ERRORS", "ANSWER", "STATUS", "PROBLEM", "FOUND", "CURRENT",
        "WANTED",
        "LINES_DIFFERENT", "RULESETS", ShellVariable("REVIEWERS", "()"), ShellVariable("REFS", "()"),
        ShellVariable("SECRETS", "()"), ShellVariable("OPTIONAL_SECRETS", "()"), ShellVariable("MISSING", "0"),
        ShellVariable("UNKNOWN", "0"),
      ],
      functions: declared.map { $0.function(calling: "examine_environment") } + Self.voices,
      main: main(declared),
      mainNeeds: ["need_tools", "read_repository", "examine_place", "conclude_examination"]
        + declared.map(\.function.text) + (tags.isEmpty ? [] : ["read_rulesets", "match_tag_protection"])
        + (credentials.isEmpty ? [] : ["examine_credentials"]))
  }

  /// What the functions of the set-up say, in a doctor's words.
  private static let voices = [
    ShellFunction(
      "trouble", "TEXT…: something could not be asked.", needs: ["cannot_tell"], body: #"cannot_tell "$*""#),
    ShellFunction("amiss", "TEXT: something that only a person can mend.", needs: ["lacks"], body: #"lacks "$1""#),
    ShellFunction("remark", "TEXT…: a line that nobody has to act on.", body: #"printf 'note         %s\n' "$*""#),
  ]

  private var tags: [TagPattern] { GitHubEnvironment.releaseTags(of: plan) }

  /// The environments of GitHub whose jobs log in to Azure, by the secrets that name the identity.
  private var credentials: [(client: String, names: [String])] {
    var result: [(client: String, names: [String])] = []
    for environment in plan.environments {
      guard case .azure(let client, _, _) = environment.spec.target.login else { continue }
      let names = [environment.name] + (environment.spec.rollback == nil ? [] : [environment.rollbackEnvironment])
      if let index = result.firstIndex(where: { $0.client == client }) {
        result[index].names += names.filter { !result[index].names.contains($0) }
      } else {
        result.append((client, names))
      }
    }
    return result
  }

  private func main(_ declared: [GitHubEnvironment]) -> Bash {
    var steps = declared.map(\.function.bash)
    if !tags.isEmpty { steps.append("read_rulesets") }
    for tag in tags { steps.append("match_tag_protection \(tag.filter) \(words: FilterPattern(tag).examples)") }
    for identity in credentials {
      steps.append(
        "examine_credentials \(ShellName(identity.client).bash) \(words: identity.names)")
    }
    for environment in plan.environments { steps.append("examine_place \(environment.name)") }
    return """
      case ${1:-} in
        '') ;;
        -h | --help)
          usage
          exit 0
          ;;
        *)
          usage >&2
          exit 2
          ;;
      esac
      need_tools gh jq mktemp
      ERRORS=$(mktemp "${TMPDIR:-/tmp}/liftlock.XXXXXX")
      trap 'rm -f "${ERRORS}"' EXIT
      read_repository
      \(Bash.lines(steps))
      conclude_examination
      """
  }
}
