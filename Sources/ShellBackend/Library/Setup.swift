import TextLayout

extension ShellLibrary {
  /// How the script that sets up environments talks with GitHub. A 404 is an answer here, and nothing to try again.
  static let setupTalk: [ShellFunction] = [
    ShellFunction(
      "trouble", "TEXT…: complains about something that this script did not or cannot mend.", needs: ["complain"],
      body: """
        PROBLEMS=$((PROBLEMS + 1))
        complain "$*"
        """),
    ShellFunction(
      "amiss", "TEXT: a line about something that only a person can mend.",
      body: #"""
        PROBLEMS=$((PROBLEMS + 1))
        printf '%s\n' "$1"
        """#),
    ShellFunction(
      "remark", "TEXT…: a line that nobody has to act on.", body: #"printf '(%s)\n' "$*""#),
    ShellFunction(
      "ask_github",
      "METHOD PATH [BODY]: asks GitHub's API; the answer is in ANSWER. When it fails, STATUS is GitHub's status, if there",
      "is one, and PROBLEM what was said. Asks again when there was no answer, but never creates anything twice.",
      needs: ["die", "limited", "say"],
      body: #"""
        local method=$1 path=$2 body=${3:-} attempt=1 code pattern='[(]HTTP ([0-9]+)[)]'
        local -a options=()
        [[ -z ${body} ]] || options=(--input -)
        while true; do
          code=0
          STATUS=''
          PROBLEM=''
          ANSWER=$(limited "${CALL_LIMIT}" gh api --method "${method}" "${path}" ${options[@]+"${options[@]}"} \
            <<<"${body}" 2>"${ERRORS}") || code=$?
          if ((code == 0)); then
            return 0
          fi
          PROBLEM=$(<"${ERRORS}")
          PROBLEM=${PROBLEM//$'\n'/ }
          if [[ ${PROBLEM} =~ ${pattern} ]]; then
            STATUS=${BASH_REMATCH[1]}
          fi
          if ((code == 4)) || [[ ${STATUS} == 401 ]]; then
            die 3 "gh is not logged in: set GH_TOKEN, or run: gh auth login (${PROBLEM})"
          fi
          PROBLEM=${PROBLEM:-no answer, exit code ${code}}
          if [[ ${STATUS} == 4?? && ${STATUS} != 429 ]] || [[ ${method} == POST ]] || ((attempt >= CALL_ATTEMPTS)); then
            return 1
          fi
          say "attempt ${attempt} of ${CALL_ATTEMPTS} failed: ${PROBLEM}"
          sleep "$((attempt * 2))"
          attempt=$((attempt + 1))
        done
        """#),
    ShellFunction(
      "refused", "TEXT: says that GitHub did not do this, and what such an answer mostly means.",
      needs: ["trouble", "say"],
      body: #"""
        trouble "$1: ${PROBLEM}"
        case ${STATUS} in
          403 | 404 | 422)
            if [[ ${PRIVATE} == true ]]; then
              say "In a private repository, GitHub has required reviewers and wait timers only with GitHub Enterprise, and" \
                "environments at all only with a paid plan. If the plan is right, this login is no administrator's."
            else
              say "Is this login an administrator's, and may its token change the repository's administration?"
            fi
            ;;
        esac
        """#),
    ShellFunction(
      "read_repository", "Which repository this is, whether it is private, and what its default branch is called.",
      needs: ["ask_github", "die"],
      body: #"""
        local path='repos/{owner}/{repo}'
        # The placeholders are gh's, which takes the repository from the clone that this file lies in.
        cd "$(dirname "${BASH_SOURCE[0]}")" || die 3 "cannot go to the folder of this script"
        if [[ -n ${GITHUB_REPOSITORY:-} ]]; then
          path="repos/${GITHUB_REPOSITORY}"
        fi
        ask_github GET "${path}" || die 1 "cannot read the repository: ${PROBLEM}"
        {
          read -r REPOSITORY
          read -r DEFAULT_BRANCH
          read -r PRIVATE
        } < <(jq -r '.full_name // "", .default_branch // "", .private' <<<"${ANSWER}") || true
        if [[ -z ${REPOSITORY} || -z ${DEFAULT_BRANCH} || -z ${PRIVATE} ]]; then
          die 1 "what GitHub answered about the repository is not what it should be"
        fi
        """#),
    ShellFunction(
      "conclude", "The sum of it all, and the exit code.",
      body: #"""
        if ((DIFFERENCES + PROBLEMS == 0)); then
          printf '%s: everything is as the spec says\n' "${REPOSITORY}"
          exit 0
        fi
        if [[ -n ${DRY_RUN} ]]; then
          printf '%s: %d to change, %d to do by hand or to look into; nothing was changed\n' \
            "${REPOSITORY}" "${DIFFERENCES}" "${PROBLEMS}"
          exit 1
        fi
        printf '%s: %d found to change, %d left to do by hand or to look into\n' \
          "${REPOSITORY}" "${DIFFERENCES}" "${PROBLEMS}"
        if ((PROBLEMS > 0)); then
          exit 1
        fi
        """#),
  ]

  /// What the spec counts on and this script does not change.
  static let setupRefs: [ShellFunction] = [
    ShellFunction(
      "match_default_branch",
      "Where only protected branches may deploy, an unprotected default branch may not, and rollbacks start there.",
      needs: ["ask_github", "remark"],
      body: #"""
        if ask_github GET "repos/${REPOSITORY}/branches/${DEFAULT_BRANCH}" &&
          [[ $(jq -r '.protected' <<<"${ANSWER}" 2>/dev/null) == false ]]; then
          remark "${DEFAULT_BRANCH} is not protected, and some of these environments let only protected branches through"
        fi
        """#),
    ShellFunction(
      "read_rulesets",
      "The active tag rulesets that forbid moving and deleting, in RULESETS: a JSON list of what they include and exclude.",
      needs: ["ask_github", "trouble"],
      body: #"""
        local id ids
        RULESETS='[]'
        if ! ask_github GET "repos/${REPOSITORY}/rulesets?targets=tag&per_page=100" ||
          ! ids=$(jq -r '.[] | select(.enforcement == "active") | .id' <<<"${ANSWER}" 2>/dev/null); then
          trouble "cannot tell which tags are protected: ${PROBLEM:-no list}"
          RULESETS=''
          return 0
        fi
        for id in ${ids}; do
          if ! ask_github GET "repos/${REPOSITORY}/rulesets/${id}" ||
            ! RULESETS=$(jq -ce --argjson rulesets "${RULESETS}" '$rulesets + [
              select([.rules[].type] | index("deletion") != null and index("update") != null)
              | {include: (.conditions.ref_name.include // []), exclude: (.conditions.ref_name.exclude // [])}]' <<<"${ANSWER}" 2>/dev/null); then
            trouble "cannot tell what ruleset ${id} protects: ${PROBLEM:-no ruleset}"
            RULESETS=''
            return 0
          fi
        done
        """#),
    ShellFunction(
      "covers", "TAG include|exclude RULESET: whether a pattern of that list means the tag.",
      body: #"""
        local pattern
        while IFS= read -r pattern; do
          # shellcheck disable=SC2053 # the right side is a pattern on purpose
          if [[ ${pattern} == '~ALL' || refs/tags/$1 == ${pattern} ]]; then
            return 0
          fi
        done < <(jq -r --arg list "$2" '.[$list][]' <<<"$3")
        return 1
        """#),
    ShellFunction(
      "match_tag_protection",
      "PATTERN TAG…: whether a ruleset keeps tags of this pattern, for example these, from being moved or deleted.",
      needs: ["amiss", "covers"],
      body: #"""
        local filter=$1 rulesets tag ruleset protected
        shift
        if [[ -z ${RULESETS} ]]; then
          return 0
        fi
        rulesets=$(jq -c '.[]' <<<"${RULESETS}")
        for tag in "$@"; do
          protected=''
          while IFS= read -r ruleset; do
            if [[ -n ${ruleset} ]] && covers "${tag}" include "${ruleset}" && ! covers "${tag}" exclude "${ruleset}"; then
              protected=yes
            fi
          done <<<"${rulesets}"
          if [[ -z ${protected} ]]; then
            amiss "tags ${filter} start a release, and no active tag ruleset forbids moving and deleting them (such as ${tag})"
            return 0
          fi
        done
        """#),
  ]

  static let setup = setupTalk + setupEnvironments + setupRefs
}
