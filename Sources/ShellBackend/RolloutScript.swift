import ReleaseModel
import TextLayout

/// `ops/<service>/<environment>/rollout.sh`: everything that a release does to its target, phase by phase.
struct RolloutScript {
  let plan: ReleasePlan
  let environment: EnvironmentPlan

  private var common: CommonParts { CommonParts(plan: plan, environment: environment) }
  private var rollout: Rollout { environment.spec.rollout }

  var script: ShellScript {
    let path = "ops/\(plan.service)/\(environment.name)/rollout.sh"
    return ShellScript(
      path: path,
      purpose: [
        "Releases \(plan.service) into \(environment.name), phase by phase, as the workflow does it.",
        "By hand: `all` runs every phase and takes the release back when one fails.",
      ],
      usage: usage(path),
      exitCodes: [
        (0, "the phase is done"), (1, "the release cannot go on, and says why"), (2, "called wrongly"),
        (3, "something that it needs is missing; nothing was touched"),
      ],
      constants: common.constants + constants,
      variables: common.variables + ["PENDING", "FAILED", "TEXT", "SETTLE"] + EvidenceRecord.variables,
      functions: [common.setUp, common.logIn, EvidenceRecord.plainRecord]
        + OperationRenderer.functions(environment.operations)
        + MetricFunctions.functions(environment.metrics)
        + CheckFunctions.functions(allChecks, conditions: environment.checkConditions)
        + ConditionFunctions.functions("when", automatic)
        + environment.steps.enumerated().flatMap { index, step in
          ConditionFunctions.functions("step_\(index + 1)", step.require, saysText: true)
        } + phases,
      main: main,
      mainNeeds: ["set_up", "log_in"] + phases.map(\.name.text))
  }

  /// Conditions that a machine can judge.
  private var automatic: [PlannedCondition] { environment.rollbackWhen.filter { !$0.condition.isManual } }

  private var allChecks: [NamedCheck] {
    environment.preconditions + environment.candidateChecks + environment.verify + environment.report
      + automatic.compactMap { if case .check(let check) = $0.subject { check } else { nil } }
  }

  private func usage(_ path: String) -> [String] {
    var lines = ["\(path) preflight"]
    lines += environment.preconditions.map { "\(path) check \($0.name)" }
    if environment.spec.announce != nil { lines.append("\(path) announce start|success|failure") }
    if environment.spec.migration != nil { lines.append("\(path) migrate") }
    lines += ["\(path) deploy", "\(path) verify-candidate"]
    lines += environment.steps.enumerated().map { "\(path) step \($0 + 1)    # \($1.weight) % for \($1.hold)" }
    lines.append("\(path) finish")
    lines += environment.verify.map { "\(path) verify \($0.name)" }
    lines += environment.report.map { "\(path) report \($0.name)" }
    lines += ["\(path) complete", "\(path) record success|failure|cancelled", "\(path) all"]
    return lines
  }

  private var constants: [ShellConstant] {
    let sustained = automatic.map(\.condition.sustained)
    let patience =
      sustained.map { value -> Int in
        switch value {
        case .time(let span)?: span.seconds
        case .checks(let count)?: count * rollout.checkEvery.seconds
        case nil: 0
        }
      }.max() ?? 0
    var constants = [
      ShellConstant("CHECK_EVERY", rollout.checkEvery.seconds),
      ShellConstant("NO_DATA_LIMIT", rollout.noDataLimit.seconds),
      ShellConstant("PATIENCE", patience + rollout.noDataLimit.seconds + 2 * rollout.checkEvery.seconds),
      ShellConstant("WHEN_TEXT", .list(automatic.map(\.condition.text))),
      ShellConstant("WHEN_KIND", .list(automatic.map { $0.condition.metric == nil ? "check" : "metric" })),
      ShellConstant(
        "WHEN_SECONDS", .numbers(sustained.map { if case .time(let span)? = $0 { span.seconds } else { 0 } })),
      ShellConstant("WHEN_COUNT", .numbers(sustained.map { if case .checks(let count)? = $0 { count } else { 1 } })),
    ]
    if let window = environment.spec.window { constants.append(ShellConstant("WINDOW_TEXT", window.text)) }
    return constants
  }

  // MARK: Phases

  private var phases: [ShellFunction] {
    var phases = [preflight]
    if !environment.preconditions.isEmpty { phases.append(check) }
    if let announce = environment.spec.announce { phases.append(self.announce(announce.value)) }
    if let migration = environment.spec.migration { phases.append(migrate(migration)) }
    phases += [deploy, locateCandidate, verifyCandidate]
    phases += environment.steps.indices.map(step)
    phases += [finish, verify]
    if !environment.report.isEmpty { phases.append(report) }
    phases += [complete, recordFunction, all]
    return phases
  }

  private var preflight: ShellFunction {
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
  private func windowCheck(_ window: ChangeWindow) -> Bash {
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

  private var check: ShellFunction {
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

  private func cases(_ entries: [(String, Bash)]) -> Bash {
    .lines(entries.map { name, body in "\(name)) \(body) ;;" })
  }

  private func announce(_ secret: String) -> ShellFunction {
    ShellFunction(
      "announce",
      "start|success|failure: one line in the release channel. A release never fails for want of an announcement.",
      needs: ["say", "curl_quoted"],
      body: """
        local text="${SERVICE} → ${ENVIRONMENT}: $1 (${GITHUB_REF_NAME:-by hand}, ${GITHUB_SERVER_URL:-}/${GITHUB_REPOSITORY:-}/actions/runs/${GITHUB_RUN_ID:-})"
        if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
          printf '%s\\n' "${text}" >>"${GITHUB_STEP_SUMMARY}"
        fi
        if [[ -z ${\(ShellName(secret).bash):-} ]]; then
          say "no \(ShellName(secret).bash): ${text}"
          return 0
        fi
        printf 'url = %s\\n' "$(curl_quoted "${\(ShellName(secret).bash)}")" |
          curl --config - --silent --show-error --fail --max-time "${PROBE_LIMIT}" --output /dev/null \\
            --header 'Content-Type: application/json' --data "$(jq -cn --arg text "${text}" '{text: $text}')" ||
          say "the announcement did not get through: ${text}"
        """)
  }

  private func migrate(_ migration: Migration) -> ShellFunction {
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

  private var baselineMetrics: [(NamedMetric, TimeSpan)] {
    var seen: Set<String> = []
    let conditions = environment.rollbackWhen + environment.steps.flatMap(\.require)
    return conditions.compactMap { condition in
      if case .metric(let metric, _, .baseline) = condition.subject, seen.insert(metric.name).inserted {
        return (metric, condition.window)
      }
      return nil
    }
  }

  private var deploy: ShellFunction {
    let baselines: [Bash] = baselineMetrics.map { metric, window in
      """
      if measure \(ShellName(metric.name).bash) stable \(window.seconds) 0; then
        printf '%s\\n' "${MEASURED}" >"${STATE}/\(ShellName("baseline", of: metric.name).bash)"
        note baseline "\(ShellName(metric.name).bash) before the release: ${MEASURED}"
      fi
      """
    }
    return ShellFunction(
      "deploy", "Brings the candidate up without traffic. From here on there is something to take back.",
      needs: [
        "die", "stop_release", "note", "write_marker", "target_identify", "read_marker", "is_unfinished",
        "target_find_live", "target_deploy", "target_ready", "need_values",
      ] + (baselines.isEmpty ? [] : ["measure"])
        + baselineMetrics.flatMap { MetricFunctions.needs($0.0) },
      body: """
        need_values ARTIFACT
        rm -f "${STATE}/reason"
        target_identify || die 3 "cannot find ${TARGET_TITLE}"
        read_marker || die 3 "the marker on ${TARGET_TITLE} cannot be read"
        if is_unfinished && [[ ${MARKER_RUN} != "${RUN}" ]]; then
          die 3 "run ${MARKER_RUN} (commit ${MARKER_COMMIT:-unknown}) has left ${TARGET_TITLE} unfinished (${MARKER_STATE}); finish that first"
        fi
        if is_unfinished; then
          # This run was stopped and started again: the live version may be the candidate by now.
          PREVIOUS=${MARKER_PREVIOUS}
        else
          target_find_live || stop_release "the live version cannot be read; nothing was touched"
        fi
        if [[ -z ${PREVIOUS} ]]; then
          stop_release "nothing is live on ${TARGET_TITLE}, so there would be nothing to go back to: bring the first version up by hand"
        fi
        \(Bash.lines(baselines))
        write_marker state=deploying "run=${RUN}" "previous=${PREVIOUS}" candidate= weight=0 incident= "commit=${GITHUB_SHA:-}" ||
          stop_release "the marker could not be written; nothing was touched"
        note deploying "from ${PREVIOUS} to ${ARTIFACT}"
        target_deploy || stop_release "the new version could not be brought up"
        write_marker "candidate=${CANDIDATE}" || stop_release "the marker could not be written"
        target_ready || stop_release "the new version did not become ready"
        note deployed "${CANDIDATE} is up, without traffic"
        """)
  }

  private var locateCandidate: ShellFunction {
    ShellFunction(
      "locate_candidate", "Sets PROBE_URL to the candidate's own address, or to the public one where it has none.",
      needs: ["target_address", "stop_release"],
      body: """
        target_address || stop_release "the address of the new version cannot be read"
        PROBE_URL=${CANDIDATE_URL:-${PUBLIC_URL}}
        """)
  }

  private func judged(_ checks: [NamedCheck], patience: Int, _ place: String) -> Bash {
    .lines(
      checks.map { check in
        """
        outcome=0
        insist \(patience) \(ShellName("check", of: check.name).bash) || outcome=$?
        case ${outcome} in
          0) note passed \("\(check.name) \(place)") ;;
          1) stop_release \("\(check.name) fails \(place)") ;;
          *) stop_release \("\(check.name) is unknown \(place), which is not good enough") ;;
        esac
        """
      })
  }

  private var verifyCandidate: ShellFunction {
    let beforeTraffic = rollout.strategy == .canary
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

  private func step(_ index: Int) -> ShellFunction {
    let step = environment.steps[index]
    let name = ShellName("step_\(index + 1)")
    let early: Bash =
      rollout.strategy == .rolling
      ? .lines(["local outcome", judged(environment.candidateChecks, patience: 60, "on the new version")]) : .empty
    return ShellFunction(
      name, "\(step.weight) % for \(step.hold).",
      needs: [
        "own_release", "locate_candidate", "write_marker", "stop_release", "target_shift", "target_live_weight", "hold",
        "note", "now",
      ] + step.require.indices.map { "\(name.text)_\($0)" } + automatic.indices.map { "when_\($0)" }
        + (rollout.strategy == .rolling
          ? ["insist"] + environment.candidateChecks.map { ShellName("check", of: $0.name).text } : []),
      body: """
        local live
        own_release
        WEIGHT=\(step.weight)
        \(rollout.strategy == .rolling ? .empty : "REMAINDER=\(100 - step.weight)" as Bash)
        SETTLE=\(step.settle.seconds)
        locate_candidate
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
        hold \(step.hold.seconds) \(name.bash) \(step.require.count)
        note held \("\(step.weight) % held for \(step.hold)")
        """)
  }

  private var finish: ShellFunction {
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

  private var verify: ShellFunction {
    let bodies = environment.verify.map { check -> (String, Bash) in
      (check.name, "insist 60 \(ShellName("check", of: check.name).bash) || outcome=$?")
    }
    return ShellFunction(
      "verify",
      "NAME: a check of the whole release. What it found is recorded as a commit status: promotions ask for it.",
      needs: ["own_release", "insist", "post_status", "stop_release", "note"]
        + environment.verify.map { ShellName("check", of: $0.name).text },
      body: """
        local outcome=0
        own_release
        PROBE_URL=${PUBLIC_URL}
        CANDIDATE_TRACK=${STABLE_TRACK}
        case $1 in
          \(cases(bodies))
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
            stop_release "$1 failed"
            ;;
          *)
            post_status "${SERVICE}/${ENVIRONMENT}/$1" error "unknown in ${ENVIRONMENT}" "${GITHUB_SHA:-}"
            stop_release "$1 is unknown, which is not good enough"
            ;;
        esac
        """)
  }

  private var report: ShellFunction {
    let bodies = environment.report.map { check -> (String, Bash) in
      (check.name, "\(ShellName("check", of: check.name).bash) || outcome=$?")
    }
    return ShellFunction(
      "report", "NAME: a check that is run and recorded, and stops nothing.",
      needs: ["own_release", "post_status", "note"] + environment.report.map { ShellName("check", of: $0.name).text },
      body: """
        local outcome=0
        own_release
        PROBE_URL=${PUBLIC_URL}
        CANDIDATE_TRACK=${STABLE_TRACK}
        case $1 in
          \(cases(bodies))
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
            note unmet "$1 failed; it is only recommended"
            post_status "${SERVICE}/${ENVIRONMENT}/$1" failure "failed in ${ENVIRONMENT}" "${GITHUB_SHA:-}"
            ;;
          *)
            note unmet "$1 is unknown; it is only recommended"
            post_status "${SERVICE}/${ENVIRONMENT}/$1" error "unknown in ${ENVIRONMENT}" "${GITHUB_SHA:-}"
            ;;
        esac
        """)
  }

  private var complete: ShellFunction {
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

  private var recordFunction: ShellFunction {
    EvidenceRecord.function(plan: plan, environment: environment)
  }

  private var sequence: [Bash] {
    var calls: [Bash] = ["preflight"]
    calls += environment.preconditions.map { "check \($0.name)" }
    if environment.spec.announce != nil { calls.append("announce start") }
    if environment.spec.migration != nil { calls.append("migrate") }
    calls += ["deploy", "verify-candidate"]
    calls += environment.steps.indices.map { "step \($0 + 1)" }
    calls.append("finish")
    calls += environment.verify.map { "verify \($0.name)" }
    calls += environment.report.map { "report \($0.name)" }
    calls.append("complete")
    if environment.spec.announce != nil { calls.append("announce success") }
    calls.append("record success")
    return calls
  }

  private var all: ShellFunction {
    ShellFunction(
      "all",
      "Every phase in order, each in a process of its own as in the workflow; takes the release back when one fails.",
      needs: ["say", "complain"],
      body: """
        local phase script="ops/${SERVICE}/${ENVIRONMENT}/rollout.sh"
        local -a words
        trap 'complain "stopped by hand"; "ops/${SERVICE}/${ENVIRONMENT}/rollback.sh" --yes --if-needed; exit 1' INT TERM
        for phase in \(words: sequence.map(\.source)); do
          read -r -a words <<<"${phase}"
          say "== ${phase}"
          if ! "${script}" "${words[@]}"; then
            "ops/${SERVICE}/${ENVIRONMENT}/rollback.sh" --yes --if-needed || complain "the rollback needs a person, now"
            "${script}" record failure || true
            exit 1
          fi
        done
        """)
  }

  private var main: Bash {
    var arms: [Bash] = ["preflight) preflight ;;"]
    if !environment.preconditions.isEmpty { arms.append("check) check \"${2:?}\" ;;") }
    if environment.spec.announce != nil { arms.append("announce) announce \"${2:?}\" ;;") }
    if environment.spec.migration != nil { arms.append("migrate) migrate ;;") }
    arms += ["deploy) deploy ;;", "verify-candidate) verify_candidate ;;"]
    arms.append(
      """
      step)
        case ${2:-} in
          \(Bash.lines(environment.steps.indices.map { "\($0 + 1)) step_\($0 + 1) ;;" }))
          *)
            usage >&2
            exit 2
            ;;
        esac
        ;;
      """)
    if !environment.report.isEmpty { arms.append("report) report \"${2:?}\" ;;") }
    arms += [
      "finish) finish ;;", "verify) verify \"${2:?}\" ;;", "complete) complete ;;", "record) record \"${2:?}\" ;;",
      "all) all ;;",
    ]
    return """
      case ${1:-} in
        -h | --help)
          usage
          exit 0
          ;;
        '')
          usage >&2
          exit 2
          ;;
      esac
      set_up
      log_in
      ARTIFACT=${ARTIFACT:-}
      case $1 in
        \(Bash.lines(arms))
        *)
          usage >&2
          exit 2
          ;;
      esac
      """
  }
}
