import Diagnostics
import ReleaseModel

enum StagesNotRisingRule: Rule {
  static let name = "stages-not-rising"
  static let severity = Severity.error
  static let summary = "The stages of a rollback rise and end at 100 %, on a target that can go back in shares."
  static let rationale = """
    Each stage says how many customers meet the version before again. A stage that falls or repeats gives traffic back \
    to the version that a person is taking away; stages that end at 50 % leave it live for good, with a rollback that \
    reports success. And a target that can only switch at once would move everybody with the first stage.
    """
  private static let setUp = (
    line: "deploy: { command: { run: ops/prod.sh } }",
    by: "deploy: { azure-container-apps: { app: shop, resource-group: shop } }"
  )
  private static let secrets = (
    line: "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }",
    by: """
    PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }
    AZURE_CLIENT_ID: { in: [prod], purpose: the login, rotate: 90d }
    AZURE_TENANT_ID: { in: [prod], purpose: the login, rotate: 90d }
    AZURE_SUBSCRIPTION_ID: { in: [prod], purpose: the login, rotate: 90d }
    """
  )
  static let failingExample = ExampleSpec.with(
    setUp, secrets,
    (
      "when: [error-rate > 3% over 5m]",
      "when: [error-rate > 3% over 5m]\nstages: { to: [25%, 50%, «50%», 100%], watch: 5m }"
    ))
  static let passingExample = ExampleSpec.with(
    setUp, secrets,
    (
      "when: [error-rate > 3% over 5m]",
      "when: [error-rate > 3% over 5m]\nstages: { to: [25%, 50%, 100%], watch: 5m }"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (_, environment) in context.spec.environments.readable {
      guard let stages = environment.rollback?.stages else { continue }
      if !context.hasUnreadable(in: environment.deploySpan), !environment.target.capabilities.reverseStages {
        report(cannot(stages, environment))
        continue
      }
      let weights = stages.weights
      guard !context.isIncomplete(weights.map(\.span), in: stages.span) else { continue }
      if let first = weights.first, first.value <= 0 { report(notRising(first, after: nil)) }
      var lastIsReported = false
      for (before, weight) in zip(weights, weights.dropFirst()) {
        lastIsReported = weight.value <= before.value
        if lastIsReported { report(notRising(weight, after: before)) }
      }
      if let last = weights.last, last.value != 100, !lastIsReported, last.value > 0 { report(notComplete(last)) }
    }
  }
}

extension StagesNotRisingRule {
  private static func cannot(_ stages: Rollback.Stages, _ environment: EnvironmentSpec) -> Diagnostic {
    problem(
      "this target cannot go back in shares", at: stages.span, label: "asks for what is not there",
      related: [.init(span: environment.deploySpan, label: "goes back all at once")],
      notes: ["the first stage would be the last: everybody would move with it"],
      help: ["take `stages` out; a rollback gives all traffic to the version before at once"])
  }

  private static func notRising(_ weight: Located<Int>, after before: Located<Int>?) -> Diagnostic {
    problem(
      before == nil ? "the first stage gives the version before no traffic" : "the stages do not rise",
      at: weight.span, label: before.map { "not more than the \($0.value)% before" } ?? "nobody would meet it",
      related: before.map { [.init(span: $0.span, label: "the stage before")] } ?? [],
      notes: ["each stage is what the version before gets, and the last is everything"],
      help: ["sort the stages so that each has a larger share than the one before, such as `[25%, 50%, 100%]`"])
  }

  private static func notComplete(_ weight: Located<Int>) -> Diagnostic {
    problem(
      "the stages end at \(weight.value)%", at: weight.span, label: "the last stage",
      notes: ["the version that is taken away would keep the rest"], help: ["add a last stage, `100%`"])
  }
}
