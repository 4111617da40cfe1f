import ReleaseModel
import TextLayout

/// `ops/<service>/readiness.sh`: whether the evidence that others have left is there, young enough and healthy.
struct ReadinessScript {
  let plan: ReleasePlan

  private var parts: ServiceParts { ServiceParts(plan: plan, place: "readiness") }
  private var all: [NamedReadiness] { plan.readiness }

  var script: ShellScript {
    let path = "ops/\(plan.service)/readiness.sh"
    return ShellScript(
      path: path,
      purpose: [
        "Looks at the evidence without which \(plan.service) is not ready: newest artifacts of other workflows.",
        "What is missing, expired, too old, unreadable or not proved healthy is not healthy. Changes nothing.",
      ],
      usage: all.map { "\(path) \($0.name)" },
      exitCodes: [
        (0, "all of it is healthy"), (1, "something is not"), (2, "called wrongly"),
        (3, "a tool or the login is missing"),
      ],
      constants: parts.constants,
      variables: parts.variables + ["EVIDENCE", ShellVariable("UNHEALTHY", "0")],
      functions: [ServiceParts.setUp, ServiceParts.reachGitHub, Self.judge, Self.look, Self.conclude]
        + all.map(function),
      main: main,
      mainNeeds: ["set_up", "need_tools", "reach_github", "conclude_readiness"] + all.map { name($0.name).text })
  }

  private func name(_ readiness: String) -> ShellName { ShellName("readiness", of: readiness) }

  private func function(_ named: NamedReadiness) -> ShellFunction {
    let evidence: [Bash] = named.readiness.evidence.readable.map { name, evidence in
      """
      look_at \(name.value) \(evidence.title) \(evidence.artifact) \(evidence.file) \(evidence.maximumAge?.seconds ?? 0) \\
        \(evidence.healthy.value)
      """
    }
    return ShellFunction(
      name(named.name), "All evidence of \(named.name).", needs: ["look_at"], body: .lines(evidence))
  }

  private var main: Bash {
    let cases: [Bash] = all.map { "\($0.name)) ;;" }
    let calls: [Bash] = all.map { "\($0.name)) \(name($0.name).bash) ;;" }
    return """
      case ${1:-} in
        -h | --help)
          usage
          exit 0
          ;;
        \(Bash.lines(cases))
        *)
          usage >&2
          exit 2
          ;;
      esac
      need_tools gh jq mktemp
      set_up "readiness-$1"
      reach_github
      EVIDENCE='{}'
      case $1 in
        \(Bash.lines(calls))
      esac
      conclude_readiness "$1"
      """
  }

  private static let judge = ShellFunction(
    "judge_evidence",
    "FILE FILTER: 0 when jq makes exactly true of the file. Otherwise REASON says what it made of it. The space keeps a filter",
    "that begins with a minus from being an option.", needs: ["limited"],
    body: #"""
      local verdict problem
      problem=$(mktemp "${TMPDIR:-/tmp}/liftlock.XXXXXX")
      if verdict=$(limited 30 jq -c " $2" "$1" 2>"${problem}"); then
        rm -f "${problem}"
        if [[ ${verdict} == true ]]; then
          return 0
        fi
        verdict=${verdict:-nothing}
        REASON="the filter gives ${verdict:0:200}"
        return 1
      fi
      REASON=$(head -c 300 "${problem}")
      REASON=${REASON//$'\n'/ }
      REASON="jq: ${REASON}"
      rm -f "${problem}"
      return 1
      """#)

  private static let look = ShellFunction(
    "look_at",
    "NAME TITLE ARTIFACT FILE SECONDS FILTER: adds what there is to EVIDENCE. SECONDS is the age allowed; 0: any.",
    needs: ["newest_artifact", "fetch_artifact", "judge_evidence", "seconds_of", "now", "say"],
    body: #"""
      local title=$2 folder="${STATE}/evidence/$1" result=healthy created age REASON=''
      if ! newest_artifact "$3"; then
        result=unknown
        REASON="cannot tell: ${PROBLEM}"
      elif [[ -z ${ARTIFACT_RUN} ]]; then
        result=missing
        REASON="there is no artifact $3, or it has expired"
      elif ! created=$(seconds_of "${ARTIFACT_CREATED}"); then
        result=unknown
        REASON="cannot tell how old it is: ${ARTIFACT_CREATED}"
      else
        age=$(($(now) - created))
        if (($5 > 0 && age > $5)); then
          result=too_old
          REASON="it is $((age / 3600)) h old, and $(($5 / 3600)) h are allowed"
        elif ! fetch_artifact "${ARTIFACT_RUN}" "$3" "${folder}"; then
          result=unreadable
          REASON="it could not be downloaded"
        elif [[ ! -f ${folder}/$4 || -L ${folder}/$4 ]]; then
          result=unreadable
          REASON="there is no file $4 in it"
        elif ! judge_evidence "${folder}/$4" "$6"; then
          result=unhealthy
        fi
      fi
      if [[ ${result} != healthy ]]; then
        UNHEALTHY=$((UNHEALTHY + 1))
      fi
      say "${title}: ${result}${REASON:+ (${REASON})}"
      EVIDENCE=$(jq -c --arg name "$1" --arg title "${title}" --arg artifact "$3" --arg status "${result}" --arg reason "${REASON}" \
        --arg run "${ARTIFACT_RUN}" --arg created "${ARTIFACT_CREATED}" \
        '. + {($name): {title: $title, artifact: $artifact, status: $status, reason: $reason, run: $run, created: $created}}' \
        <<<"${EVIDENCE}")
      """#)

  private static let conclude = ShellFunction(
    "conclude_readiness", "NAME: the report, the page, and the exit code.", needs: ["summarize", "say"],
    body: #"""
      local file="${STATE}/report/readiness-$1.json" page="${STATE}/report/readiness-$1.md"
      jq -n --arg readiness "$1" --arg service "${SERVICE}" --arg run "${RUN_ADDRESS:-${RUN}}" --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
        --argjson evidence "${EVIDENCE}" --argjson unhealthy "${UNHEALTHY}" \
        '{readiness: $readiness, service: $service, healthy: ($unhealthy == 0 and ($evidence | length) > 0), at: $at, run: $run,
          evidence: $evidence}' >"${file}"
      jq -r 'def cell: gsub("[\\r\\n]"; " ") | gsub("\\\\"; "\\\\") | gsub("[|]"; "\\|") | gsub("<"; "\\<");
        "## Readiness of \(.service): \(if .healthy then "ready" else "not ready" end)", "",
        "| evidence | status | from | what is wrong |", "| --- | --- | --- | --- |",
        (.evidence[] | "| \(.title | cell) | \(.status) | \(if .run == "" then "–" else "run \(.run), \(.created)" end) | \(.reason | cell) |")' \
        "${file}" >"${page}"
      summarize "${page}"
      say "report: ${file}"
      ((UNHEALTHY == 0))
      """#)
}
