import ReleaseModel
import SpecShape

/// Azure Container Apps in multiple-revision mode: a version is a revision, traffic is split by revision weights.
///
/// Source: Microsoft's docs, "Traffic splitting in Azure Container Apps" and the reference of `az containerapp`.
enum AzureContainerApps {
  struct Settings: Sendable {
    let app: String
    let resourceGroup: String
    let client: String
    let tenant: String
    let subscription: String
  }

  static let variant = Variant<DriverChoice>(
    "azure-container-apps", "A Container App whose revisions share the traffic.",
    Shape.object(
      "azure-container-apps", "A Container App whose revisions share the traffic.",
      .required("app", .resourceName, "The Container App.", example: "acme-api"),
      .required("resource-group", .resourceName, "Its resource group.", example: "acme"),
      .defaulted(
        "client-id", .reference, to: "AZURE_CLIENT_ID", shown: "AZURE_CLIENT_ID",
        "The secret that holds the client id of the identity that GitHub is federated with."),
      .defaulted(
        "tenant-id", .reference, to: "AZURE_TENANT_ID", shown: "AZURE_TENANT_ID", "The secret that holds its tenant."),
      .defaulted(
        "subscription-id", .reference, to: "AZURE_SUBSCRIPTION_ID", shown: "AZURE_SUBSCRIPTION_ID",
        "The secret that holds the subscription.")
    ) { _, app, group, client, tenant, subscription in
      let settings = Settings(
        app: app, resourceGroup: group, client: client, tenant: tenant, subscription: subscription)
      return DriverChoice(driver: "azure-container-apps") { target(settings, readyWithin: $0.readyWithin) }
    })

  static func target(_ settings: Settings, readyWithin: TimeSpan) -> DeployTarget {
    DeployTarget(
      driver: "azure-container-apps",
      login: .azure(client: settings.client, tenant: settings.tenant, subscription: settings.subscription),
      capabilities: TargetCapabilities(
        weights: .any, candidateAddress: true, separateTracks: true, reverseStages: true, instantSwitch: true),
      operations: operations(settings, readyWithin),
      platform: .containerApp(name: settings.app, resourceGroup: settings.resourceGroup))
  }

  private static func operations(_ settings: Settings, _ readyWithin: TimeSpan) -> TargetOperations {
    let app = Word(settings.app)
    let group = Word(settings.resourceGroup)
    /// `az containerapp …` with the app, its group and machine-readable output.
    func containerApp(_ verb: [Word], _ options: [Word] = []) -> Command {
      Command(
        words: ["az", "containerapp"] + verb + ["--name", app, "--resource-group", group] + options
          + ["--output", "json"])
    }
    let show = containerApp(["show"])
    let revisions = containerApp(["revision", "list"], ["--all"])
    let traffic = containerApp(["ingress", "traffic", "show"])
    func revision(_ version: RuntimeVariable) -> Command {
      containerApp(["revision", "show"], ["--revision", Word(version)])
    }
    let id = Query(show, ".id // empty")
    // The revision with the most traffic is the live one. `latestRevision` entries carry no name, so the platform's own
    // note of the latest ready revision stands in.
    let live = Query(
      show,
      """
      .properties.latestReadyRevisionName as $latest | [.properties.configuration.ingress.traffic[]? | {name: \
      (.revisionName // (if .latestRevision then $latest else null end)), weight: (.weight // 0)} | select(.weight > 0 \
      and .name != null)] | max_by(.weight) | .name // empty
      """)
    let running = """
      .properties | (.provisioningState == "Provisioned" and .active == true and (.healthState // "Healthy") == "Healthy" \
      and ((.runningState // "Running") | IN("Running", "RunningAtMaxScale", "ScaledToZero")))
      """

    let activate: [Action] = [
      .when(
        Query(revision(.previous), ".properties.active != true"),
        [.run(containerApp(["revision", "activate"], ["--revision", Word(.previous)]))]),
      .wait(until: Query(revision(.previous), running), limit: .minutes(5), what: "the previous revision is healthy"),
    ]

    return TargetOperations(
      tools: ["az"],
      title: "Container App \(settings.app)",
      versionNoun: "revision",
      preflight: [
        .require(
          Query(show, #".properties.configuration.activeRevisionsMode == "Multiple""#),
          orFail:
            "\(settings.app) is not in multiple-revision mode, so a new revision would take all traffic at once; run: "
            + "az containerapp revision set-mode --name \(settings.app) --resource-group \(settings.resourceGroup) "
            + "--mode multiple")
      ],
      findLive: [.read(.previous, live, missing: nil)],
      findPrevious: [
        .read(.candidate, live, missing: "no revision of \(settings.app) has traffic"),
        .read(
          .previous,
          Query(
            revisions,
            """
            (map(select(.name == $candidate)) | first | .properties.createdTime) as $born | map(select(.name != $candidate \
            and .properties.createdTime < $born)) | max_by(.properties.createdTime) | .name // empty
            """, arguments: [.candidate]),
          missing: "\(settings.app) has no revision before the live one"),
      ],
      deploy: [
        // Pinned by name first: while traffic follows `latestRevision`, an update would move all of it.
        .when(
          Query(
            traffic, #"any(.[]; .latestRevision == true) and $previous != """#,
            arguments: [.previous]),
          [
            .run(
              containerApp(["ingress", "traffic", "set"], ["--revision-weight", Word(.previous) + "=100"]))
          ]),
        .set(.candidate, app + "--" + Word(.runName)),
        // A run that was killed after the update finds its revision there; creating it again would be refused.
        .when(
          Query(revisions, "any(.[]; .name == $candidate) | not", arguments: [.candidate]),
          [.run(containerApp(["update"], ["--image", Word(.artifact), "--revision-suffix", Word(.runName)]))]),
      ],
      ready: [
        .wait(until: Query(revision(.candidate), running), limit: readyWithin, what: "the new revision is healthy")
      ],
      address: [
        .read(
          .candidateURL, Query(revision(.candidate), #".properties.fqdn | if . then "https://" + . else empty end"#),
          missing: "the new revision has no address; is ingress enabled?")
      ],
      shift: [
        .run(
          containerApp(
            ["ingress", "traffic", "set"],
            ["--revision-weight", Word(.candidate) + "=" + Word(.weight), Word(.previous) + "=" + Word(.remainder)]))
      ],
      liveWeight: Query(
        traffic, "[.[] | select(.revisionName == $candidate) | .weight // 0] | add // 0", arguments: [.candidate]),
      finish: [
        .run(containerApp(["ingress", "traffic", "set"], ["--revision-weight", Word(.candidate) + "=100"]))
      ],
      activatePrevious: activate,
      undo: [
        .run(containerApp(["ingress", "traffic", "set"], ["--revision-weight", Word(.previous) + "=100"]))
      ],
      undone: Query(
        traffic, "[.[] | select(.revisionName == $previous) | .weight // 0] | add == 100", arguments: [.previous]),
      cleanUp: [],
      readMarker: Query(show, ".tags // {}"),
      writeMarker: Command(
        "az", "tag", "update", "--resource-id", Word(.targetID), "--operation", "Merge", "--output", "none", "--tags"),
      identify: [.read(.targetID, id, missing: "\(settings.app) was not found in \(settings.resourceGroup)")],
      markerPrefix: "liftlock-",
      tracks: .init(candidate: "candidate", stable: "stable"),
      prepareReverse: activate)
  }
}
