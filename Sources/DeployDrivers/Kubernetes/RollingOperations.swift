import ReleaseModel

extension Kubernetes {
  /// One deployment, replaced pod by pod. The shift to 100 % is the rolling update itself.
  static func rollingOperations(_ settings: Settings) -> TargetOperations {
    let name = settings.deployment
    let deployment = Word(name)
    let current = Query(get(settings, "deployment", deployment), image(settings))
    let marker = marker(settings, on: "deployment", name)
    return TargetOperations(
      tools: ["kubectl"], title: "deployment \(name)", versionNoun: "image",
      preflight: preflight(settings, name),
      findLive: [.read(.previous, current, missing: nil)],
      findPrevious: nil,
      deploy: [.set(.candidate, Word(.artifact))],
      ready: [],
      address: [],
      shift: [
        setImage(settings, deployment, .candidate),
        rolledOut(settings, deployment, "every replica runs the new image"),
      ],
      liveWeight: Query(
        get(settings, "deployment", deployment), "if \(image(settings)) == $candidate then 100 else 0 end",
        arguments: [.candidate]),
      finish: [],
      activatePrevious: [],
      undo: [
        setImage(settings, deployment, .previous),
        resume(settings, deployment),
        rolledOut(settings, deployment, "every replica runs the previous image"),
      ],
      // What it is told to run is not what it runs: with one replica that comes up no more, others still serve the new one.
      undone: Query(
        get(settings, "deployment", deployment), "(\(image(settings))) == $previous and (\(isRolledOut))",
        arguments: [.previous]),
      cleanUp: [],
      readMarker: marker.read, writeMarker: marker.write, identify: [], markerPrefix: "liftlock.dev/",
      tracks: .init(candidate: "stable", stable: "stable"))
  }
}
