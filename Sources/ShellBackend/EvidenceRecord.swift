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
      needs: [
        "filled", "plain_record", "complain", "say", "read_marker", "take_up_run", "target_identify", "outcomes",
        "journal_of_run",
        "seconds_of", "now",
      ] + (environment.approvals.isEmpty ? [] : ["approvals"]),
      body: """
        local folder base journal approved='[]' kept seconds='' marked=''
        case $1 in
          success | failure | cancelled) ;;
          *)
            usage >&2
            exit 2
            ;;
        esac
        # By hand, a release that has ended is recorded under its own name.
        if target_identify && read_marker; then
          marked=yes
          take_up_run
        fi
        EVIDENCE_date=$(date -u +%Y-%m-%d)
        folder="${STATE}/evidence/"\(directory)
        base="${folder}/${EVIDENCE_date}-${SERVICE}-${ENVIRONMENT}-${RUN}"
        mkdir -p "${folder}"
        journal=$(journal_of_run .) || journal=''
        journal=${journal:-[]}
        kept=$(outcomes) || kept='{}'
        \(environment.approvals.isEmpty ? .empty : "approved=$(approvals)" as Bash)
        EVIDENCE_service=${SERVICE}
        EVIDENCE_environment=${ENVIRONMENT}
        EVIDENCE_result=$1
        EVIDENCE_run=${RUN}
        EVIDENCE_commit=${GITHUB_SHA:-$(git rev-parse HEAD 2>/dev/null || printf unknown)}
        EVIDENCE_operator=${GITHUB_ACTOR:-$(id -un)}
        EVIDENCE_reason=''
        if [[ -s ${STATE}/reason-${RUN} ]]; then
          EVIDENCE_reason=$(<"${STATE}/reason-${RUN}")
        fi
        # What stands on the target can be another run's.
        if [[ -n ${marked} && ${MARKER_RUN} == "${RUN}" ]]; then
          EVIDENCE_version=${MARKER_CANDIDATE:-${ARTIFACT}}
          EVIDENCE_previous=${MARKER_PREVIOUS}
        else
          EVIDENCE_version=${ARTIFACT:-unknown}
          EVIDENCE_previous=unknown
          MARKER_INCIDENT=''
        fi
        EVIDENCE_strategy=\(environment.strategy.rawValue)
        EVIDENCE_started=$(jq -r '.[0].at // ""' <<<"${journal}")
        EVIDENCE_ended=$(date -u +%Y-%m-%dT%H:%M:%SZ)
        if [[ -n ${EVIDENCE_started} ]]; then
          seconds=$(($(now) - $(seconds_of "${EVIDENCE_started}")))
        fi
        EVIDENCE_duration=${seconds:+${seconds} s}
        EVIDENCE_approvals=$(jq -r 'map("\\(.user) (\\(.environments | join(", ")))") | join("; ")' <<<"${approved}")
        EVIDENCE_outcomes=$(jq -r 'to_entries | map("- \\(.key): \\(.value)") | join("\\n")' <<<"${kept}")
        EVIDENCE_checks=$(jq -r '.[] | select(.event == "passed" or .event == "met" or .event == "unmet" or .event == "stopped") |
          "- \\(.at) \\(.event): \\(.text)"' <<<"${journal}")
        jq -n --arg service "${SERVICE}" --arg environment "${ENVIRONMENT}" --arg result "$1" --arg run "${RUN}" \\
          --arg commit "${EVIDENCE_commit}" --arg operator "${EVIDENCE_operator}" --arg reason "${EVIDENCE_reason}" \\
          --arg artifact "${ARTIFACT}" --arg version "${EVIDENCE_version}" --arg previous "${EVIDENCE_previous}" \\
          --arg marker "${MARKER_STATE} at ${MARKER_WEIGHT:-0} %" --arg incident "${MARKER_INCIDENT}" --arg strategy "${EVIDENCE_strategy}" \\
          --arg started "${EVIDENCE_started}" --arg ended "${EVIDENCE_ended}" --arg seconds "${seconds}" \\
          --argjson journal "${journal}" --argjson approvals "${approved}" --argjson outcomes "${kept}" \\
          '$outcomes + {kind: "release", service: $service, environment: $environment, result: $result, strategy: $strategy, at: $ended,
            started: $started, ended: $ended, duration_seconds: ($seconds | tonumber? // null), run: $run, commit: $commit,
            operator: $operator, approvals: $approvals, artifact: $artifact, version: $version, previous: $previous, target: $marker,
            reason: $reason, incident: $incident,
            verification: ($journal | map(select(.event | IN("passed", "met", "unmet", "held", "stopped")) | del(.run))),
            journal: $journal}' >"${base}.json"
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
      printf '| strategy | %s |\n| started | %s |\n| ended | %s |\n| duration | %s |\n| approved by | %s |\n' "${EVIDENCE_strategy}" \
        "${EVIDENCE_started}" "${EVIDENCE_ended}" "${EVIDENCE_duration}" "${EVIDENCE_approvals:-nobody had to}"
      printf '\n## What was checked\n\n%s\n\n## Outcomes\n\n%s\n' "${EVIDENCE_checks:-nothing}" "${EVIDENCE_outcomes}"
      """#)

  static let variables: [ShellVariable] = [
    "EVIDENCE_service", "EVIDENCE_environment", "EVIDENCE_version", "EVIDENCE_previous", "EVIDENCE_commit",
    "EVIDENCE_date", "EVIDENCE_result", "EVIDENCE_reason", "EVIDENCE_run", "EVIDENCE_operator", "EVIDENCE_checks",
    "EVIDENCE_strategy", "EVIDENCE_started", "EVIDENCE_ended", "EVIDENCE_duration", "EVIDENCE_approvals",
    "EVIDENCE_outcomes",
  ]
}
