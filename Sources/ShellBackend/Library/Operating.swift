import TextLayout

extension ShellLibrary {
  /// What operations on a target need besides calling its commands.
  static let operating: [ShellFunction] = [
    ShellFunction(
      "pause", "SECONDS WHY: waits that long.", needs: ["say"],
      body: #"""
        if [[ -n ${DRY_RUN:-} ]]; then
          printf '  (wait %ss: %s)\n' "$1" "$2"
          return 0
        fi
        say "waiting $1s: $2"
        sleep "$1"
        """#),
    ShellFunction(
      "with_document",
      "COMMAND…: runs it with the path of a file behind it that holds DOCUMENT. Only this user can read the file, and it goes",
      "with the command: there may be secrets in it.", needs: ["change"],
      body: #"""
        local file code=0
        file=$(umask 077 && mktemp "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/liftlock.XXXXXX") || return 1
        printf '%s\n' "${DOCUMENT}" >"${file}" || code=1
        ((code != 0)) || change "$@" "${file}" || code=$?
        rm -f "${file}"
        DOCUMENT=''
        return "${code}"
        """#),
    ShellFunction(
      "outcomes_file",
      "Where it is kept how things ended. By hand several runs share a folder, and none ended as another did.",
      body: #"""
        if [[ -n ${GITHUB_RUN_ID:-}${DRILL:-} ]]; then
          printf '%s\n' "${STATE}/outcomes"
        else
          printf '%s\n' "${STATE}/outcomes-${RUN}"
        fi
        """#),
    ShellFunction(
      "keep_outcome", "KEY VALUE: how something ended, for the record of this run. The last word on a key counts.",
      needs: ["outcomes_file"],
      body: #"""
        if [[ -z $1 || -n ${DRY_RUN:-} ]]; then
          return 0
        fi
        mkdir -p "${STATE}"
        printf '%s=%s\n' "$1" "$2" >>"$(outcomes_file)"
        """#),
    ShellFunction(
      "call_webhook",
      "PURPOSE KEY REPEATS MISSING ADDRESS TOKEN TURN: posts what is going on. KEY is where the outcome is kept. REPEATS is 1 when",
      "the receiver may be told twice. Without an address it fails (5) with the message MISSING, or goes on when that is empty.",
      "TURN is what is new with every change that was brought to its end. Fails with 1, or with 6 when it must not be called again.",
      needs: ["say", "complain", "curl_quoted", "keep_outcome"],
      body: #"""
        local purpose=$1 key=$2 repeats=$3 missing=$4 address=$5 token=$6 turn=${7:-${RUN_NAME}} body once
        local -a retries
        retries=(--retry 0)
        if [[ -z ${address} ]]; then
          keep_outcome "${key}" skipped_missing_webhook
          if [[ -z ${missing} ]]; then
            say "there is no ${purpose} webhook: skipped"
            return 0
          fi
          complain "${missing}"
          return 5
        fi
        if [[ -n ${DRY_RUN:-} ]]; then
          printf '  (call the %s webhook)\n' "${purpose}"
          return 0
        fi
        ((repeats == 0)) || retries=(--retry 2 --retry-delay 2)
        body=$(jq -cn --arg service "${SERVICE}" --arg environment "${TARGET_ENVIRONMENT}" --arg version "${CANDIDATE}" \
          --arg previous "${PREVIOUS}" --arg run "${RUN}" --arg drill "${DRILL_CALL:-}" \
          'def known: if . == "" or . == "unknown" then null else . end;
          {service: $service, environment: $environment, version: ($version | known), previous: ($previous | known), run: $run}
            + if $drill == "" then {} else {drill: true} end') || return 1
        # The same change has the same key, whoever asks for it again: a run that was killed cannot know whether it was heard.
        once=$(printf '%s\n' "${CANDIDATE}" "${PREVIOUS}" | cksum) || return 1
        once="${SERVICE}-${TARGET_ENVIRONMENT}-${turn}-${once%% *}-${purpose}"
        if [[ -n ${DRILL_CALL:-} ]]; then
          # Of a drill nothing may be taken for the real thing.
          once="drill-${RUN_NAME}-${purpose}"
        fi
        say "calling the ${purpose} webhook"
        if {
          printf 'url = %s\n' "$(curl_quoted "${address}")"
          if [[ -n ${token} ]]; then
            printf 'header = %s\n' "$(curl_quoted "Authorization: Bearer ${token}")"
          fi
        } | curl --config - --silent --show-error --fail --max-time "${CALL_LIMIT}" --output /dev/null --request POST \
          --header 'Content-Type: application/json' --header "Idempotency-Key: ${once}" ${retries[@]+"${retries[@]}"} \
          --data "${body}"; then
          keep_outcome "${key}" succeeded
          return 0
        fi
        keep_outcome "${key}" failed
        complain "the ${purpose} webhook failed"
        if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
          printf '**The %s webhook of %s in %s failed.**\n' "${purpose}" "${SERVICE}" "${ENVIRONMENT}" >>"${GITHUB_STEP_SUMMARY}"
        fi
        if ((repeats == 0)); then
          return 6
        fi
        return 1
        """#),
  ]
}
