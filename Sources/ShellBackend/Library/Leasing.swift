import TextLayout

extension ShellLibrary {
  /// Two rollbacks must not fight, and neither may wait for one that is dead: who takes a version back writes on the target
  /// until when it is to be believed alive, and goes on renewing that. Whoever comes second waits for the first, and goes on
  /// in its place when the time has passed.
  static let leasing: [ShellFunction] = [
    ShellFunction(
      "lease", "SECONDS: the lease of this run for so long from now, as a field of the marker.", needs: ["now"],
      body: #"printf 'lease=%s\n' "$(($(now) + $1))""#),
    ShellFunction(
      "renew_lease", "While something is waited for: says at most every 20 seconds that this run is alive.",
      needs: ["brief", "lease", "now", "say", "write_marker"],
      body: #"""
        if [[ -z ${CLAIMED} ]] || (($(now) - RENEWED_AT < 20)); then
          return 0
        fi
        RENEWED_AT=$(now)
        brief 15 write_marker "$(lease "${LEASE}")" || say "the marker does not know that this run is alive; going on"
        """#),
    ShellFunction(
      "end_lease", "What this run has not done another may do at once.", needs: ["brief", "write_marker"],
      body: #"""
        if [[ -n ${CLAIMED} ]]; then
          CLAIMED=''
          brief 15 write_marker lease= || true
        fi
        """#),
    ShellFunction(
      "is_led_by_another", "Whether another run is taking the version back, and is believed to be alive.",
      needs: ["now"],
      body: #"""
        local run='' process=''
        if [[ ${MARKER_STATE} != rolling-back || ${MARKER_RUN} == "${RUN}" || ! ${MARKER_LEASE} =~ ^[0-9]+$ ]]; then
          return 1
        fi
        if [[ -s ${STATE}/claim ]]; then
          # Begun on this machine: nobody knows better whether it is still there.
          read -r run process <"${STATE}/claim" || true
          if [[ ${run} == "${MARKER_RUN}" && -n ${process} ]] && ! kill -0 "${process}" 2>/dev/null; then
            return 1
          fi
        fi
        (($(now) < MARKER_LEASE))
        """#),
    ShellFunction(
      "wait_for_leader",
      "Waits while another run takes the version back, for as long as it is believed to be alive. --take-over does not wait.",
      needs: ["is_led_by_another", "now", "read_marker", "say"],
      body: #"""
        local leader=${MARKER_RUN}
        if [[ -n ${TAKE_OVER} ]] || ! is_led_by_another; then
          return 0
        fi
        say "run ${leader} is taking ${TARGET_TITLE} back: waiting for it. Without a sign of life it is given $((MARKER_LEASE - $(now)))s; to go on at once: --take-over"
        while is_led_by_another; do
          sleep 5
          read_marker || {
            say "the marker cannot be read any more: going on"
            return 0
          }
        done
        say "run ${leader}: ${MARKER_STATE}; this run goes on"
        """#),
    ShellFunction(
      "mark_going_back", "Notes on the target that this run takes the version back, and to which.",
      needs: ["complain", "lease", "write_marker"],
      body: #"""
        local known=${PREVIOUS}
        # A version that a person named is only believed once it has the traffic: a typo must not replace what is known.
        if [[ -n ${TO} && -n ${MARKER_PREVIOUS} ]]; then
          known=${MARKER_PREVIOUS}
        fi
        # A marker that cannot be written must not keep the traffic where it is.
        write_marker state=rolling-back "run=${RUN}" "previous=${known}" "candidate=${CANDIDATE}" "$(lease "${LEASE}")" || {
          complain "the marker could not be written; going on"
          return 1
        }
        """#),
    ShellFunction(
      "claim", "Takes the lead. Fails when another was faster, once that one has ended.",
      needs: ["is_led_by_another", "mark_going_back", "now", "read_marker", "say", "wait_for_leader"],
      body: #"""
        local leader
        if [[ -z ${DRY_RUN} && ${MARKER_RUN} != "${RUN}" ]] && read_marker && [[ -z ${TAKE_OVER} ]] && is_led_by_another; then
          # It began while this one was asking its questions.
          wait_for_leader
          return 1
        fi
        [[ -n ${DRY_RUN} ]] || printf '%s %s\n' "${RUN}" "$$" >"${STATE}/claim"
        mark_going_back || return 0
        CLAIMED=yes
        RENEWED_AT=$(now)
        if [[ -n ${DRY_RUN} || ${MARKER_RUN} == "${RUN}" ]]; then
          return 0
        fi
        # Of two that begin in the same moment, the one whose word stands goes on. The pause is longer than it takes the other
        # from reading that nobody leads to writing that it does.
        sleep 2
        leader=$(read_marker && printf '%s' "${MARKER_RUN}") || leader=${RUN}
        if [[ ${leader} == "${RUN}" ]]; then
          return 0
        fi
        CLAIMED=''
        say "run ${leader} was faster"
        read_marker || return 0
        wait_for_leader
        return 1
        """#),
  ]
}
