import ReleaseModel
import TextLayout

/// From the first write on the target to the last.
extension RolloutScript {
  var baselineMetrics: [(NamedMetric, TimeSpan)] {
    var seen: Set<String> = []
    let conditions = environment.conditions
    return conditions.compactMap { condition in
      if case .metric(let metric, _, .baseline) = condition.subject, seen.insert(metric.name).inserted {
        return (metric, condition.window)
      }
      return nil
    }
  }

  var deploy: ShellFunction {
    let baselines: [Bash] = baselineMetrics.map { metric, window in
      """
      # One of a release before would be worse than none.
      rm -f "${STATE}/\(ShellName("baseline", of: metric.name).bash)"
      if measure \(ShellName(metric.name).bash) stable \(window.seconds) 0; then
        printf '%s\\n' "${MEASURED}" >"${STATE}/\(ShellName("baseline", of: metric.name).bash)"
        note baseline "\(ShellName(metric.name).bash) before the release: ${MEASURED}"
      fi
      """
    }
    return ShellFunction(
      "deploy", "Brings the candidate up without traffic. From here on there is something to take back.",
      needs: [
        "stop_release", "note", "write_marker", "begin_release", "target_deploy", "target_ready", "need_values",
      ] + (baselines.isEmpty ? [] : ["measure"])
        + baselineMetrics.flatMap { MetricFunctions.needs($0.0) },
      body: """
        need_values ARTIFACT
        rm -f "${STATE}/reason-${RUN}"
        begin_release
        \(Bash.lines(baselines))
        printf '%s\\n' "${PREVIOUS}" >"${STATE}/previous"
        note deploying "from ${PREVIOUS} to ${ARTIFACT}"
        target_deploy || stop_release "the new version could not be brought up"
        write_marker "candidate=${CANDIDATE}" || stop_release "the marker could not be written"
        target_ready || stop_release "the new version did not become ready"
        note deployed "${CANDIDATE} is up, without traffic"
        """)
  }

  var locateCandidate: ShellFunction {
    ShellFunction(
      "locate_candidate",
      probes
        ? "Sets PROBE_URL to the candidate's own address, or to the public one where it has none."
        : "Finds the candidate's own address.",
      needs: ["target_address", "stop_release"],
      body: """
        target_address || stop_release "the address of the new version cannot be read"
        \(probes ? "PROBE_URL=${CANDIDATE_URL:-${PUBLIC_URL}}" : .empty as Bash)
        """)
  }

  func judged(_ checks: [NamedCheck], patience: Int, _ place: String) -> Bash {
    .lines(
      checks.map { check in
        """
        outcome=0
        \(patiently(check, seconds: patience)) || outcome=$?
        case ${outcome} in
          0) note passed \("\(check.name) \(place)") ;;
          1) stop_release \("\(check.name) fails \(place)") ;;
          *) stop_release \("\(check.name) is unknown \(place), which is not good enough") ;;
        esac
        """
      })
  }

  var verifyCandidate: ShellFunction {
    let beforeTraffic = rollout.strategy.verifiesBeforeTraffic
    return ShellFunction(
      "verify_candidate",
      beforeTraffic
        ? "The candidate must pass before it gets traffic." : "Nothing is live yet: the checks follow the update.",
      needs: ["own_release", "locate_candidate", "insist", "note", "stop_release"]
        + environment.candidateChecks.map { ShellName("check", of: $0.name).text },
      body: beforeTraffic
        ? """
        local outcome
        own_release
        locate_candidate
        \(judged(environment.candidateChecks, patience: 60, "on the new version, before any traffic"))
        """
        : "own_release")
  }

  /// Whether the target wants to hear the share of the version before, too.
  var shiftsRemainder: Bool {
    OperationRenderer.function("target_shift", "", environment.operations.shift).body.source.contains("REMAINDER")
  }

  func step(_ index: Int) -> ShellFunction {
    let step = environment.steps[index]
    let name = ShellName("step_\(index + 1)")
    let early: Bash =
      rollout.strategy == .rolling
      ? .lines(["local outcome", judged(environment.candidateChecks, patience: 60, "on the new version")]) : .empty
    // What a rest does is in `rest`; here it is only where to.
    let falls: Bash = canRest ? "FALLBACK=\(step.onFailure)" : .empty
    let resumes: Bash =
      step.onFailure > 0
      ? """
      if [[ ${MARKER_STATE} == resting ]]; then
        # This run was stopped in its rest and started again: the rest goes on, until the same moment.
        rest "${MARKER_REASON}" "${MARKER_REST_UNTIL}"
      fi
      """ : .empty
    return ShellFunction(
      name, "\(step.weight) % for \(step.hold).",
      needs: [
        "own_release", "locate_candidate", "write_marker", "stop_release", "target_shift", "target_live_weight", "hold",
        "note", "now",
      ] + step.require.indices.map { "\(name.text)_\($0)" } + watched.functionNames
        + (rollout.strategy == .rolling
          ? ["insist"] + environment.candidateChecks.map { ShellName("check", of: $0.name).text } : []),
      body: """
        local live
        own_release\(step.onFailure > 0 ? " or-resting" as Bash : .empty)
        \(falls)
        \(step.failWhen.isEmpty ? .empty : "STEP=\(index + 1)" as Bash)
        WEIGHT=\(step.weight)
        \(shiftsRemainder ? "REMAINDER=\(100 - step.weight)" : .empty as Bash)
        SETTLE=\(step.settle.seconds)
        locate_candidate
        \(resumes)
        write_marker state=rolling-out "weight=${WEIGHT}" || stop_release "the marker could not be written"
        note shifting "${WEIGHT} % to ${CANDIDATE}"
        target_shift || stop_release "the traffic could not be shifted to ${WEIGHT} %"
        CHANGED_AT=$(now)
        live=$(target_live_weight) || stop_release "the traffic split cannot be read"
        if [[ ${live} != "${WEIGHT}" ]]; then
          stop_release "asked for ${WEIGHT} %, and the target has ${live} %"
        fi
        note shifted "${CANDIDATE} has ${WEIGHT} %"
        \(early)
        hold "${CHANGED_AT}" \(step.hold.seconds) \(name.bash) \(step.require.count) \(environment.holdAllowance(step).seconds)
        note held \("\(step.weight) % held for \(step.hold)")
        """)
  }

  var finish: ShellFunction {
    ShellFunction(
      "finish", "The candidate becomes the only version. The one before stays able to come back.",
      needs: ["own_release", "write_marker", "stop_release", "target_finish", "note"],
      body: """
        own_release
        write_marker state=verifying weight=100 || stop_release "the marker could not be written"
        target_finish || stop_release "the new version could not be made the only one"
        note finished "${CANDIDATE} is the only version"
        """)
  }

  var verify: ShellFunction {
    recorded(
      "verify",
      "NAME: a check of the whole release. What it found is recorded as a commit status: promotions ask for it.",
      environment.verify, needs: ["insist", "stop_release"],
      failed: "stop_release \"$1 failed\"",
      unknown: "stop_release \"$1 is unknown, which is not good enough\"")
  }

  var report: ShellFunction {
    recorded(
      "report", "NAME: a check that is run and recorded, and stops nothing.", environment.report, needs: ["insist"],
      failed: "note unmet \"$1 failed; it is only recommended\"",
      unknown: "note unmet \"$1 is unknown; it is only recommended\"")
  }

  /// Checks of the released version, one a call, and what follows when one does not pass.
  private func recorded(
    _ name: ShellName, _ comment: String, _ checks: [NamedCheck], needs: [String], failed: Bash, unknown: Bash
  ) -> ShellFunction {
    ShellFunction(
      name, comment,
      needs: ["own_release", "post_status", "note"] + needs + checks.map { ShellName("check", of: $0.name).text },
      body: """
        local outcome=0
        own_release
        \(probes ? "PROBE_URL=${PUBLIC_URL}" : .empty as Bash)
        \(environment.metrics.isEmpty ? .empty : "CANDIDATE_TRACK=${STABLE_TRACK}" as Bash)
        case $1 in
          \(cases(checks.map { ($0.name, "\(patiently($0, seconds: 60)) || outcome=$?") }))
          *)
            usage >&2
            exit 2
            ;;
        esac
        case ${outcome} in
          0)
            note passed "$1 passed"
            post_status "${SERVICE}/${ENVIRONMENT}/$1" success "passed in ${ENVIRONMENT}" "${GITHUB_SHA:-}"
            ;;
          1)
            post_status "${SERVICE}/${ENVIRONMENT}/$1" failure "failed in ${ENVIRONMENT}" "${GITHUB_SHA:-}"
            \(failed)
            ;;
          *)
            post_status "${SERVICE}/${ENVIRONMENT}/$1" error "unknown in ${ENVIRONMENT}" "${GITHUB_SHA:-}"
            \(unknown)
            ;;
        esac
        """)
  }

  /// A probe may need a moment until routes and caches have settled. A program is run once: a test that passes only the
  /// second time has not passed.
  private func patiently(_ check: NamedCheck, seconds: Int) -> Bash {
    let function = ShellName("check", of: check.name).bash
    if case .run = check.check.kind { return function }
    return "insist \(seconds) \(function)"
  }

  var complete: ShellFunction {
    ShellFunction(
      "complete", "The release is done: says so on the target and on the commit.",
      needs: ["own_release", "write_marker", "stop_release", "post_status", "note"],
      body: """
        own_release
        write_marker state=promoted weight=100 || stop_release "the marker could not be written"
        note promoted "${CANDIDATE} is live in ${ENVIRONMENT}"
        post_status "${SERVICE}/${ENVIRONMENT}" success "released in ${ENVIRONMENT}" "${GITHUB_SHA:-}"
        """)
  }

  var recordFunction: ShellFunction {
    EvidenceRecord.function(plan: plan, environment: environment)
  }
}
