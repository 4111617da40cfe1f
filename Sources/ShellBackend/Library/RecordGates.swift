import TextLayout

extension ShellLibrary {
  /// Gates about what has happened before. Each answers pass (0), fail (1) or unknown (2).
  static let recordGates: [ShellFunction] = [
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
      "status_of",
      "COMMIT CONTEXT: the newest commit status of that name and its time, such as `success 2026-06-02T09:00:00Z`; `missing`",
      "when there is none.", needs: ["github"],
      body: #"""
        local statuses
        statuses=$(github "repos/${GITHUB_REPOSITORY}/commits/$1/status?per_page=100") || return 2
        jq -r --arg context "$2" '[.statuses[]? | select(.context == $context)] | first
          | if . == null then "missing" else "\(.state) \(.created_at)" end' <<<"${statuses}" || return 2
        """#),
    ShellFunction(
      "gate_status", "CONTEXT: the newest commit status of that name is success.", needs: ["status_of", "say"],
      body: #"""
        local state
        state=$(status_of "${COMMIT}" "$1") || return 2
        state=${state%% *}
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
      "gate_soak",
      "SECONDS ENVIRONMENT OTHER…: the environment released this very commit at least that long ago, and it is still what is",
      "live there. The others are environments with the same target: what they release takes its place.",
      needs: ["github", "gate_status", "moment", "now", "say", "seconds_of", "status_of"],
      body: #"""
        local seconds=$1 context="${SERVICE}/$2" environment deployments all='[]' since id commit state at live='' age
        shift
        gate_status "${context}" || return
        state=$(status_of "${COMMIT}" "${context}") || return 2
        since=$(seconds_of "${state#* }") || return 2
        for environment in "$@"; do
          deployments=$(github --method GET "repos/${GITHUB_REPOSITORY}/deployments" -f "environment=${environment}" -f task=deploy -f per_page=30) || return 2
          all=$(jq -c --argjson all "${all}" '$all + [.[] | {id, sha, created_at, environment}]' <<<"${deployments}") || return 2
        done
        while read -r id commit environment; do
          [[ -n ${id} ]] || continue
          state=$(github "repos/${GITHUB_REPOSITORY}/deployments/${id}/statuses?per_page=1" | jq -r '.[0].state // "none"') || return 2
          case ${state} in
            # A newer successful release makes the older one inactive.
            success | inactive) ;;
            in_progress)
              [[ ${commit} != "${COMMIT}" ]] || continue
              say "a release of commit ${commit} into ${environment} is under way"
              return 1
              ;;
            *) continue ;;
          esac
          if [[ ${commit} == "${COMMIT}" ]]; then
            live=yes
            break
          fi
          # What was taken back later left a failure; from then on the commit before it was live again.
          state=$(status_of "${commit}" "${SERVICE}/${environment}") || return 2
          case ${state} in
            failure* | error*)
              at=$(seconds_of "${state#* }") || return 2
              ((at <= since)) || since=${at}
              ;;
            *)
              say "commit ${commit} was released into ${environment} after commit ${COMMIT}, which is no longer live there"
              return 1
              ;;
          esac
        done < <(jq -r 'sort_by(.created_at) | reverse | .[] | "\(.id) \(.sha) \(.environment)"' <<<"${all}")
        if [[ -z ${live} ]]; then
          say "no release of commit ${COMMIT} is among the last ones of $1"
          return 2
        fi
        age=$(($(now) - since))
        if ((age < seconds)); then
          say "live in $1 since $(moment "${since}"), which is less than ${seconds}s; this passes at $(moment "$((since + seconds))")"
          return 1
        fi
        """#),
    ShellFunction(
      "gate_workflow_run",
      "FILE SECONDS: the newest run of that workflow on the default branch succeeded, and began at most that long ago. Runs of",
      "pull requests do not count: a fork can have a branch of the same name.",
      needs: ["github", "moment", "now", "say", "seconds_of"],
      body: #"""
        local file=$1 seconds=$2 branch runs conclusion started
        branch=$(github "repos/${GITHUB_REPOSITORY}" | jq -r '.default_branch // empty') || return 2
        [[ -n ${branch} ]] || return 2
        runs=$(github --method GET "repos/${GITHUB_REPOSITORY}/actions/workflows/${file}/runs" -f "branch=${branch}" -f status=completed -f per_page=50) || return 2
        {
          read -r conclusion
          read -r started
        } < <(jq -r '[.workflow_runs[] | select(.event != "pull_request" and .event != "pull_request_target")] | first
          | .conclusion // "none", .run_started_at // ""' <<<"${runs}") || return 2
        case ${conclusion} in
          success) ;;
          none)
            say "${file} has not run on ${branch} yet"
            return 1
            ;;
          *)
            say "the last run of ${file} on ${branch} ended ${conclusion}"
            return 1
            ;;
        esac
        started=$(seconds_of "${started}") || return 2
        if (($(now) - started > seconds)); then
          say "the last run of ${file} on ${branch} was at $(moment "${started}"), more than ${seconds}s ago"
          return 1
        fi
        """#),
  ]
}
