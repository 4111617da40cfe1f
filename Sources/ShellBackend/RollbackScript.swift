import ReleaseModel
import TextLayout

/// `ops/<service>/<environment>/rollback.sh`: back to the version before, from every state, by machine and by hand.
struct RollbackScript {
  let plan: ReleasePlan
  let environment: EnvironmentPlan

  private var common: CommonParts { CommonParts(plan: plan, environment: environment) }
  private var notifications: NotificationFunctions { NotificationFunctions(plan, environment) }

  var script: ShellScript {
    let path = "ops/\(plan.service)/\(environment.name)/rollback.sh"
    return ShellScript(
      path: path,
      purpose: [
        "Takes \(plan.service) in \(environment.name) back to the version before, checks it and leaves a record.",
        "It can be killed at any point and run again; running it once more when all is well changes nothing.",
      ],
      usage: [
        "\(path) [--yes] [--reason TEXT]    # asks first, unless --yes",
        "\(path) --to VERSION               # to this \(environment.operations.versionNoun) instead of the one before",
        "\(path) --dry-run                  # shows the commands and runs none that changes anything",
        "\(path) --status                   # what the target says now",
        "\(path) --if-needed                # only what this run's own release left unfinished",
        "\(path) --take-over                # without waiting for another run that is taking it back",
      ]
        + (stages == nil
          ? [] : ["\(path) --staged                   # in watched shares; only what was fully promoted"])
        + (database == nil
          ? [] : ["\(path) --keep-schema              # leaves the database alone, whatever the release did to it"])
        + drill.usage(path),
      exitCodes: [
        (0, "taken back and verified, or nothing to do"), (1, "the traffic could not be moved: do it by hand, now"),
        (2, "called wrongly, or not confirmed"), (3, "something that it needs is missing; nothing was touched"),
        (4, "the traffic is back, but the version before does not pass its checks"),
      ]
        + (environment.operations.undoCallsWebhook
          ? [(5, "not taken back: there is no rollback webhook to call; do it by hand, now")] : [])
        + (database == nil ? [] : [(6, "the schema could not be taken back, and the traffic was left where it is")])
        + (stages == nil ? [] : [(7, "stopped at a share of the traffic: a person decides")]),
      constants: common.constants + [
        ShellConstant("MIGRATIONS", environment.spec.rollback?.migrations ?? ""),
        // How long it takes to be believed dead: three signs of life that did not come.
        ShellConstant("LEASE", 60),
        ShellConstant("INCIDENT_LABELS", .list(environment.spec.rollback?.incident?.labels ?? [])),
      ] + stageConstants + notifications.constants,
      variables: common.variables + [
        "DRY_RUN", "FAILED", "TEXT", "TO", "REASON", "YES", "IF_NEEDED", "TAKE_OVER", "STATUS", "BAD", "BAD_COMMIT",
        "CLAIMED", ShellVariable("RENEWED_AT", "0"), ShellVariable("WHILE_WAITING", "renew_lease"),
      ]
        + (stages == nil ? [] : ["STAGED", "STAGE", "STOPPED", "PENDING", "PROBED"])
        + (database == nil ? [] : ["KEEP_SCHEMA"])
        + notifications.variables + drill.variables,
      functions: [common.setUp, common.logIn] + notifications.functions + IncidentNote(plan, environment).functions
        + OperationRenderer.functions(environment.operations)
        + MetricFunctions.functions(environment.metrics)
        + CheckFunctions.functions(checks, conditions: environment.checkConditions)
        + ConditionFunctions.functions("recovered", environment.recovered, saysText: true)
        + [
          readOptions, status, choosePrevious, confirm, moveTraffic, verifyFunction, awaitRecovery, giveUp,
          refusePromotion, stayBack, rollBack,
        ] + (stages.map(stageFunctions) ?? []) + (database.map { [takeSchemaBack($0)] } ?? [])
        + drill.functions,
      main: """
        \(drill.option)
        read_options "$@"
        set_up
        log_in
        need_tools \(words: common.tools.filter { $0 != "az" || environment.operations.tools.contains("az") })
        target_identify || give_up 1 "cannot reach ${TARGET_TITLE}"
        if [[ -n ${STATUS} ]]; then
          status
        \(drill.branch)
        else
          roll_back
        fi
        """,
      mainNeeds: [
        "read_options", "set_up", "log_in", "need_tools", "target_identify", "give_up", "status", "roll_back",
      ] + drill.needs)
  }

  private var checks: [NamedCheck] { environment.rollbackVerify + (stages == nil ? [] : watched.checks) }

  var probes: Bool { CheckFunctions.needAddress(checks) }

  private var drill: RollbackDrill { RollbackDrill(plan: plan, environment: environment) }

  private var choosePrevious: ShellFunction {
    let history: Bash =
      environment.operations.findPrevious == nil
      ? """
      give_up 1 "the target does not tell which version came before; name it: --to <version>"
      """
      : """
      target_find_previous || give_up 1 "no version to go back to was found; name it: --to <version>"
      """
    return ShellFunction(
      "choose_previous",
      "Sets PREVIOUS: what was asked for, else what the release noted on the target before it began, else the target's history.",
      needs: ["give_up", "say", "target_find_live"]
        + (environment.operations.findPrevious == nil ? [] : ["target_find_previous"]),
      body: """
        local live
        if [[ -n ${TO} ]]; then
          PREVIOUS=${TO}
          CANDIDATE=${MARKER_CANDIDATE}
          return 0
        fi
        case ${MARKER_STATE} in
          deploying | rolling-out | resting | verifying | rolling-back)
            PREVIOUS=${MARKER_PREVIOUS}
            CANDIDATE=${MARKER_CANDIDATE}
            [[ -n ${PREVIOUS} ]] || give_up 1 "the marker names no version before this one; name it: --to <version>"
            return 0
            ;;
        esac
        target_find_live || give_up 1 "the live version of ${TARGET_TITLE} cannot be read"
        live=${PREVIOUS}
        if [[ ${MARKER_STATE} == promoted && ${live} == "${MARKER_CANDIDATE}" && -n ${MARKER_PREVIOUS} ]]; then
          PREVIOUS=${MARKER_PREVIOUS}
          CANDIDATE=${MARKER_CANDIDATE}
          return 0
        fi
        if [[ ${MARKER_STATE} == rolled-back && -n ${MARKER_PREVIOUS} && (${live} == "${MARKER_CANDIDATE}" || ${live} == "${MARKER_PREVIOUS}") ]]; then
          # What was taken back has traffic again.
          PREVIOUS=${MARKER_PREVIOUS}
          CANDIDATE=${MARKER_CANDIDATE}
          return 0
        fi
        # Somebody has deployed since, or nothing was ever released from here: the marker does not speak of what is live.
        say "the marker does not speak of the live version ${live}"
        \(history)
        """)
  }

  private var moveTraffic: ShellFunction {
    let undo: Bash =
      environment.operations.undoCallsWebhook
      ? """
      if [[ ${MARKER_STATE} == rolling-back && -z ${DRY_RUN} && $(target_is_undone) == true ]]; then
        # An attempt before this one got so far, and another call could go back further.
        keep_outcome rollbackState succeeded
        note undone "${PREVIOUS} has all traffic already"
        return 0
      fi
      code=0
      target_undo || code=$?
      # From 5 on, another attempt is of no use or does harm.
      ((code < 5)) || return "${code}"
      ((code == 0)) || complain "attempt ${attempt}: the rollback could not be started"
      """
      : "target_undo || complain \"attempt ${attempt}: the traffic could not be moved\""
    return ShellFunction(
      "move_traffic", "The version before is made able to serve, gets all traffic, and is seen to have it.",
      needs: [
        "target_activate_previous", "target_undo", "target_is_undone", "target_clean_up", "complain", "note",
        "write_marker",
      ] + (environment.operations.undoCallsWebhook ? ["keep_outcome"] : []),
      body: """
        local undone attempt\(environment.operations.undoCallsWebhook ? " code" as Bash : "" as Bash)
        \(stages == nil ? .empty : #"[[ -z ${STAGED} ]] || write_marker "stage=${STAGE}" || complain "the marker could not be written; going on""# as Bash)
        target_activate_previous || complain "${PREVIOUS} may not be ready; going on, because what is live is known to be bad"
        for attempt in 1 2 3; do
          \(undo)
          if [[ -n ${DRY_RUN} ]]; then
            return 0
          fi
          undone=$(target_is_undone) || undone=unknown
          if [[ ${undone} == true ]]; then
            note undone "${PREVIOUS} has all traffic"
            \(drill.cleanUp)
            return 0
          fi
          sleep 5
        done
        return 1
        """)
  }

  private var verifyFunction: ShellFunction {
    let checks: [Bash] = environment.rollbackVerify.map { check in
      """
      if insist 120 \(ShellName("check", of: check.name).bash); then
        note passed \("\(check.name) passes again")
      else
        complain \("\(check.name) does not pass on the version before")
        failed=yes
      fi
      """
    }
    // Last, so that whoever hears it can rely on the checks.
    let confirms = !environment.operations.confirmUndo.isEmpty
    let confirmed: Bash =
      confirms
      ? """
      CANDIDATE=${BAD}
      if target_confirm_undo; then
        note confirmed "the rollback was confirmed, or nobody has to"
      else
        complain "the rollback was not confirmed"
        failed=yes
      fi
      """ : .empty
    return ShellFunction(
      "verify_previous", "The version before passes its checks.",
      needs: ["insist", "note", "complain"] + (confirms ? ["target_confirm_undo"] : [])
        + environment.rollbackVerify.map { ShellName("check", of: $0.name).text },
      body: """
        local failed=''
        # From now on the version before is what is measured and probed.
        CANDIDATE=${PREVIOUS}
        \(probes ? "PROBE_URL=${PUBLIC_URL}" : .empty as Bash)
        \(measures ? "CANDIDATE_TRACK=${STABLE_TRACK}\nCHANGED_AT=$(date +%s)" as Bash : .empty)
        \(Bash.lines(checks))
        \(confirmed)
        [[ -z ${failed} ]]
        """)
  }

  private var inStages: Bash { stages == nil ? .empty : "[[ -z ${STAGED} ]] || move_in_stages" }

  /// One in stages writes what it does as it goes, and may be overtaken at any time: all at once is always right.
  private var claims: Bash {
    """
    until \(stages == nil ? .empty : "[[ -n ${STAGED} ]] || " as Bash)claim; do
      [[ ${MARKER_STATE} != rolled-back || -n ${TO} ]] || stay_back
      choose_previous
    done
    """
  }

  private var lastStage: Bash {
    stages == nil
      ? .empty
      : """
      if [[ -n ${STAGED} ]]; then
        CHANGED_AT=$(now)
        watch_stage || {
          complain "${PREVIOUS} has all traffic, and does not do well: ${STOPPED}"
          outcome=unverified
        }
      fi
      """
  }

  private var giveUp: ShellFunction {
    let telling = notifications.tell(.rollbackFailed, "\"$*\"")
    return ShellFunction(
      "give_up", "CODE MESSAGE…: nothing more can be done here; a person has to know at once, if this is in earnest.",
      needs: ["die", "end_lease"] + notifications.needs(.rollbackFailed),
      body: """
        local code=$1
        shift
        end_lease
        \(telling.isEmpty ? .empty : "[[ -n ${DRY_RUN}${STATUS}\(drill.asked) ]] || \(telling)" as Bash)
        die "${code}" "$*"
        """)
  }

  private var rollBack: ShellFunction {
    // A commit that was released before keeps its good status otherwise.
    let refusePromotion: Bash = #"refuse_promotion "could not be taken back in ${ENVIRONMENT}""#
    let notMoved: Bash = """
      leave_note "NOT DONE: the traffic could not be moved"
      \(refusePromotion)
      give_up 1 "THE TRAFFIC COULD NOT BE MOVED. Do it by hand: docs/runbooks/${SERVICE}.md"
      """
    let move: Bash =
      environment.operations.undoCallsWebhook
      ? """
      outcome=0
      move_traffic || outcome=$?
      if ((outcome == 5)); then
        leave_note "NOT TAKEN BACK: there is no rollback webhook"
        \(refusePromotion)
        give_up 5 "NOT TAKEN BACK: no rollback webhook. Do it by hand: docs/runbooks/${SERVICE}.md"
      fi
      if ((outcome != 0)); then
        \(notMoved)
      fi
      """
      : """
      if ! move_traffic; then
        \(notMoved)
      fi
      """
    let notRecovered = notifications.tell(
      .rollbackFailed,
      #""${PREVIOUS} has all traffic and passes its checks, but the numbers are not back: ${FAILED}; taken back because: ${REASON}""#
    )
    let recovery: Bash =
      notRecovered.isEmpty
      ? "await_recovery || outcome=unverified"
      : """
      if ! await_recovery; then
        # Everybody has been told that it is well again; of checks that do not pass they have been told.
        [[ ${outcome} == unverified ]] || \(notRecovered)
        outcome=unverified
      fi
      """
    return ShellFunction(
      "roll_back",
      "The whole of it: the traffic first, then what it takes to be sure, then the note, then the wait for the numbers.",
      needs: [
        "read_marker", "is_unfinished", "choose_previous", "confirm", "move_traffic", "verify_previous", "leave_note",
        "stay_back", "write_marker", "give_up", "die", "say", "note", "complain", "refuse_promotion", "claim",
        "wait_for_leader", "renew_lease",
      ] + (stages == nil ? [] : ["may_go_in_stages", "move_in_stages", "watch_stage", "now"])
        + (database == nil ? [] : ["take_schema_back"]) + notifications.needs(.rolledBack, .rollbackFailed)
        + (environment.recovered.isEmpty ? [] : ["await_recovery"]),
      body: """
        local outcome
        read_marker || {
          # A person who names the version knows more than the marker.
          [[ -n ${TO} ]] || give_up 1 "the marker on ${TARGET_TITLE} cannot be read; name the version to go back to: --to <version>"
        }
        [[ -n ${IF_NEEDED}${DRY_RUN} ]] || wait_for_leader
        if [[ -n ${IF_NEEDED} ]]; then
          if ! is_unfinished || [[ ${MARKER_RUN} != "${RUN}" ]]; then
            say "nothing to take back: ${MARKER_STATE:-no release} (run ${MARKER_RUN:-none})"
            exit 0
          fi
        elif [[ ${MARKER_STATE} == rolled-back && -z ${TO} ]]; then
          stay_back
        fi
        \(stages == nil ? .empty : "[[ -z ${STAGED} ]] || may_go_in_stages" as Bash)
        choose_previous
        confirm
        if [[ -z ${REASON} && -s ${STATE}/reason-${RUN} ]]; then
          REASON=$(<"${STATE}/reason-${RUN}")
        fi
        REASON=${REASON:-the release stopped before its end}
        BAD=${CANDIDATE:-unknown}
        # A rollback of its own runs on the head of a branch, and not on what it takes back. What the marker does not speak of,
        # its commit is not of either.
        [[ ${CANDIDATE} != "${MARKER_CANDIDATE}" ]] || BAD_COMMIT=${MARKER_COMMIT}
        if [[ -n ${DRY_RUN} ]]; then
          printf 'back to %s, because: %s\\n' "${PREVIOUS}" "${REASON}"
          claim
          \(database == nil ? .empty : "take_schema_back" as Bash)
          \(inStages)
          move_traffic
          exit 0
        fi
        \(claims)
        note rolling-back "to ${PREVIOUS}, because: ${REASON}"
        \(database.map(schemaFirst) ?? .empty)
        \(inStages)
        \(move)
        outcome=verified
        \(lastStage)
        verify_previous || outcome=unverified
        # The note goes out before the numbers have had time to come back: after a cancel there are only five minutes. And
        # before the marker says that all is done: whoever runs this again after a kill must not find nothing to do.
        if [[ ${outcome} == verified ]]; then
          note rolled-back "${PREVIOUS} has all traffic and passes its checks"
          leave_note "taken back and verified"
          \(notifications.tell(.rolledBack, "\"${REASON}\""))
        else
          note rolled-back "${PREVIOUS} has all traffic but does not pass its checks"
          leave_note "taken back, but the version before does not pass its checks"
          \(notifications.tell(.rollbackFailed, "\"${PREVIOUS} has all traffic but does not pass its checks; taken back because: ${REASON}\""))
        fi
        write_marker state=rolled-back "previous=${PREVIOUS}" "candidate=${BAD}" weight=0 lease= ||
          complain "the marker could not be written"
        CLAIMED=''
        refuse_promotion "taken back in ${ENVIRONMENT}"
        if [[ -n ${MIGRATIONS} ]]; then
          say "database: ${MIGRATIONS}"
        fi
        \(environment.recovered.isEmpty ? .empty : recovery)
        [[ ${outcome} == verified ]] || exit 4
        """)
  }
}
