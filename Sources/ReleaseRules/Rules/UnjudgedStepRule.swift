import Diagnostics
import ReleaseModel

enum UnjudgedStepRule: Rule {
  static let name = "unjudged-step"
  static let severity = Severity.error
  static let summary = "While a share of the traffic is held, a machine judges something."
  static let rationale = """
    A hold is time in which a bad version shows. If only people may see it (`manual:`) and no step asks for anything at its \
    end, the quarter of an hour is a pause with customers in it: the release goes on by the clock, at night as well. \
    Rollouts that paused and went on by themselves have put the same bug in front of everybody, five percent at a time.
    """
  static let failingExample = ExampleSpec.with(
    ("- { to: 100%, hold: 30m }", "- { to: 100%, hold: «30m» }"),
    ("when: [error-rate > 3% over 5m]", "when: [{ manual: A customer complains. }]"))
  static let passingExample = ExampleSpec.with(
    ("- { to: 100%, hold: 30m }", "- { to: 100%, hold: 30m, require: [error-rate < 1%] }"),
    ("when: [error-rate > 3% over 5m]", "when: [error-rate > 3% over 5m, { manual: A customer complains. }]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for environment in context.plan.environments where !environment.isHotfix {
      let spec = environment.spec
      judgeAsking(spec, context, report: report)
      guard let rollback = spec.rollback, rollback.when.allSatisfy(\.isManual), !rollback.when.isEmpty,
        !context.hasUnreadable(in: rollback.span), !context.hasUnreadable(in: spec.rollout.span)
      else { continue }
      for step in spec.rollout.steps where step.require.isEmpty && step.failWhen.isEmpty {
        report(unjudged(step.hold, rollback, in: environment.name))
      }
      if let part = spec.rollout.stabilisation, part.require.isEmpty, part.verify.isEmpty {
        report(unjudged(part.hold, rollback, in: environment.name))
      }
    }
  }

  /// A step that goes on to a larger share without asking anything, where other steps ask.
  private static func judgeAsking(_ spec: EnvironmentSpec, _ context: RuleContext, report: (Diagnostic) -> Void) {
    let steps = spec.rollout.steps
    guard !context.hasUnreadable(in: spec.rollout.span), let asking = steps.first(where: { !$0.require.isEmpty }) else {
      return
    }
    for step in steps.dropLast() where step.require.isEmpty && step.failWhen.isEmpty && step.weight.value < 100 {
      report(unasked(step, asking))
    }
  }
}

extension UnjudgedStepRule {
  private static func unasked(_ step: Rollout.Step, _ asking: Rollout.Step) -> Diagnostic {
    problem(
      "the step at \(step.weight.value)% goes on to more customers and asks for nothing", at: step.hold.span,
      label: "only time has to pass", severity: .warning,
      related: [.init(span: asking.weight.span, label: "the step at \(asking.weight.value)% asks")],
      notes: ["what is bad and not bad enough for the rollback is passed on here"],
      help: ["add `require: […]`, such as what the step at \(asking.weight.value)% asks for"])
  }

  private static func unjudged(
    _ hold: Located<TimeSpan>, _ rollback: Rollback, in environment: String
  ) -> Diagnostic {
    problem(
      "nothing is judged in \(environment) for these \(hold.value)", at: hold.span,
      label: "held, and then it goes on whatever happened",
      related: rollback.when.first.map { [.init(span: $0.span, label: "the rollback waits for a person")] } ?? [],
      notes: ["a bad version would stay for as long as nobody looks"],
      help: [
        "say what must hold at the end, such as `require: [error-rate < 1%]`, or what takes the version back by itself, "
          + "such as `when: [smoke fails for 1m]`"
      ])
  }
}
