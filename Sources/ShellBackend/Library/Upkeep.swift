import TextLayout

extension ShellLibrary {
  /// What scheduled work leaves behind for the next: artifacts and issues.
  static let upkeep: [ShellFunction] = [
    ShellFunction(
      "newest_artifact",
      "NAME [RUN]: the newest artifact of that name which has not expired, of another run than RUN: ARTIFACT_RUN and",
      "ARTIFACT_CREATED, both empty when there is none. Fails when that cannot be told. Runs of forks do not count: anybody can",
      "name an artifact there.", needs: ["ask_github"],
      body: #"""
        local found
        ARTIFACT_RUN=''
        ARTIFACT_CREATED=''
        ask_github GET "repos/${REPOSITORY}/actions/artifacts?name=$1&per_page=100" || return 1
        found=$(jq -r --arg name "$1" --arg run "${2-}" '[.artifacts[] | select(.name == $name and .expired == false
          and (.workflow_run.id != null) and (.workflow_run.id | tostring) != $run
          and .workflow_run.head_repository_id == .workflow_run.repository_id)]
          | max_by(.created_at) | if . == null then "", "" else .workflow_run.id, .created_at end' <<<"${ANSWER}" 2>/dev/null) || {
          PROBLEM='what GitHub answered is no list of artifacts'
          return 1
        }
        {
          read -r ARTIFACT_RUN
          read -r ARTIFACT_CREATED
        } <<<"${found}" || true
        """#),
    ShellFunction(
      "fetch_artifact", "RUN NAME FOLDER: the files of a run's artifact, in a fresh folder.",
      needs: ["limited", "say"],
      body: #"""
        local attempt
        for attempt in 1 2 3; do
          # What half a download left would be in the way of the next.
          rm -rf "$3"
          mkdir -p "$3"
          if limited "${CALL_LIMIT}" gh run download "$1" --repo "${REPOSITORY}" --name "$2" --dir "$3" >&2; then
            return 0
          fi
          say "attempt ${attempt} of 3: $2 of run $1 could not be downloaded"
          sleep "$((attempt * 2))"
        done
        return 1
        """#),
    ShellFunction(
      "find_issue",
      "TITLE: the open issue of exactly that title, in ISSUE; empty when there is none. Fails when that cannot be told.",
      needs: ["github", "complain"],
      body: #"""
        local found
        ISSUE=''
        if ! found=$(github --paginate "repos/${REPOSITORY}/issues?state=open&per_page=100") ||
          ! ISSUE=$(jq -rs --arg title "$1" \
            '[.[][] | select(has("pull_request") | not) | select(.title == $title) | .number] | min // empty' <<<"${found}"); then
          complain "cannot tell whether there is an issue already: $1"
          return 1
        fi
        """#),
    ShellFunction(
      "open_issue",
      "TITLE FILE [LABEL…]: an open issue of exactly that title with the text of the file. When there is one already, the text",
      "becomes a comment of it. ISSUE is its number. Fails when there is none in the end.",
      needs: ["ask_github", "complain", "find_issue", "say"],
      body: #"""
        local title=$1 file=$2 labels body
        shift 2
        find_issue "${title}" || return 1
        if [[ -n ${ISSUE} ]]; then
          body=$(jq -cn --rawfile body "${file}" '{body: $body[:60000]}')
          ask_github POST "repos/${REPOSITORY}/issues/${ISSUE}/comments" "${body}" ||
            complain "issue #${ISSUE} is open, but nothing could be added to it: ${PROBLEM}"
          say "added to issue #${ISSUE}: ${title}"
          return 0
        fi
        labels=$(jq -cn '$ARGS.positional' --args -- "$@")
        body=$(jq -cn --arg title "${title}" --rawfile body "${file}" --argjson labels "${labels}" \
          '{title: $title, body: $body[:60000], labels: $labels}')
        if ! ask_github POST "repos/${REPOSITORY}/issues" "${body}" || ! ISSUE=$(jq -re '.number' <<<"${ANSWER}" 2>/dev/null); then
          ISSUE=''
          complain "the issue could not be opened: ${title}: ${PROBLEM}"
          return 1
        fi
        say "opened issue #${ISSUE}: ${title}"
        """#),
    ShellFunction(
      "summarize", "FILE: shows a page to whoever watches; on GitHub it is part of the run's summary.",
      body: #"""
        cat "$1"
        if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
          head -c 65536 "$1" >>"${GITHUB_STEP_SUMMARY}"
        fi
        """#),
    ShellFunction(
      "cell", "TEXT: the text in one line, as a cell of a Markdown table takes it.",
      body: #"""
        local text=$1
        text=${text//$'\r'/ }
        text=${text//$'\n'/ }
        text=${text//\\/\\\\}
        text=${text//|/\\|}
        text=${text//</\\<}
        printf '%s' "${text}"
        """#),
  ]
}
