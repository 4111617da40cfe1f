import ReleaseModel
import TextLayout

/// What happens before there is anything to take back.
extension RolloutScript {
  var preflight: ShellFunction {
    let required = environment.rolloutSecrets.filter { !$0.isOptional }.map(\.name)
    let tags = environment.spec.trigger.manual?.tags.map(\.value) ?? []
    let patterns = tags.filter { !$0.isExclusion }.map(\.regularExpression)
    let exclusions = tags.filter(\.isExclusion).map(\.regularExpression)
    var lines: [Bash] = ["need_tools \(words: common.tools)"]
    if !required.isEmpty { lines.append("need_values \(words: required)") }
    // A dispatch can be started from any ref; the ref decides which version this is.
    if !patterns.isEmpty, environment.spec.trigger.push == nil {
      let pattern = patterns.joined(separator: "|")
      lines.append(
        """
        if [[ ${GITHUB_ACTIONS:-} == true ]]; then
          local pattern=\(pattern) excluded=\(exclusions.isEmpty ? "^$" : exclusions.joined(separator: "|"))
          if [[ ${GITHUB_REF_TYPE:-} != tag || ! ${GITHUB_REF_NAME:-} =~ ${pattern} || ${GITHUB_REF_NAME} =~ ${excluded} ]]; then
            die 3 "started from ${GITHUB_REF_NAME:-nothing}; ${ENVIRONMENT} takes only tags like ${pattern}"
          fi
        fi
        """)
    }
    if let window = environment.spec.window { lines.append(windowCheck(window)) }
    lines.append(
      """
      target_identify || die 3 "cannot find ${TARGET_TITLE}"
      target_preflight || die 3 "${TARGET_TITLE} is not ready for a release"
      read_marker || die 3 "the marker on ${TARGET_TITLE} cannot be read"
      if is_unfinished && [[ ${MARKER_RUN} != "${RUN}" ]]; then
        die 3 "run ${MARKER_RUN} (commit ${MARKER_COMMIT:-unknown}) has left ${TARGET_TITLE} unfinished (${MARKER_STATE}); finish that first: ops/${SERVICE}/${ENVIRONMENT}/rollback.sh"
      fi
      note preflight "everything is there"
      """)
    return ShellFunction(
      "preflight", "Read-only: what a release needs is there, now, before anything is touched.",
      needs: [
        "need_tools", "need_values", "die", "target_identify", "target_preflight", "read_marker", "is_unfinished",
        "note",
        "now",
      ], body: .lines(lines))
  }

  /// The whole release, at its longest, must end before the window closes.
  func windowCheck(_ window: ChangeWindow) -> Bash {
    let days = window.days.map { "\($0.rawValue)" }.joined(separator: " ")
    return """
      local days=\(days) day minute opens=\(window.from.minutes) length=\(window.length.minutes) needed=\(environment.worstCase.minutes) since
      day=$(TZ=\(window.zone) date +%u)
      minute=$(TZ=\(window.zone) date +%H:%M)
      minute=$((10#${minute%%:*} * 60 + 10#${minute##*:}))
      since=$((minute - opens))
      if ((since < 0)); then
        # Before today's opening: what may be open is the window that opened yesterday.
        since=$((since + 1440))
        day=$((day == 1 ? 7 : day - 1))
      fi
      if [[ " ${days} " != *" ${day} "* ]] || ((since + needed > length)); then
        die 3 "outside the change window (${WINDOW_TEXT}), or too near its end: up to ${needed} minutes are needed before it closes; nothing was touched"
      fi
      """
  }

  var check: ShellFunction {
    ShellFunction(
      "check", "NAME: a check that must pass before anything is touched.",
      needs: environment.preconditions.map { ShellName("check", of: $0.name).text } + ["stop_release", "note"],
      body: """
        local outcome=0
        case $1 in
          \(cases(environment.preconditions.map { ($0.name, "\(ShellName("check", of: $0.name).bash) || outcome=$?") }))
          *)
            usage >&2
            exit 2
            ;;
        esac
        case ${outcome} in
          0) note passed "$1 passed" ;;
          1) stop_release "$1 failed; nothing was touched" ;;
          *) stop_release "$1 is unknown, which is not good enough; nothing was touched" ;;
        esac
        """)
  }

  func cases(_ entries: [(String, Bash)]) -> Bash {
    .lines(entries.map { name, body in "\(name)) \(body) ;;" })
  }

  /// The beginning and the end of a release. What comes between is told by the function that does it.
  func notify(_ events: [NotificationChannel.Event]) -> ShellFunction {
    ShellFunction(
      "notify", "\(events.map(\.rawValue).joined(separator: "|")): tells everybody who wants to hear of it.",
      needs: ["tell"],
      body: """
        local reason=''
        case ${1:-} in
          \(Bash.join(events.map { "\($0.rawValue)" }, separator: " | "))) ;;
          *)
            usage >&2
            exit 2
            ;;
        esac
        if [[ $1 == failed && -s ${STATE}/reason ]]; then
          reason=$(<"${STATE}/reason")
        fi
        tell "$1" "${reason}"
        """)
  }

  func migrate(_ migration: Migration) -> ShellFunction {
    var words = migration.command.value
    if let path = words.first { words[0] = "./" + path }
    let stop: Bash = #"stop_release "the migration failed, and no traffic was touched; see what it left""#
    return ShellFunction(
      "migrate", "Changes the database before the version that needs it.",
      needs: ["within_time", "stop_release", "note"],
      body: """
        within_time \(migration.timeout.seconds) \(words: words) || \(stop)
        note migrated "the migration is done"
        """)
  }
}
