import TextLayout

extension ShellLibrary {
  /// Gates about what people did. Each answers pass (0), fail (1) or unknown (2).
  static let peopleGates: [ShellFunction] = [
    ShellFunction(
      "gate_reviews", "COUNT: that many people have approved the pull request as it is now.", needs: ["github", "say"],
      body: #"""
        local reviews count
        reviews=$(github "repos/${GITHUB_REPOSITORY}/pulls/${PULL_REQUEST}/reviews?per_page=100" --paginate) || return 2
        count=$(jq -rs --arg commit "${COMMIT}" '
          [.[][] | select(.state == "APPROVED" or .state == "CHANGES_REQUESTED" or .state == "DISMISSED")]
          | group_by(.user.login) | map(max_by(.submitted_at)) | map(select(.state == "APPROVED" and .commit_id == $commit))
          | length' <<<"${reviews}") || return 2
        if ((count < $1)); then
          say "${count} of $1 approvals of the newest commit"
          return 1
        fi
        """#),
    ShellFunction(
      "gate_confirm", "TEXT: the box with this text is ticked in the pull request's description.",
      needs: ["github", "say"],
      body: #"""
        local pull
        pull=$(github "repos/${GITHUB_REPOSITORY}/pulls/${PULL_REQUEST}") || return 2
        if ! jq -e --arg text "$1" '(.body // "") | split("\n") | any(
          gsub("^\\s+|\\s+$"; "") | (startswith("- [x] ") or startswith("- [X] ") or startswith("* [x] ") or startswith("* [X] "))
          and .[6:] == $text)' <<<"${pull}" >/dev/null; then
          say "not ticked in the pull request: - [ ] $1"
          return 1
        fi
        """#),
    ShellFunction(
      "gate_approval",
      "ENVIRONMENT SECONDS LIMIT: a person let this run pass that environment of GitHub, and nobody passed two of this release's",
      "gates. An environment that does not exist would let everybody pass: it leaves no approval, so it fails here. With a",
      "limit of seconds, written out such as 24h, the run has not waited longer than that; 0 is no limit.",
      needs: ["github", "say", "seconds_of", "now"],
      body: #"""
        local approvals twice seconds=$2 limit=$3 attempt started
        approvals=$(github "repos/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}/approvals") || return 2
        if ! jq -e --arg name "$1" 'any(.[]; .state == "approved" and any(.environments[]?; .name == $name))' <<<"${approvals}" >/dev/null; then
          say "nobody approved this run for $1; does that environment exist, with required reviewers?"
          return 1
        fi
        twice=$(jq -r --argjson gates "$(jq -cn '$ARGS.positional' --args ${APPROVAL_ENVIRONMENTS[@]+"${APPROVAL_ENVIRONMENTS[@]}"})" '
          [.[] | select(.state == "approved") | .user.login as $who | .environments[]?.name | select(IN($gates[])) | {who: $who, gate: .}]
          | unique | group_by(.who) | map(select(length > 1) | "\(.[0].who) passed \(map(.gate) | join(" and "))") | join("; ")' <<<"${approvals}") || return 2
        if [[ -n ${twice} ]]; then
          say "one person, two approvals: ${twice}"
          return 1
        fi
        ((seconds > 0)) || return 0
        attempt=$(github "repos/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}/attempts/${GITHUB_RUN_ATTEMPT:-1}") || return 2
        started=$(seconds_of "$(jq -r '.run_started_at // ""' <<<"${attempt}")") || return 2
        if (($(now) - started > seconds)); then
          say "approval expired after ${limit} (declared in the spec): start the release again"
          return 1
        fi
        """#),
    ShellFunction(
      "release_issue",
      "TAG ENVIRONMENT: the open issue of that release, as JSON; nothing when there is none. Anybody may open an issue in a",
      "public repository, so only one by the workflow or by somebody who belongs to the repository counts.",
      needs: ["github"],
      body: #"""
        local issues
        issues=$(github --method GET "repos/${GITHUB_REPOSITORY}/issues" -f state=open -f per_page=100 --paginate) || return 2
        jq -cs --arg title "Release $1 of ${SERVICE} to $2" '[.[][] | select(.title == $title
          and (has("pull_request") | not) and (.user.login == "github-actions[bot]"
            or (.author_association | IN("OWNER", "MEMBER", "COLLABORATOR"))))] | min_by(.number) // empty' <<<"${issues}" || return 2
        """#),
    ShellFunction(
      "gate_release_issue",
      "SECONDS ITEM…: the release issue of this tag has every box ticked, these items among them, and was opened that long",
      "ago.", needs: ["moment", "now", "release_issue", "say", "seconds_of"],
      body: #"""
        local seconds=$1 issue number opened boxes box outcome=0
        shift
        if [[ ${GITHUB_REF_TYPE:-} != tag ]]; then
          say "this does not run from a tag, so it has no release issue"
          return 1
        fi
        issue=$(release_issue "${GITHUB_REF_NAME}" "${PLACE}") || return 2
        if [[ -z ${issue} ]]; then
          say "there is no open issue 'Release ${GITHUB_REF_NAME} of ${SERVICE} to ${PLACE}': open it with ops/${SERVICE}/release-issue.sh"
          return 1
        fi
        number=$(jq -r .number <<<"${issue}") || return 2
        boxes=$(jq -r '[(.body // "") | split("\n")[] | gsub("^\\s+|\\s+$"; "")] as $lines
          | [$lines[] | select(test("^[-*] \\[ \\] ")) | .[6:]] as $open
          | [$lines[] | select(test("^[-*] \\[[xX]\\] ")) | .[6:]] as $done
          | ($open + ($ARGS.positional - $open - $done))[]' --args "$@" <<<"${issue}") || return 2
        if [[ -n ${boxes} ]]; then
          while IFS= read -r box; do
            say "not ticked in #${number}: ${box}"
          done <<<"${boxes}"
          outcome=1
        fi
        opened=$(seconds_of "$(jq -r .created_at <<<"${issue}")") || return 2
        if (($(now) - opened < seconds)); then
          say "#${number} was opened at $(moment "${opened}"); its lead time is over at $(moment "$((opened + seconds))")"
          outcome=1
        fi
        return "${outcome}"
        """#),
    ShellFunction(
      "gate_comment",
      "TEXT USER…: a comment begins with exactly this line, on the commit's pull request or on the release issue, by one of",
      "these users. A comment that was changed afterwards does not count.", needs: ["github", "release_issue", "say"],
      body: #"""
        local text=$1 pulls issue='' number comments people may who
        shift
        pulls=$(github "repos/${GITHUB_REPOSITORY}/commits/${COMMIT}/pulls" | jq -r '.[].number') || return 2
        if [[ ${GITHUB_REF_TYPE:-} == tag ]]; then
          issue=$(release_issue "${GITHUB_REF_NAME}" "${PLACE}") || return 2
        fi
        for number in ${PULL_REQUEST:-} ${pulls} $(jq -r .number <<<"${issue}"); do
          comments=$(github "repos/${GITHUB_REPOSITORY}/issues/${number}/comments?per_page=100" --paginate) || return 2
          # GitHub's user names do not tell cases apart.
          people=$(jq -rs --arg text "${text}" '[.[][] | select(.created_at == .updated_at
            and ((.body // "" | split("\n") | .[0] // "") | rtrimstr("\r")) == $text) | .user.login] | unique[] as $who
            | (if any($ARGS.positional[]; ascii_downcase == ($who | ascii_downcase)) then "yes" else "no" end) + " " + $who' --args "$@" <<<"${comments}") || return 2
          while read -r may who; do
            if [[ ${may} == yes ]]; then
              say "${who} wrote ${text} in #${number}"
              return 0
            fi
            [[ -z ${who} ]] || say "${who} wrote ${text} in #${number}, but is not one who can decide this"
          done <<<"${people}"
        done
        say "nobody of $* has written ${text} on the pull request or the release issue"
        return 1
        """#),
  ]
}
