import ReleaseModel

extension Kubernetes {
  /// Two deployments and a route. The stable one keeps the previous image until the candidate has held 100 %; only then is
  /// it updated, while the canary still carries the traffic, so that there is something to go back to at every moment.
  static func canaryOperations(_ settings: Settings, _ canary: Canary) -> TargetOperations {
    let stable = settings.deployment
    let route = canary.route
    let path = "/spec/rules/\(route.rule)/backendRefs"
    func backend(_ service: String, _ weight: Word) -> Word {
      Word("{\"name\":\"\(service)\",\"port\":\(route.port),\"weight\":") + weight + "}"
    }
    func weights(_ stableWeight: Word, _ canaryWeight: Word) -> Action {
      let value =
        Word("[{\"op\":\"replace\",\"path\":\"\(path)\",\"value\":[") + backend(route.service, stableWeight) + ","
        + backend(route.canaryService, canaryWeight) + "]}]"
      return .run(kubectl(settings, "patch", Word("httproute/\(route.route)"), "--type", "json", "--patch", value))
    }
    let routed = get(settings, "httproute", route.route)
    let canaryWeight =
      "[.spec.rules[\(route.rule)].backendRefs[]? | select(.name == \"\(route.canaryService)\") | .weight // 1] | add // 0"
    let stableImage = get(settings, "deployment", stable)
    let marker = marker(settings)

    return TargetOperations(
      tools: ["kubectl"], title: "deployment \(stable)", versionNoun: "image",
      preflight: preflight(settings) + [
        .require(
          Query(
            routed,
            "[.spec.rules[\(route.rule)].backendRefs[]? | .name] | index(\"\(route.service)\") != null"),
          orFail: "rule \(route.rule) of HTTPRoute \(route.route) does not lead to service \(route.service)")
      ],
      findLive: [.read(.previous, Query(stableImage, image(settings)), missing: nil)],
      findPrevious: nil,
      deploy: [
        .set(.candidate, Word(.artifact)),
        // Nothing may reach the canary while it changes, whatever an earlier release left behind.
        weights("100", "0"),
        setImage(settings, canary.deployment, .candidate),
        .run(
          kubectl(
            settings, "scale", Word("deployment/\(canary.deployment)"), Word("--replicas=\(canary.replicas)"))),
      ],
      ready: [rolledOut(settings, canary.deployment, "every replica of the canary is available")],
      address: canary.url.map { [.set(.candidateURL, Word($0))] } ?? [],
      shift: [weights(Word(.remainder), Word(.weight))],
      liveWeight: Query(routed, canaryWeight),
      finish: [
        setImage(settings, stable, .candidate),
        rolledOut(settings, stable, "every replica of the stable deployment runs the new image"),
        weights("100", "0"),
        .run(kubectl(settings, "scale", Word("deployment/\(canary.deployment)"), "--replicas=0")),
      ],
      activatePrevious: [
        .when(
          Query(stableImage, "(\(image(settings))) != $previous", arguments: [.previous]),
          [setImage(settings, stable, .previous)]),
        resume(settings, stable),
        rolledOut(settings, stable, "every replica of the stable deployment runs the previous image"),
      ],
      undo: [weights("100", "0")],
      undone: Query(routed, "(\(canaryWeight)) == 0"),
      cleanUp: [.run(kubectl(settings, "scale", Word("deployment/\(canary.deployment)"), "--replicas=0"))],
      readMarker: marker.read, writeMarker: marker.write, identify: [], markerPrefix: "liftlock.dev/",
      tracks: .init(candidate: "canary", stable: "stable"))
  }
}
