import ReleaseModel
import TextLayout

/// `ops/<service>/secrets.sh`: which secrets are older than they may become, or missing.
struct RotationScript {
  let plan: ReleasePlan
  let rotation: Rotation

  private var notifications: NotificationFunctions {
    NotificationFunctions(plan.spec, NotificationFunctions.channels(of: plan.environments), events: [.secretDue])
  }
  private var parts: ServiceParts { ServiceParts(plan: plan, place: "secrets") }
  private var token: ShellName { ShellName(rotation.token.value) }

  var script: ShellScript {
    let path = "ops/\(plan.service)/secrets.sh"
    let owner = plan.people(ofRole: rotation.owner.value)
    return ShellScript(
      path: path,
      purpose: [
        "Looks when the secrets of \(plan.service) were last written, and opens an issue for each that is due.",
        "Reads names and dates, never values. What cannot be read is never called fine.",
      ],
      usage: ["\(path)              # opens issues", "\(path) --dry-run    # only says what is due"],
      exitCodes: [
        (0, "no secret is due and none is missing"), (1, "something is due or missing"), (2, "called wrongly"),
        (3, "not everything could be read, or a tool, the token or the login is missing"),
      ],
      constants: parts.constants + notifications.constants + [
        ShellConstant("OWNER", owner), ShellConstant("LABELS", .list(rotation.labels)),
        ShellConstant("STEPS", .list(rotation.steps)), ShellConstant("AT_ONCE", .list(rotation.atOnce)),
      ],
      variables: parts.variables + notifications.variables + [
        "DRY_RUN", "WRITTEN", "FINDINGS", ShellVariable("UNREADABLE", "0"),
      ],
      functions: [
        ServiceParts.setUp, ServiceParts.reachGitHub, readToken, Self.readSecrets, Self.judge, Self.issueText,
        remind, Self.conclude, allSecrets,
      ] + notifications.functions,
      main: Self.main,
      mainNeeds: [
        "set_up", "need_tools", "reach_github", "read_token", "judge_all_secrets", "remind", "conclude_rotation",
      ])
  }

  private var readToken: ShellFunction {
    ShellFunction(
      "read_token", "READ_TOKEN: the token that may read environments. By hand it is that of gh's own login.",
      needs: ["die"],
      body: """
        READ_TOKEN=${\(token.bash):-}
        if [[ -z ${READ_TOKEN} && ${GITHUB_ACTIONS:-} == true ]]; then
          die 3 "no value for \(token.bash): the workflow's own token may not see when secrets were written"
        fi
        """)
  }

  /// `judge_secret` for every secret that an environment should have, one environment after the other.
  private var allSecrets: ShellFunction {
    let environments = GitHubEnvironment.all(of: plan).filter { !$0.secrets.isEmpty }
    let calls: [Bash] = environments.map { environment in
      let judged: [Bash] = environment.secrets.map { planned in
        let rotate = plan.spec.secrets[planned.name]?.rotation?.value.seconds ?? 0
        return
          "judge_secret \(environment.name) \(planned.name) \(rotate) \(planned.isOptional ? "optional" : "required")"
      }
      return """
        if read_secrets \(environment.name); then
          \(Bash.lines(judged))
        fi
        """
    }
    return ShellFunction(
      "judge_all_secrets", "Every environment of GitHub, with the secrets that it should have.",
      needs: ["read_secrets", "judge_secret"], body: .lines(calls))
  }

  private static let readSecrets = ShellFunction(
    "read_secrets",
    "ENVIRONMENT: its secrets with the time at which each was written, in WRITTEN. Fails when that cannot be read.",
    needs: ["github", "complain"],
    body: #"""
      local answer
      if answer=$(
        if [[ -n ${READ_TOKEN} ]]; then
          export GH_TOKEN=${READ_TOKEN}
        fi
        github --paginate "repos/${REPOSITORY}/environments/$1/secrets?per_page=100"
      ) && WRITTEN=$(jq -cse 'map(.secrets[] | {(.name): .updated_at}) | add // {}' <<<"${answer}" 2>/dev/null); then
        return 0
      fi
      UNREADABLE=$((UNREADABLE + 1))
      complain "the secrets of $1 cannot be read: nobody knows how old they are"
      return 1
      """#)

  private static let judge = ShellFunction(
    "judge_secret",
    "ENVIRONMENT NAME SECONDS required|optional: adds what is wrong with it to FINDINGS. SECONDS 0: no age is too high.",
    needs: ["seconds_of", "now", "say", "complain"],
    body: #"""
      local written at age state days=0
      written=$(jq -r --arg name "$2" '.[$name] // ""' <<<"${WRITTEN}")
      if [[ -z ${written} ]]; then
        if [[ $4 == optional ]]; then
          return 0
        fi
        state=missing
        say "$1: the secret $2 is missing: gh secret set $2 --env $1"
      elif ! at=$(seconds_of "${written}"); then
        UNREADABLE=$((UNREADABLE + 1))
        complain "$1: cannot tell when $2 was written: ${written}"
        return 0
      else
        age=$(($(now) - at))
        days=$((age / 86400))
        if (($3 == 0 || age <= $3)); then
          return 0
        fi
        state=due
        say "$1: $2 is ${days} days old, and $(($3 / 86400)) are allowed"
      fi
      FINDINGS=$(jq -c --arg environment "$1" --arg name "$2" --arg state "${state}" --argjson days "${days}" \
        --argjson allowed "$(($3 / 86400))" \
        '. + [{environment: $environment, name: $name, state: $state, days: $days, allowed: $allowed}]' <<<"${FINDINGS}")
      """#)

  private static let issueText = ShellFunction(
    "issue_text", "NAME: what is to be done about this secret.",
    body: #"""
      local step
      printf 'For %s.\n\n' "${OWNER}"
      jq -r --arg name "$1" '.[] | select(.name == $name)
        | if .state == "due" then "- in \(.environment): \(.days) days old, \(.allowed) days are allowed"
          else "- in \(.environment): missing" end' <<<"${FINDINGS}"
      printf '\nTo do:\n\n'
      for step in ${STEPS[@]+"${STEPS[@]}"}; do
        printf -- '- [ ] %s\n' "${step}"
      done
      if ((${#AT_ONCE[@]} > 0)); then
        printf '\nAt once, whatever its age:\n\n'
        for step in ${AT_ONCE[@]+"${AT_ONCE[@]}"}; do
          printf -- '- %s\n' "${step}"
        done
      fi
      printf '\nHow it is done, and what to do in an emergency: docs/runbooks/%s.md\n' "${SERVICE}"
      if [[ -n ${RUN_ADDRESS} ]]; then
        printf '\nSeen by %s on %s.\n' "${RUN_ADDRESS}" "$(date -u +%Y-%m-%d)"
      fi
      """#)

  /// An issue that is open already has said all there is to say: it is not reminded of every week.
  private var remind: ShellFunction {
    ShellFunction(
      "remind", "One open issue for each secret that is due or missing.",
      needs: ["issue_text", "find_issue", "open_issue", "say"] + notifications.needs(.secretDue),
      body: #"""
        local name title file
        while IFS= read -r name; do
          [[ -n ${name} ]] || continue
          title="Rotate ${name} of ${SERVICE}"
          file="${STATE}/issue.md"
          issue_text "${name}" >"${file}"
          if [[ -n ${DRY_RUN} ]]; then
            say "would open an issue: ${title}"
          elif ! find_issue "${title}"; then
            UNREADABLE=$((UNREADABLE + 1))
          elif [[ -n ${ISSUE} ]]; then
            say "issue #${ISSUE} is open already: ${title}"
          else
            open_issue "${title}" "${file}" ${LABELS[@]+"${LABELS[@]}"} || UNREADABLE=$((UNREADABLE + 1))
            \#(telling)
          fi
        done <<<"$(jq -r '[.[].name] | unique | .[]' <<<"${FINDINGS}")"
        """#)
  }

  private var telling: Bash {
    guard notifications.isTold(of: .secretDue) else { return .empty }
    return """
      PLACE=$(jq -r --arg name "${name}" '[.[] | select(.name == $name).environment] | join(", ")' <<<"${FINDINGS}")
      \(notifications.tell(.secretDue, #""${title}""#))
      PLACE=secrets
      """
  }

  private static let conclude = ShellFunction(
    "conclude_rotation", "The report, the page, and the exit code.", needs: ["summarize", "say"],
    body: #"""
      local file="${STATE}/report/secrets.json" page="${STATE}/report/secrets.md"
      jq -n --arg service "${SERVICE}" --arg run "${RUN}" --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
        --argjson findings "${FINDINGS}" --argjson unreadable "${UNREADABLE}" \
        '{service: $service, healthy: ($findings == [] and $unreadable == 0), at: $at, run: $run, findings: $findings,
          unreadable: $unreadable}' >"${file}"
      jq -r '"## Secrets of \(.service)", "",
        (if .unreadable > 0 then "**\(.unreadable) could not be read or acted on: nobody knows.**", "" else empty end),
        (if .findings == [] then (if .unreadable == 0 then "No secret is due, and none is missing." else empty end)
          else "| secret | environment | state |", "| --- | --- | --- |", (.findings[]
            | "| `\(.name)` | `\(.environment)` | \(if .state == "due" then "\(.days) days old, \(.allowed) allowed" else "missing" end) |") end)' \
        "${file}" >"${page}"
      summarize "${page}"
      if ((UNREADABLE > 0)); then
        exit 3
      fi
      [[ ${FINDINGS} == '[]' ]]
      """#)

  private static let main: Bash = """
    case ${1:-} in
      '') ;;
      --dry-run) DRY_RUN=yes ;;
      -h | --help)
        usage
        exit 0
        ;;
      *)
        usage >&2
        exit 2
        ;;
    esac
    need_tools gh jq mktemp
    set_up secrets
    read_token
    reach_github
    FINDINGS='[]'
    judge_all_secrets
    remind
    conclude_rotation
    """
}
