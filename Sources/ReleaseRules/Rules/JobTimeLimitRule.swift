import Diagnostics
import ReleaseModel

enum JobTimeLimitRule: Rule {
  static let name = "job-time-limit"
  static let severity = Severity.error
  static let summary = "A rollout fits into the time that GitHub gives to one job."
  static let rationale = """
    A rollout is one job, so that its rollback has the same approval, the same secrets and the same machine at hand. \
    GitHub ends a job on its own runners after six hours, and on anyone's after five days. A rollout that is ended \
    there stands at whatever share it had reached, until the guard job finds it and takes it back.
    """
  static let judgement: String? =
    "The label of a runner does not tell whose it is: a machine of one's own may have the longer limit without being called `self-hosted`."
  static let failingExample = ExampleSpec.with(("- { to: 100%, hold: 30m }", "- { to: 100%, hold: «6h» }"))
  static let passingExample = ExampleSpec.with(("- { to: 100%, hold: 30m }", "- { to: 100%, hold: 4h }"))

  /// Source: GitHub's docs, "Actions limits": job execution time.
  private static let hostedLimit = TimeSpan.hours(6)
  private static let selfHostedLimit = TimeSpan.hours(5 * 24)

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for environment in context.plan.environments {
      let isSelfHosted = environment.spec.runsOn.contains("self-hosted")
      let limit = isSelfHosted ? selfHostedLimit : hostedLimit
      guard environment.worstCase > limit else { continue }
      let longest = environment.spec.rollout.steps.max { $0.hold.value < $1.hold.value }
      report(tooLong(environment, limit, isSelfHosted, longest))
    }
  }
}

extension JobTimeLimitRule {
  private static func tooLong(
    _ environment: EnvironmentPlan, _ limit: TimeSpan, _ isSelfHosted: Bool, _ longest: Rollout.Step?
  ) -> Diagnostic {
    problem(
      "a rollout into \(environment.name) can take \(environment.worstCase), and GitHub ends its job after \(limit)",
      at: longest?.hold.span ?? environment.spec.rollout.span, label: "the longest of its holds",
      notes: [environment.worstCaseText],
      help: [
        isSelfHosted
          ? "shorten the holds and timeouts"
          : "shorten holds and timeouts, or run it on runners of your own (`runs-on`)",
        "a longer watch belongs to the alerts of the service, after the release",
      ])
  }
}
