import Diagnostics
import ReleaseModel

enum DriverCapabilityRule: Rule {
  static let name = "driver-capability"
  static let severity = Severity.error
  static let summary = "Every target can do what the rollout asks of it."
  static let rationale = """
    A canary needs a router that splits traffic, a probe of the new version needs an address at which only the new \
    version answers, and a comparison with the stable version needs both to be measured apart. Where the target cannot \
    do it, a step at 10 % is in truth one at 100 %, and a probe before the shift is answered by the old version, \
    healthy as ever.
    """
  static let failingExample = ExampleSpec.with(
    ("deploy: { command: { run: ops/prod.sh } }", "deploy: { command: { run: ops/prod.sh, weighted: false } }"),
    (
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }",
      "- { to: «10%», hold: 15m, require: [error-rate < 1% over 5m] }"
    ))
  static let passingExample = ExampleSpec.with(
    ("deploy: { command: { run: ops/prod.sh } }", "deploy: { command: { run: ops/prod.sh, weighted: true } }"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for environment in context.plan.environments {
      let spec = environment.spec
      guard !context.hasUnreadable(in: spec.deploySpan) else { continue }
      let strategy = spec.rollout.strategy
      if let help = spec.target.capabilities.refused[strategy] {
        report(refused(spec, help))
        continue
      }
      if strategy == .canary, !spec.target.capabilities.weightedTraffic {
        // Whatever else it lacks for a canary comes from the same cause.
        if let step = spec.rollout.steps.first(where: { $0.weight.value < 100 }) { report(noWeights(step, spec)) }
        continue
      }
      if strategy == .canary { judgeWeights(of: spec, report: report) }
      judgeProbes(of: environment, context, report: report)
      judgeBaselines(of: environment, context, report: report)
    }
  }

  private static func judgeWeights(of spec: EnvironmentSpec, report: (Diagnostic) -> Void) {
    guard case .only(let weights, let help) = spec.target.capabilities.weights else { return }
    for step in spec.rollout.steps where !weights.contains(step.weight.value) {
      report(noSuchWeight(step, spec, weights, help))
    }
  }

  private static func judgeProbes(
    of environment: EnvironmentPlan, _ context: RuleContext, report: (Diagnostic) -> Void
  ) {
    let spec = environment.spec
    guard !spec.target.capabilities.candidateAddress else { return }
    let isProbe = { (use: Located<String>) in
      if case .probe? = context.checks[use.value]?.kind { return true }
      return false
    }
    if spec.url == nil {
      // One that brings its own addresses needs none of the environment.
      let needsAddress = { (use: Located<String>) in
        if case .probe(let probe)? = context.checks[use.value]?.kind { return probe.addresses == nil }
        return false
      }
      guard let use = context.checkUses(in: spec).first(where: needsAddress),
        !context.spec.isBroken("url", of: spec.span),
        let name = context.environments[environment.name]?.name
      else { return }
      report(noAddress(name, use))
    } else if spec.rollout.strategy.verifiesBeforeTraffic {
      for use in spec.rollout.verify where isProbe(use) { report(noCandidateAddress(use, spec, in: environment.name)) }
    }
  }

  private static func judgeBaselines(
    of environment: EnvironmentPlan, _ context: RuleContext, report: (Diagnostic) -> Void
  ) {
    guard !environment.spec.target.capabilities.separateTracks else { return }
    // A rollout notes the baseline before its first shift. A rollback can come from another runner, which has no such note.
    let ofChecks = environment.rollbackVerify.flatMap { environment.checkConditions[$0.name] ?? [] }
    for case .metric(_, let statement, .baseline) in (environment.recovered + ofChecks).map(\.subject) {
      report(noBaseline(statement, environment.spec, in: environment.name))
    }
  }
}

extension DriverCapabilityRule {
  private static func refused(_ environment: EnvironmentSpec, _ help: String) -> Diagnostic {
    problem(
      "this target cannot do `\(environment.rollout.strategy.rawValue)`", at: environment.rollout.span,
      label: "asks for what is not there",
      related: [.init(span: environment.deploySpan, label: "cannot do it as it is set up here")], notes: [],
      help: [help])
  }

  private static func noSuchWeight(
    _ step: Rollout.Step, _ environment: EnvironmentSpec, _ weights: [Int], _ help: String
  ) -> Diagnostic {
    let known = weights.count > 12 ? "" : "; it can give " + weights.map { "\($0)%" }.joined(separator: ", ")
    return problem(
      "this target cannot give \(step.weight.value)% of the traffic to a version", at: step.weight.span,
      label: "not one of its shares",
      related: [.init(span: environment.deploySpan, label: "says which shares there are")],
      notes: ["a share that is not reached exactly is one that nobody has judged" + known], help: [help])
  }

  private static func noWeights(_ step: Rollout.Step, _ environment: EnvironmentSpec) -> Diagnostic {
    let isKubernetes = environment.target.driver == "kubernetes"
    return problem(
      "this target cannot give \(step.weight.value)% of the traffic to a version", at: step.weight.span,
      label: "in truth it would be 100%",
      related: [.init(span: environment.deploySpan, label: "takes all traffic or none as it is set up here")],
      notes: ["customers would be the canary, all of them at once"],
      help: [
        isKubernetes
          ? "add `canary:` to `kubernetes`, with the second deployment and the router that splits the traffic"
          : "set the target up so that it splits traffic",
        "or write `rolling:` instead of `canary:`, which promises no shares",
      ])
  }

  private static func noAddress(_ name: Located<String>, _ use: Located<String>) -> Diagnostic {
    problem(
      "`\(use.value)` sends requests to \(name.value), which has no address", at: name.span, label: "no `url` in here",
      related: [.init(span: use.span, label: "probes it")],
      notes: ["a probe that reaches nothing is unknown, and unknown never promotes"],
      help: ["add `url:` to the environment, such as `url: https://api.acme.example`"])
  }

  private static func noCandidateAddress(
    _ use: Located<String>, _ environment: EnvironmentSpec, in name: String
  ) -> Diagnostic {
    let isKubernetes = environment.target.driver == "kubernetes"
    return problem(
      "`\(use.value)` cannot reach the new version before it has traffic", at: use.span,
      label: "the version before would answer",
      related: [.init(span: environment.deploySpan, label: "gives the new version no address of its own")],
      notes: ["at this moment the `url` of \(name) still leads to the version before, which is healthy"],
      help: [
        isKubernetes
          ? (environment.rollout.strategy == .canary
            ? "add `url:` to `canary:` under `kubernetes`, where only the canary answers; canaries by `replicas` and by "
              + "manifests without one for 0 have traffic as soon as they are up"
            : "add `url:` to `blue-green:` under `kubernetes`, where the new colour answers")
          : "give the new version an address of its own",
        "or prove it with a check that needs no address, such as one with `run:`",
      ])
  }

  private static func noBaseline(
    _ statement: MetricCondition, _ environment: EnvironmentSpec, in name: String
  ) -> Diagnostic {
    problem(
      "\(name) has no baseline: its two versions are not measured apart", at: statement.threshold.span,
      label: "compared with what?",
      related: [.init(span: environment.deploySpan, label: "replaces one version by the other, under the same label")],
      notes: [
        "the series of both versions are one here, so after a rollback only the value itself would be left to compare with"
      ],
      help: [
        "compare `\(statement.metric.value)` with a fixed value, with `target` or with `slo`"
      ])
  }
}
