import ReleaseModel
import TextLayout

/// `ops/<service>/drill-<name>.sh`: one drill in one environment, and what all of its environments came to.
struct DrillScript {
  let plan: ReleasePlan
  let named: NamedDrill

  private var drill: Drill { named.drill }
  private var notifications: NotificationFunctions {
    let environments = named.environments.compactMap(plan.environment)
    return NotificationFunctions(plan.spec, NotificationFunctions.channels(of: environments), events: [.drillFailed])
  }
  private var parts: ServiceParts { ServiceParts(plan: plan, place: "drill \(named.name)") }

  var script: ShellScript {
    let path = "ops/\(plan.service)/drill-\(named.name).sh"
    return ShellScript(
      path: path,
      purpose: ["\(drill.title): tries what must work when it is needed, and compares it with the time before."],
      usage: named.environments.map { "\(path) run \($0)" } + [
        "\(path) evaluate [FOLDER]    # the reports in FOLDER, or those of this run of GitHub Actions"
      ],
      exitCodes: [
        (0, "passed"), (1, "something needs attention, or a report is missing"), (2, "called wrongly"),
        (3, "a tool or the login is missing"),
      ],
      constants: parts.constants + notifications.constants + [
        ShellConstant("DRILL", named.name), ShellConstant("TITLE", drill.title),
        ShellConstant("OWNER", plan.people(ofRole: drill.owner.value)), ShellConstant("LABELS", .list(drill.labels)),
        ShellConstant("ENVIRONMENTS", .list(named.environments)),
      ],
      variables: parts.variables + notifications.variables + ["REPORTS", "BEFORE", "HEALTHY"],
      functions: [
        ServiceParts.setUp, ServiceParts.reachGitHub, run, Self.keepReport, collect, before, compose, log, attend,
        evaluate,
      ] + notifications.functions,
      main: main,
      mainNeeds: ["set_up", "need_tools", "run_drill", "evaluate"])
  }

  private var main: Bash {
    let environments: [Bash] = named.environments.map { "\($0)) ;;" }
    return """
      case ${1:-} in
        -h | --help)
          usage
          exit 0
          ;;
        run)
          case ${2:-} in
            \(Bash.lines(environments))
            *)
              usage >&2
              exit 2
              ;;
          esac
          need_tools jq mktemp
          set_up "drill-${DRILL}"
          run_drill "$2"
          ;;
        evaluate)
          need_tools gh jq mktemp
          folder=${2:-}
          if [[ -n ${folder} && ${folder} != /* ]]; then
            folder="${PWD}/${folder}"
          fi
          set_up "drill-${DRILL}"
          evaluate "${folder}"
          ;;
        *)
          usage >&2
          exit 2
          ;;
      esac
      """
  }

  // MARK: - In one environment

  private var run: ShellFunction {
    let cases: [Bash]
    switch drill.kind {
    case .environments(let exercises):
      cases = exercises.map { environment, exercise in
        let script = "ops/\(plan.service)/\(environment.value)/rollback.sh"
        return """
          \(environment.value))
            exercise=\(exercise.rawValue)
            command=(\(script) --drill \(exercise.rawValue) --yes --reason \("drill \(named.name)"))
            outcomes="${STATE%/*}/\(environment.value)/drill/outcomes"
            ;;
          """
      }
    case .program(let program, _, let environment, let timeout):
      var words = program.value
      if let path = words.first { words[0] = "./" + path }
      cases = [
        """
        \(environment.value))
          exercise=program
          command=(within_time \(timeout.seconds) \(words: words))
          outcomes=''
          ;;
        """
      ]
    }
    let needs: [String] = if case .program = drill.kind { ["within_time"] } else { [] }
    return ShellFunction(
      "run_drill", "ENVIRONMENT: the exercise, and its report. What breaks it off leaves a report that says so.",
      needs: needs + ["keep_report", "now", "say"],
      body: """
        local environment=$1 exercise outcomes log started code=0 result=drill_passed reason=''
        local -a command
        case ${environment} in
          \(Bash.lines(cases))
        esac
        log="${STATE}/drill-${environment}.log"
        if [[ -n ${outcomes} ]]; then
          rm -f "${outcomes}"
        fi
        started=$(now)
        keep_report "${environment}" "${exercise}" attention_required "${started}" "${outcomes}" 'it was broken off'
        if ${command[@]+"${command[@]}"} 2>&1 | tee "${log}"; then
          say "${TITLE}: passed in ${environment}"
        else
          code=${PIPESTATUS[0]}
          result=attention_required
          reason=$(sed -n 's/^.*  ERROR: //p' "${log}" | tail -n 1)
          reason=${reason:-$(tail -n 1 "${log}")}
          reason="${reason:-it said nothing} (exit code ${code})"
        fi
        keep_report "${environment}" "${exercise}" "${result}" "${started}" "${outcomes}" "${reason}"
        [[ ${result} == drill_passed ]]
        """)
  }

  private static let keepReport = ShellFunction(
    "keep_report", "ENVIRONMENT EXERCISE STATUS STARTED OUTCOMES REASON: the report of one environment.",
    needs: ["now"],
    body: #"""
      local outcomes='{}'
      if [[ -n $5 && -s $5 ]]; then
        outcomes=$(jq -Rnc '[inputs | select(test("=")) | {key: split("=")[0], value: (split("=")[1:] | join("="))}] | from_entries' "$5")
      fi
      jq -n --arg drill "${DRILL}" --arg service "${SERVICE}" --arg environment "$1" --arg exercise "$2" --arg status "$3" \
        --argjson took "$(($(now) - $4))" --argjson outcomes "${outcomes}" --arg reason "$6" --arg run "${RUN}" \
        --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '
        {drill: $drill, service: $service, environment: $environment, exercise: $exercise, status: $status,
          seconds: (($outcomes.seconds // "") | if test("^[0-9]+$") then tonumber else $took end),
          forwardSeconds: (($outcomes.forwardSeconds // "") | if test("^[0-9]+$") then tonumber else null end),
          rollbackState: ($outcomes.rollbackState // "not_exercised"),
          rollbackCallbackState: ($outcomes.rollbackCallbackState // "not_exercised"),
          live: ($outcomes.liveAfter // $outcomes.live // null), before: ($outcomes.before // null),
          reason: $reason, at: $at, run: $run}' >"${STATE}/report/drill-$1.json"
      """#)

  // MARK: - What it came to

  private var collect: ShellFunction {
    ShellFunction(
      "collect_reports",
      "FOLDER: every environment's report, in REPORTS. One that is not there is missing, never good.",
      needs: ["fetch_artifact", "say"],
      body: #"""
        local folder=$1 environment file report
        REPORTS='{}'
        for environment in ${ENVIRONMENTS[@]+"${ENVIRONMENTS[@]}"}; do
          if [[ -n ${folder} ]]; then
            file="${folder}/drill-${environment}.json"
          else
            file="${STATE}/reports/${environment}/drill-${environment}.json"
            fetch_artifact "${GITHUB_RUN_ID}" "${SERVICE}-drill-${DRILL}-${environment}" "${file%/*}" ||
              say "${environment}: there is no report"
          fi
          if [[ ! -f ${file} || -L ${file} ]]; then
            report='{"status": "missing", "reason": "it left no report"}'
          elif ! report=$(jq -ce --arg drill "${DRILL}" --arg environment "${environment}" 'if type == "object" and .drill == $drill
            and .environment == $environment and (.status == "drill_passed" or .status == "attention_required")
            then . else error("no report") end' "${file}" 2>/dev/null); then
            report='{"status": "attention_required", "reason": "its report cannot be read"}'
          fi
          REPORTS=$(jq -c --arg environment "${environment}" --argjson report "${report}" \
            '. + {($environment): $report}' <<<"${REPORTS}")
        done
        """#)
  }

  private var before: ShellFunction {
    ShellFunction(
      "find_before", "BEFORE: the report of the time before; null when there is none that can be read.",
      needs: ["newest_artifact", "fetch_artifact", "say"],
      body: """
        local name=\(UpkeepArtifacts.deltaReport(plan.service, named.name)) folder="${STATE}/before"
        BEFORE=null
        if ! newest_artifact "${name}" "${GITHUB_RUN_ID:-}"; then
          say "nobody knows how it was the time before: ${PROBLEM}"
        elif [[ -z ${ARTIFACT_RUN} ]]; then
          say "there is no report of a time before"
        elif ! fetch_artifact "${ARTIFACT_RUN}" "${name}" "${folder}" ||
          ! BEFORE=$(jq -ce 'if type == "object" then . else error("no report") end' "${folder}/${DRILL}-delta-report.json" 2>/dev/null); then
          BEFORE=null
          say "the report of the time before (run ${ARTIFACT_RUN}, ${ARTIFACT_CREATED}) cannot be read"
        fi
        """)
  }

  private var compose: ShellFunction {
    ShellFunction(
      "compose_report", "The delta report as JSON and as a page, and whether all of it is HEALTHY.",
      body: #"""
        local base="${STATE}/report/${DRILL}-delta-report"
        jq -n --arg drill "${DRILL}" --arg title "${TITLE}" --arg service "${SERVICE}" --arg owner "${OWNER}" --arg run "${RUN}" \
          --arg address "${RUN_ADDRESS}" --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg applied "${DELTA_APPLIED:-no}" \
          --arg notes "${NOTES:-}" --argjson reports "${REPORTS}" --argjson before "${BEFORE}" '
          {drill: $drill, title: $title, service: $service, at: $at, run: $run,
            healthy: (($reports | length) > 0 and all($reports[]; .status == "drill_passed")),
            environments: ($reports | with_entries(.key as $name | ($before.environments[$name]? // null) as $old
              | .value += {delta: (if $old == null then null else {
                  status: {before: $old.status, now: .value.status},
                  seconds: {before: $old.seconds, now: .value.seconds, change:
                    (if ($old.seconds | type) == "number" and (.value.seconds | type) == "number"
                      then .value.seconds - $old.seconds else null end)}} end)})),
            before: (if $before == null then null else {run: $before.run, at: $before.at} end),
            delta_applied: $applied, owner: $owner,
            notes: ([$notes, $address, ($reports | to_entries[] | select(.value.status != "drill_passed")
              | "\(.key): \(.value.reason // "no reason given")")] | map(select(. != "")) | join("; "))}' >"${base}.json"
        HEALTHY=$(jq -r '.healthy' "${base}.json")
        jq -r 'def cell: tostring | gsub("[\\r\\n]"; " ") | gsub("\\\\"; "\\\\") | gsub("[|]"; "\\|") | gsub("<"; "\\<");
          def shown: if . == null then "–" else tostring end;
          "## \(.title): \(if .healthy then "passed" else "something needs attention" end)", "",
          "| environment | exercise | status | seconds | before | rollback | confirmation | reason |",
          "| --- | --- | --- | --- | --- | --- | --- | --- |",
          (.environments | to_entries[] | "| \(.key) | \(.value.exercise | shown) | \(.value.status) | \(.value.seconds | shown) | \(if .value.delta == null then "–"
            else "\(.value.delta.status.before | cell), \(.value.delta.seconds.before | shown) s" end) | \(.value.rollbackState | shown) | \(.value.rollbackCallbackState | shown) | \(.value.reason // "" | cell) |"),
          "", "Owner: \(.owner | cell). Delta applied: \(.delta_applied | cell)."' "${base}.json" >"${base}.md"
        """#)
  }

  private var log: ShellFunction {
    let header =
      "| Date (UTC) | " + named.environments.map { "\($0) status | " }.joined() + "Delta applied | Owner | Notes |"
    let rule = "| --- | " + named.environments.map { _ in "--- | " }.joined() + "--- | --- | --- |"
    return ShellFunction(
      "write_log",
      "The log with a row for this drill, newest last. A log that is there and cannot be read is not begun anew: then there is",
      "no log in this run's report, and the next drill finds the old one.",
      needs: ["newest_artifact", "fetch_artifact", "complain", "summarize"],
      body: """
        local name=\(UpkeepArtifacts.drillLog(plan.service, named.name)) old="${STATE}/log/${DRILL}-log.md" row
        local file="${STATE}/log-report/${DRILL}-log.md" code=0
        row=$(jq -r 'def cell: tostring | gsub("[\\\\r\\\\n]"; " ") | gsub("\\\\\\\\"; "\\\\\\\\") | gsub("[|]"; "\\\\|") | gsub("<"; "\\\\<");
          "| " + ([.at[:10], .environments[].status, .delta_applied, .owner, .notes] | map(cell) | join(" | ")) + " |"' \\
          "${STATE}/report/${DRILL}-delta-report.json")
        rm -rf "${file%/*}"
        mkdir -p "${file%/*}"
        printf '%s\\n' \(header) \(rule) >"${file}"
        if ! newest_artifact "${name}" "${GITHUB_RUN_ID:-}"; then
          code=1
        elif [[ -n ${ARTIFACT_RUN} ]]; then
          if fetch_artifact "${ARTIFACT_RUN}" "${name}" "${old%/*}" && [[ -f ${old} && ! -L ${old} ]]; then
            sed -n '3,$p' "${old}" >>"${file}"
          else
            code=1
          fi
        fi
        printf '%s\\n' "${row}" >>"${file}"
        summarize "${file}"
        if ((code != 0)); then
          rm -f "${file}"
          complain "the log of earlier drills cannot be read, so it stays without this row: ${row}"
          return 1
        fi
        """)
  }

  private var attend: ShellFunction {
    ShellFunction(
      "attend", "An issue for whoever has to attend to it, and a word to those who listen.",
      needs: ["open_issue", "complain"] + notifications.needs(.drillFailed),
      body: #"""
        local file="${STATE}/issue.md"
        {
          printf 'For %s.\n\n' "${OWNER}"
          cat "${STATE}/report/${DRILL}-delta-report.md"
          printf '\nTo do:\n\n- [ ] Find out why, before it is needed in earnest.\n- [ ] Run the drill again until it passes.\n'
          printf '\nHow: docs/runbooks/%s.md\n' "${SERVICE}"
          if [[ -n ${RUN_ADDRESS} ]]; then
            printf '\nRun: %s\n' "${RUN_ADDRESS}"
          fi
        } >"${file}"
        open_issue "Drill ${DRILL} of ${SERVICE}: something needs attention" "${file}" ${LABELS[@]+"${LABELS[@]}"} ||
          complain "nobody was told by an issue"
        \#(notifications.isTold(of: .drillFailed) ? "PLACE=${DRILL}" : .empty as Bash)
        \#(notifications.tell(.drillFailed, #""$(jq -r '.notes' "${STATE}/report/${DRILL}-delta-report.json")""#))
        """#)
  }

  private var evaluate: ShellFunction {
    ShellFunction(
      "evaluate", "[FOLDER]: reads the reports, compares, logs, and opens an issue unless all passed.",
      needs: [
        "reach_github", "collect_reports", "find_before", "compose_report", "write_log", "attend", "summarize", "die",
        "say",
      ],
      body: #"""
        local folder=$1 code=0
        if [[ -z ${folder} && -z ${GITHUB_RUN_ID:-} ]]; then
          die 2 "name the folder with the reports: this is no run of GitHub Actions"
        fi
        reach_github
        collect_reports "${folder}"
        find_before
        compose_report
        summarize "${STATE}/report/${DRILL}-delta-report.md"
        write_log || code=1
        say "report: ${STATE}/report/${DRILL}-delta-report.json"
        if [[ ${HEALTHY} != true ]]; then
          attend
          code=1
        fi
        exit "${code}"
        """#)
  }
}
