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
    let calendar = CalendarFunction(environment)
    if let calendar { lines.append(timeCheck(calendar)) }
    lines.append(
      """
      target_identify || die 3 "cannot find ${TARGET_TITLE}"
      target_preflight || die 3 "${TARGET_TITLE} is not ready for a release"
      read_marker || die 3 "the marker on ${TARGET_TITLE} cannot be read"
      if \(isOfAnother); then
        die 3 "run ${MARKER_RUN} (commit ${MARKER_COMMIT:-unknown}) has left ${TARGET_TITLE} unfinished (${MARKER_STATE}); finish that first: ops/${SERVICE}/${ENVIRONMENT}/rollback.sh"
      fi
      note preflight "everything is there"
      """)
    return ShellFunction(
      "preflight", "Read-only: what a release needs is there, now, before anything is touched.",
      needs: [
        "need_tools", "need_values", "die", "target_identify", "target_preflight", "read_marker", "is_unfinished",
        "note",
      ] + (calendar.map { [$0.name.text, "moment", "now", "post_status", "spoken_time"] } ?? []), body: .lines(lines))
  }

  /// The whole release, at its longest, must end before the window closes and before a freeze begins. The commit status is
  /// for the housekeeping, which starts this run again when it may.
  private func timeCheck(_ calendar: CalendarFunction) -> Bash {
    """
    local outcome=0 opens=''
    \(calendar.name.bash) "$(now)" || outcome=$?
    case ${outcome} in
      0) ;;
      1)
        if [[ -n ${OPENS} ]]; then
          post_status "${SERVICE}/${ENVIRONMENT}/window" pending "opens at $(moment "${OPENS}") (run ${RUN})" "${GITHUB_SHA:-}"
          opens="; a release may start at $(spoken_time "${OPENS}" "${ZONE}")"
        fi
        die 3 "${WHY}${opens}; nothing was touched"
        ;;
      *) die 3 "cannot tell whether a release may start now; nothing was touched" ;;
    esac
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
        if [[ $1 == failed && -s ${STATE}/reason-${RUN} ]]; then
          reason=$(<"${STATE}/reason-${RUN}")
        fi
        tell "$1" "${reason}"
        """)
  }
}
