import ReleaseModel
import TextLayout

/// `ops/<service>/release-issue.sh`: opens the issue in which people tick what they do before a release.
struct ReleaseIssueScript {
  let plan: ReleasePlan
  let environments: [EnvironmentPlan]

  /// `nil` when nobody has anything to do before a release.
  init?(plan: ReleasePlan) {
    environments = plan.withReleaseIssue
    if environments.isEmpty { return nil }
    self.plan = plan
  }

  var script: ShellScript {
    let path = "ops/\(plan.service)/release-issue.sh"
    return ShellScript(
      path: path,
      purpose: [
        "Opens the issue of a release of \(plan.service): what people do before it, and by when.",
        "An issue that is open already is left as it is.",
      ],
      usage: environments.map { "\(path) \($0.name) <tag> <planned start, such as 2026-06-02T02:00Z>" },
      exitCodes: [
        (0, "the issue is there"), (1, "GitHub does not answer"), (2, "called wrongly"), (3, "something is missing"),
      ],
      constants: [
        ShellConstant("SERVICE", plan.service), ShellConstant("PLACE", "release issue"),
        ShellConstant("CALL_LIMIT", 60), ShellConstant("CALL_ATTEMPTS", 3),
      ],
      variables: ["PLANNED", "PATTERN", "EXCLUDED", "FOLDER", ShellVariable("LABELS", "()")],
      functions: [part, open] + environments.map(text), main: main,
      mainNeeds: ["die", "need_tools", "need_values", "open_issue", "seconds_of"]
        + environments.map { name(of: $0).text })
  }

  private func name(of environment: EnvironmentPlan) -> ShellName { ShellName("checklists", of: environment.name) }

  private var part: ShellFunction {
    ShellFunction(
      "part", "SECONDS TITLE DUTY LINE…: one list, to be done that long before the planned start.", needs: ["moment"],
      body: #"""
        printf '## %s\n\nDue %s%s\n\n' "$2" "$(moment "$((PLANNED - $1))")" "${3:+, the duty of: $3}"
        shift 3
        printf '%s\n' "$@" ''
        """#)
  }

  private func text(_ environment: EnvironmentPlan) -> ShellFunction {
    let parts = environment.checklistsBefore.map { named -> Bash in
      let checklist = named.checklist
      let lead = "\(checklist.moment.time.inHours) before: \(ReleaseIssueText.markdown(named.title))"
      let role = checklist.role.map { ReleaseIssueText.markdown(plan.spec.roles[$0.value]?.title ?? $0.value) } ?? ""
      return "part \(checklist.moment.time.seconds) \(lead) \(role) \(words: ReleaseIssueText.lines(checklist, plan))"
    }
    return ShellFunction(
      name(of: environment), "The lists of a release into \(environment.name).", needs: ["part"], body: .lines(parts))
  }

  private var open: ShellFunction {
    ShellFunction(
      "open_issue", "ENVIRONMENT TAG FUNCTION: opens the issue unless it is open; the function prints its text.",
      needs: ["complain", "github", "moment", "now", "release_issue", "say"],
      body: #"""
        local issue labels
        issue=$(release_issue "$2" "$1") || return 1
        if [[ -n ${issue} ]]; then
          say "already open: #$(jq -r '"\(.number) \(.html_url)"' <<<"${issue}")"
          return 0
        fi
        ((PLANNED > $(now))) || say "the planned start is over"
        {
          printf 'Release of %s to %s, tag %s, planned for %s.\n\n' "${SERVICE}" "$1" "$2" "$(moment "${PLANNED}")"
          "$3"
        } >"${FOLDER}/body"
        labels=$(jq -cn '$ARGS.positional' --args ${LABELS[@]+"${LABELS[@]}"})
        jq -n --arg title "Release $2 of ${SERVICE} to $1" --rawfile body "${FOLDER}/body" --argjson labels "${labels}" \
          '{title: $title, body: $body, labels: $labels}' >"${FOLDER}/issue.json"
        issue=$(github --method POST "repos/${GITHUB_REPOSITORY}/issues" --input "${FOLDER}/issue.json") || {
          complain "the issue could not be opened"
          return 1
        }
        say "opened: #$(jq -r '"\(.number) \(.html_url)"' <<<"${issue}")"
        if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
          jq -r '"Release issue: #\(.number)"' <<<"${issue}" >>"${GITHUB_STEP_SUMMARY}"
        fi
        """#)
  }

  private func arm(_ environment: EnvironmentPlan) -> Bash {
    let tags = environment.spec.trigger.releaseTags
    let patterns = tags.filter { !$0.isExclusion }.map(\.regularExpression)
    let exclusions = tags.filter(\.isExclusion).map(\.regularExpression)
    let labels = environment.checklistsBefore.flatMap(\.checklist.labels)
    let distinct = labels.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return """
      \(environment.name))
        PATTERN=\(patterns.joined(separator: "|"))
        EXCLUDED=\(exclusions.isEmpty ? "^$" : exclusions.joined(separator: "|"))
        LABELS=(\(words: distinct))
        ;;
      """
  }

  private var main: Bash {
    """
    case ${1:-} in
      -h | --help)
        usage
        exit 0
        ;;
      \(Bash.lines(environments.map(arm)))
      *)
        usage >&2
        exit 2
        ;;
    esac
    if (($# != 3)); then
      usage >&2
      exit 2
    fi
    if [[ ! $2 =~ ${PATTERN} || $2 =~ ${EXCLUDED} ]]; then
      die 2 "$1 takes no tag $2, only such as ${PATTERN}"
    fi
    need_tools gh jq mktemp
    need_values GITHUB_REPOSITORY
    planned=$3
    if [[ ${planned} =~ ^[0-9-]+T[0-9]+:[0-9]+Z$ ]]; then
      planned="${planned%Z}:00Z"
    fi
    PLANNED=$(seconds_of "${planned}") || die 2 "the planned start must be a time in UTC such as 2026-06-02T02:00Z, not $3"
    FOLDER=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/liftlock.XXXXXX") || die 3 "no temporary folder"
    trap 'rm -rf "${FOLDER}"' EXIT
    case $1 in
      \(Bash.lines(environments.map { "\($0.name)) open_issue \"$1\" \"$2\" \(name(of: $0).bash) ;;" }))
    esac
    """
  }
}
