import Diagnostics
import ReleaseModel

/// What needs a secret in one environment.
struct SecretUses {
  struct Use {
    let secret: String
    let span: Span
    let label: String
  }

  /// The secrets that the plan of the environment asks for, each once, in the order of the spec.
  let names: [String]
  private let uses: [Use]

  init(in environment: EnvironmentPlan, _ context: RuleContext) {
    let upkeep = context.plan.upkeepSecrets(of: environment)
    let needed = Set((environment.rolloutSecrets + environment.rollbackSecrets + upkeep).map(\.name))
    names = context.spec.secrets.ordered(needed)
    let spec = environment.spec
    var uses: [Use] = []
    for secret in spec.target.login.secrets + spec.target.secrets {
      uses.append(Use(secret: secret, span: spec.deploySpan, label: "this target is reached with it"))
    }
    for secret in spec.migration?.secrets ?? [] {
      uses.append(Use(secret: secret.value, span: secret.span, label: "the migration needs it"))
    }
    for secret in spec.rollback?.database?.secrets ?? [] {
      uses.append(Use(secret: secret.value, span: secret.span, label: "the way back of the database needs it"))
    }
    for channel in environment.channels {
      for secret in channel.channel.kind.secrets {
        uses.append(Use(secret: secret.value, span: secret.span, label: "somebody is told with it"))
      }
    }
    for check in context.checkUses(in: spec) {
      for secret in context.checks[check.value]?.secrets ?? [] {
        uses.append(Use(secret: secret.value, span: check.span, label: "`\(check.value)` needs it here"))
      }
    }
    for metric in environment.metrics {
      guard let name = context.spec.metrics.entry(metric.name)?.name else { continue }
      for secret in metric.source.kind.secrets {
        uses.append(Use(secret: secret, span: name.span, label: "\(environment.name) measures this with it"))
      }
    }
    for (_, drill) in context.spec.drills.readable {
      guard case .program(_, let secrets, let place, _) = drill.kind, place.value == environment.name else { continue }
      for secret in secrets {
        uses.append(Use(secret: secret.value, span: secret.span, label: "a drill in \(environment.name) needs it"))
      }
    }
    self.uses = uses
  }

  /// The place that says best why it is needed.
  func first(_ secret: String) -> Use? { uses.first { $0.secret == secret } }
}

extension ReleaseSpec {
  /// Every secret that anything names, declared or not.
  var namedSecrets: [Located<String>] {
    let ofSources = sources.readable.flatMap { source in
      source.value.kind.secrets.map { Located($0, at: source.value.span) }
    }
    let ofChecks = checks.readable.flatMap(\.value.secrets)
    let ofEnvironments = environments.readable.flatMap { _, environment -> [Located<String>] in
      var secrets = (environment.target.login.secrets + environment.target.secrets).map {
        Located($0, at: environment.deploySpan)
      }
      secrets += environment.migration?.secrets ?? []
      return secrets + (environment.rollback?.database?.secrets ?? [])
    }
    let ofChannels = notifications.readable.flatMap(\.value.kind.secrets)
    let ofDrills = drills.readable.flatMap { _, drill -> [Located<String>] in
      if case .program(_, let secrets, _, _) = drill.kind { return secrets }
      return []
    }
    let ofUpkeep = rotation.map { [$0.token] } ?? []
    return ofSources + ofChecks + ofEnvironments + ofChannels + ofDrills + ofUpkeep
  }
}
