import ReleaseModel
import TextLayout

/// A reverse rollout by a person, from a release that was fully promoted: the version before gets shares of the traffic,
/// each watched by the same conditions, judged against it.
///
/// A condition that is met stops at the share that is reached. The live version was judged bad by a person and the one
/// before it has just been judged bad by a machine: which of them gets the traffic is for the person to say.
extension RollbackScript {
  var stages: Rollback.Stages? { environment.spec.rollback?.stages }

  var stageConstants: [ShellConstant] {
    guard let stages else { return [] }
    let settle = min(environment.spec.rollout.settle, TimeSpan(milliseconds: stages.watch.milliseconds / 2))
    return watched.constants + [
      ShellConstant("STAGE_WATCH", stages.watch.seconds), ShellConstant("SETTLE", settle.seconds),
    ]
  }

  var watched: WatchedConditions { WatchedConditions(environment: environment, ofSteps: false) }

  private var hasAddress: Bool { !environment.operations.address.isEmpty }

  func stageFunctions(_ stages: Rollback.Stages) -> [ShellFunction] {
    watched.functions + [mayGoInStages, asCandidate, watchStage, moveInStages(stages)]
  }

  private var mayGoInStages: ShellFunction {
    let schema: Bash =
      database == nil
      ? .empty
      : """
      case ${MARKER_SCHEMA} in
        '' | compatible | restored) ;;
        *) die 2 "in stages both versions run beside each other, and the version before cannot work with the schema; leave --staged out" ;;
      esac
      """
    return ShellFunction(
      "may_go_in_stages",
      "Ends unless what is live was fully promoted, or a rollback in stages was broken off. Sets MARKER_STAGE to the share",
      "from which it goes on.",
      needs: ["die", "give_up", "target_find_live"],
      body: """
        if [[ -n ${TO} || -n ${IF_NEEDED} ]]; then
          die 2 "--staged goes to the version before, and is for people: it takes neither --to nor --if-needed"
        fi
        if [[ ${MARKER_STATE} != rolling-back || ! ${MARKER_STAGE} =~ ^[0-9]+$ ]]; then
          target_find_live || give_up 1 "the live version of ${TARGET_TITLE} cannot be read"
          if [[ ${MARKER_STATE} != promoted || ${PREVIOUS} != "${MARKER_CANDIDATE}" || -z ${MARKER_PREVIOUS} ]]; then
            die 2 "only a release that is fully promoted and live goes back in stages (now: ${MARKER_STATE:-no release}); the only way back is all at once: leave --staged out. Nothing was touched"
          fi
          MARKER_STAGE=0
        fi
        \(schema)
        """)
  }

  private var asCandidate: ShellFunction {
    let address: Bash =
      hasAddress
      ? """
      target_address || return 1
      \(probes ? "PROBE_URL=${CANDIDATE_URL:-${PUBLIC_URL}}" : .empty as Bash)
      """ : (probes ? "PROBE_URL=${PUBLIC_URL}" : .empty)
    return ShellFunction(
      "as_candidate", "Changes the sides, for a subshell: what gains traffic is what is probed and measured.",
      needs: hasAddress ? ["target_address"] : [],
      body: """
        local version=${CANDIDATE}
        CANDIDATE=${PREVIOUS}
        PREVIOUS=${version}
        \(address)
        """)
  }

  private var watchStage: ShellFunction {
    ShellFunction(
      "watch_stage", "Watches the version before at the share STAGE. On failure STOPPED says why.",
      needs: ["as_candidate", "watch_until", "stop_release"] + watched.functionNames,
      body: """
        rm -f "${STATE}/reason-${RUN}"
        if (
          as_candidate || stop_release "the address of ${PREVIOUS} cannot be read"
          WATCHED="rolling-back ${STAGE}"
          watch_until "$((CHANGED_AT + STAGE_WATCH))"
        ); then
          return 0
        fi
        STOPPED=unknown
        if [[ -s ${STATE}/reason-${RUN} ]]; then
          STOPPED=$(<"${STATE}/reason-${RUN}")
        fi
        # It is no reason of the release that is taken back.
        rm -f "${STATE}/reason-${RUN}"
        return 1
        """)
  }

  private func moveInStages(_ stages: Rollback.Stages) -> ShellFunction {
    let checks: [Bash] = environment.rollbackVerify.map { check in
      """
      if (as_candidate && insist 60 \(ShellName("check", of: check.name).bash)); then
        note passed \("\(check.name) passes on the version before, before it has traffic")
      else
        give_up 7 \("\(check.name) does not pass on the version before, so it got no more traffic; leave --staged out to go there all the same")
      fi
      """
    }
    let prepare: Bash =
      environment.operations.prepareReverse == nil ? "target_activate_previous" : "target_prepare_reverse"
    let shares = stages.weights.map(\.value).filter { $0 < 100 }.map { "\($0)" }.joined(separator: " ")
    return ShellFunction(
      "move_in_stages", "Gives the version before its shares but the last, one after the other.",
      needs: [
        prepare.source, "target_shift", "target_live_weight", "write_marker", "note", "give_up", "now",
        "insist", "as_candidate", "watch_stage",
      ] + environment.rollbackVerify.map { ShellName("check", of: $0.name).text },
      body: """
        local live
        local -a shares
        read -r -a shares <<<\(shares)
        \(prepare) || give_up 7 "${PREVIOUS} cannot serve; nothing was moved"
        if [[ -z ${DRY_RUN} ]]; then
          \(hasAddress ? Bash.lines(checks) : ":" as Bash)
        fi
        for STAGE in ${shares[@]+"${shares[@]}"}; do
          # A stage that was broken off is done again.
          ((STAGE >= MARKER_STAGE)) || continue
          WEIGHT=$((100 - STAGE))
          REMAINDER=${STAGE}
          if [[ -n ${DRY_RUN} ]]; then
            printf '%s %% of the traffic, watched for %ss:\\n' "${STAGE}" "${STAGE_WATCH}"
            target_shift
            continue
          fi
          write_marker state=rolling-back "run=${RUN}" "previous=${PREVIOUS}" "candidate=${CANDIDATE}" "weight=${WEIGHT}" "stage=${STAGE}" ||
            give_up 7 "the marker could not be written, so nothing more was moved"
          note shifting "${STAGE} % to ${PREVIOUS}"
          CHANGED_AT=$(now)
          target_shift || give_up 7 "the traffic could not be shifted to ${STAGE} %"
          live=$(target_live_weight) || give_up 7 "the traffic split cannot be read"
          if [[ ${live} != "${WEIGHT}" ]]; then
            give_up 7 "asked for ${WEIGHT} % on the version that goes, and the target has ${live} %"
          fi
          if ! watch_stage; then
            give_up 7 "STOPPED with ${STAGE} % on ${PREVIOUS}: ${STOPPED}. Your decision: --staged goes on from here; without it all traffic goes to ${PREVIOUS} at once"
          fi
          note held "${STAGE} % held"
        done
        STAGE=100
        """)
  }
}
