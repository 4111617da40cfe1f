import TextLayout

extension ShellLibrary {
  /// What people owe after a release.
  static let owing: [ShellFunction] = [
    ShellFunction(
      "due_in", "SECONDS: the time in so many seconds, for people: 2026-06-03 02:31 UTC.", needs: ["now", "moment"],
      body: #"""
        local at
        at=$(moment "$(($(now) + $1))")
        at=${at%:*}
        printf '%s UTC\n' "${at/T/ }"
        """#),
    ShellFunction(
      "open_duty",
      "TITLE SECONDS WHEN WHOSE ITEMS [LABEL…]: an issue that says what is owed by when; once for each run. One that cannot be",
      "opened is said aloud and fails nothing.", needs: ["complain", "due_in", "github", "note", "say"],
      body: #"""
        local title=$1 when=$3 whose=$4 items=$5 commit version due name found labels file="${STATE}/duty.json"
        due=$(due_in "$2")
        shift 5
        # After a rollback it is about what was taken back, of which only the marker knows the commit.
        commit=${BAD_COMMIT-${GITHUB_SHA:-}}
        version=${commit:0:7}
        version=${version:-by hand}
        if [[ ${GITHUB_REF_TYPE:-} == tag && ${commit} == "${GITHUB_SHA:-}" ]]; then
          version=${GITHUB_REF_NAME}
        fi
        name="${title} — ${SERVICE} ${version} in ${ENVIRONMENT} (run ${RUN})"
        if [[ -z ${GH_TOKEN:-} || -z ${GITHUB_REPOSITORY:-} ]]; then
          say "no GH_TOKEN and GITHUB_REPOSITORY: open this issue by hand: Due ${due}: ${name}; ${whose}"
          return 0
        fi
        found=$(github --method GET "repos/${GITHUB_REPOSITORY}/issues" -f state=all -f per_page=100 |
          jq -r --arg name "${name}" 'map(select(.title | endswith($name))) | first | .number // empty') || found=''
        if [[ -n ${found} ]]; then
          say "this is already asked for: #${found} ${name}"
          return 0
        fi
        labels=$(jq -cn '$ARGS.positional' --args "$@")
        found=$(jq -cn --arg title "Due ${due} (${when}): ${name}" --arg due "${due}" --arg when "${when}" \
          --arg whose "${whose}" --arg items "${items}" --arg incident "${MARKER_INCIDENT:-}" --argjson labels "${labels}" \
          --arg run "${GITHUB_SERVER_URL:-https://github.com}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID:-}" '
          {title: $title[:256], labels: $labels,
            body: (["Due **\($due)**, \($when).", "Whose duty it is: \($whose)", $items, "Release: \($run)"]
              + (if $incident == "" then [] else ["Incident: #\($incident)"] end) | join("\n\n"))}' >"${file}" &&
          github --method POST "repos/${GITHUB_REPOSITORY}/issues" --input "${file}" | jq -r '.number // empty') || found=''
        if [[ -z ${found} ]]; then
          complain "open this issue by hand: Due ${due}: ${name}; ${whose}"
        else
          note duty "#${found}, due ${due}: ${title}"
        fi
        """#),
  ]
}
