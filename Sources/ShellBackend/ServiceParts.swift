import ReleaseModel
import TextLayout

/// What scripts of a whole service have in common: those that no single environment owns.
struct ServiceParts {
  let plan: ReleasePlan
  /// What the script is about, for its messages and its folder: `readiness`, `drill restore`.
  let place: String

  var constants: [ShellConstant] {
    [
      ShellConstant("SERVICE", plan.service), ShellConstant("CALL_LIMIT", 60), ShellConstant("CALL_ATTEMPTS", 3),
      ShellConstant("PROBE_LIMIT", Probe.patience.seconds),
    ]
  }

  var variables: [ShellVariable] {
    [
      ShellVariable("PLACE", "\(place)"), "STATE", "RUN", "RUN_ADDRESS", "REPOSITORY", "DEFAULT_BRANCH", "PRIVATE",
      "ERRORS", "ANSWER", "STATUS", "PROBLEM",
      "ARTIFACT_RUN", "ARTIFACT_CREATED", "ISSUE",
    ]
  }

  /// `set_up FOLDER`
  static let setUp = ShellFunction(
    "set_up", "FOLDER: names this run, finds where it keeps its notes, and goes to the root of the repository.",
    needs: ["die", "name_run"],
    body: #"""
      local root
      name_run
      root=${LIFTLOCK_STATE:-${RUNNER_TEMP:-${XDG_STATE_HOME:-${HOME:?}/.local/state}}/liftlock}
      STATE="${root}/${SERVICE}/$1"
      mkdir -p "${STATE}/report"
      cd "$(dirname "${BASH_SOURCE[0]}")/../.." || die 3 "cannot go to the root of the repository"
      """#)

  /// Asking GitHub, from the root of the repository.
  static let reachGitHub = ShellFunction(
    "reach_github", "Finds the repository, and where its runs are seen.", needs: ["read_repository", "die"],
    body: #"""
      local root=${PWD}
      ERRORS=$(mktemp "${TMPDIR:-/tmp}/liftlock.XXXXXX")
      trap 'rm -f "${ERRORS}"' EXIT
      read_repository
      cd "${root}" || die 3 "cannot go back to the root of the repository"
      if [[ -n ${GITHUB_RUN_ID:-} ]]; then
        RUN_ADDRESS="${GITHUB_SERVER_URL:-https://github.com}/${REPOSITORY}/actions/runs/${GITHUB_RUN_ID}"
      fi
      """#)
}
