/// What runs on a schedule, and where: drills, readiness, the watch over secrets.
extension ReleasePlan {
  /// GitHub's environment in which work for this environment runs while nobody is there: the one for rollbacks, which has no
  /// reviewers. An environment without rollback has only its own.
  public func unattendedEnvironment(of environment: EnvironmentPlan) -> String {
    environment.spec.rollback == nil ? environment.name : environment.rollbackEnvironment
  }

  /// Where ages of secrets are read: the first environment that has the token.
  public var rotationEnvironment: EnvironmentPlan? {
    guard let rotation = spec.rotation, let secret = spec.secrets[rotation.token.value] else { return nil }
    return environments.first { environment in secret.environments.contains { $0.value == environment.name } }
  }

  /// Secrets that scheduled work of this environment needs besides those of a rollback, in the order of the spec.
  public func upkeepSecrets(of environment: EnvironmentPlan) -> [PlannedSecret] {
    var names: Set<String> = []
    for (_, drill) in spec.drills.readable {
      if case .program(_, let secrets, let place, _) = drill.kind, place.value == environment.name {
        names.formUnion(secrets.map(\.value))
      }
    }
    if let rotation = spec.rotation, rotationEnvironment?.name == environment.name {
      names.insert(rotation.token.value)
    }
    return spec.planned(names)
  }

  /// All secrets of the environment in which rollbacks and scheduled work run.
  public func unattendedSecrets(of environment: EnvironmentPlan) -> [PlannedSecret] {
    environment.rollbackSecrets
      + upkeepSecrets(of: environment).filter { !environment.rollbackSecrets.contains($0) }
  }

  /// The drills that move or ask the target of this environment, by name.
  public func exercises(in environment: EnvironmentPlan) -> [(drill: String, exercise: Drill.Exercise)] {
    spec.drills.readable.flatMap { name, drill -> [(drill: String, exercise: Drill.Exercise)] in
      guard case .environments(let exercises) = drill.kind else { return [] }
      return exercises.filter { $0.name.value == environment.name }.map { (name.value, $0.exercise) }
    }
  }

  /// What a role is called, and the people of it as GitHub mentions them: `Security owner (@acme/security)`.
  public func people(ofRole name: String) -> String {
    guard let role = spec.roles[name] else { return name }
    let mentions = role.reviewers.map { "@" + $0.value }.joined(separator: " ")
    return (role.title ?? name) + (mentions.isEmpty ? "" : " (\(mentions))")
  }
}

extension ReleasePlan {
  /// The declared drills that could be read.
  public var drills: [NamedDrill] {
    spec.drills.readable.map { NamedDrill(name: $0.name.value, drill: $0.value) }
  }

  /// The declared readiness checks that could be read.
  public var readiness: [NamedReadiness] {
    spec.readiness.readable.map { NamedReadiness(name: $0.name.value, readiness: $0.value) }
  }
}

public struct NamedReadiness: Sendable {
  public let name: String
  public let readiness: Readiness
  public init(name: String, readiness: Readiness) {
    self.name = name
    self.readiness = readiness
  }
}

public struct NamedDrill: Sendable {
  public let name: String
  public let drill: Drill
  public init(name: String, drill: Drill) {
    self.name = name
    self.drill = drill
  }

  /// The environments that it has a report of, in order.
  public var environments: [String] {
    switch drill.kind {
    case .environments(let exercises): exercises.map(\.name.value)
    case .program(_, _, let environment, _): [environment.value]
    }
  }

  public func exercise(in environment: String) -> Drill.Exercise? {
    guard case .environments(let exercises) = drill.kind else { return nil }
    return exercises.first { $0.name.value == environment }?.exercise
  }
}

/// The names of what scheduled work leaves behind. Other workflows and people look for them, so they are part of the language.
public enum UpkeepArtifacts {
  /// `shop-drill-restore-prod`: the report of one environment, `drill-prod.json`.
  public static func drillReport(_ service: String, _ drill: String, _ environment: String) -> String {
    "\(service)-drill-\(drill)-\(environment)"
  }
  /// `shop-restore-delta-report`: what came out, and what is different from the time before.
  public static func deltaReport(_ service: String, _ drill: String) -> String { "\(service)-\(drill)-delta-report" }
  /// `shop-drill-restore-log`: a row for each drill, carried from run to run.
  public static func drillLog(_ service: String, _ drill: String) -> String { "\(service)-drill-\(drill)-log" }
  /// `shop-readiness-release-report`
  public static func readinessReport(_ service: String, _ readiness: String) -> String {
    "\(service)-readiness-\(readiness)-report"
  }
  /// `shop-secret-rotation-report`
  public static func rotationReport(_ service: String) -> String { "\(service)-secret-rotation-report" }
}
