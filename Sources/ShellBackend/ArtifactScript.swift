import ReleaseModel
import TextLayout

/// `ops/<service>/artifact.sh`: builds the image once for a commit, or finds the one that was built.
struct ArtifactScript {
  let plan: ReleasePlan

  private var artifact: Artifact { plan.spec.artifact }

  var script: ShellScript {
    let path = "ops/\(plan.service)/artifact.sh"
    return ShellScript(
      path: path,
      purpose: [
        "Builds the image of \(plan.service) once for a commit, or finds the one that was built, and prints it with its digest.",
        "What is promoted is this digest; nothing is built again.",
      ],
      usage: (artifact.build == nil ? [] : ["\(path) build"]) + ["\(path) resolve"],
      exitCodes: [
        (0, "the image is there; its name with digest is on standard output"), (1, "it is not"), (2, "called wrongly"),
      ],
      constants: [
        ShellConstant("SERVICE", plan.service), ShellConstant("PLACE", "artifact"),
        ShellConstant("IMAGE", artifact.image.value), ShellConstant("CALL_LIMIT", 120),
        ShellConstant("CALL_ATTEMPTS", 3),
      ],
      variables: [],
      functions: [logIn, resolve] + (artifact.build.map { [build($0)] } ?? []) + [publish],
      main: main,
      mainNeeds: ["need_tools", "die", "log_in", "resolve", "publish"] + (artifact.build == nil ? [] : ["build"]))
  }

  private var logIn: ShellFunction {
    switch artifact.registry {
    case .azure(let name):
      ShellFunction(
        "log_in", "With the identity that az is logged in as.", needs: ["remote"],
        body: "remote az acr login --name \(name) >/dev/null")
    case .github:
      ShellFunction(
        "log_in", "With the workflow's own token, which reaches docker through its standard input.",
        body: #"""
          if [[ -n ${GH_TOKEN:-} ]]; then
            printf '%s' "${GH_TOKEN}" | docker login "${IMAGE%%/*}" --username "${GITHUB_ACTOR:-x}" --password-stdin >/dev/null
          fi
          """#)
    case nil: ShellFunction("log_in", "Nobody has to log in.", body: ":")
    }
  }

  /// The tag is only how the digest is found; the digest is what counts.
  private var resolve: ShellFunction {
    ShellFunction(
      "resolve", "Prints the image of the commit with its digest.", needs: ["remote", "complain"],
      body: #"""
        local digest
        digest=$(remote docker buildx imagetools inspect "${IMAGE}:${COMMIT}" --format '{{json .Manifest.Digest}}') || digest=''
        digest=${digest//\"/}
        if [[ ! ${digest} =~ ^sha256:[0-9a-f]{64}$ ]]; then
          complain "there is no image ${IMAGE}:${COMMIT}; was this commit built and released before?"
          return 1
        fi
        printf '%s@%s\n' "${IMAGE}" "${digest}"
        """#)
  }

  private func build(_ build: Artifact.Build) -> ShellFunction {
    ShellFunction(
      "build", "Builds the commit's image unless it is already there: built once, promoted ever after.",
      needs: ["resolve", "say", "complain"],
      body: """
        local metadata digest
        if docker buildx imagetools inspect "${IMAGE}:${COMMIT}" >/dev/null 2>&1; then
          say "${IMAGE}:${COMMIT} is already built"
          resolve
          return
        fi
        metadata=$(mktemp "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/liftlock.XXXXXX")
        docker buildx build --file \(build.dockerfile) --tag "${IMAGE}:${COMMIT}" \\
          --label "org.opencontainers.image.revision=${COMMIT}" --push --metadata-file "${metadata}" \(build.context) >&2 || {
          complain "the image could not be built"
          return 1
        }
        digest=$(jq -r '."containerimage.digest" // empty' "${metadata}")
        rm -f "${metadata}"
        if [[ ! ${digest} =~ ^sha256:[0-9a-f]{64}$ ]]; then
          complain "the builder named no digest"
          return 1
        fi
        printf '%s@%s\\n' "${IMAGE}" "${digest}"
        """)
  }

  private var publish: ShellFunction {
    ShellFunction(
      "publish", "IMAGE@DIGEST: for a person and for the next step.",
      body: #"""
        printf '%s\n' "$1"
        if [[ -n ${GITHUB_OUTPUT:-} ]]; then
          printf 'artifact=%s\n' "$1" >>"${GITHUB_OUTPUT}"
        fi
        """#)
  }

  private var main: Bash {
    let build: Bash = artifact.build == nil ? .empty : "build) reference=$(build) || exit 1 ;;"
    return """
      need_tools docker jq
      COMMIT=${GITHUB_SHA:-$(git rev-parse HEAD)}
      cd "$(dirname "${BASH_SOURCE[0]}")/../.." || die 1 "cannot go to the root of the repository"
      case ${1:-} in
        -h | --help)
          usage
          exit 0
          ;;
        build | resolve) log_in || die 1 "cannot log in to the registry of ${IMAGE}" ;;
        *)
          usage >&2
          exit 2
          ;;
      esac
      case $1 in
        \(build)
        resolve) reference=$(resolve) || exit 1 ;;
        *)
          usage >&2
          exit 2
          ;;
      esac
      publish "${reference}"
      """
  }
}
