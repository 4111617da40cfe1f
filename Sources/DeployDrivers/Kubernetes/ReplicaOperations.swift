import ReleaseModel

extension Kubernetes {
  /// Two deployments behind one service: the share of the traffic is the share of the pods.
  static func replicaOperations(_ settings: Settings, _ canary: Canary, total: Int) -> TargetOperations {
    let stable = Word(settings.deployment)
    let second = Word(canary.deployment)
    let marker = marker(settings, on: "deployment", settings.deployment)
    let both = kubectl(
      settings, "get", "deployment/" + stable, "deployment/" + second, "--output", "json")
    func available(_ name: String) -> String {
      "([.items[] | select(.metadata.name == \"\(name)\") | .status.availableReplicas // 0] | add // 0)"
    }
    /// The canary grows before the stable deployment shrinks, and the other way round on the way back.
    func pods(_ deployment: Word, _ percent: RuntimeVariable, _ what: String) -> [Action] {
      [
        .read(
          .replicas,
          Query(
            get(settings, "deployment", deployment), "($\(percent.filterName) | tonumber) * \(total) / 100 | round",
            arguments: [percent]),
          missing: "the number of pods cannot be told"),
        scale(settings, deployment, Word(.replicas)), rolledOut(settings, deployment, what),
      ]
    }
    let close: [Action] = [
      scale(settings, stable, Word("\(total)")),
      rolledOut(settings, stable, "every replica of the stable deployment is available"),
      scale(settings, second, "0"),
      rolledOut(settings, second, "the canary is gone"),
    ]
    return TargetOperations(
      tools: ["kubectl"], title: "deployment \(settings.deployment)", versionNoun: "image",
      preflight: preflight(settings, settings.deployment) + [
        .require(
          Query(get(settings, "deployment", stable), "(.spec.replicas // 1) == \(total)"),
          orFail: "deployment \(settings.deployment) must have \(total) replicas, all that there are before a release")
      ],
      findLive: [.read(.previous, Query(get(settings, "deployment", stable), image(settings)), missing: nil)],
      findPrevious: nil,
      // Its pods would take traffic at once, so that it stays without any until the first step.
      deploy: [
        .set(.candidate, Word(.artifact)), scale(settings, second, "0"), setImage(settings, second, .candidate),
      ],
      ready: [], address: [],
      shift: pods(second, .weight, "the canary has its pods")
        + pods(stable, .remainder, "the stable deployment has the rest"),
      liveWeight: Query(
        both,
        "\(available(canary.deployment)) as $new | \(available(settings.deployment)) as $old | if $new + $old == 0 then 0 "
          + "else $new * 100 / ($new + $old) | round end"),
      finish: [setImage(settings, stable, .candidate)] + close,
      activatePrevious: [
        .when(
          Query(
            get(settings, "deployment", stable), "(\(image(settings))) != $previous", arguments: [.previous]),
          [setImage(settings, stable, .previous)]),
        resume(settings, stable),
      ],
      undo: close,
      undone: Query(
        both,
        "\(available(canary.deployment)) == 0 and any(.items[]; .metadata.name == \"\(settings.deployment)\" and "
          + "(\(image(settings))) == $previous)", arguments: [.previous]),
      cleanUp: [],
      readMarker: marker.read, writeMarker: marker.write, identify: [], markerPrefix: "liftlock.dev/",
      tracks: .init(candidate: "canary", stable: "stable"))
  }
}
