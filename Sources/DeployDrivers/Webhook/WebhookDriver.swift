import ReleaseModel
import SpecShape

/// A platform that is reached by webhooks and by nothing else: it is told to deploy or to roll back, and answers with a status.
///
/// What is live, and what was before, is what Liftlock noted itself: as deployments with the task `liftlock-marker` on GitHub,
/// since there is no target to note it on. The newest value of each field counts.
enum WebhookDriver {
  static let variant = Variant<DriverChoice>(
    "webhook", "A platform that deploys when a webhook is called.",
    Shape.object(
      "webhook",
      "A platform that deploys when a webhook is called: a POST of `{service, environment, version, previous, run}`, where "
        + "`version` is the one that is released or taken back and `previous` the one before it, or null.",
      .required("deploy", .reference, "The secret that holds the address to deploy.", example: "DEPLOY_WEBHOOK"),
      .required(
        "rollback", .reference,
        "The secret that holds the address to go back to `previous`. When it may be missing, a release that fails then "
          + "says that it was not taken back.", example: "ROLLBACK_WEBHOOK"),
      .required(
        "verify", .reference,
        "The secret that holds the address that is called after a rollback, and fails unless it is back. When it may be "
          + "missing, it is left out.", example: "ROLLBACK_VERIFY_WEBHOOK"),
      .optional("token", .reference, "The secret that holds a bearer token for all of them.", example: "WEBHOOK_TOKEN"),
      .defaulted(
        "idempotent", .boolean, to: false, shown: "false",
        "Whether the receivers know a call that they had before by its `Idempotency-Key`, so that it may be repeated.")
    ) { _, deploy, rollback, verify, token, idempotent in
      DriverChoice(driver: "webhook") { _ in
        target(deploy: deploy, rollback: rollback, verify: verify, token: token, isRepeatable: idempotent)
      }
    })

  private static func target(
    deploy: String, rollback: String, verify: String, token: String?, isRepeatable: Bool
  ) -> DeployTarget {
    let path = Word("repos/") + Word(.repository) + "/deployments"
    let marks = Command(
      "gh", "api", "--method", "GET", path, "--raw-field", "task=liftlock-marker", "--raw-field",
      Word("environment=") + Word(.environment), "--field", "per_page=100")
    let payload = "(.payload | if type == \"string\" then fromjson else . end)"
    // The last note of what is live that is more than the beginning of a change.
    let settled = Query(
      marks, "map(select(\(payload)[\"liftlock-live\"] // \"changing\" | . != \"changing\")) | first | .id // 0")
    func call(_ purpose: String, _ address: String, state: String?, _ missing: Webhook.WhenMissing) -> Action {
      .webhook(
        Webhook(
          purpose: purpose, address: address, token: token, isRepeatable: isRepeatable, state: state,
          whenMissing: missing, turn: settled))
    }
    // The newest stands first, so that it is added last.
    let fields = "map(\(payload)) | reverse | add // {}"
    let live = "(\(fields))[\"liftlock-live\"]"
    let help = "write `rolling:`: a webhook moves all traffic, and there is nothing to see of the new version before"
    return DeployTarget(
      driver: "webhook", login: .none,
      capabilities: TargetCapabilities(
        weights: .none, candidateAddress: false, separateTracks: false, markerOnGitHub: true,
        refused: [.canary: help, .blueGreen: help]),
      operations: TargetOperations(
        tools: ["gh"], title: "the platform behind \(deploy)", versionNoun: "version",
        preflight: [],
        findLive: [.read(.previous, Query(marks, "\(live) // \"unknown\""), missing: nil)],
        findPrevious: nil,
        deploy: [
          .outcome("rollbackState", "not_needed"), .outcome("rollbackCallbackState", "not_needed"),
          .set(.candidate, Word(.artifact)),
        ],
        ready: [], address: [],
        // Between the two notes nobody knows what is live.
        shift: [
          .mark("live", "changing"),
          call("deploy", deploy, state: nil, .fail("not deployed: \(deploy) has no value")),
          .mark("live", Word(.candidate)),
        ],
        liveWeight: Query(marks, "if \(live) == $candidate then 100 else 0 end", arguments: [.candidate]),
        finish: [], activatePrevious: [],
        undo: [
          // Without a rollback webhook nobody gets as far as the callback; that it is missing, too, is said here.
          .outcomeWithout(secret: verify, "rollbackCallbackState", "skipped_missing_webhook"),
          .mark("live", "changing"),
          call(
            "rollback", rollback, state: "rollbackState",
            .fail("not taken back: no rollback webhook (\(rollback) has no value)")),
          .mark("live", Word(.previous)),
        ],
        undone: Query(marks, "\(live) == $previous", arguments: [.previous]),
        cleanUp: [],
        readMarker: Query(marks, fields),
        writeMarker: Command(
          "gh", "api", "--method", "POST", path, "--raw-field", Word("ref=") + Word(.commit), "--raw-field",
          "task=liftlock-marker", "--raw-field", Word("environment=") + Word(.environment), "--field",
          "auto_merge=false", "--field", "required_contexts[]"),
        identify: [.given(.repository, orFail: "set GITHUB_REPOSITORY to OWNER/REPOSITORY: the marker is kept there")],
        markerPrefix: "liftlock-", tracks: .init(candidate: "stable", stable: "stable"),
        confirmUndo: [call("verify", verify, state: "rollbackCallbackState", .skip)], markerWords: .payload),
      platform: .webhooks(.init(deploy: deploy, rollback: rollback, verify: verify, token: token)),
      secrets: [deploy, rollback, verify] + (token.map { [$0] } ?? []))
  }
}
