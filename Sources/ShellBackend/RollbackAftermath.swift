import ReleaseModel
import TextLayout

/// Once the traffic is safe: the note that a rollback leaves, and the wait for the numbers.
extension RollbackScript {
  var awaitRecovery: ShellFunction {
    ShellFunction(
      "await_recovery", "Waits until the numbers are back where they belong.",
      needs: ["require_all", "now", "note", "complain"] + environment.recovered.indices.map { "recovered_\($0)" },
      body: """
        local started
        if [[ ${RESULT:-} == cancelled ]]; then
          note unwatched "the run was cancelled, which leaves no time to wait for the numbers: look at them"
          return 0
        fi
        started=$(now)
        until require_all recovered \(environment.recovered.count); do
          if (($(now) - started >= \(recoveryLimit.seconds))); then
            complain "not recovered after \(recoveryLimit.seconds)s: ${FAILED}"
            return 1
          fi
          sleep 30
        done
        note recovered "the numbers are back"
        """)
  }

  var measures: Bool {
    !environment.recovered.isEmpty
      || environment.rollbackVerify.contains { !(environment.checkConditions[$0.name] ?? []).isEmpty }
  }

  /// Long enough for the longest window to be all after the rollback, and for what arrives late.
  var recoveryLimit: TimeSpan {
    let longest =
      environment.recovered.map { condition -> TimeSpan in
        if case .metric(let metric, _, _) = condition.subject { return condition.window + metric.source.lag }
        return condition.window
      }.max() ?? .zero
    return longest + .minutes(5)
  }

  var incidentText: ShellFunction {
    ShellFunction(
      "incident_text", "RESULT: the incident note.",
      body: #"""
        printf 'Rolled back: %s in %s\n\n' "${SERVICE}" "${ENVIRONMENT}"
        printf -- '- result: %s\n- reason: %s\n- from: %s\n- to: %s\n- run: %s\n- commit: %s\n- time: %s\n' "$1" "${REASON}" \
          "${BAD}" "${PREVIOUS}" "${RUN}" "${GITHUB_SHA:-unknown}" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
        if [[ -n ${MIGRATIONS} ]]; then
          printf '\nDatabase: %s\n' "${MIGRATIONS}"
        fi
        if [[ -n ${FOLLOW_UP} ]]; then
          printf '\nNext: %s\n' "${FOLLOW_UP}"
        fi
        """#)
  }

  var incident: ShellFunction {
    let posts = environment.spec.rollback?.incident != nil
    let needs = ["incident_text", "say"] + (posts ? ["github", "complain", "write_marker"] : [])
    let post: Bash = #"""
      if [[ -z ${GH_TOKEN:-} || -z ${GITHUB_REPOSITORY:-} ]]; then
        say "no GH_TOKEN and GITHUB_REPOSITORY: the note was not posted; it is in ${file}"
        return 0
      fi
      title="Rolled back: ${SERVICE} in ${ENVIRONMENT} (run ${RUN})"
      number=$(github --method GET "repos/${GITHUB_REPOSITORY}/issues" -f state=open -f per_page=50 |
        jq -r --arg title "${title}" '[.[] | select(.title == $title)] | first | .number // empty') || number=''
      if [[ -n ${number} ]]; then
        say "the note of this run is already posted: #${number}"
        return 0
      fi
      labels=$(jq -cn '$ARGS.positional' --args ${INCIDENT_LABELS[@]+"${INCIDENT_LABELS[@]}"})
      number=$(jq -cn --arg title "${title}" --rawfile body "${file}" --argjson labels "${labels}" \
        '{title: $title, body: $body, labels: $labels}' >"${STATE}/incident.json" &&
        github --method POST "repos/${GITHUB_REPOSITORY}/issues" --input "${STATE}/incident.json" | jq -r '.number // empty') || number=''
      if [[ -z ${number} ]]; then
        complain "the incident issue could not be opened; the note is in ${file}"
        return 0
      fi
      write_marker "incident=${number}" || say "the marker does not know of #${number}"
      say "incident issue #${number}"
      if [[ -n ${GITHUB_SHA:-} ]]; then
        pull=$(github "repos/${GITHUB_REPOSITORY}/commits/${GITHUB_SHA}/pulls" | jq -r '.[0].number // empty') || pull=''
        if [[ -n ${pull} ]]; then
          jq -cn --rawfile body "${file}" --arg issue "${number}" '{body: ($body + "\nIncident: #" + $issue)}' >"${STATE}/comment.json"
          github --method POST "repos/${GITHUB_REPOSITORY}/issues/${pull}/comments" --input "${STATE}/comment.json" >/dev/null ||
            complain "the note could not be put on pull request #${pull}"
        fi
      fi
      """#
    return ShellFunction(
      "leave_note",
      "RESULT: keeps the incident note and posts it. A note that cannot be posted never fails a rollback.",
      needs: needs,
      body: """
        local file folder\(posts ? " title labels number pull" as Bash : "" as Bash)
        folder="${STATE}/evidence/"\(plan.spec.evidence?.directory ?? "ops/evidence")
        file="${folder}/$(date -u +%Y-%m-%d)-${SERVICE}-${ENVIRONMENT}-${RUN}-incident.md"
        mkdir -p "${folder}"
        incident_text "$1" >"${file}"
        if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
          cat "${file}" >>"${GITHUB_STEP_SUMMARY}"
        fi
        \(posts ? post : "say \"the note is in ${file}\"")
        """)
  }
}
