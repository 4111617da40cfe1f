import TextLayout

extension ShellLibrary {
  static let gitHub: [ShellFunction] = [
    ShellFunction(
      "github", "PATH [OPTION…]: what GitHub's API answers, through gh.", needs: ["remote"],
      body: #"remote gh api "$@""#),
    ShellFunction(
      "post_status",
      "CONTEXT STATE TEXT COMMIT: a commit status. It is what later promotions ask for; without it they fail closed, so a status",
      "that cannot be posted is said aloud and does not undo a good release.", needs: ["remote", "complain", "say"],
      body: #"""
        if [[ -z ${GH_TOKEN:-} || -z ${GITHUB_REPOSITORY:-} || -z $4 ]]; then
          say "not on GitHub: no commit status $1 = $2"
          return 0
        fi
        remote gh api --method POST "repos/${GITHUB_REPOSITORY}/statuses/$4" \
          -f "state=$2" -f "context=$1" -f "description=${3:0:140}" >/dev/null ||
          complain "the commit status $1 = $2 could not be posted; promotions that need it will be refused"
        """#),
  ]

  /// Each answers pass (0), fail (1) or unknown (2).
  static let gitHubGates: [ShellFunction] = [
    ShellFunction(
      "gate_github_checks", "SECONDS NAME…: these checks of the commit are green. Pending ones are waited for.",
      needs: ["github", "now", "say"],
      body: #"""
        local limit=$1 started name runs statuses result waiting
        shift
        started=$(now)
        while true; do
          waiting=''
          runs=$(github "repos/${GITHUB_REPOSITORY}/commits/${COMMIT}/check-runs?per_page=100" --paginate) || return 2
          statuses=$(github "repos/${GITHUB_REPOSITORY}/commits/${COMMIT}/status?per_page=100") || return 2
          for name in "$@"; do
            # The newest run of that name counts; a skipped or neutral one has shown nothing.
            result=$(jq -rs --arg name "${name}" --argjson statuses "${statuses}" '
              ([.[].check_runs[]? | select(.name == $name)] | max_by(.started_at // "")) as $run
              | ([$statuses.statuses[]? | select(.context == $name)] | first) as $status
              | if $run != null then (if $run.status != "completed" then "pending" else $run.conclusion end)
                elif $status != null then $status.state
                else "missing" end' <<<"${runs}") || return 2
            case ${result} in
              success) ;;
              pending | missing) waiting="${name} is ${result}" ;;
              *)
                say "${name} ended ${result}"
                return 1
                ;;
            esac
          done
          [[ -n ${waiting} ]] || return 0
          if (($(now) - started >= limit)); then
            say "after ${limit}s ${waiting}"
            return 2
          fi
          say "${waiting}, waiting"
          sleep 15
        done
        """#),
    ShellFunction(
      "gate_no_open_issues", "LABEL…: the repository has no open issue with any of these labels.",
      needs: ["github", "say"],
      body: #"""
        local label found titles
        for label in "$@"; do
          found=$(github --method GET "repos/${GITHUB_REPOSITORY}/issues" -f state=open -f "labels=${label}" -f per_page=20) || return 2
          titles=$(jq -r 'if type == "array" then map(select(has("pull_request") | not) | "#\(.number) \(.title)") | join("; ")
            else error("no list") end' <<<"${found}") || return 2
          if [[ -n ${titles} ]]; then
            say "open with label ${label}: ${titles}"
            return 1
          fi
        done
        """#),
    ShellFunction(
      "gate_stable_for",
      "SECONDS ENVIRONMENT: the newest release of the environment succeeded, at least that long ago.",
      needs: ["github", "now", "say", "seconds_of"],
      body: #"""
        local seconds=$1 environment=$2 deployments id latest state created age
        deployments=$(github --method GET "repos/${GITHUB_REPOSITORY}/deployments" -f "environment=${environment}" -f task=deploy -f per_page=10) || return 2
        # The deployment of this very run, which waits for this gate, says nothing about the one before.
        id=$(jq -r --arg commit "${COMMIT}" 'if type == "array" then map(select(.sha != $commit)) | (.[0].id // "") else error("no list") end' <<<"${deployments}") || return 2
        if [[ -z ${id} ]]; then
          say "there is no earlier release of ${environment}"
          return 0
        fi
        latest=$(github "repos/${GITHUB_REPOSITORY}/deployments/${id}/statuses?per_page=1") || return 2
        {
          read -r state
          read -r created
        } < <(jq -r '.[0].state // "none", .[0].created_at // ""' <<<"${latest}") || return 2
        # A newer successful release makes the older one inactive; it was good as long as it lived.
        if [[ ${state} != success && ${state} != inactive ]]; then
          say "the last release of ${environment} is ${state}"
          return 1
        fi
        created=$(seconds_of "${created}") || return 2
        age=$(($(now) - created))
        if ((age < seconds)); then
          say "the last release of ${environment} is ${age}s old; this passes in $((seconds - age))s"
          return 1
        fi
        """#),
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
      "concerns",
      "BRANCHES PATHS EXCLUDED: whether the pull request goes to one of these branches and touches one of these paths",
      "(extended regular expressions; empty: any).", needs: ["github"],
      body: #"""
        local branches=$1 paths=$2 excluded=$3 base files file
        base=$(github "repos/${GITHUB_REPOSITORY}/pulls/${PULL_REQUEST}" | jq -r '.base.ref // empty') || return 2
        [[ -n ${base} ]] || return 2
        if [[ -n ${branches} && ! ${base} =~ ${branches} ]]; then
          return 1
        fi
        [[ -n ${paths} ]] || return 0
        files=$(github "repos/${GITHUB_REPOSITORY}/pulls/${PULL_REQUEST}/files?per_page=100" --paginate | jq -r '.[] | .filename, (.previous_filename // empty)') || return 2
        while read -r file; do
          if [[ ${file} =~ ${paths} && (-z ${excluded} || ! ${file} =~ ${excluded}) ]]; then
            return 0
          fi
        done <<<"${files}"
        return 1
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
      "gate_signed_tag",
      "IMMUTABLE: this runs from an annotated tag of this commit whose signature GitHub has verified and, with IMMUTABLE = 1,",
      "which an active ruleset protects from being moved or deleted.", needs: ["github", "say"],
      body: #"""
        local ref kind object tag verdict rulesets id rules pattern protected=''
        if [[ ${GITHUB_REF_TYPE:-} != tag ]]; then
          say "this does not run from a tag"
          return 1
        fi
        ref=$(github "repos/${GITHUB_REPOSITORY}/git/ref/tags/${GITHUB_REF_NAME}") || return 2
        {
          read -r kind
          read -r object
        } < <(jq -r '.object.type // "", .object.sha // ""' <<<"${ref}") || return 2
        if [[ ${kind} != tag ]]; then
          say "${GITHUB_REF_NAME} is a lightweight tag, which carries no signature"
          return 1
        fi
        tag=$(github "repos/${GITHUB_REPOSITORY}/git/tags/${object}") || return 2
        verdict=$(jq -r --arg commit "${COMMIT}" 'if .object.sha != $commit then "points at another commit"
          elif .verification.verified == true then "verified" else .verification.reason // "unsigned" end' <<<"${tag}") || return 2
        if [[ ${verdict} != verified ]]; then
          say "tag ${GITHUB_REF_NAME}: ${verdict}"
          return 1
        fi
        if (($1 == 0)); then
          return 0
        fi
        rulesets=$(github "repos/${GITHUB_REPOSITORY}/rulesets?targets=tag") || return 2
        for id in $(jq -r '.[] | select(.enforcement == "active") | .id' <<<"${rulesets}"); do
          rules=$(github "repos/${GITHUB_REPOSITORY}/rulesets/${id}") || return 2
          jq -e '[.rules[].type] | (index("deletion") != null and index("update") != null)' <<<"${rules}" >/dev/null || continue
          while read -r pattern; do
            # shellcheck disable=SC2053 # the right side is a pattern on purpose
            if [[ ${pattern} == '~ALL' || refs/tags/${GITHUB_REF_NAME} == ${pattern} ]]; then
              protected=yes
            fi
          done < <(jq -r '.conditions.ref_name.include[]? // empty' <<<"${rules}")
        done
        if [[ -z ${protected} ]]; then
          say "no active tag ruleset forbids moving and deleting ${GITHUB_REF_NAME}"
          return 1
        fi
        """#),
    ShellFunction(
      "gate_status", "CONTEXT: the newest commit status of that name is success.", needs: ["github", "say"],
      body: #"""
        local statuses state
        statuses=$(github "repos/${GITHUB_REPOSITORY}/commits/${COMMIT}/status?per_page=100") || return 2
        state=$(jq -r --arg context "$1" '[.statuses[]? | select(.context == $context)] | first | .state // "missing"' <<<"${statuses}") || return 2
        case ${state} in
          success) return 0 ;;
          failure | error)
            say "$1 is ${state} for commit ${COMMIT}"
            return 1
            ;;
          *)
            say "$1 is ${state} for commit ${COMMIT}: it has not been shown there"
            return 2
            ;;
        esac
        """#),
    ShellFunction(
      "gate_approval",
      "ENVIRONMENT: a person let this run pass that environment of GitHub, and nobody passed two of this release's gates. An",
      "environment that does not exist would let everybody pass: it leaves no approval, so it fails here.",
      needs: ["github", "say"],
      body: #"""
        local approvals twice
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
        """#),
  ]
}
