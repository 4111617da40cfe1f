import TextLayout

extension ShellLibrary {
  static let incidents: [ShellFunction] = [
    ShellFunction(
      "post_incident",
      "FILE: the note in it as an issue, once for each run, and on the pull request of what was taken back.",
      needs: ["complain", "github", "say", "write_marker"],
      body: #"""
        local file=$1 title labels number pull
        if [[ -z ${GH_TOKEN:-} || -z ${GITHUB_REPOSITORY:-} ]]; then
          say "no GH_TOKEN and GITHUB_REPOSITORY: the note was not posted; it is in ${file}"
          return 0
        fi
        title="Rolled back: ${SERVICE} in ${ENVIRONMENT} (run ${RUN})"
        number=$(github --method GET "repos/${GITHUB_REPOSITORY}/issues" -f state=open -f per_page=50 |
          jq -r --arg title "${title}" '[.[] | select(.title == $title)] | first | .number // empty') || number=''
        if [[ -n ${number} ]]; then
          MARKER_INCIDENT=${number}
          say "the note of this run is already posted: #${number}"
          return 0
        fi
        labels=$(jq -cn '$ARGS.positional' --args ${INCIDENT_LABELS[@]+"${INCIDENT_LABELS[@]}"})
        number=$(jq -cn --arg title "${title}" --rawfile body "${file}" --argjson labels "${labels}" \
          '{title: $title, body: $body[:65000], labels: $labels}' >"${STATE}/incident.json" &&
          github --method POST "repos/${GITHUB_REPOSITORY}/issues" --input "${STATE}/incident.json" | jq -r '.number // empty') || number=''
        if [[ -z ${number} ]]; then
          complain "the incident issue could not be opened; the note is in ${file}"
          return 0
        fi
        MARKER_INCIDENT=${number}
        write_marker "incident=${number}" || say "the marker does not know of #${number}"
        say "incident issue #${number}"
        if [[ -n ${BAD_COMMIT} ]]; then
          pull=$(github "repos/${GITHUB_REPOSITORY}/commits/${BAD_COMMIT}/pulls" | jq -r '.[0].number // empty') || pull=''
          if [[ -n ${pull} ]]; then
            jq -cn --rawfile body "${file}" --arg issue "${number}" '{body: ($body[:65000] + "\nIncident: #" + $issue)}' >"${STATE}/comment.json"
            github --method POST "repos/${GITHUB_REPOSITORY}/issues/${pull}/comments" --input "${STATE}/comment.json" >/dev/null ||
              complain "the note could not be put on pull request #${pull}"
          fi
        fi
        """#),
    ShellFunction(
      "rollback_record", "RESULT: the record of a rollback, as JSON.", needs: ["outcomes", "journal_of_run"],
      body: #"""
        local journal kept
        journal=$(journal_of_run .) || journal='[]'
        kept=$(outcomes) || kept='{}'
        jq -n --arg service "${SERVICE}" --arg environment "${ENVIRONMENT}" --arg result "$1" --arg reason "${REASON}" \
          --arg from "${BAD}" --arg to "${PREVIOUS}" --arg run "${RUN}" --arg commit "${BAD_COMMIT:-unknown}" \
          --arg operator "${GITHUB_ACTOR:-$(id -un)}" --arg incident "${MARKER_INCIDENT}" \
          --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --argjson outcomes "${kept}" --argjson journal "${journal:-[]}" \
          '$outcomes + {kind: "rollback", service: $service, environment: $environment, result: $result, reason: $reason,
            from: $from, to: $to, at: $at, run: $run, commit: $commit, operator: $operator, incident: $incident,
            journal: $journal}'
        """#),
  ]
}
