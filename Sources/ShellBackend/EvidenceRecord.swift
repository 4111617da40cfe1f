import ReleaseModel
import TextLayout

/// The record that every release leaves, good or bad: JSON for machines and markdown for people, dated, and the journal.
enum EvidenceRecord {
  static func function(plan: ReleasePlan, environment: EnvironmentPlan) -> ShellFunction {
    let directory = plan.spec.evidence?.directory ?? "ops/evidence"
    let page: Bash
    if let template = plan.spec.evidence?.template {
      page = """
        if [[ -f \(template) ]]; then
          filled \(template) >"${base}.md"
        else
          complain \("the template \(template) is not there; the record has its own form")
          plain_record >"${base}.md"
        fi
        """
    } else {
      page = "plain_record >\"${base}.md\""
    }
    let decision: Bash =
      environment.spec.decision.map { decision in
        let role = plan.spec.roles[decision.role.value]?.title ?? decision.role.value
        return """
          # The decision is a person's: the record asks for it, by name.
          printf '\\n- [ ] %s: %s\\n' \(role) \(decision.text) >>"${base}.md"
          """
      } ?? .empty
    return ShellFunction(
      "record", "success|failure|cancelled: writes the evidence record of this release.",
      needs: ["filled", "plain_record", "complain", "say", "read_marker", "target_identify"],
      body: """
        local folder base journal="${STATE}/journal.jsonl"
        case $1 in
          success | failure | cancelled) ;;
          *)
            usage >&2
            exit 2
            ;;
        esac
        EVIDENCE_date=$(date -u +%Y-%m-%d)
        folder="${STATE}/evidence/"\(directory)
        base="${folder}/${EVIDENCE_date}-${SERVICE}-${ENVIRONMENT}-${RUN}"
        mkdir -p "${folder}"
        touch "${journal}"
        EVIDENCE_service=${SERVICE}
        EVIDENCE_environment=${ENVIRONMENT}
        EVIDENCE_result=$1
        EVIDENCE_run=${RUN}
        EVIDENCE_commit=${GITHUB_SHA:-$(git rev-parse HEAD 2>/dev/null || printf unknown)}
        EVIDENCE_operator=${GITHUB_ACTOR:-$(id -un)}
        EVIDENCE_reason=''
        if [[ -s ${STATE}/reason ]]; then
          EVIDENCE_reason=$(<"${STATE}/reason")
        fi
        # What stands on the target can be another run's.
        if target_identify && read_marker && [[ ${MARKER_RUN} == "${RUN}" ]]; then
          EVIDENCE_version=${MARKER_CANDIDATE:-${ARTIFACT}}
          EVIDENCE_previous=${MARKER_PREVIOUS}
        else
          EVIDENCE_version=${ARTIFACT:-unknown}
          EVIDENCE_previous=unknown
          MARKER_INCIDENT=''
        fi
        EVIDENCE_checks=$(jq -r 'select(.event == "passed" or .event == "met" or .event == "unmet" or .event == "stopped") |
          "- \\(.at) \\(.event): \\(.text)"' "${journal}")
        jq -n --arg service "${SERVICE}" --arg environment "${ENVIRONMENT}" --arg result "$1" --arg run "${RUN}" \\
          --arg commit "${EVIDENCE_commit}" --arg operator "${EVIDENCE_operator}" --arg reason "${EVIDENCE_reason}" \\
          --arg artifact "${ARTIFACT}" --arg version "${EVIDENCE_version}" --arg previous "${EVIDENCE_previous}" \\
          --arg marker "${MARKER_STATE} at ${MARKER_WEIGHT:-0} %" --arg incident "${MARKER_INCIDENT}" --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --slurpfile journal "${journal}" \\
          '{service: $service, environment: $environment, result: $result, at: $at, run: $run, commit: $commit,
            operator: $operator, artifact: $artifact, version: $version, previous: $previous, target: $marker,
            reason: $reason, incident: $incident, journal: $journal}' >"${base}.json"
        \(page)
        \(decision)
        say "recorded: ${base}.md and .json"
        if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
          head -c 65536 "${base}.md" >>"${GITHUB_STEP_SUMMARY}"
        fi
        """)
  }

  /// The record's own form, used without a template.
  static let plainRecord = ShellFunction(
    "plain_record", "The record in its own form.",
    body: #"""
      local reason=${EVIDENCE_reason//|/\\|}
      printf '# %s: release to %s\n\n' "${EVIDENCE_service}" "${EVIDENCE_environment}"
      printf '| what | value |\n| --- | --- |\n'
      printf '| date | %s |\n| result | %s |\n| version | %s |\n' "${EVIDENCE_date}" "${EVIDENCE_result}" "${EVIDENCE_version}"
      printf '| version before | %s |\n| commit | %s |\n' "${EVIDENCE_previous}" "${EVIDENCE_commit}"
      printf '| run | %s |\n| operator | %s |\n| reason | %s |\n' "${EVIDENCE_run}" "${EVIDENCE_operator}" \
        "${reason}"
      printf '\n## What was checked\n\n%s\n' "${EVIDENCE_checks:-nothing}"
      """#)

  static let variables: [ShellVariable] = [
    "EVIDENCE_service", "EVIDENCE_environment", "EVIDENCE_version", "EVIDENCE_previous", "EVIDENCE_commit",
    "EVIDENCE_date", "EVIDENCE_result", "EVIDENCE_reason", "EVIDENCE_run", "EVIDENCE_operator", "EVIDENCE_checks",
  ]
}
