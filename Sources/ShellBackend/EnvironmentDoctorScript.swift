import ReleaseModel
import TextLayout

/// `ops/<service>/<environment>/doctor.sh`: the target answers, and each metric has a number for the live version.
struct EnvironmentDoctorScript {
  let plan: ReleasePlan
  let environment: EnvironmentPlan

  private var common: CommonParts { CommonParts(plan: plan, environment: environment) }

  var script: ShellScript {
    let path = "ops/\(plan.service)/\(environment.name)/doctor.sh"
    return ShellScript(
      path: path,
      purpose: [
        "Asks the target of \(plan.service) in \(environment.name), and each metric for its live version. Changes nothing.",
        "By hand it needs the login and the values that the workflow has as secrets.",
      ],
      usage: [path],
      exitCodes: [
        (0, "all answer"), (1, "something is missing"), (2, "called wrongly"), (3, "something cannot be told"),
      ],
      constants: common.constants,
      variables: common.variables + [ShellVariable("MISSING", "0"), ShellVariable("UNKNOWN", "0"), "LIVE"],
      functions: [common.setUp, common.logIn] + OperationRenderer.functions(environment.operations)
        + MetricFunctions.functions(environment.metrics) + [tools, values, target, Self.metric, metrics],
      main: """
        case ${1:-} in
          '') ;;
          -h | --help)
            usage
            exit 0
            ;;
          *)
            usage >&2
            exit 2
            ;;
        esac
        set_up
        examine_tools
        examine_values
        log_in
        examine_target
        \(environment.metrics.isEmpty ? .empty : "examine_metrics" as Bash)
        conclude_examination
        """,
      mainNeeds: [
        "set_up", "log_in", "examine_tools", "examine_values", "examine_target", "conclude_examination",
      ] + (environment.metrics.isEmpty ? [] : ["examine_metrics"]))
  }

  private var tools: ShellFunction {
    ShellFunction(
      "examine_tools", "What is not installed here cannot be asked.", needs: ["lacks", "conclude_examination"],
      body: """
        local tool
        for tool in \(words: common.tools.filter { $0 != "timeout" }); do
          command -v "${tool}" >/dev/null || lacks "${ENVIRONMENT}: ${tool} is not installed here"
        done
        if ((MISSING > 0)); then
          conclude_examination
        fi
        """)
  }

  private var values: ShellFunction {
    let target = environment.spec.target
    // A kubeconfig that is not given is the one that kubectl has.
    let needed = target.secrets + environment.metrics.flatMap(\.source.kind.secrets)
    let required = environment.rolloutSecrets.filter { !$0.isOptional && needed.contains($0.name) }.map(\.name)
    let lines: [Bash] = required.map { name in
      """
      if [[ -z ${\(ShellName(name).bash):-} ]]; then
        cannot_tell "${ENVIRONMENT}: no value for \(ShellName(name).bash) in this shell, so what needs it cannot be asked"
      fi
      """
    }
    return ShellFunction(
      "examine_values", "Values that stand in secrets of GitHub, where nobody can read them.",
      needs: required.isEmpty ? [] : ["cannot_tell"], body: lines.isEmpty ? ":" : .lines(lines))
  }

  private var target: ShellFunction {
    ShellFunction(
      "examine_target", "LIVE: the live version, when it is known.",
      needs: ["target_identify", "target_preflight", "target_find_live", "found", "lacks", "cannot_tell"],
      body: """
        if ! target_identify; then
          cannot_tell "${ENVIRONMENT}: ${TARGET_TITLE} was not found; is it there, and is this shell logged in?"
          return 0
        fi
        if target_preflight; then
          found "${ENVIRONMENT}: ${TARGET_TITLE} is set up for releases"
        else
          lacks "${ENVIRONMENT}: ${TARGET_TITLE} is not set up for releases, or does not answer (see above)"
        fi
        if ! target_find_live; then
          cannot_tell "${ENVIRONMENT}: the live version of ${TARGET_TITLE} cannot be read"
        elif [[ -z ${PREVIOUS} || ${PREVIOUS} == unknown ]]; then
          cannot_tell "${ENVIRONMENT}: no version is live yet, so the first release has none to go back to"
        else
          LIVE=${PREVIOUS}
          found "${ENVIRONMENT}: ${LIVE} is live"
        fi
        """)
  }

  private var metrics: ShellFunction {
    let asked: [Bash] = environment.metrics.map { metric in
      let resolution = metric.source.resolution.seconds
      return "examine_metric \(ShellName(metric.name).text) \(max(300, 5 * resolution))"
    }
    return ShellFunction(
      "examine_metrics", "Each metric once, for the live version.",
      needs: ["examine_metric", "cannot_tell"] + environment.metrics.flatMap(MetricFunctions.needs),
      body: """
        if [[ -z ${LIVE} ]]; then
          cannot_tell "${ENVIRONMENT}: no metric was asked for, because nobody knows what is live"
          return 0
        fi
        \(Bash.lines(asked))
        """)
  }

  private static let metric = ShellFunction(
    "examine_metric", "METRIC SECONDS: whether it has a number for the live version.",
    needs: ["measure", "found", "cannot_tell"],
    body: #"""
      if measure "$1" stable "$2" 0; then
        found "${ENVIRONMENT}: the metric $1 is ${MEASURED} for ${LIVE}"
      else
        cannot_tell "${ENVIRONMENT}: the metric $1 has no number for ${LIVE} over the last $2s; does the query find its series?"
      fi
      """#)
}
