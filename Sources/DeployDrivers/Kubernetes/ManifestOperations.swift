import ReleaseModel

extension Kubernetes {
  /// Manifests of the team, one for each share. What they say about routers and pods is theirs; the images are set by the
  /// release. The cluster has no number that a share could be read from, so the last manifest that was applied completely is
  /// noted on the stable deployment.
  static func manifestOperations(_ settings: Settings, _ canary: Canary, _ manifests: Manifests) -> TargetOperations {
    let stable = Word(settings.deployment)
    let second = Word(canary.deployment)
    let object = get(settings, "deployment", stable)
    let marker = marker(settings, on: "deployment", settings.deployment)
    let noted = "liftlock.dev/applied-weight"
    func note(_ weight: Word) -> Action { .run(marker.write.appending(Word("\(noted)=") + weight)) }
    /// The stable deployment is paused meanwhile: the image that stands in the manifest must not roll out.
    func apply(_ manifest: Word, stable image: RuntimeVariable, candidate: Bool, weight: Word) -> [Action] {
      [
        note("changing"),
        .when(
          Query(object, ".spec.paused != true"),
          [.run(kubectl(settings, "rollout", "pause", "deployment/" + stable))]),
        .run(kubectl(settings, "apply", "--filename", manifest)),
        setImage(settings, stable, image),
      ] + (candidate ? [setImage(settings, second, .candidate)] : []) + [
        resume(settings, stable),
        rolledOut(
          settings, candidate ? second : stable,
          "every replica of \(candidate ? canary.deployment : settings.deployment) is available"),
        note(weight),
      ]
    }
    let dark = manifests.files.first { $0.percent == 0 }
    let shifts = manifests.files.filter { $0.percent > 0 }
    let removeCanary = Action.when(
      Query(
        kubectl(settings, "get", "deployment/" + second, "--ignore-not-found", "--output", "json"),
        "(.spec.replicas // 1) > 0"),
      [scale(settings, second, "0")])
    return TargetOperations(
      tools: ["kubectl"], title: "deployment \(settings.deployment)", versionNoun: "image",
      preflight: preflight(settings, settings.deployment),
      findLive: [.read(.previous, Query(object, image(settings)), missing: nil)],
      findPrevious: nil,
      deploy: [.set(.candidate, Word(.artifact))]
        + (dark.map { apply(Word($0.path), stable: .previous, candidate: true, weight: "0") }
          ?? apply(Word(manifests.back), stable: .previous, candidate: false, weight: "0")),
      ready: dark == nil ? [] : [rolledOut(settings, second, "every replica of the canary is available")],
      address: canary.url.map { dark == nil ? [] : [.set(.candidateURL, Word($0))] } ?? [],
      shift: [
        .choose(
          .manifest, by: .weight, shifts.map { .init("\($0.percent)", Word($0.path)) },
          otherwise: .fail("there is no manifest for this share"))
      ] + apply(Word(.manifest), stable: .previous, candidate: true, weight: Word(.weight)),
      liveWeight: Query(object, ".metadata.annotations[\"\(noted)\"] // \"\" | tonumber? // -1"),
      finish: [
        setImage(settings, stable, .candidate),
        rolledOut(settings, stable, "every replica of the stable deployment runs the new image"),
      ] + apply(Word(manifests.back), stable: .candidate, candidate: false, weight: "0") + [removeCanary],
      activatePrevious: activateStable(settings),
      undo: apply(Word(manifests.back), stable: .previous, candidate: false, weight: "0"),
      undone: Query(
        object, ".metadata.annotations[\"\(noted)\"] == \"0\" and (\(image(settings))) == $previous",
        arguments: [.previous]),
      cleanUp: [removeCanary],
      readMarker: marker.read, writeMarker: marker.write, identify: [], markerPrefix: "liftlock.dev/",
      tracks: .init(candidate: "canary", stable: "stable"))
  }
}
