import Diagnostics
import ReleaseModel

enum RisingWeightsRule: Rule {
  static let name = "rising-weights"
  static let severity = Severity.error
  static let summary = "The steps of a canary start above 0 %, rise, and end at 100 %."
  static let rationale = """
    The share of a step is how many customers meet a version that has been proved on the share before. A step that \
    falls or repeats proves nothing new; one at 0 % is judged on no traffic at all; and a rollout that ends at 50 % \
    leaves two versions live for good, of which the next release takes one for the version before.
    """
  static let failingExample = ExampleSpec.with(
    (
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }",
      "- { to: 25%, hold: 15m, require: [error-rate < 1% over 5m] }\n- { to: «10%», hold: 15m, require: [error-rate < 1%] }"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }",
      "- { to: 10%, hold: 15m, require: [error-rate < 1% over 5m] }\n- { to: 25%, hold: 15m, require: [error-rate < 1%] }"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (_, environment) in context.spec.environments.readable {
      let rollout = environment.rollout
      guard !context.isIncomplete(rollout.steps.map(\.span), in: rollout.span) else { continue }
      let weights = rollout.steps.map(\.weight)
      if let first = weights.first, first.value <= 0 { report(noTraffic(first)) }
      var lastIsReported = false
      for (before, weight) in zip(weights, weights.dropFirst()) {
        lastIsReported = weight.value <= before.value
        if lastIsReported { report(notRising(weight, after: before)) }
      }
      if let last = weights.last, last.value != 100, !lastIsReported, last.value > 0 { report(notComplete(last)) }
    }
  }
}

extension RisingWeightsRule {
  private static func noTraffic(_ weight: Located<Int>) -> Diagnostic {
    problem(
      "the first step gives the new version no traffic", at: weight.span, label: "nobody would meet it",
      notes: ["without requests there is nothing to measure; before it gets traffic, a version is proved by `verify`"],
      help: ["start with a small share, such as `to: 5%`"])
  }

  private static func notRising(_ weight: Located<Int>, after before: Located<Int>) -> Diagnostic {
    let repeats = weight.value == before.value
    return problem(
      repeats
        ? "this step repeats the share of the one before" : "the share falls from \(before.value)% to \(weight.value)%",
      at: weight.span, label: repeats ? "still \(weight.value)%" : "less than before",
      related: [.init(span: before.span, label: "the step before")],
      notes: [
        repeats
          ? "a longer look at the same share is one step with a longer hold"
          : "a version that was good enough for more is proved by less; going back is what a rollback does"
      ],
      help: [
        repeats
          ? "add its hold to the step before, or raise the share"
          : "sort the steps so that each has a larger share than the one before"
      ])
  }

  private static func notComplete(_ weight: Located<Int>) -> Diagnostic {
    problem(
      "the rollout ends at \(weight.value)%", at: weight.span, label: "the last step",
      notes: ["two versions would stay live, and nothing would say which of them the release is"],
      help: ["add a last step, such as `{ to: 100%, hold: 30m }`"])
  }
}
