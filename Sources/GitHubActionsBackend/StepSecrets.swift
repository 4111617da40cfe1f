import GitHubWorkflow
import ReleaseModel

/// Which secrets each phase of a release gets: those that it uses, and no others.
struct StepSecrets {
  let environment: EnvironmentPlan

  /// Everything: only the step that says what is missing gets it.
  var all: NamedValues<Value> { values(environment.rolloutSecrets) }
  /// What a rollback needs.
  var rollback: NamedValues<Value> { values(environment.rollbackSecrets) }
  /// What the scripts need to reach the target. An OIDC login is a step of its own, so its identifiers are not here.
  var target: NamedValues<Value> { select(targetNames) }
  /// What the channels that hear of these events need.
  func telling(_ events: NotificationChannel.Event...) -> NamedValues<Value> {
    let listening = environment.channels.filter { events.contains(where: $0.channel.hears) }
    let secrets = select(Set(listening.flatMap { $0.channel.kind.secrets.map(\.value) }))
    let comments = listening.contains { if case .pullRequest = $0.channel.kind { true } else { false } }
    return comments ? secrets.merging(CommonSteps.token) : secrets
  }
  /// With a branch of the database the migration asks a check first, and notes on the target what that found.
  var migration: NamedValues<Value> {
    let own = Set(environment.spec.migration?.secrets.map(\.value) ?? [])
    return select(environment.database.map { own.union(targetNames).union(names([$0.compatible])) } ?? own)
  }
  /// What `deploy` needs besides the target: it notes how the live version does before anything changes.
  var deploy: NamedValues<Value> {
    let relative = environment.conditions.filter { condition in
      if case .metric(_, _, .baseline) = condition.subject { return true }
      return false
    }
    return select(targetNames.union(names(relative)))
  }

  func checks(_ checks: [NamedCheck]) -> NamedValues<Value> { select(targetNames.union(names(checks))) }

  func step(_ step: PlannedStep) -> NamedValues<Value> {
    var needed = targetNames.union(names(environment.rollbackWhen)).union(names(step.require + step.failWhen))
    // A step that fails rests at the weight of an earlier one, and by its requirements.
    for earlier in environment.steps where step.onFailure > 0 && earlier.weight == step.onFailure {
      needed.formUnion(names(earlier.require))
    }
    // A rolling update is live as soon as it starts, so the candidate's checks run inside the step.
    if environment.strategy == .rolling { needed.formUnion(names(environment.candidateChecks)) }
    return step.onFailure > 0 ? select(needed).merging(telling(.resting)) : select(needed)
  }

  func stabilisation(_ part: PlannedStabilisation) -> NamedValues<Value> {
    step(part.step).merging(checks(part.verify))
  }

  // MARK: - Names

  private var targetNames: Set<String> {
    let target = environment.spec.target
    if case .kubeconfig(let secret) = target.login { return Set(target.secrets + [secret]) }
    return Set(target.secrets)
  }

  private func names(_ checks: [NamedCheck]) -> Set<String> {
    checks.reduce(into: []) { result, check in
      result.formUnion(check.check.secrets.map(\.value))
      result.formUnion(names(environment.checkConditions[check.name] ?? []))
    }
  }

  /// Conditions of a check are metrics or manual; a check named in a condition adds its own.
  private func names(_ conditions: [PlannedCondition]) -> Set<String> {
    conditions.reduce(into: []) { result, condition in
      switch condition.subject {
      case .metric(let metric, _, _): result.formUnion(metric.source.kind.secrets)
      case .check(let check):
        result.formUnion(check.check.secrets.map(\.value))
        for inner in environment.checkConditions[check.name] ?? [] {
          if case .metric(let metric, _, _) = inner.subject { result.formUnion(metric.source.kind.secrets) }
        }
      case .manual: break
      }
    }
  }

  /// In the order of the spec, so that the same spec gives the same bytes.
  private func select(_ names: Set<String>) -> NamedValues<Value> {
    values(environment.rolloutSecrets.filter { names.contains($0.name) })
  }

  private func values(_ secrets: [PlannedSecret]) -> NamedValues<Value> {
    let named = NamedValues(secrets.map { .init($0.name, Value.expression(.secret($0.name))) })
    // Where the marker stands on GitHub, whatever touches the target reads it there.
    return environment.spec.target.capabilities.markerOnGitHub ? named.merging(CommonSteps.token) : named
  }
}
