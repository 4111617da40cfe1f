import TextLayout

extension ShellLibrary {
  /// Gates about the commit and its tag. Each answers pass (0), fail (1) or unknown (2).
  static let commitGates: [ShellFunction] = [
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
  ]
}
