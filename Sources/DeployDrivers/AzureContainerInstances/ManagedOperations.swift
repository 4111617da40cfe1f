import ReleaseModel

extension AzureContainerInstances {
  /// A version is `GROUP=IMAGE`: the group may be gone when it is wanted again, and is then created anew from its image.
  static func managedOperations(
    _ settings: Settings, _ manager: Manager, readyWithin: TimeSpan
  ) -> TargetOperations {
    let group = Word(.place)
    let other = Word(.other)
    let show = container(settings, "show", group)
    let groups = groups(settings)
    let profile = Command(
      "az", "network", "traffic-manager", "profile", "show", "--name", Word(manager.profile), "--resource-group",
      Word(settings.resourceGroup), "--output", "json")
    func endpoint(_ verb: Word, _ name: Word, _ options: Word...) -> Action {
      .run(
        Command(
          words: [
            "az", "network", "traffic-manager", "endpoint", verb, "--name", name, "--profile-name",
            Word(manager.profile), "--resource-group", Word(settings.resourceGroup), "--type", "externalEndpoints",
          ] + options + ["--output", "none"]))
    }
    let enabled = "[.endpoints[]? | select(.endpointStatus == \"Enabled\")]"
    let settle = Action.pause(manager.ttl, why: "resolvers keep the old answer that long")
    func locate(_ version: RuntimeVariable) -> Action { .split(version, first: .place, second: .image) }

    /// Gives an endpoint its share: a weight of 0 does not exist, it is a disabled endpoint.
    func weigh(_ percent: RuntimeVariable) -> [Action] {
      [
        .choose(.endpointStatus, by: percent, [.init("0", "Disabled")], otherwise: .word("Enabled")),
        .choose(.share, by: percent, [.init("0", "1")], otherwise: .word(Word(percent))),
        endpoint("update", group, "--weight", Word(.share), "--endpoint-status", Word(.endpointStatus)),
      ]
    }
    let label = settings.group.label.map { "(\(text($0 + "-")) + $versionPlace)" } ?? "$versionPlace"
    let createGroup = Action.when(
      Query(groups, "any(.[]; .name == $versionPlace) | not", arguments: [.place]),
      [
        create(
          settings, from: nil, name: "$versionPlace", image: .image, label: label,
          tags: "{\"liftlock-target\": \(text(settings.name))}", arguments: [.place])
      ])
    func serve(_ what: String, within limit: TimeSpan) -> [Action] {
      [
        .wait(until: Query(show, running), limit: limit, what: what),
        .read(.host, Query(show, ".ipAddress.fqdn // empty"), missing: "the container group has no host name"),
        .when(
          Query(profile, "any(.endpoints[]?; .name == $versionPlace) | not", arguments: [.place]),
          [endpoint("create", group, "--target", Word(.host), "--weight", "1", "--endpoint-status", "Disabled")]),
      ]
    }
    let activate =
      [locate(.previous), createGroup] + serve("the previous version's container runs", within: .minutes(5))
    /// Deleting a group that is gone already is no error; deleting an endpoint would be one.
    func remove(_ name: RuntimeVariable) -> [Action] {
      [
        .when(
          Query(profile, "any(.endpoints[]?; .name == $\(name.filterName))", arguments: [name]),
          [endpoint("delete", Word(name))]),
        .run(
          Command(
            "az", "container", "delete", "--name", Word(name), "--resource-group", Word(settings.resourceGroup),
            "--yes", "--output", "none")),
      ]
    }
    let address = settings.group.port == 443 ? Word("https://") + Word(.host) : Word("http://") + Word(.host)
    let port = [80, 443].contains(settings.group.port) ? "" : ":\(settings.group.port)"

    return TargetOperations(
      tools: ["az"], title: "Traffic Manager \(manager.profile)", versionNoun: "container group and image",
      preflight: [
        .require(
          Query(profile, ".trafficRoutingMethod == \"Weighted\""),
          orFail: "Traffic Manager \(manager.profile) must route by weight: --routing-method Weighted"),
        .require(
          Query(profile, ".dnsConfig.ttl <= \(manager.ttl.seconds)"),
          orFail: "answers of \(manager.profile) live longer than `ttl: \(manager.ttl)` says; make both agree"),
        .require(
          Query(profile, "\(enabled) | length > 0"),
          orFail: "no endpoint of \(manager.profile) is enabled: nothing is live"),
      ],
      findLive: [
        .read(
          .place, Query(profile, "\(enabled) | max_by(.weight) | .name // empty"),
          missing: "no endpoint of \(manager.profile) is enabled"),
        .read(
          .image, Query(show, image),
          missing: "the live endpoint is not called like a container group: create one that is"),
        .set(.previous, group + "=" + Word(.image)),
      ],
      findPrevious: nil,
      deploy: [
        .set(.candidate, Word(settings.name + "-") + Word(.runName) + "=" + Word(.artifact)), locate(.candidate),
        createGroup,
      ],
      ready: [locate(.candidate)] + serve("the new container runs", within: readyWithin),
      address: [
        locate(.candidate),
        .read(.host, Query(show, ".ipAddress.fqdn // empty"), missing: "the new container group has no host name"),
        .set(.candidateURL, address + Word(port)),
      ],
      // What gains traffic goes first: at no moment is every endpoint disabled.
      shift: [locate(.candidate)] + weigh(.weight) + [locate(.previous)] + weigh(.remainder) + [settle],
      liveWeight: Query(
        profile,
        """
        \(enabled) | (map(.weight) | add) as $all | (map(select(.name == ($candidate | split("=")[0])) | .weight) | add // 0) \
        as $own | if ($all // 0) == 0 then 0 else $own * 100 / $all | round end
        """, arguments: [.candidate]),
      finish: [locate(.previous)] + remove(.place),
      activatePrevious: activate,
      undo: [
        locate(.previous),
        endpoint("update", group, "--weight", "100", "--endpoint-status", "Enabled"),
        .forEach(
          .other, in: Query(profile, "\(enabled)[] | .name | select(. != $versionPlace)", arguments: [.place]),
          [endpoint("update", other, "--endpoint-status", "Disabled")]),
        settle,
      ],
      undone: Query(
        profile, "\(enabled) | map(.name) == [$previous | split(\"=\")[0]]", arguments: [.previous]),
      // All that releases of this service have left beside the version that is live, whichever run it was.
      cleanUp: [
        locate(.previous),
        .forEach(
          .other,
          in: Query(
            groups,
            ".[] | select((.tags // {})[\"liftlock-target\"] == \(text(settings.name)) and .name != $versionPlace) | .name",
            arguments: [.place]),
          remove(.other)),
      ],
      readMarker: Query(profile, ".tags // {}"),
      writeMarker: Command(
        "az", "tag", "update", "--resource-id", Word(.targetID), "--operation", "Merge", "--output", "none", "--tags"),
      identify: [
        .read(.targetID, Query(profile, ".id // empty"), missing: "there is no Traffic Manager \(manager.profile)")
      ],
      markerPrefix: "liftlock-", tracks: .init(candidate: "candidate", stable: "stable"), prepareReverse: activate)
  }
}
