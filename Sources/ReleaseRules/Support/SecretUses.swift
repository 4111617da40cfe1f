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
    let needed = Set((environment.rolloutSecrets + environment.rollbackSecrets).map(\.name))
    names = context.spec.secrets.names.filter { needed.contains($0) }
    let spec = environment.spec
    var uses: [Use] = []
    for secret in spec.target.login.secrets + spec.target.secrets {
      uses.append(Use(secret: secret, span: spec.deploySpan, label: "this target is reached with it"))
    }
    for secret in [spec.announce].compactMap({ $0 }) {
      uses.append(Use(secret: secret.value, span: secret.span, label: "the release is announced with it"))
    }
    for secret in spec.migration?.secrets ?? [] {
      uses.append(Use(secret: secret.value, span: secret.span, label: "the migration needs it"))
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
    let ofEnvironments = environments.readable.flatMap { _, environment in
      (environment.target.login.secrets + environment.target.secrets).map { Located($0, at: environment.deploySpan) }
        + [environment.announce].compactMap { $0 } + (environment.migration?.secrets ?? [])
    }
    return ofSources + ofChecks + ofEnvironments
  }
}
