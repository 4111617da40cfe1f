import ReleaseModel

extension AzureContainerInstances {
  /// One group, whose container is replaced. While the new one starts, nothing serves.
  static func singleOperations(_ settings: Settings, readyWithin: TimeSpan) -> TargetOperations {
    let name = Word(settings.name)
    let show = container(settings, "show", name)
    func replace(_ version: RuntimeVariable, _ what: String) -> [Action] {
      [
        // The tags are the marker, and creating a group again without them would take them away.
        create(
          settings, from: show, name: text(settings.name), image: version,
          label: text(settings.group.label ?? settings.name), tags: "(.tags // {})", arguments: []),
        .wait(until: Query(show, running), limit: readyWithin, what: what),
      ]
    }
    return TargetOperations(
      tools: ["az"], title: "container group \(settings.name)", versionNoun: "image",
      preflight: [
        .require(
          Query(show, "[\(image)] | length == 1"),
          orFail: "there is no container group \(settings.name): bring the first version up by hand")
      ],
      findLive: [.read(.previous, Query(show, image), missing: nil)],
      findPrevious: nil,
      deploy: [.set(.candidate, Word(.artifact))],
      ready: [], address: [],
      shift: replace(.candidate, "the new container runs"),
      liveWeight: Query(
        show, "if .containers[0].image == $candidate then 100 else 0 end", arguments: [.candidate]),
      finish: [], activatePrevious: [],
      undo: replace(.previous, "the previous version's container runs"),
      // A group that does not come up serves nobody.
      undone: Query(show, ".containers[0].image == $previous and (\(running))", arguments: [.previous]),
      cleanUp: [],
      readMarker: Query(show, ".tags // {}"),
      writeMarker: Command(
        "az", "tag", "update", "--resource-id", Word(.targetID), "--operation", "Merge", "--output", "none", "--tags"),
      identify: [
        .read(.targetID, Query(show, ".id // empty"), missing: "there is no container group \(settings.name)")
      ],
      markerPrefix: "liftlock-", tracks: .init(candidate: "stable", stable: "stable"))
  }
}
