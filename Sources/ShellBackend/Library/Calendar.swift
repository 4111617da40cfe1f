import TextLayout

extension ShellLibrary {
  /// When a release may start. Reckoned by jq, whose `localtime` knows time zones on Linux and macOS alike: the two have
  /// no option of `date` in common that would.
  static let calendar: [ShellFunction] = [
    ShellFunction(
      "window_at",
      "AT NEEDED ZONE DAYS WEEK OPENS LENGTH: `open` or `closed` at that time, for something that takes that many seconds,",
      "and when the window opens next (0: never). Days are 1 (Monday) to 7, the week is 0 (every) to 5 (the last of the month),",
      "opening and length are in minutes.",
      body: #"""
        TZ=$3 jq -rn --argjson at "$1" --argjson needed "$2" --arg days "$4" --argjson week "$5" --argjson opens "$6" \
          --argjson length "$7" '
            # A time of day is counted as if in UTC and then moved by what the zone differs from it at that time.
            def moment: . as $clock | reduce (1, 2) as $_ ($clock; $clock - ((localtime | mktime) - .));
            def is_meant: . as $day | gmtime as $date
              | ($days | split(" ") | index(if $date[6] == 0 then "7" else $date[6] | tostring end)) != null
              and ($week == 0 or if $week == 5 then ($day + 7 * 86400 | gmtime)[1] != $date[1]
                else (($date[2] - 1) / 7 | floor) + 1 == $week end);
            ($at | localtime | .[3:6] = [0, 0, 0] | mktime) as $today
            | [range(-1; 100) | $today + . * 86400 | select(is_meant)
              | {opens: (. + $opens * 60 | moment), closes: (. + ($opens + $length) * 60 | moment)}]
            | if any(.[]; .opens <= $at and $at + $needed <= .closes) then "open" else "closed" end
              + " \([.[].opens | select(. > $at)] | min // 0)"'
        """#),
    ShellFunction(
      "freeze_over",
      "START END ZONE FROM TO: when the freeze is over that holds on any day between the two times; nothing when none does.",
      "Its days are numbers: 20261224, or 1224 for every year.",
      body: #"""
        TZ=$3 jq -rn --argjson start "$1" --argjson finish "$2" --argjson from "$4" --argjson to "$5" '
          def moment: . as $clock | reduce (1, 2) as $_ ($clock; $clock - ((localtime | mktime) - .));
          def day: localtime | .[3:6] = [0, 0, 0] | mktime;
          def is_frozen: gmtime | (if $to < 10000 then 0 else .[0] * 10000 end) + (.[1] + 1) * 100 + .[2]
            | if $from <= $to then $from <= . and . <= $to else $from <= . or . <= $to end;
          [range($start | day; ($finish | day) + 1; 86400) | select(is_frozen)] | first // empty
          | . as $first | until((is_frozen | not) or . - $first > 400 * 86400; . + 86400) | moment'
        """#),
    ShellFunction(
      "judge_time",
      "AT: whether a release that takes NEEDED seconds may start then (0) or not (1), by CHANGE_WINDOW and FREEZES; unknown",
      "(2) when that cannot be told. WHY says why not, and OPENS when it may; empty: no time was found.",
      needs: ["freeze_over", "moment", "window_at"],
      body: #"""
        local at=$1 index over answer rounds=0
        WHY=''
        OPENS=${at}
        while ((rounds < 100)); do
          rounds=$((rounds + 1))
          over=''
          for ((index = 0; index < ${#FREEZES[@]}; index += 5)); do
            over=$(freeze_over "${OPENS}" "$((OPENS + NEEDED))" "${FREEZES[index]}" "${FREEZES[index + 1]}" "${FREEZES[index + 2]}") || return 2
            [[ -z ${over} ]] || break
          done
          if [[ -n ${over} ]]; then
            [[ -n ${WHY} ]] ||
              WHY="frozen, ${FREEZES[index + 3]} (${FREEZES[index]}): ${FREEZES[index + 4]}; over at $(moment "${over}")"
            OPENS=${over}
            continue
          fi
          if ((${#CHANGE_WINDOW[@]} > 0)); then
            answer=$(window_at "${OPENS}" "${NEEDED}" ${CHANGE_WINDOW[@]+"${CHANGE_WINDOW[@]}"}) || return 2
            if [[ ${answer} == closed* ]]; then
              [[ -n ${WHY} ]] ||
                WHY="outside the change window (${WINDOW_TEXT}), or too near its end: up to $((NEEDED / 60)) minutes are needed before it closes"
              OPENS=${answer#* }
              ((OPENS > 0)) || break
              continue
            fi
          fi
          [[ -n ${WHY} ]] || return 0
          return 1
        done
        OPENS=''
        return 1
        """#),
    ShellFunction(
      "spoken_time", "SECONDS ZONE: that time in UTC and in the zone.", needs: ["moment"],
      body: #"""
        moment "$1" | tr -d '\n'
        if [[ $2 != UTC ]]; then
          printf ' (%s %s)' "$(TZ=$2 jq -rn --argjson at "$1" '$at | localtime | strftime("%Y-%m-%d %H:%M")')" "$2"
        fi
        """#),
  ]
}
