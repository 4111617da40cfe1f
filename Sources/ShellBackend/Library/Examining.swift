import TextLayout

extension ShellLibrary {
  /// What a doctor says. It changes nothing, and it never takes for well what it could not see.
  static let examining: [ShellFunction] = [
    ShellFunction("found", "TEXT: this is as it should be.", body: #"printf 'ok           %s\n' "$*""#),
    ShellFunction(
      "lacks", "TEXT: this is not as it should be, and what to do about it.",
      body: #"""
        MISSING=$((MISSING + 1))
        printf 'missing      %s\n' "$*"
        """#),
    ShellFunction(
      "cannot_tell", "TEXT: this could not be seen, and what to do to see it.",
      body: #"""
        UNKNOWN=$((UNKNOWN + 1))
        printf 'cannot tell  %s\n' "$*"
        """#),
    ShellFunction(
      "examine_environment",
      "ENVIRONMENT reviewed|unspoken|nobody: compares it with REVIEWERS and REFS (none: protected branches), then its secrets.",
      needs: ["compare_environment", "remarks", "match_secrets", "found", "lacks"],
      body: #"""
        local line
        if compare_environment "$1" "$2"; then
          if [[ -z ${LINES_DIFFERENT} ]]; then
            found "$1: reviewers, branches and tags are as the spec says"
          else
            while IFS= read -r line; do
              lacks "${line}; ops/${SERVICE}/setup-environments.sh makes it so"
            done <<<"${LINES_DIFFERENT}"
          fi
          remarks "$1"
        fi
        match_secrets "$1"
        """#),
    ShellFunction(
      "examine_credentials",
      "CLIENT NAME…: whether the Azure identity whose number is in the variable CLIENT trusts jobs in these environments of GitHub.",
      "Repositories made since 18 June 2026 send a subject with numbers in it; both forms are looked for.",
      needs: ["ask_github", "limited", "found", "lacks", "cannot_tell"],
      body: #"""
        local client=${!1:-} name numbers made subjects plain numbered
        if [[ -z ${client} ]]; then
          cannot_tell "federated credentials: no value for $1 in this shell (the secret's value; it is no password)"
          return 0
        fi
        shift
        if ! subjects=$(limited "${CALL_LIMIT}" az ad app federated-credential list --id "${client}" --output json 2>"${ERRORS}") ||
          ! subjects=$(jq -r '.[] | select(.issuer == "https://token.actions.githubusercontent.com") | .subject' <<<"${subjects}" 2>>"${ERRORS}"); then
          cannot_tell "federated credentials: az does not list them ($(head -c 200 "${ERRORS}" | tr '\n' ' ')); is az logged in? az login"
          return 0
        fi
        numbers=''
        made=''
        if ask_github GET "repos/${REPOSITORY}"; then
          numbers=$(jq -r 'if .id and .owner.id then "\(.owner.login)@\(.owner.id)/\(.name)@\(.id)" else "" end' <<<"${ANSWER}") || numbers=''
          made=$(jq -r '.created_at // ""' <<<"${ANSWER}") || made=''
        fi
        for name in "$@"; do
          plain="repo:${REPOSITORY}:environment:${name}"
          numbered=${numbers:+repo:${numbers}:environment:${name}}
          if [[ -n ${numbered} && $'\n'${subjects}$'\n' == *$'\n'"${numbered}"$'\n'* ]]; then
            found "${name}: the Azure identity trusts it (${numbered})"
          elif [[ $'\n'${subjects}$'\n' != *$'\n'"${plain}"$'\n'* ]]; then
            lacks "${name}: the Azure identity has no federated credential with the subject ${plain}${numbered:+ (or ${numbered}, which newer repositories send)}; az ad app federated-credential create"
          elif [[ ${made} < 2026-06-18 && -n ${made} ]]; then
            found "${name}: the Azure identity trusts it (${plain})"
          else
            cannot_tell "${name}: the Azure identity trusts ${plain}, but repositories made, renamed or moved since 18 June 2026 send ${numbered:-a subject with numbers}; Settings → Actions → OIDC says which"
          fi
        done
        """#),
    ShellFunction(
      "examine_place", "ENVIRONMENT: what only its own script can ask: the target and the metrics.",
      needs: ["cannot_tell"],
      body: #"""
        local code=0
        "${PWD}/$1/doctor.sh" || code=$?
        case ${code} in
          0) ;;
          1) MISSING=$((MISSING + 1)) ;;
          3) UNKNOWN=$((UNKNOWN + 1)) ;;
          *) cannot_tell "$1: ops/${SERVICE}/$1/doctor.sh broke off (exit code ${code})" ;;
        esac
        """#),
    ShellFunction(
      "conclude_examination", "The exit code: what is missing weighs more than what is unknown.",
      body: #"""
        if ((MISSING > 0)); then
          exit 1
        fi
        if ((UNKNOWN > 0)); then
          exit 3
        fi
        """#),
  ]
}
