import ReleaseModel
import TextLayout

/// `ops/<service>/<environment>/gates.sh` and `ops/<service>/before-merge.sh`: the questions that GitHub answers.
struct GatesScript {
  let plan: ReleasePlan
  /// `nil`: the gates of a pull request.
  let environment: EnvironmentPlan?
  let gates: [Gate]

  private var approvals: [Approval] { environment?.approvals ?? [] }

  var script: ShellScript {
    let path = environment.map { "ops/\(plan.service)/\($0.name)/gates.sh" } ?? "ops/\(plan.service)/before-merge.sh"
    let asked =
      environment.map { "whether \(plan.service) may be released into \($0.name)" }
      ?? "whether a pull request of \(plan.service) may be merged"
    var constants = [
      ShellConstant("SERVICE", plan.service), ShellConstant("PLACE", environment?.name ?? "before merge"),
      ShellConstant("CALL_LIMIT", 60), ShellConstant("CALL_ATTEMPTS", 3),
    ]
    if !gates.isEmpty {
      constants.append(ShellConstant("GATES", .list(gates.map { ShellName("criterion", of: $0.name).text })))
    }
    if !approvals.isEmpty {
      constants.append(ShellConstant("APPROVAL_ENVIRONMENTS", .list(approvals.map(\.environment))))
    }
    if environment == nil, let merge = plan.beforeMerge {
      func expression(_ patterns: [String]) -> String {
        patterns.map { TagPattern(filter: $0).regularExpression }.joined(separator: "|")
      }
      constants.append(ShellConstant("BRANCHES", expression(merge.branches.filter { !$0.hasPrefix("!") })))
      constants.append(ShellConstant("PATHS", expression(merge.paths.filter { !$0.hasPrefix("!") })))
      constants.append(ShellConstant("EXCLUDED_PATHS", expression(merge.paths.filter { $0.hasPrefix("!") })))
    }
    if let candidates = plan.spec.candidates, gates.contains(where: { $0.requirement == .requiredForCandidates }) {
      constants.append(ShellConstant("CANDIDATE_PATTERN", candidates.value.regularExpression))
    }
    return ShellScript(
      path: path,
      purpose: ["Asks GitHub \(asked). Only reads."],
      usage: gates.map { "\(path) \($0.name)    # \($0.title) (\($0.requirement.rawValue))" } + ["\(path) all"]
        + (approvals.isEmpty ? [] : ["\(path) approval GITHUB_ENVIRONMENT"]),
      exitCodes: [
        (0, "passed, or only advisory"), (1, "failed"), (2, "called wrongly"),
        (3, "unknown, which lets nothing through"),
      ],
      constants: constants, variables: approvals.isEmpty ? [] : [ShellVariable("APPROVAL", "()")],
      functions: gates.map { GitHubGateFunctions.function($0, environment, plan) } + [judge] + askFunctions
        + (approvals.isEmpty ? [] : [approval]),
      main: main,
      mainNeeds: ["need_tools", "need_values"] + gates.map { ShellName("criterion", of: $0.name).text }
        + (approvals.isEmpty ? [] : ["approval"]) + (environment == nil ? ["concerns", "say", "die"] : []))
  }

  private var judge: ShellFunction {
    ShellFunction(
      "judge", "required|advisory TITLE FUNCTION: asks, says what came out, and answers 0, 1 or 3.",
      needs: ["say", "complain"],
      body: #"""
        local weight=$1 title=$2 outcome=0 word plain
        "$3" || outcome=$?
        case ${outcome} in
          0) word=passed ;;
          1) word=failed ;;
          *)
            outcome=3
            word=unknown
            ;;
        esac
        if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
          plain=${title//[*_\`<\[]/}
          printf -- '- %s: **%s**%s\n' "${plain}" "${word}" "$([[ ${weight} == required ]] || printf ' (advisory)')" \
            >>"${GITHUB_STEP_SUMMARY}"
        fi
        if [[ ${weight} != required ]]; then
          say "${title}: ${word} (advisory)"
          return 0
        fi
        if ((outcome == 0)); then
          say "${title}: ${word}"
        else
          complain "${title}: ${word}"
        fi
        return "${outcome}"
        """#)
  }

  private var askFunctions: [ShellFunction] {
    gates.map { gate in
      let name = ShellName("criterion", of: gate.name)
      let question = ShellName("ask", of: gate.name)
      switch gate.requirement {
      case .required:
        return ShellFunction(
          name, "\(gate.title): required.", needs: ["judge", question.text],
          body: "judge required \(gate.title) \(question.bash)")
      case .recommended, .optional:
        return ShellFunction(
          name, "\(gate.title): \(gate.requirement.rawValue), so it is reported and does not block.",
          needs: ["judge", question.text], body: "judge advisory \(gate.title) \(question.bash)")
      case .requiredForCandidates:
        return ShellFunction(
          name, "\(gate.title): required for a release candidate, optional otherwise.",
          needs: ["judge", question.text],
          body: """
            if [[ ${GITHUB_REF_TYPE:-} == tag && ${GITHUB_REF_NAME:-} =~ ${CANDIDATE_PATTERN} ]]; then
              judge required \(gate.title) \(question.bash)
            else
              judge advisory \(gate.title) \(question.bash)
            fi
            """)
      }
    }
  }

  private var approval: ShellFunction {
    ShellFunction(
      "approval", "ENVIRONMENT: judges the approval of one environment of GitHub.", needs: ["gate_approval", "judge"],
      body: """
        asked() { gate_approval ${APPROVAL[@]+"${APPROVAL[@]}"}; }
        case $1 in
          \(Bash.lines(approvals.map(limit)))
          *)
            usage >&2
            exit 2
            ;;
        esac
        judge required "approval of $1" asked
        """)
  }

  private func limit(_ approval: Approval) -> Bash {
    let name = approval.environment
    return "\(name)) APPROVAL=(\(name) \(approval.within?.seconds ?? 0) \(approval.within?.inHours ?? "")) ;;"
  }

  private var scope: Bash {
    """
    outcome=0
    concerns "${BRANCHES}" "${PATHS}" "${EXCLUDED_PATHS}" || outcome=$?
    case ${outcome} in
      0) ;;
      1)
        say "this pull request does not concern ${SERVICE}"
        exit 0
        ;;
      *) die 3 "what this pull request changes cannot be read" ;;
    esac
    """
  }

  private var main: Bash {
    let names = gates.map { ShellName("criterion", of: $0.name) }
    var arms: [Bash] = zip(gates, names).map { gate, name in "\(gate.name)) \(name.bash) ;;" }
    if !gates.isEmpty {
      arms.append(
        """
        all)
          worst=0
          for each in ${GATES[@]+"${GATES[@]}"}; do
            outcome=0
            "${each}" || outcome=$?
            if ((outcome == 1 || (outcome > 1 && worst == 0))); then
              worst=${outcome}
            fi
          done
          exit "${worst}"
          ;;
        """)
    }
    if !approvals.isEmpty { arms.append("approval) approval \"${2:?}\" ;;") }
    let values: Bash =
      environment == nil ? "need_values GITHUB_REPOSITORY PULL_REQUEST COMMIT" : "need_values GITHUB_REPOSITORY"
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
      COMMIT=${COMMIT:-${GITHUB_SHA:-$(git rev-parse HEAD)}}
      need_tools gh jq
      \(values)
      \(environment == nil ? scope : .empty)
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
