import ReleaseModel
import TextLayout

/// `ops/<service>/housekeeping.sh`: what has to be looked after between releases. A workflow runs it twice an hour.
struct HousekeepingScript {
  let plan: ReleasePlan

  /// `nil` when there is nothing to look after.
  init?(plan: ReleasePlan) {
    if HousekeepingTask.needed(by: plan).isEmpty { return nil }
    self.plan = plan
  }

  private var tasks: [HousekeepingTask] { HousekeepingTask.needed(by: plan) }
  private var parts: ServiceParts { ServiceParts(plan: plan, place: "housekeeping") }
  private var notifications: NotificationFunctions {
    NotificationFunctions(plan, environments: plan.environments, events: .maintenance, .approvalExpired)
  }

  var script: ShellScript {
    let path = "ops/\(plan.service)/housekeeping.sh"
    return ShellScript(
      path: path,
      purpose: [
        "Looks after the releases of \(plan.service) that wait for people or for a window. Safe to run at any time."
      ],
      usage: tasks.map { "\(path) \($0.rawValue)    # \($0.purpose)" },
      exitCodes: [(0, "done, or nothing to do"), (1, "something could not be asked or done"), (2, "called wrongly")],
      constants: parts.constants + notifications.constants,
      variables: parts.variables + notifications.variables
        + [ShellVariable("PROBLEMS", "0"), "SCHEDULED_FOR", "SCHEDULED_UNTIL"]
        + (tasks == [.expire] ? [] : CalendarFunction.variables),
      functions: [ServiceParts.setUp, summarise, trouble] + notifications.functions + tasks.flatMap(functions)
        + plan.environments.compactMap { CalendarFunction($0)?.function },
      main: main, mainNeeds: ["need_tools", "need_values", "set_up"] + tasks.map(\.rawValue))
  }

  private func functions(_ task: HousekeepingTask) -> [ShellFunction] {
    let calls = task.environments(of: plan).map { call(task, $0) }
    switch task {
    case .expire:
      return [
        expireWaiting,
        ShellFunction("expire", task.sentence, needs: ["expire_waiting"], body: .lines(calls)),
      ]
    case .reopen:
      return [
        reopenClosed,
        ShellFunction("reopen", task.sentence, needs: ["reopen_closed"] + calendars(task), body: .lines(calls)),
      ]
    case .announce:
      return [
        announceWindow,
        ShellFunction("announce", task.sentence, needs: ["announce_window"] + calendars(task), body: .lines(calls)),
      ]
    }
  }

  private func calendars(_ task: HousekeepingTask) -> [String] {
    task.environments(of: plan).compactMap { CalendarFunction($0)?.name.text }
  }

  private func call(_ task: HousekeepingTask, _ environment: EnvironmentPlan) -> Bash {
    let calendar = ShellName("calendar", of: environment.name).bash
    switch task {
    case .expire:
      let limits = environment.approvals.flatMap { approval -> [String] in
        approval.within.map { [approval.environment, "\($0.seconds)", $0.inHours] } ?? []
      }
      return "expire_waiting \(environment.name) \(words: limits)"
    case .reopen:
      let shortest = environment.approvals.compactMap(\.within).min()
      return "reopen_closed \(environment.name) \(calendar) \(shortest?.seconds ?? 0) \(shortest?.inHours ?? "")"
    case .announce:
      return "announce_window \(environment.name) \(calendar) \(environment.spec.window?.notice?.seconds ?? 0)"
    }
  }

  // MARK: - What every task does

  private var summarise: ShellFunction {
    ShellFunction(
      "summarise", "TEXT: one line for whoever watches, and one in the summary of the run.", needs: ["say"],
      body: #"""
        say "$1"
        if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
          printf -- '- %s\n' "$1" >>"${GITHUB_STEP_SUMMARY}"
        fi
        """#)
  }

  private var trouble: ShellFunction {
    ShellFunction(
      "trouble", "TEXT: something could not be asked or done; the rest goes on.", needs: ["complain"],
      body: #"""
        complain "$1"
        PROBLEMS=$((PROBLEMS + 1))
        """#)
  }

  /// Those who listen are told; where nobody does, it stands in the summary of the run.
  private func say(_ event: NotificationChannel.Event, _ text: Bash) -> Bash {
    notifications.isTold(of: event) ? notifications.tell(event, text) : "summarise \(text)"
  }

  /// For a status page.
  private var schedule: Bash {
    #"""
    SCHEDULED_FOR=$(moment "${opens}")
    SCHEDULED_UNTIL=$(moment "$((opens + CHANGE_WINDOW[4] * 60))")
    """#
  }

  private func sayNeeds(_ event: NotificationChannel.Event) -> [String] {
    ["summarise"] + notifications.needs(event)
  }

  private var main: Bash {
    """
    case ${1:-} in
      -h | --help)
        usage
        exit 0
        ;;
      \(Bash.join(tasks.map { "\($0.rawValue)" }, separator: " | "))) ;;
      *)
        usage >&2
        exit 2
        ;;
    esac
    need_tools gh jq
    need_values GITHUB_REPOSITORY
    set_up housekeeping
    "$1"
    ((PROBLEMS == 0))
    """
  }

  // MARK: - The tasks

  private var expireWaiting: ShellFunction {
    ShellFunction(
      "expire_waiting",
      "ENVIRONMENT [GATE SECONDS LIMIT]…: cancels its runs that have waited longer than that for somebody to approve one of",
      "these environments of GitHub.", needs: ["github", "now", "seconds_of", "trouble"] + sayNeeds(.approvalExpired),
      body: #"""
        local environment=$1 PLACE=$1 runs id started age pending index
        local -a limits
        shift
        limits=("$@")
        runs=$(github --method GET "repos/${GITHUB_REPOSITORY}/actions/workflows/${SERVICE}-${environment}.yml/runs" \
          -f status=waiting -f per_page=100 | jq -r '.workflow_runs[] | "\(.id) \(.run_started_at)"') || {
          trouble "cannot see which releases into ${environment} wait"
          return 0
        }
        while read -r id started; do
          [[ -n ${id} ]] || continue
          pending=$(github "repos/${GITHUB_REPOSITORY}/actions/runs/${id}/pending_deployments" | jq -c '[.[].environment.name]') || {
            trouble "cannot see what run ${id} waits for"
            continue
          }
          started=$(seconds_of "${started}") || {
            trouble "cannot tell when run ${id} began"
            continue
          }
          age=$(($(now) - started))
          for ((index = 0; index < ${#limits[@]}; index += 3)); do
            ((age > limits[index + 1])) || continue
            jq -en --argjson pending "${pending}" --arg name "${limits[index]}" '$pending | index($name)' >/dev/null || continue
            if github --method POST "repos/${GITHUB_REPOSITORY}/actions/runs/${id}/cancel" >/dev/null; then
              summarise "cancelled run ${id}"
              \#(say(.approvalExpired, #""run ${id} of ${SERVICE} into ${environment}: nobody approved ${limits[index]} within ${limits[index + 2]}; start the release again""#))
            else
              trouble "run ${id} has waited too long for ${limits[index]}, but could not be cancelled"
            fi
            break
          done
        done <<<"${runs}"
        """#)
  }

  private var reopenClosed: ShellFunction {
    ShellFunction(
      "reopen_closed",
      "ENVIRONMENT CALENDAR SECONDS LIMIT: when a release may start now, starts the failed jobs of the newest run again that",
      "stopped only because it might not, unless its approvals are too old (0: they do not age). Nothing is started beside or",
      "after a newer release.",
      needs: ["github", "now", "post_status", "seconds_of", "spoken_time", "trouble"] + sayNeeds(.approvalExpired),
      body: #"""
        local environment=$1 PLACE=$1 calendar=$2 seconds=$3 limit=$4 context="${SERVICE}/$1/window"
        local runs id attempt started commit state outcome=0
        runs=$(github --method GET "repos/${GITHUB_REPOSITORY}/actions/workflows/${SERVICE}-${environment}.yml/runs" -f per_page=50 |
          jq -r '.workflow_runs[] | "\(.id) \(.run_attempt) \(.run_started_at) \(.head_sha) \(.conclusion // .status)"') || {
          trouble "cannot see the last releases into ${environment}"
          return 0
        }
        while read -r id attempt started commit state; do
          [[ -n ${id} ]] || continue
          case ${state} in
            failure) ;;
            cancelled | skipped | stale) continue ;;
            # A release that succeeded or is under way: what is older stays where it is.
            *) return 0 ;;
          esac
          # Written by the check before a release, with the attempt that stopped.
          state=$(github "repos/${GITHUB_REPOSITORY}/commits/${commit}/status?per_page=100" |
            jq -r --arg context "${context}" --arg attempt "(run ${id}-${attempt})" '[.statuses[]? | select(.context == $context)] | first
              | if .state == "pending" and (.description // "" | endswith($attempt)) then "waits" else "" end') || {
            trouble "cannot see why run ${id} stopped"
            continue
          }
          [[ -n ${state} ]] || continue
          "${calendar}" "$(now)" || outcome=$?
          case ${outcome} in
            0) ;;
            1)
              summarise "run ${id} into ${environment} waits until ${OPENS:+$(spoken_time "${OPENS}" "${ZONE}")}"
              return 0
              ;;
            *)
              trouble "cannot tell whether a release into ${environment} may start now"
              return 0
              ;;
          esac
          started=$(seconds_of "${started}") || {
            trouble "cannot tell when run ${id} began"
            return 0
          }
          if ((seconds > 0 && $(now) - started > seconds)); then
            post_status "${context}" error "the approvals expired after ${limit}: start the release again (run ${id}-${attempt})" "${commit}"
            \#(say(.approvalExpired, #""run ${id} of ${SERVICE} into ${environment}: its approvals are older than ${limit}; start the release again""#))
            return 0
          fi
          if github --method POST "repos/${GITHUB_REPOSITORY}/actions/runs/${id}/rerun-failed-jobs" >/dev/null; then
            post_status "${context}" success "it may start now: begun again (run ${id}-${attempt})" "${commit}"
            summarise "started run ${id} into ${environment} again: it may start now"
          else
            trouble "run ${id} into ${environment} may start now, but could not be started again"
          fi
          return 0
        done <<<"${runs}"
        """#)
  }

  private var announceWindow: ShellFunction {
    ShellFunction(
      "announce_window",
      "ENVIRONMENT CALENDAR NOTICE: tells of a window that opens in NOTICE seconds, once: for a day after that moment, and with",
      "an issue to remember it. A window in a freeze is not announced.",
      needs: ["github", "moment", "now", "spoken_time", "trouble", "window_at"] + sayNeeds(.maintenance),
      body: #"""
        local environment=$1 PLACE=$1 calendar=$2 notice=$3 at from opens title found outcome=0
        at=$(now)
        # Its words about the window are all that is wanted here.
        "${calendar}" "${at}" || true
        from=$((at + notice - 86400))
        ((from > at)) || from=${at}
        opens=$(window_at "${from}" 0 ${CHANGE_WINDOW[@]+"${CHANGE_WINDOW[@]}"}) || {
          trouble "cannot tell when the window of ${environment} opens"
          return 0
        }
        opens=${opens#* }
        if ((opens == 0 || opens > at + notice)); then
          summarise "no window of ${environment} has to be announced now"
          return 0
        fi
        "${calendar}" "${opens}" || outcome=$?
        if ((outcome != 0)); then
          summarise "the window of ${environment} at $(moment "${opens}") is not announced: ${WHY:-unknown}"
          return 0
        fi
        title="Maintenance window of ${SERVICE} in ${environment}: $(moment "${opens}")"
        found=$(github --method GET "repos/${GITHUB_REPOSITORY}/issues" -f state=all -f "since=$(moment "$((at - 2 * 86400))")" \
          -f per_page=100 --paginate | jq -s --arg title "${title}" 'any(.[][]; .title == $title)') || {
          trouble "cannot tell whether the window of ${environment} at $(moment "${opens}") was announced"
          return 0
        }
        if [[ ${found} == true ]]; then
          summarise "announced already: ${title}"
          return 0
        fi
        if github --method POST "repos/${GITHUB_REPOSITORY}/issues" -f "title=${title}" \
          -f "body=A release may start at $(spoken_time "${opens}" "${ZONE}"). The window: ${WINDOW_TEXT}." >/dev/null; then
          \#(notifications.isStatusPageTold(of: .maintenance) ? schedule : .empty)
          \#(say(.maintenance, #""${title} (${WINDOW_TEXT})""#))
        else
          trouble "cannot announce: ${title}"
        fi
        """#)
  }
}

extension TimeSpan {
  /// `24h` where people say so, and `30d` where nobody counts the hours.
  var inHours: String {
    let isShort = self < .hours(96) && milliseconds % TimeSpan.hours(1).milliseconds == 0 && self >= .hours(1)
    return isShort ? "\(seconds / 3600)h" : description
  }
}

extension HousekeepingTask {
  /// For the comment above its function.
  fileprivate var sentence: String { purpose.prefix(1).uppercased() + purpose.dropFirst() + "." }
}
