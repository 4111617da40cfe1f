import ReleaseModel

/// The calls of kubectl that the strategies have in common.
extension Kubernetes {
  /// `kubectl --namespace N …`
  static func kubectl(_ settings: Settings, _ words: Word...) -> Command {
    Command(words: ["kubectl", "--namespace", Word(settings.namespace)] + words)
  }

  static func get(_ settings: Settings, _ kind: String, _ name: Word) -> Command {
    kubectl(settings, "get", Word("\(kind)/") + name, "--output", "json")
  }

  static func setImage(_ settings: Settings, _ deployment: Word, _ version: RuntimeVariable) -> Action {
    .run(
      kubectl(
        settings, "set", "image", "deployment/" + deployment, Word("\(settings.container)=") + Word(version)))
  }

  static func scale(_ settings: Settings, _ deployment: Word, _ replicas: Word) -> Action {
    .run(kubectl(settings, "scale", "deployment/" + deployment, "--replicas=" + replicas))
  }

  /// A deployment that somebody paused would take the image and never roll it out.
  static func resume(_ settings: Settings, _ deployment: Word) -> Action {
    .when(
      Query(get(settings, "deployment", deployment), ".spec.paused == true"),
      [.run(kubectl(settings, "rollout", "resume", "deployment/" + deployment))])
  }

  static func rolledOut(
    _ settings: Settings, _ deployment: Word, _ what: String, limit: TimeSpan = .minutes(10)
  ) -> Action {
    // The same test as `kubectl rollout status`, asked again and again, so that a lost connection costs one try.
    .wait(until: Query(get(settings, "deployment", deployment), isRolledOut), limit: limit, what: what)
  }

  /// A filter over a deployment: whether every replica runs what it is told to run, and is available.
  static let isRolledOut = """
    (.spec.replicas // 1) as $want | (.status.observedGeneration // 0) >= .metadata.generation and \
    (.status.updatedReplicas // 0) == $want and (.status.replicas // 0) == $want and \
    (.status.availableReplicas // 0) == $want
    """

  static func image(_ settings: Settings) -> String {
    // The container's name is written into the filter as a JSON string; `resourceName` admits nothing that needs escaping.
    ".spec.template.spec.containers[] | select(.name == \"\(settings.container)\") | .image"
  }

  /// Where the marker stands: in the annotations of the deployment, or of what stands above several.
  static func marker(_ settings: Settings, on kind: String, _ name: String) -> (read: Query, write: Command) {
    (
      Query(get(settings, kind, Word(name)), ".metadata.annotations // {}"),
      kubectl(settings, "annotate", "--overwrite", Word("\(kind)/\(name)"))
    )
  }

  static func preflight(_ settings: Settings, _ deployment: String) -> [Action] {
    let object = get(settings, "deployment", Word(deployment))
    return [
      .require(
        Query(object, "[\(image(settings))] | length == 1"),
        orFail: "deployment \(deployment) has no container \(settings.container)"),
      .require(
        Query(object, ".spec.paused != true"),
        orFail: "deployment \(deployment) is paused: somebody stopped it on purpose; find out who, then resume it"),
    ]
  }
}
