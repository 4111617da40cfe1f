import Diagnostics
import ReleaseModel

enum LoginOutlivesHoldRule: Rule {
  static let name = "login-outlives-hold"
  static let severity = Severity.error
  static let summary = "No hold is longer than the login with which its metrics are asked for."
  static let rationale = """
    A login to Azure by OIDC ends within the hour, and the token that GitHub gave for it within minutes, so nothing can \
    renew it inside a step (AADSTS700024). There is a new login before each step. In a longer hold every question to \
    Azure fails from then on: there is no data, and a good release is taken back for want of it.
    """
  static let failingExample = example(lastHold: "«1h30m»")
  static let passingExample = example(lastHold: "45m")

  private static func example(lastHold: String) -> RuleExample {
    ExampleSpec.with(
      (
        "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
        """
        PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }
        AZURE_CLIENT_ID: { in: [prod], purpose: the deploy identity, rotate: 365d }
        AZURE_TENANT_ID: { in: [prod], purpose: its directory, rotate: 365d }
        AZURE_SUBSCRIPTION_ID: { in: [prod], purpose: its subscription, rotate: 365d }
        """
      ),
      (
        "deploy: { command: { run: ops/prod.sh } }",
        "deploy: { azure-container-apps: { app: shop, resource-group: shop } }"
      ),
      ("- { to: 100%, hold: 30m }", "- { to: 100%, hold: \(lastHold) }"))
  }

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for environment in context.plan.environments {
      guard let limit = environment.spec.target.login.lifetime else { continue }
      // What is written for `rest-limit` and cannot be read is not the default either.
      let isUnknown = context.spec.isBroken("rest-limit", of: environment.spec.rollout.span)
      for (step, planned) in zip(environment.spec.rollout.steps, environment.steps) {
        let rest = planned.onFailure > 0 && !isUnknown ? environment.spec.rollout.restLimit : .zero
        guard planned.hold + planned.longestExtension + rest > limit else { continue }
        report(
          tooLong(
            step.hold, planned, rest: rest, limit: limit,
            help: "split it: two steps of the same length hold as long together, such as `99%` and then `100%`"))
      }
      // One login serves the whole stabilisation, and nothing rests in it.
      if let part = environment.spec.rollout.stabilisation, let planned = environment.stabilisation?.step,
        planned.hold + planned.longestExtension > limit
      {
        report(
          tooLong(
            part.hold, planned, rest: .zero, limit: limit,
            help: "hold the rest of the time in a last step, such as `{ to: 100%, hold: 40m }`"))
      }
    }
  }
}

extension LoginOutlivesHoldRule {
  private static func tooLong(
    _ hold: Located<TimeSpan>, _ planned: PlannedStep, rest: TimeSpan, limit: TimeSpan, help: String
  ) -> Diagnostic {
    let rested = rest == .zero ? "" : ", and \(rest) of rest when it fails"
    let extended = planned.longestExtension == .zero ? "" : " and \(planned.longestExtension) more when data is missing"
    return problem(
      "this hold can outlive its login to Azure", at: hold.span,
      label: "\(planned.hold)\(extended)\(rested), and the login is good for less than an hour",
      notes: ["from then on nothing can be measured, and too long without data takes the release back"],
      help: [
        help,
        "or hold at most \(limit), with what a requirement may add, and watch longer with the alerts of the service",
      ])
  }
}
