import TextLayout

extension ShellLibrary {
  /// What an environment is, what it should be, and the way from the one to the other.
  static let setupEnvironments: [ShellFunction] = [
    ShellFunction(
      "find_reviewers",
      "ENVIRONMENT NAME…: the numbers of these users and teams (organisation/team), in FOUND. Names that GitHub does not know",
      "are complained about and left out. Fails when GitHub could not be asked, for then nobody knows who is missing.",
      needs: ["ask_github", "trouble"],
      body: #"""
        local environment=$1 name path known
        shift
        FOUND='[]'
        if (($# > MOST_REVIEWERS)); then
          trouble "${environment}: the spec names $# reviewers, and GitHub takes ${MOST_REVIEWERS}: use a team; these are left out:" \
            "${*:MOST_REVIEWERS+1}"
          set -- "${@:1:MOST_REVIEWERS}"
        fi
        for name in "$@"; do
          path=$(jq -rn --arg name "${name}" '$name | split("/") | map(@uri)
            | if length == 1 then "users/\(.[0])" else "orgs/\(.[0])/teams/\(.[1:] | join("%2F"))" end')
          known=unknown
          # An organisation has the address of a user and can approve nothing.
          if ask_github GET "${path}"; then
            known=$(jq -c --arg path "${path}" 'if (.id | type) != "number" or .type == "Organization" then "unknown"
              elif $path | startswith("orgs/") then {type: "Team", id} else {type: "User", id} end' <<<"${ANSWER}" 2>/dev/null) || known=''
          elif [[ ${STATUS} != 404 ]]; then
            known=''
          fi
          case ${known} in
            '{'*) FOUND=$(jq -c --argjson known "${known}" '. + [$known]' <<<"${FOUND}") ;;
            '')
              trouble "${environment}: left as it is, because the reviewer ${name} could not be looked up: ${PROBLEM:-no such answer}"
              return 1
              ;;
            *) trouble "${environment}: GitHub does not know the reviewer ${name}, or does not show it to this login" ;;
          esac
        done
        """#),
    ShellFunction(
      "read_environment",
      "ENVIRONMENT: what it is now, in CURRENT; null when it does not exist. Fails when that cannot be told.",
      needs: ["ask_github", "trouble"],
      body: #"""
        local environment policies='{}'
        CURRENT=null
        if ! ask_github GET "repos/${REPOSITORY}/environments/$1"; then
          if [[ ${STATUS} == 404 ]]; then
            return 0
          fi
          trouble "$1: cannot be read: ${PROBLEM}"
          return 1
        fi
        environment=${ANSWER}
        if jq -e '.deployment_branch_policy.custom_branch_policies == true' <<<"${environment}" >/dev/null 2>&1; then
          if ! ask_github GET "repos/${REPOSITORY}/environments/$1/deployment-branch-policies?per_page=100"; then
            trouble "$1: its branches and tags cannot be read: ${PROBLEM}"
            return 1
          fi
          policies=${ANSWER}
        fi
        if ! CURRENT=$(jq -ce --arg owner "${REPOSITORY%%/*}" --argjson policies "${policies}" '
          [.protection_rules[] | select(.type == "required_reviewers")] as $review
          | {
            reviewers: [$review[].reviewers[] | {type, id: .reviewer.id,
              name: (if .type == "Team" then "\($owner)/\(.reviewer.slug)" else .reviewer.login end)}],
            forbidsOwn: any($review[]; .prevent_self_review == true),
            minutes: ([.protection_rules[] | select(.type == "wait_timer") | .wait_timer] | add // 0),
            bypass: .can_admins_bypass,
            refs: (if .deployment_branch_policy == null then [{text: "any"}]
              elif .deployment_branch_policy.protected_branches then [{text: "protected branches"}]
              else [$policies.branch_policies[] | {id, text: "\(.type // "branch") \(.name)"}] end)
          }' <<<"${environment}" 2>/dev/null); then
          CURRENT=null
          trouble "$1: what GitHub answered is not what it should be"
          return 1
        fi
        """#),
    ShellFunction(
      "differences", "ENVIRONMENT: a line for each thing in which CURRENT is not WANTED.",
      body: #"""
        jq -rn --arg name "$1" --argjson is "${CURRENT}" --argjson should "${WANTED}" '
          def list: "[\(join(", "))]";
          def people: map({type, id}) | unique;
          if $is == null then
            "\($name): does not exist, the spec says reviewers \($should.names | list), deployment branches and tags \($should.refs | list)"
          else
            (if $should.rule == "reviewed" and $should.reviewers != [] and ($is.reviewers | people) != ($should.reviewers | people)
              then "\($name): reviewers are \($is.reviewers | map(.name) | list), the spec says \($should.names | list)" else empty end),
            (if $should.rule == "reviewed" and $is.reviewers != [] and ($is.forbidsOwn | not)
              then "\($name): people may approve their own release, the spec says that they may not" else empty end),
            (if $should.rule == "nobody" and $is.reviewers != []
              then "\($name): reviewers are \($is.reviewers | map(.name) | list), the spec says none: a rollback waits for nobody" else empty end),
            (if $should.rule == "nobody" and $is.minutes > 0
              then "\($name): the wait timer is \($is.minutes) min, the spec says none: a rollback waits for nobody" else empty end),
            (if ($is.refs | map(.text) | unique) != ($should.refs | unique)
              then "\($name): deployment branches and tags are \($is.refs | map(.text) | list), the spec says \($should.refs | list)" else empty end)
          end'
        """#),
    ShellFunction(
      "remarks", "ENVIRONMENT: what is there and what the spec does not speak of.", needs: ["remark"],
      body: #"""
        local line
        while IFS= read -r line; do
          remark "${line}"
        done < <(jq -rn --arg name "$1" --argjson is "${CURRENT}" --argjson should "${WANTED}" '
          if $is == null then empty else
            (if $should.rule != "nobody" and $is.minutes > 0
              then "\($name): the wait timer of \($is.minutes) min is left alone, the spec does not speak of it" else empty end),
            (if $should.rule == "unspoken" and $is.reviewers != []
              then "\($name): the reviewers [\($is.reviewers | map(.name) | join(", "))] are left alone, the spec does not speak of them" else empty end),
            (if $should.rule == "reviewed" and $is.bypass != false
              then "\($name): administrators can pass its reviewers by; Settings → Environments is where to forbid it" else empty end)
          end')
        """#),
    ShellFunction(
      "mend_environment",
      "ENVIRONMENT: makes it what WANTED says. What the spec does not speak of goes along, because GitHub forgets what it",
      "is not told; what neither side has is not sent, because plans without it refuse even its absence.",
      needs: ["ask_github", "read_environment", "refused"],
      body: #"""
        local body missing extra id outcome=0
        body=$(jq -cn --argjson is "${CURRENT}" --argjson should "${WANTED}" '
          ($is // {reviewers: [], forbidsOwn: false, minutes: 0}) as $is
          | (if $should.rule == "nobody" then []
            elif $should.rule == "reviewed" and $should.reviewers != [] then $should.reviewers
            else $is.reviewers end | map({type, id})) as $reviewers
          | (if $should.rule == "nobody" then 0 else $is.minutes end) as $minutes
          | ($should.refs == ["protected branches"]) as $protected
          | {deployment_branch_policy: {protected_branches: $protected, custom_branch_policies: ($protected | not)}}
          + (if $reviewers + $is.reviewers == [] then {}
            else {reviewers: $reviewers, prevent_self_review: ($should.rule == "reviewed" or ($reviewers != [] and $is.forbidsOwn))} end)
          + (if $minutes + $is.minutes == 0 then {} else {wait_timer: $minutes} end)
          + (if $is.bypass == false then {can_admins_bypass: false} else {} end)')
        if ! ask_github PUT "repos/${REPOSITORY}/environments/$1" "${body}"; then
          refused "$1: cannot be changed"
          return 1
        fi
        read_environment "$1" || return 1
        if [[ ${body} == *'"custom_branch_policies":false'* ]]; then
          return 0
        fi
        missing=$(jq -cn --argjson is "${CURRENT}" --argjson should "${WANTED}" '
          ($should.refs | unique) - [$is.refs[].text] | .[] | split(" ") | {type: .[0], name: (.[1:] | join(" "))}')
        extra=$(jq -cn --argjson is "${CURRENT}" --argjson should "${WANTED}" '
          $is.refs[] | select(.id != null and (.text | IN($should.refs[]) | not)) | .id')
        while IFS= read -r body; do
          if [[ -n ${body} ]] && ! ask_github POST "repos/${REPOSITORY}/environments/$1/deployment-branch-policies" "${body}"; then
            refused "$1: does not take ${body}"
            outcome=1
          fi
        done <<<"${missing}"
        for id in ${extra}; do
          if ! ask_github DELETE "repos/${REPOSITORY}/environments/$1/deployment-branch-policies/${id}"; then
            refused "$1: does not let go of policy ${id}"
            outcome=1
          fi
        done
        return "${outcome}"
        """#),
    ShellFunction(
      "compare_environment",
      "ENVIRONMENT reviewed|unspoken|nobody: compares it with REVIEWERS and REFS (none: protected branches): LINES_DIFFERENT has a",
      "line for each difference. Fails when it cannot be compared, which was said then.",
      needs: ["die", "differences", "find_reviewers", "read_environment"],
      body: #"""
        LINES_DIFFERENT=''
        if ((${#REFS[@]} == 0)); then
          REFS=('protected branches')
        fi
        find_reviewers "$1" ${REVIEWERS[@]+"${REVIEWERS[@]}"} || return 1
        read_environment "$1" || return 1
        WANTED=$(jq -cn --arg rule "$2" --argjson found "${FOUND}" --argjson reviewers "${#REVIEWERS[@]}" '
          {rule: $rule, reviewers: $found, names: $ARGS.positional[:$reviewers],
            refs: (reduce $ARGS.positional[$reviewers:][] as $ref ([]; if index($ref) then . else . + [$ref] end))}' \
          --args -- ${REVIEWERS[@]+"${REVIEWERS[@]}"} ${REFS[@]+"${REFS[@]}"})
        LINES_DIFFERENT=$(differences "$1") || die 1 "$1: cannot be compared with the spec"
        """#),
    ShellFunction(
      "match_environment",
      "ENVIRONMENT reviewed|unspoken|nobody: compares it and, unless this is a dry run, changes it. Then the secrets.",
      needs: [
        "compare_environment", "die", "differences", "match_secrets", "mend_environment", "read_environment", "remarks",
        "trouble",
      ],
      body: #"""
        local left
        if compare_environment "$1" "$2"; then
          if [[ -n ${LINES_DIFFERENT} ]]; then
            DIFFERENCES=$((DIFFERENCES + $(wc -l <<<"${LINES_DIFFERENT}")))
            printf '%s\n' "${LINES_DIFFERENT}"
            # GitHub may take a change and leave out a part of it, such as reviewers who cannot read the repository.
            if [[ -z ${DRY_RUN} ]] && mend_environment "$1" && read_environment "$1"; then
              left=$(differences "$1") || die 1 "$1: cannot be compared with the spec"
              if [[ -n ${left} ]]; then
                left=${left//$'\n'/; }
                trouble "changed, and yet: ${left}"
              else
                printf '%s: is now as the spec says\n' "$1"
              fi
            fi
          fi
          remarks "$1"
        fi
        match_secrets "$1"
        """#),
    ShellFunction(
      "match_secrets",
      "ENVIRONMENT: names those of SECRETS and OPTIONAL_SECRETS that it lacks. Their values are nothing for a script.",
      needs: ["amiss", "ask_github", "remark", "trouble"],
      body: #"""
        local name there=''
        if ((${#SECRETS[@]} + ${#OPTIONAL_SECRETS[@]} == 0)); then
          return 0
        fi
        if ask_github GET "repos/${REPOSITORY}/environments/$1/secrets?per_page=100"; then
          if ! there=$(jq -r '.secrets[].name' <<<"${ANSWER}" 2>/dev/null); then
            trouble "$1: what GitHub answered about its secrets is not what it should be"
            return 0
          fi
        elif [[ ${STATUS} != 404 ]]; then
          trouble "$1: cannot tell which secrets it has: ${PROBLEM}"
          return 0
        fi
        for name in ${SECRETS[@]+"${SECRETS[@]}"}; do
          if [[ $'\n'${there}$'\n' != *$'\n'"${name}"$'\n'* ]]; then
            amiss "$1: the secret ${name} is missing: gh secret set ${name} --env $1"
          fi
        done
        for name in ${OPTIONAL_SECRETS[@]+"${OPTIONAL_SECRETS[@]}"}; do
          if [[ $'\n'${there}$'\n' != *$'\n'"${name}"$'\n'* ]]; then
            remark "$1: the optional secret ${name} is not there: gh secret set ${name} --env $1"
          fi
        done
        """#),
  ]
}
