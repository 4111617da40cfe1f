import Diagnostics
import ReleaseModel

enum FallbackNotEarlierRule: Rule {
  static let name = "fallback-not-earlier"
  static let severity = Severity.error
  static let summary = "A step that fails falls back to 0 %, or to the share of an earlier step."
  static let rationale = """
    A release rests where it has been before: the share of an earlier step has been held, watched and judged. One that \
    no step has had is judged by nothing, and a fall back to the share of the step itself, or to a larger one, leaves \
    the version that has just failed with as many customers as before. The release would seem to be out of danger.
    """
  static let failingExample = ExampleSpec.with(
    (
      "- { to: 100%, hold: 30m }",
      "- { to: 50%, hold: 15m, require: [error-rate < 1%], on-failure: «20%» }\n- { to: 100%, hold: 30m }"
    ))
  static let passingExample = ExampleSpec.with(
    (
      "- { to: 100%, hold: 30m }",
      "- { to: 50%, hold: 15m, require: [error-rate < 1%], on-failure: 10% }\n- { to: 100%, hold: 30m }"
    ))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (_, environment) in context.spec.environments.readable {
      let rollout = environment.rollout
      // The share that is meant may be that of a step that could not be read.
      guard !context.isIncomplete(rollout.steps.map(\.span), in: rollout.span) else { continue }
      for (index, step) in rollout.steps.enumerated() {
        guard let fallback = step.onFailure, fallback.value != 0 else { continue }
        let earlier = rollout.steps[..<index].map(\.weight.value).filter { $0 < step.weight.value }
        if !earlier.contains(fallback.value) { report(notEarlier(fallback, of: step, earlier)) }
      }
    }
  }
}

extension FallbackNotEarlierRule {
  private static func notEarlier(_ fallback: Located<Int>, of step: Rollout.Step, _ earlier: [Int]) -> Diagnostic {
    let known = earlier.map { "`\($0)%`" }.joined(separator: ", ")
    return problem(
      "a step at \(step.weight.value)% cannot fall back to \(fallback.value)%", at: fallback.span,
      label: fallback.value >= step.weight.value ? "not less than its own share" : "no earlier step has this share",
      related: [.init(span: step.weight.span, label: "the step that fails")],
      notes: ["nothing would say by what the release is judged while it rests there"],
      help: [
        earlier.isEmpty
          ? "write `on-failure: 0%`, which takes the release back; there is no earlier step to fall back to"
          : "write the share of an earlier step (\(known)), or `0%`, which takes the release back"
      ])
  }
}
