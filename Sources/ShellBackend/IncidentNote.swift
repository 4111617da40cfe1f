import ReleaseModel
import TextLayout

/// What a rollback leaves for people: a note with the course of events, its record, and the issues of what is owed now.
struct IncidentNote {
  let plan: ReleasePlan
  let environment: EnvironmentPlan
  private let duties: Duties

  init(_ plan: ReleasePlan, _ environment: EnvironmentPlan) {
    self.plan = plan
    self.environment = environment
    duties = Duties(plan, environment)
  }

  var functions: [ShellFunction] { [text, keep, leave] }

  private var text: ShellFunction {
    ShellFunction(
      "incident_text", "RESULT: the incident note.",
      needs: ["journal_of_run"] + (duties.afterRollback.isEmpty ? [] : ["due_in"]),
      body: """
        printf 'Rolled back: %s in %s\\n\\n' "${SERVICE}" "${ENVIRONMENT}"
        printf -- '- result: %s\\n- reason: %s\\n- from: %s\\n- to: %s\\n- run: %s\\n- commit: %s\\n- time: %s\\n' "$1" "${REASON}" \\
          "${BAD}" "${PREVIOUS}" "${RUN}" "${BAD_COMMIT:-unknown}" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
        \(line("Database", environment.spec.rollback?.migrations))
        printf '\\nTimeline (UTC):\\n\\n'
        journal_of_run '.[-80:][] | "- \\(.at[11:19]) \\(.event): \\(.text | gsub("<"; "&lt;"))"' || printf 'The journal cannot be read.\\n'
        \(duties.linesAfterRollback)
        \(line("Next", environment.spec.rollback?.incident?.followUp))
        """)
  }

  private func line(_ name: String, _ text: String?) -> Bash {
    guard let text, !text.isEmpty else { return .empty }
    return "printf '\\n%s: %s\\n' \(name) \(issueText(text))"
  }

  private var leave: ShellFunction {
    ShellFunction(
      "leave_note", "RESULT: keeps and posts what people need to know. None of it ever fails a rollback.",
      needs: ["keep_note", "complain"],
      body: #"""
        keep_note "$1" || complain "the note of this rollback is not complete"
        """#)
  }

  private var keep: ShellFunction {
    let posts = environment.spec.rollback?.incident != nil
    let owes = !duties.afterRollback.isEmpty
    return ShellFunction(
      "keep_note", "RESULT: keeps the incident note and its record, posts it, and opens what is owed now.",
      needs: ["incident_text", "rollback_record", "say", "complain"] + (posts ? ["post_incident"] : [])
        + (owes ? ["open_duty"] : []),
      body: """
        local file folder
        folder="${STATE}/evidence/"\(plan.spec.evidence?.directory ?? "ops/evidence")
        file="${folder}/$(date -u +%Y-%m-%d)-${SERVICE}-${ENVIRONMENT}-${RUN}"
        mkdir -p "${folder}"
        incident_text "$1" >"${file}-incident.md"
        if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
          cat "${file}-incident.md" >>"${GITHUB_STEP_SUMMARY}"
        fi
        \(posts ? "post_incident \"${file}-incident.md\"" : "say \"the note is in ${file}-incident.md\"" as Bash)
        \(duties.callsAfterRollback)
        rollback_record "$1" >"${file}-rollback.json" || complain "the record of the rollback could not be written"
        """)
  }
}
