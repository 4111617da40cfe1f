import TextLayout

/// How somebody hears of a release. A message never fails a release: what did not get through is said and noted.
///
/// Addresses, keys and bodies go to curl through its standard input, and secrets to jq through the environment, so that no
/// process list shows them.
extension ShellLibrary {
  static let notifying: [ShellFunction] = [
    ShellFunction(
      "journal_of_run",
      "FILTER: what the jq filter makes of the list of this run's journal lines; nothing without one.",
      body: #"""
        [[ -s ${STATE}/journal.jsonl ]] || return 0
        jq -rs --arg run "${RUN}" "map(select(.run == \$run)) | $1" "${STATE}/journal.jsonl"
        """#),
    ShellFunction(
      "message",
      "EVENT TEXT: sets MESSAGE to the event as JSON. Its title and text are what people read, in every channel.",
      needs: ["now", "moment", "journal_of_run", "seconds_of"],
      body: #"""
        local started='' seconds='' address='' previous=${PREVIOUS:-} commit kind=''
        # What is taken back is seldom what the run of its rollback stands on: then its tag is another's, too.
        commit=${BAD_COMMIT-${GITHUB_SHA:-}}
        if [[ ${commit} == "${GITHUB_SHA:-}" ]]; then
          kind=${GITHUB_REF_TYPE:-}
        fi
        started=$(journal_of_run 'map(select(.event == "preflight").at) | last // empty') || started=''
        if [[ -n ${started} ]] && started=$(seconds_of "${started}"); then
          seconds=$(($(now) - started))
        fi
        if [[ -n ${GITHUB_RUN_ID:-} && -n ${GITHUB_REPOSITORY:-} ]]; then
          address="${GITHUB_SERVER_URL:-https://github.com}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}"
        fi
        if [[ -z ${previous} && -s ${STATE}/previous ]]; then
          previous=$(<"${STATE}/previous")
        fi
        MESSAGE=$(jq -cn --arg event "$1" --arg reason "$2" --arg service "${SERVICE}" --arg place "${PLACE}" \
          --arg version "${BAD:-${CANDIDATE:-${ARTIFACT:-}}}" --arg previous "${previous}" --arg commit "${commit}" \
          --arg tag "${GITHUB_REF_NAME:-}" --arg kind "${kind}" --arg run "${RUN}" --arg address "${address}" \
          --arg seconds "${seconds}" --arg at "$(moment "$(now)")" --argjson links "${LINKS}" '
          def spoken: if . < 120 then "\(.) s" elif . < 7200 then "\(. / 60 | floor) min"
            else "\(. / 3600 | floor) h \(. % 3600 / 60 | floor) min" end;
          (if $kind == "tag" then $tag else "" end) as $release
          | {event: $event, status: ($event | gsub("-"; " ")), service: $service, environment: $place, release: $release,
              version: $version, previous: $previous, commit: $commit, run: $run, url: $address, at: $at, reason: $reason,
              duration_seconds: ($seconds | tonumber? // null),
              links: ([if $address == "" then empty else {title: "Run", address: $address} end] + $links)}
          | .title = ([$service, (if $release == "" then empty else $release end)] | join(" ")) + ({
              "started": " is being released to \($place)",
              "succeeded": " is released to \($place)",
              "failed": " was not released to \($place)",
              "resting": " rests half-way in \($place): a person has to decide",
              "rolled-back": " was taken back in \($place)",
              "rollback-failed": ": THE ROLLBACK IN \($place) FAILED, a person is needed now",
              "drill-failed": ": the drill \($place) needs attention",
              "maintenance": ": a change window of \($place) is ahead",
              "secret-due": ": a secret of \($place) is to be replaced",
              "approval-expired": ": a release to \($place) was not approved in time"
            }[$event] // ": \($event) in \($place)")
          | .text = ([.title,
              (if $reason == "" then empty else $reason end),
              "status: \(.status)",
              (if $version == "" then empty else "version: \($version)" end),
              (if $previous == "" then empty else "version before: \($previous)" end),
              (if .duration_seconds == null then empty else "after: \(.duration_seconds | spoken)" end),
              (.links[] | "\(.title): \(.address)")] | join("\n"))')
        """#),
    ShellFunction(
      "has_told", "EVENT…: whether this run has told of one of these events.", needs: ["journal_of_run"],
      body: #"""
        local event
        for event in "$@"; do
          if [[ $(journal_of_run "any(.[]; .event == \"tell\" and (.text | startswith(\"${event}:\")))") == true ]]; then
            return 0
          fi
        done
        return 1
        """#),
    ShellFunction(
      "deliver",
      "CHANNEL SECRETS WITHOUT COMMAND…: gives MESSAGE to a channel and notes what became of it. SECRETS are the names of what",
      "it cannot do without, WITHOUT says what is lost without them.", needs: ["complain", "note"],
      body: #"""
        local channel=$1 secrets=$2 without=$3 name
        shift 3
        for name in ${secrets}; do
          if [[ -z ${!name:-} ]]; then
            note untold "${channel} was not told: no ${name}${without:+; ${without}}"
            return 0
          fi
        done
        if "$@"; then
          note told "${channel} was told"
        else
          complain "${channel} could not be told"
          note untold "${channel} could not be told"
        fi
        """#),
    ShellFunction(
      "send_json", "METHOD ADDRESS HEADER BODY: sends a body, or none, with a header, or none; prints the answer.",
      needs: ["curl_quoted", "say"],
      body: #"""
        local code=0
        {
          printf 'url = %s\n' "$(curl_quoted "$2")"
          [[ -z $3 ]] || printf 'header = %s\n' "$(curl_quoted "$3")"
          [[ -z $4 ]] || printf 'data-binary = %s\n' "$(curl_quoted "$4")"
        } | curl --config - --request "$1" --silent --fail --max-time "${PROBE_LIMIT}" --retry 2 --retry-delay 2 \
          --header 'Content-Type: application/json' || code=$?
        # What curl itself would say can hold the address.
        if ((code != 0)); then
          say "curl ended with exit code ${code}"
          return 1
        fi
        """#),
    ShellFunction(
      "send_text", "NAME: MESSAGE to the incoming webhook whose address the variable NAME holds (Slack, Teams).",
      needs: ["send_json"],
      body: #"""
        local body
        # Slack reads these three characters as markup; a reason must not be able to call everybody.
        body=$(jq -c '{text: (.text | gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;"))}' <<<"${MESSAGE}") || return 1
        send_json POST "${!1}" '' "${body}" >/dev/null
        """#),
    ShellFunction(
      "send_page",
      "NAME: MESSAGE to PagerDuty's Events API v2 with the routing key in the variable NAME. What goes wrong opens an alert or",
      "adds to it; the next release of the same environment that succeeds resolves it.", needs: ["send_json"],
      body: #"""
        local body
        body=$(jq -c --arg key "$1" '
          ({"rollback-failed": "critical", "failed": "error", "rolled-back": "error", "drill-failed": "error"}[.event]
            // "warning") as $severity
          | (if .event | IN("drill-failed", "secret-due") then "\(.service)/\(.environment)/\(.event)"
              else "\(.service)/\(.environment)" end | .[:255]) as $name
          | {routing_key: env[$key], dedup_key: $name} +
            if .event == "succeeded" then {event_action: "resolve"} else
              {event_action: "trigger", client: "release of \(.service)", links: [.links[] | {href: .address, text: .title}],
                payload: {summary: .title[:1024], source: "\(.service)/\(.environment)", severity: $severity, timestamp: .at,
                  component: .service, group: .environment, class: .event,
                  custom_details: {reason, version, previous, release, commit, run, duration_seconds}}}
              + if .url == "" then {} else {client_url: .url} end
            end' <<<"${MESSAGE}") || return 1
        send_json POST https://events.pagerduty.com/v2/enqueue '' "${body}" >/dev/null
        """#),
    ShellFunction(
      "send_status", "ADDRESS PAGE NAME: MESSAGE as an incident of a status page; the variable NAME holds the API key.",
      "Customers read it, so it has no reasons and no links. The end of a release resolves what its start has opened.",
      needs: ["send_json", "say"],
      body: #"""
        local path="${1%/}/pages/$2/incidents" header="Authorization: OAuth ${!3}" body found
        if jq -e '.event == "maintenance"' <<<"${MESSAGE}" >/dev/null && [[ -z ${SCHEDULED_FOR:-} || -z ${SCHEDULED_UNTIL:-} ]]; then
          say "a status page takes only a window with a beginning and an end"
          return 1
        fi
        body=$(jq -c --arg from "${SCHEDULED_FOR:-}" --arg until "${SCHEDULED_UNTIL:-}" '
          {"started": ["monitoring", "none", "A new version is being released."],
            "resting": ["identified", "minor", "A new version serves a part of the traffic while we look at it."],
            "rollback-failed": ["investigating", "major", "A new version makes trouble, and we are working on it."],
            "succeeded": ["resolved", null, "The new version is released."],
            "failed": ["resolved", null, "The release has ended; the version before serves all traffic."],
            "rolled-back": ["resolved", null, "The new version was taken back; the version before serves all traffic."],
            "maintenance": ["scheduled", "maintenance", "A change is planned for this time."]}[.event] as $state
          | {incident: ({name: "\(.service) in \(.environment): \(if .event == "maintenance" then "planned change" else "release" end)",
              status: $state[0], body: $state[2]}
            + if $state[1] == null then {} else {impact_override: $state[1]} end
            + if .event == "maintenance" then {scheduled_for: $from, scheduled_until: $until} else {} end)}' <<<"${MESSAGE}") ||
          return 1
        found=$(send_json GET "${path}/unresolved" "${header}" '') || return 1
        found=$(jq -r --argjson wanted "${body}" 'map(select(.name == $wanted.incident.name)) | first | .id // empty' <<<"${found}") ||
          return 1
        if [[ -n ${found} ]]; then
          body=$(jq -c 'del(.incident.name)' <<<"${body}")
          send_json PATCH "${path}/${found}" "${header}" "${body}" >/dev/null
        elif jq -e '.incident.status != "resolved"' <<<"${body}" >/dev/null; then
          send_json POST "${path}" "${header}" "${body}" >/dev/null
        fi
        """#),
    ShellFunction(
      "send_event",
      "NAME [NAME]: MESSAGE as it is, to the address in the first variable, with the bearer token in the second.",
      needs: ["send_json"],
      body: #"""
        local header=''
        if [[ -n ${2:-} && -n ${!2:-} ]]; then
          header="Authorization: Bearer ${!2}"
        fi
        send_json POST "${!1}" "${header}" "${MESSAGE}" >/dev/null
        """#),
    ShellFunction(
      "send_comment",
      "MESSAGE as a comment on the pull request that the commit came with, or on the commit where there is none.",
      needs: ["github", "say"],
      body: #"""
        local pull path commit file="${STATE}/message.json"
        commit=$(jq -r '.commit' <<<"${MESSAGE}") || return 1
        if [[ -z ${GH_TOKEN:-} || -z ${GITHUB_REPOSITORY:-} || -z ${commit} ]]; then
          say "without GH_TOKEN, GITHUB_REPOSITORY and a commit there is no pull request to comment on"
          return 1
        fi
        pull=$(github "repos/${GITHUB_REPOSITORY}/commits/${commit}/pulls" | jq -r '.[0].number // empty') || return 1
        path="repos/${GITHUB_REPOSITORY}/commits/${commit}/comments"
        if [[ -n ${pull} ]]; then
          path="repos/${GITHUB_REPOSITORY}/issues/${pull}/comments"
        fi
        jq -c '{body: .text}' <<<"${MESSAGE}" >"${file}" || return 1
        github --method POST "${path}" --input "${file}" >/dev/null
        """#),
    ShellFunction(
      "send_program", "PROGRAM…: MESSAGE's text as the program's standard input, the event as its last argument.",
      needs: ["limited"],
      body: #"""
        local event text
        event=$(jq -r '.event' <<<"${MESSAGE}") || return 1
        text=$(jq -r '.text' <<<"${MESSAGE}") || return 1
        limited "${CALL_LIMIT}" "$@" "${event}" <<<"${text}" >&2
        """#),
  ]
}
