import TextLayout

extension ShellLibrary {
  /// A measurement is a number or unknown (2); nothing else that a source may answer counts as one.
  static let measuring: [ShellFunction] = [
    ShellFunction(
      "curl_quoted", "TEXT: the text as a quoted value of a curl configuration.",
      body: #"""
        local text=$1
        text=${text//\\/\\\\}
        text=${text//\"/\\\"}
        text=${text//$'\n'/}
        printf '"%s"' "${text}"
        """#),
    ShellFunction(
      "asked",
      "OPTION…: curl with these options, for a value. As often and as long as any call, in a watch once and briefly: see brief.",
      "124 when it took too long.",
      body: #"""
        local code=0
        local -a patience
        patience=(--max-time "${CALL_LIMIT}" --retry 2 --retry-delay 2)
        if [[ -n ${BRIEF:-} ]]; then
          patience=(--max-time "${BRIEF}")
        fi
        curl --config - --silent --show-error --fail ${patience[@]+"${patience[@]}"} "$@" || code=$?
        ((code != 28)) || code=124
        return "${code}"
        """#),
    ShellFunction(
      "prometheus", "ADDRESS TOKEN QUERY TIME: the value of an instant query; nothing when it gives no single number.",
      "Address and token go to curl through its standard input, so that no process list shows them.",
      needs: ["asked", "curl_quoted", "say"],
      body: #"""
        local body code
        body=$(
          {
            printf 'url = %s\n' "$(curl_quoted "${1%/}/api/v1/query")"
            if [[ -n $2 ]]; then
              printf 'header = %s\n' "$(curl_quoted "Authorization: Bearer $2")"
            fi
          } | asked --get --data-urlencode "query=$3" --data-urlencode "time=$4"
        ) || {
          code=$?
          say "Prometheus did not answer"
          return "${code}"
        }
        jq -r 'if .status != "success" then empty
          elif .data.resultType == "scalar" then .data.result[1]
          elif (.data.result | length) == 1 then .data.result[0].value[1]
          else empty end' <<<"${body}" || return 2
        """#),
    ShellFunction(
      "json_value",
      "ADDRESS TOKEN FILTER: the one number that the jq filter makes of the JSON that is there; nothing else.",
      needs: ["asked", "curl_quoted", "say"],
      body: #"""
        local body code
        [[ -n $1 ]] || {
          say "no address to ask for this metric"
          return 2
        }
        body=$(
          {
            printf 'url = %s\n' "$(curl_quoted "$1")"
            if [[ -n $2 ]]; then
              printf 'header = %s\n' "$(curl_quoted "Authorization: Bearer $2")"
            fi
          } | asked --header 'Accept: application/json'
        ) || {
          code=$?
          say "the source of this metric did not answer"
          return "${code}"
        }
        jq -r --arg track "${TRACK}" --arg version "${VERSION}" --arg window "${WINDOW}" \
          "[$3] | if length == 1 and (.[0] | type) == \"number\" then .[0] else empty end" <<<"${body}" || return 2
        """#),
    ShellFunction(
      "log_analytics", "WORKSPACE QUERY: the column `value` of the one row that the query gives for the window.",
      needs: ["remote"],
      body: #"""
        local rows
        rows=$(remote az monitor log-analytics query --workspace "$1" --analytics-query "$2" \
          --timespan "${WINDOW_START}/${WINDOW_END}" --output json) || return
        jq -r 'if type == "array" and length == 1 then .[0].value // empty else empty end' <<<"${rows}" || return 2
        """#),
    ShellFunction(
      "ratio",
      "KIND PART TOTAL SCALE: VALUE and EVENTS from a part and its whole, the value times SCALE. No part while",
      "there is a whole is 0; no whole is unknown.", needs: ["is_number", "compare"],
      body: #"""
        local kind=$1 part=$2 total=$3 scale=$4
        is_number "${total}" && compare "${total}" '>' 0 || return 2
        if [[ -z ${part} ]]; then
          part=0
        fi
        is_number "${part}" || return 2
        awk -v kind="${kind}" -v part="${part}" -v total="${total}" -v scale="${scale}" 'BEGIN {
          value = sprintf("%.6f", part / total * scale)
          sub(/\.?0+$/, "", value)
          print value, sprintf("%d", total)
        }'
        """#),
    ShellFunction(
      "measure",
      "METRIC SIDE SECONDS MINIMUM: sets MEASURED; unknown (2) without a number, with fewer events than MINIMUM, or when",
      "the window since the last change of weight is shorter than four samples. SIDE is candidate or stable. In a watch, a source",
      "that took too long is SILENT, and is asked for nothing more before the next tick.",
      needs: ["now", "moment", "is_number", "say"],
      body: #"""
        local metric=$1 side=$2 seconds=$3 minimum=$4 last first line code=0
        "source_of_${metric}"
        last=$(($(now) - LAG))
        first=$((last - seconds))
        if [[ ${side} == candidate ]] && ((first < CHANGED_AT)); then
          first=${CHANGED_AT}
        fi
        MEASURED=''
        if ((last - first < 4 * RESOLUTION)); then
          return 2
        fi
        WINDOW=$((last - first))s
        WINDOW_START=$(moment "${first}")
        WINDOW_END=$(moment "${last}")
        if [[ ${side} == candidate ]]; then
          # A version of two parts, PLACE=IMAGE, is measured by its place.
          VERSION=${CANDIDATE%%=*}
          TRACK=${CANDIDATE_TRACK}
        else
          VERSION=${PREVIOUS%%=*}
          TRACK=${STABLE_TRACK}
        fi
        # Programs that answer for a metric find these in their environment.
        export VERSION TRACK WINDOW WINDOW_START WINDOW_END
        if [[ -n ${BRIEF:-} && ${SILENT} == *" ${SOURCE} "* ]]; then
          say "${metric}: unknown, because its source has just not answered"
          return 2
        fi
        line=$("sample_${metric}" "${last}") || code=$?
        if ((code == 124 || code == 137)); then
          SILENT="${SILENT}${SOURCE} "
        fi
        ((code == 0)) || return 2
        if ! is_number "${line%% *}"; then
          return 2
        fi
        if ((minimum > 0)) && { [[ ${line} != *' '* ]] || ((${line##* } < minimum)); }; then
          say "${metric}: ${line##* } events are fewer than ${minimum}"
          return 2
        fi
        MEASURED=${line%% *}
        """#),
    ShellFunction(
      "baseline",
      "METRIC SECONDS MINIMUM FLOOR ZERO: sets MEASURED to the stable version's value over the same window or, where it has no",
      "traffic of its own, to what was noted before the first shift; at least FLOOR. A baseline of zero is unknown (2)",
      "unless ZERO is 1.",
      needs: ["measure", "compare"],
      body: #"""
        local file="${STATE}/baseline_$1"
        # Where both versions are measured as one, only what was noted before the first shift is the version before.
        if [[ ${CANDIDATE_TRACK} == "${STABLE_TRACK}" ]] || ! measure "$1" stable "$2" "$3"; then
          [[ -s ${file} ]] || return 2
          MEASURED=$(<"${file}")
        fi
        if compare "${MEASURED}" '<' "$4"; then
          MEASURED=$4
        fi
        (($5 == 1)) || compare "${MEASURED}" '>' 0 || return 2
        """#),
    ShellFunction(
      "scaled", "VALUE FACTOR OFFSET: value × factor + offset.",
      body: #"""
        awk -v value="$1" -v factor="$2" -v offset="$3" 'BEGIN {
          result = sprintf("%.6f", value * factor + offset)
          sub(/\.?0+$/, "", result)
          print result
        }'
        """#),
  ]

  static let probing: [ShellFunction] = [
    ShellFunction(
      "probe",
      "METHOD URL STATUS MILLISECONDS TOKEN [NAME]: whether the answer has that status and came in time (0: no limit). An",
      "address that cannot be reached has failed: that is what is being asked. A secret one goes by NAME.",
      needs: ["curl_quoted", "say"],
      body: #"""
        local method=$1 url=$2 wanted=$3 limit=$4 token=$5 name=${6:-"$1 $2"} reply status seconds fraction took
        local -a options
        if [[ ${method} == HEAD ]]; then
          options=(--head)
        else
          options=(--request "${method}")
        fi
        # What curl says of a failure names the host.
        [[ -n ${6:-} ]] || options+=(--show-error)
        reply=$(
          {
            printf 'url = %s\n' "$(curl_quoted "${url}")"
            if [[ -n ${token} ]]; then
              printf 'header = %s\n' "$(curl_quoted "Authorization: Bearer ${token}")"
            fi
          } | curl --config - --silent --output /dev/null --max-time "${PROBE_LIMIT}" \
            ${options[@]+"${options[@]}"} --write-out '%{http_code} %{time_total}'
        ) || {
          say "${name}: no answer"
          return 1
        }
        status=${reply%% *}
        seconds=${reply##* }
        fraction=${seconds#*.}000
        took=$((10#${seconds%%.*} * 1000 + 10#${fraction:0:3}))
        if [[ ${status} != "${wanted}" ]]; then
          say "${name}: answered ${status} instead of ${wanted}"
          return 1
        fi
        if ((limit > 0 && took >= limit)); then
          say "${name}: took ${took} ms, not under ${limit} ms"
          return 1
        fi
        """#),
    ShellFunction(
      "probe_each",
      "ADDRESSES TOKEN: whether each of these addresses, separated by commas, answers 200. Without any it is unknown (2).",
      needs: ["probe", "say"],
      body: #"""
        local rest="$1," address number=0 failed=''
        while [[ -n ${rest} ]]; do
          address=${rest%%,*}
          rest=${rest#*,}
          address=${address//[[:space:]]/}
          [[ -n ${address} ]] || continue
          number=$((number + 1))
          # GitHub masks the list as a whole, not each of its addresses.
          probe GET "${address}" 200 0 "$2" "address ${number} of the list" || failed=yes
        done
        if ((number == 0)); then
          say "no address to ask"
          return 2
        fi
        [[ -z ${failed} ]]
        """#),
    ShellFunction(
      "fails", "CHECK…: met (0) when the check fails, not met (1) when it passes, unknown (2) when it is.",
      body: #"""
        local outcome=0
        "$@" || outcome=$?
        case ${outcome} in
          0) return 1 ;;
          1) return 0 ;;
          *) return 2 ;;
        esac
        """#),
    ShellFunction(
      "within_time",
      "SECONDS COMMAND…: runs a program of the repository; passes (0) or fails (1), unknown (2) when it took too long.",
      needs: ["limited", "say"],
      body: #"""
        local limit=$1 status=0
        shift
        limited "${limit}" "$@" || status=$?
        case ${status} in
          0) return 0 ;;
          124 | 137)
            say "$1 did not finish within ${limit}s"
            return 2
            ;;
          126 | 127)
            say "$1 cannot be run"
            return 2
            ;;
          *)
            say "$1 ended with exit code ${status}"
            return 1
            ;;
        esac
        """#),
    ShellFunction(
      "findings", "FILE SEVERITY MOST: whether a SARIF report has at most so many findings of a severity.",
      needs: ["say"],
      body: #"""
        local count
        count=$(jq -r --arg severity "$2" '
          def level: if . >= 9 then "critical" elif . >= 7 then "high" elif . >= 4 then "medium" else "low" end;
          if (.runs | type) != "array" then error("no runs") else . end
          | [.runs[] as $run | $run.results[]?
             | (.properties["security-severity"] //
                (.ruleId as $id | [$run.tool.driver.rules[]?, $run.tool.extensions[]?.rules[]?] | map(select(.id == $id))
                 | first | .properties["security-severity"]) //
                (if (.level // "warning") == "error" then "9.0" elif .level == "note" then "1.0" else "5.0" end))
             | tonumber | level | select(. == $severity)]
          | length' "$1" 2>/dev/null) || {
          say "$1 is not a SARIF report"
          return 2
        }
        if ((count > $3)); then
          say "$1 has ${count} ${2} findings, and at most $3 are let through"
          return 1
        fi
        """#),
    ShellFunction(
      "all_of", "FUNCTION…: fails (1) when any of them does, else unknown (2) when any of them is, else passes (0).",
      body: #"""
        local each outcome worst=0
        for each in "$@"; do
          outcome=0
          "${each}" || outcome=$?
          case ${outcome} in
            0) ;;
            1) worst=1 ;;
            *) ((worst == 1)) || worst=2 ;;
          esac
        done
        return "${worst}"
        """#),
    ShellFunction(
      "insist", "SECONDS CHECK: a check that may need a moment: tried again until it passes or the time is over.",
      needs: ["now", "say"],
      body: #"""
        local limit=$1 check=$2 started outcome
        started=$(now)
        while true; do
          outcome=0
          "${check}" || outcome=$?
          ((outcome != 0)) || return 0
          if (($(now) - started >= limit)); then
            return "${outcome}"
          fi
          "${WHILE_WAITING:-:}"
          sleep 10
        done
        """#),
  ]
}
