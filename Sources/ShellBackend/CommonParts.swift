import ReleaseModel
import TextLayout

/// What rollout and rollback of one environment have in common: they must agree about the target to the letter.
struct CommonParts {
  let plan: ReleasePlan
  let environment: EnvironmentPlan

  var constants: [ShellConstant] {
    let tracks = environment.operations.tracks
    return [
      ShellConstant("SERVICE", plan.service),
      ShellConstant("ENVIRONMENT", environment.name),
      ShellConstant("PLACE", environment.name),
      ShellConstant("TARGET_ENVIRONMENT", environment.targetName),
      ShellConstant("TARGET_TITLE", "\(environment.operations.title) (\(environment.name))"),
      ShellConstant("PUBLIC_URL", environment.spec.url?.value ?? ""),
      ShellConstant("MARKER_PREFIX", environment.operations.markerPrefix),
      ShellConstant("STABLE_TRACK", tracks.stable),
    ] + limits
  }

  /// Seconds, and how often: every remote call is bounded.
  var limits: [ShellConstant] {
    [
      ShellConstant("CALL_LIMIT", 60),
      ShellConstant("CALL_ATTEMPTS", 3),
      ShellConstant("PROBE_LIMIT", Probe.patience.seconds),
    ]
  }

  var variables: [ShellVariable] {
    [
      "CANDIDATE", "PREVIOUS", "WEIGHT", "REMAINDER", "CANDIDATE_URL", "TARGET_ID", "VERSION", "TRACK",
      "WINDOW", "WINDOW_START", "WINDOW_END", "MEASURED", "SOURCE", ShellVariable("SILENT", "' '"), "RESOLUTION", "LAG",
      "STATE", "RUN", "RUN_NAME",
      "VERSION_PLACE", "VERSION_IMAGE", "DEPLOYMENT", "REPLICAS", "PATCH", "MANIFEST", "SHARE", "ENDPOINT_STATUS",
      "HOST",
      "OTHER", "DOCUMENT",
      ShellVariable("REPOSITORY", "${GITHUB_REPOSITORY:-}"),
      // By hand, in a checkout, it is the commit that is checked out.
      ShellVariable("COMMIT", "${GITHUB_SHA:-HEAD}"),
      ShellVariable("PROBE_URL", "${PUBLIC_URL}"),
      ShellVariable("CANDIDATE_TRACK", "\(environment.operations.tracks.candidate)"),
      ShellVariable("CHANGED_AT", "0"), ShellVariable("STEP", "0"), "WATCHED",
    ] + MarkerField.allCases.map { ShellVariable(ShellName($0.variable), "''") }
  }

  /// Where this run is, what it is called and where it keeps its notes.
  var setUp: ShellFunction {
    ShellFunction(
      "set_up", "Names this run and finds where it keeps its notes.", needs: ["die", "name_run"],
      body: """
        local root
        name_run
        RUN_NAME="gh-${GITHUB_RUN_ID:-$(date -u +%Y%m%d%H%M%S)}-${GITHUB_RUN_ATTEMPT:-1}"
        export RUN_NAME
        root=${LIFTLOCK_STATE:-${RUNNER_TEMP:-${XDG_STATE_HOME:-${HOME:?}/.local/state}}/liftlock}
        STATE="${root}/${SERVICE}/${ENVIRONMENT}"
        mkdir -p "${STATE}"
        cd "$(dirname "${BASH_SOURCE[0]}")/../../.." || die 3 "cannot go to the root of the repository"
        """)
  }

  /// Logging in where a secret has to become a file; OIDC logins are steps of the workflow.
  var logIn: ShellFunction {
    switch environment.spec.target.login {
    case .kubeconfig(let secret):
      let name = ShellName(secret).bash
      return ShellFunction(
        "log_in",
        "The kubeconfig is a path on a person's machine, or several with colons between, and a text in a workflow; the text goes",
        "into a file that only this user can read and that ends with this script.",
        body: """
          if [[ -z ${\(name):-} ]]; then
            return 0
          fi
          if [[ ${\(name)} != *$'\\n'* && ${\(name)} != *apiVersion* ]]; then
            export KUBECONFIG=${\(name)}
            return 0
          fi
          KUBECONFIG_FILE=$(umask 077 && mktemp "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/liftlock.XXXXXX")
          trap 'rm -f "${KUBECONFIG_FILE}"' EXIT
          printf '%s\\n' "${\(name)}" >"${KUBECONFIG_FILE}"
          export KUBECONFIG=${KUBECONFIG_FILE}
          """)
    case .azure, .none:
      return ShellFunction("log_in", "Logging in is a step of the workflow; by hand it is `az login`.", body: ":")
    }
  }

  var tools: [String] {
    ["jq", "curl", "awk"] + environment.operations.tools
      + MetricFunctions.tools(environment.metrics).filter { !environment.operations.tools.contains($0) }
  }
}
