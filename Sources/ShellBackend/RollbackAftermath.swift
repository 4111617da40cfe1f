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
          sleep 30
        done
        note recovered "the numbers are back"
        """)
  }

  var measures: Bool {
    !environment.recovered.isEmpty
      || environment.rollbackVerify.contains { !(environment.checkConditions[$0.name] ?? []).isEmpty }
  }

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
