import ReleaseModel

extension Kubernetes {
  /// Two deployments and a router. The stable one keeps the previous image until the candidate has held 100 %; only then is
  /// it updated, while the canary still carries the traffic, so that there is something to go back to at every moment.
  static func routedOperations(_ settings: Settings, _ canary: Canary, _ router: Router) -> TargetOperations {
    let stable = Word(settings.deployment)
    let second = Word(canary.deployment)
    let marker = marker(settings, on: "deployment", settings.deployment)
    return TargetOperations(
      tools: ["kubectl"], title: "deployment \(settings.deployment)", versionNoun: "image",
      preflight: preflight(settings, settings.deployment) + router.preflight,
      findLive: [.read(.previous, Query(get(settings, "deployment", stable), image(settings)), missing: nil)],
      findPrevious: nil,
      // Nothing may reach the canary while it changes, whatever an earlier release left behind.
      deploy: [.set(.candidate, Word(.artifact))] + router.close + [
        setImage(settings, second, .candidate), scale(settings, second, Word("\(canary.replicas)")),
      ],
      ready: [rolledOut(settings, second, "every replica of the canary is available")],
      address: canary.url.map { [.set(.candidateURL, Word($0))] } ?? [],
      shift: router.shift,
      liveWeight: router.weight,
      finish: [
        setImage(settings, stable, .candidate),
        rolledOut(settings, stable, "every replica of the stable deployment runs the new image"),
      ] + router.close + [scale(settings, second, "0")],
      activatePrevious: activateStable(settings),
      undo: router.close,
      undone: Query(router.weight.command, "(\(router.weight.filter)) == 0"),
      cleanUp: [scale(settings, second, "0")],
      readMarker: marker.read, writeMarker: marker.write, identify: [], markerPrefix: "liftlock.dev/",
      tracks: .init(candidate: "canary", stable: "stable"))
  }

  /// The stable deployment runs the previous image.
  static func activateStable(_ settings: Settings) -> [Action] {
    let stable = Word(settings.deployment)
    return [
      .when(
        Query(
          get(settings, "deployment", stable), "(\(image(settings))) != $previous", arguments: [.previous]),
        [setImage(settings, stable, .previous)]),
      resume(settings, stable),
      rolledOut(settings, stable, "every replica of the stable deployment runs the previous image"),
    ]
  }
}
