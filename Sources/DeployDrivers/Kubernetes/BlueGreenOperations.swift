import ReleaseModel
import SpecShape

extension Kubernetes {
  /// Two deployments, and a service whose selector says which one serves.
  struct BlueGreen: Sendable {
    let service: String
    let label: String
    let blue: String
    let green: String
    let url: String?
    let previewService: String?
    let keepsIdle: Bool
  }

  static let blueGreen = Shape<BlueGreen>.object(
    "blue-green", "Two deployments, and a service whose selector says which one serves.",
    .required("service", .resourceName, "The service that users reach.", example: "app-service"),
    .defaulted(
      "selector-label", .resourceName, to: "version", shown: "version",
      "The label in its selector that is `blue` or `green`, as on the pods of the two deployments."),
    .required("blue", .resourceName, "The deployment whose pods are labelled `blue`.", example: "app-blue"),
    .required("green", .resourceName, "The deployment whose pods are labelled `green`.", example: "app-green"),
    .optional(
      "url", .httpsAddress, "Where the new colour is reached before the switch.",
      example: "https://preview.shop.example"),
    .optional(
      "preview-service", .resourceName, "A second service, whose selector is pointed at the new colour for that.",
      example: "app-preview"),
    .defaulted(
      "keep-idle", .boolean, to: false, shown: "false",
      "Whether the colour that no longer serves keeps its pods, so that going back later needs no time to start them.")
  ) { _, service, label, blue, green, url, preview, keepsIdle in
    BlueGreen(
      service: service, label: label, blue: blue, green: green, url: url, previewService: preview, keepsIdle: keepsIdle)
  }
  .different("blue", "green", because: "a release would be put over the version that serves, and there is no way back")
  .different(
    "service", "preview-service",
    because: "users would be led to the new version before anything has been verified, and the switch would do nothing")

  /// A version is `COLOUR=IMAGE`: to go back, both must be known.
  static func blueGreenOperations(
    _ settings: Settings, _ pair: BlueGreen, readyWithin: TimeSpan
  ) -> TargetOperations {
    let service = get(settings, "service", Word(pair.service))
    let deployment = Word(.deployment)
    let object = get(settings, "deployment", deployment)
    let selected = ".spec.selector[\"\(pair.label)\"]"
    let marker = marker(settings, on: "service", pair.service)
    let unknown = Action.Otherwise.fail("a version here is blue=IMAGE or green=IMAGE")
    let itsDeployment = Action.choose(
      .deployment, by: .place, [.init("blue", Word(pair.blue)), .init("green", Word(pair.green))], otherwise: unknown)
    let otherColour = Action.choose(
      .place, by: .place, [.init("blue", "green"), .init("green", "blue")], otherwise: unknown)
    func locate(_ version: RuntimeVariable) -> [Action] {
      [.split(version, first: .place, second: .image), itsDeployment]
    }
    func select(_ service: String) -> Action {
      .run(
        kubectl(
          settings, "patch", Word("service/\(service)"), "--type", "merge", "--patch",
          Word("{\"spec\":{\"selector\":{\"\(pair.label)\":\"") + Word(.place) + "\"}}}"))
    }
    let both = kubectl(
      settings, "get", Word("deployment/\(pair.blue)"), Word("deployment/\(pair.green)"), "--output", "json")
    let all = kubectl(
      settings, "get", Word("service/\(pair.service)"), Word("deployment/\(pair.blue)"),
      Word("deployment/\(pair.green)"), "--output", "json")

    return TargetOperations(
      tools: ["kubectl"], title: "service \(pair.service)", versionNoun: "colour and image",
      preflight: [
        .require(
          Query(service, "\(selected) | IN(\"blue\", \"green\")"),
          orFail: "the selector of service \(pair.service) must have \(pair.label)=blue or \(pair.label)=green")
      ] + preflight(settings, pair.blue) + preflight(settings, pair.green),
      findLive: [
        .read(.place, Query(service, "\(selected) // empty"), missing: "service \(pair.service) selects no colour"),
        itsDeployment,
        .read(.image, Query(object, image(settings)), missing: "the live deployment has no such container"),
        .set(.previous, Word(.place) + "=" + Word(.image)),
      ],
      findPrevious: nil,
      deploy: locate(.previous) + [
        .read(
          .replicas, Query(object, "[.spec.replicas // 1, 1] | max"),
          missing: "the live deployment does not say how many replicas it has"),
        otherColour, itsDeployment, .set(.candidate, Word(.place) + "=" + Word(.artifact)),
        setImage(settings, deployment, .artifact), scale(settings, deployment, Word(.replicas)),
        resume(settings, deployment),
      ],
      ready: locate(.candidate) + [
        rolledOut(settings, deployment, "every replica of the new colour is available", limit: readyWithin)
      ] + (pair.previewService.map { [select($0)] } ?? []),
      address: pair.url.map { [.set(.candidateURL, Word($0))] } ?? [],
      shift: locate(.candidate) + [select(pair.service)],
      liveWeight: Query(
        service, "if \(selected) == ($candidate | split(\"=\")[0]) then 100 else 0 end", arguments: [.candidate]),
      finish: pair.keepsIdle ? [] : locate(.previous) + [scale(settings, deployment, "0")],
      activatePrevious: locate(.previous) + [
        .read(
          .replicas, Query(both, "[.items[].spec.replicas // 1, 1] | max"), missing: "the replicas cannot be counted"),
        .when(
          Query(object, "(\(image(settings))) != $versionImage", arguments: [.image]),
          [setImage(settings, deployment, .image)]),
        resume(settings, deployment),
        .when(Query(object, ".spec.replicas == 0"), [scale(settings, deployment, Word(.replicas))]),
        rolledOut(settings, deployment, "every replica of the previous colour is available", limit: .minutes(5)),
      ],
      undo: locate(.previous) + [select(pair.service)],
      undone: Query(
        all,
        """
        ($previous | split("=")) as $wanted | ({blue: "\(pair.blue)", green: "\(pair.green)"} | .[$wanted[0]]) as $name | \
        any(.items[]; .kind == "Service" and \(selected) == $wanted[0]) and any(.items[]; .kind == "Deployment" and \
        .metadata.name == $name and (\(image(settings))) == ($wanted[1:] | join("=")))
        """, arguments: [.previous]),
      cleanUp: pair.keepsIdle
        ? [] : locate(.previous) + [otherColour, itsDeployment, scale(settings, deployment, "0")],
      readMarker: marker.read, writeMarker: marker.write, identify: [], markerPrefix: "liftlock.dev/",
      tracks: .init(candidate: "stable", stable: "stable"))
  }
}
