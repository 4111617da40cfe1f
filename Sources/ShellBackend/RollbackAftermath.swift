import ReleaseModel
import TextLayout

/// Once the traffic is safe: the note that a rollback leaves, and the wait for the numbers.
extension RollbackScript {
  var awaitRecovery: ShellFunction {
    ShellFunction(
      "await_recovery", "Waits until the numbers are back where they belong.",
      needs: ["require_all", "now", "note", "complain"] + environment.recovered.indices.map { "recovered_\($0)" },
      body: """
        local started
        if [[ ${RESULT:-} == cancelled ]]; then
          note unwatched "the run was cancelled, which leaves no time to wait for the numbers: look at them"
          return 0
        fi
        started=$(now)
        until require_all recovered \(environment.recovered.count); do
          if (($(now) - started >= \(recoveryLimit.seconds))); then
            complain "not recovered after \(recoveryLimit.seconds)s: ${FAILED}"
            return 1
          fi
          sleep \(recoveryPace.seconds)
        done
        note recovered "the numbers are back"
        """)
  }

  /// A hotfix goes into the same target under a name of its own, and whatever is taken back there may have come in by either.
  var refusePromotion: ShellFunction {
    let contexts = plan.ways(into: environment).map { way -> Bash in
      """
      post_status "${SERVICE}/"\(way.name) failure "$1" "${BAD_COMMIT}"
      """
    }
    return ShellFunction(
      "refuse_promotion",
      "TEXT: what is taken back may not be promoted further, by whichever way it was released here.",
      needs: ["post_status"], body: .lines(contexts))
  }

  /// A marker is a note and no proof: somebody can have moved the traffic again, and what failed its checks then may still.
  var stayBack: ShellFunction {
    let recovery: Bash =
      environment.recovered.isEmpty
      ? .empty
      : """
      # The traffic was moved before this run, so that the whole of every window is about the version before.
      CHANGED_AT=0
      [[ -n ${failed} ]] || await_recovery || failed=yes
      """
    return ShellFunction(
      "stay_back",
      "Ends when the version that the marker names is back and does well, or with 4 when it is back and does not. Returns when",
      "it has not got all the traffic: then it goes back again.",
      needs: ["target_is_undone", "verify_previous", "complain", "die", "say"]
        + (environment.recovered.isEmpty ? [] : ["await_recovery"]),
      body: """
        local undone failed=''
        PREVIOUS=${MARKER_PREVIOUS}
        CANDIDATE=${MARKER_CANDIDATE}
        BAD=${CANDIDATE:-unknown}
        undone=$(target_is_undone) || undone=unknown
        if [[ ${undone} != true ]]; then
          complain "the marker says that run ${MARKER_RUN} has taken ${TARGET_TITLE} back to ${PREVIOUS}, but that is not seen to have all traffic: going on"
          return 0
        fi
        say "already taken back to ${PREVIOUS} by run ${MARKER_RUN}; to go further back, name the version: --to <version>"
        [[ -z ${DRY_RUN} ]] || exit 0
        verify_previous || failed=yes
        \(recovery)
        [[ -z ${failed} ]] || die 4 "${PREVIOUS} has all traffic, but does not do well"
        exit 0
        """)
  }

  var measures: Bool {
    !environment.recovered.isEmpty
      || environment.rollbackVerify.contains { !(environment.checkConditions[$0.name] ?? []).isEmpty }
  }

  /// The numbers are looked at as often as in the release, and at least every half minute: whoever judges every two seconds
  /// has samples as often.
  var recoveryPace: TimeSpan { min(.seconds(30), environment.spec.rollout.checkEvery) }

  /// Long enough for the longest window to be all after the rollback, and for what arrives late.
  var recoveryLimit: TimeSpan {
    let longest =
      environment.recovered.map { condition -> TimeSpan in
        if case .metric(let metric, _, _) = condition.subject { return condition.window + metric.source.lag }
        return condition.window
      }.max() ?? .zero
    return longest + .minutes(5)
  }
}
