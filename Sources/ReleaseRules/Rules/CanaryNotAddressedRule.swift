import Diagnostics
import ReleaseModel

enum CanaryNotAddressedRule: Rule {
  static let name = "canary-not-addressed"
  static let severity = Severity.warning
  static let summary = "A probe that watches a canary reaches the canary, and not whichever version answers."
  static let rationale = """
    Without an address of its own a canary at 5 % answers one probe in twenty; the version before answers the others, \
    healthy as ever. A probe that has to fail for a minute without a break never does, so a canary that refuses every \
    request goes on to the next step with its watch looking elsewhere.
    """
  static let failingExample = example("", watch: "«smoke fails for 1m»")
  static let passingExample = example("url: https://canary.shop.example\n", watch: "smoke fails for 1m")

  private static func example(_ address: String, watch: String) -> RuleExample {
    ExampleSpec.with(
      (
        "deploy: { command: { run: ops/prod.sh } }",
        """
        deploy:
          kubernetes:
            namespace: shop
            deployment: shop
            container: shop
            canary:
              deployment: shop-canary
              traffic: { gateway-api: { route: shop, service: shop, canary-service: shop-canary, port: 80 } }

        """ + (address.isEmpty ? "" : "      " + address)
      ),
      (
        "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
        "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }\n"
          + "KUBECONFIG: { in: [prod], purpose: cluster access, rotate: 90d }"
      ), ("ci: { github-checks: [test] }", "ci: { github-checks: [test] }\nproof: { run: ops/proof.sh }"),
      ("verify: [ready]", "verify: [proof]"),
      ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m, \(watch)]"))
  }

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for environment in context.plan.environments where !environment.isHotfix {
      let spec = environment.spec
      guard spec.rollout.strategy == .canary, spec.target.capabilities.weightedTraffic,
        !spec.target.capabilities.candidateAddress, spec.target.operations.address.isEmpty, spec.url != nil,
        !context.hasUnreadable(in: spec.deploySpan)
      else { continue }
      // Where the canary is verified by a probe as well, that is an error, and its remedy is this one's.
      if spec.rollout.verify.contains(where: { isSharedProbe($0.value, context) }) { continue }
      let ofSteps = spec.rollout.steps.filter { $0.weight.value < 100 }.flatMap(\.failWhen)
      for condition in (spec.rollback?.when ?? []) + ofSteps {
        guard case .checkFails(let name) = condition.kind, isSharedProbe(name.value, context) else { continue }
        report(answeredByBoth(condition, name.value, spec))
      }
    }
  }

  /// Whether it is sent to the address of the environment; a probe with addresses of its own says where it goes.
  private static func isSharedProbe(_ name: String, _ context: RuleContext) -> Bool {
    if case .probe(let probe)? = context.checks[name]?.kind { return !probe.requests.isEmpty }
    return false
  }
}

extension CanaryNotAddressedRule {
  private static func answeredByBoth(
    _ condition: Condition, _ check: String, _ environment: EnvironmentSpec
  ) -> Diagnostic {
    let first = environment.rollout.steps.first?.weight
    let share = first.map { " one in \(100 / max(1, $0.value))" } ?? " few"
    return problem(
      "`\(check)` mostly reaches the version before", at: condition.span,
      label: "at first the canary answers\(share) of its requests",
      related: [.init(span: environment.deploySpan, label: "gives the canary no address of its own")],
      notes: ["a canary that fails every request would hardly be seen, least of all with a `for`"],
      help: [
        environment.target.driver == "kubernetes"
          ? "add `url:` to `canary:` under `kubernetes`, with a router that can tell the canary apart, which `replicas` cannot"
          : "give the canary an address of its own",
        "or watch it by a metric that tells the two versions apart, such as an error rate with `$track`",
      ])
  }
}
