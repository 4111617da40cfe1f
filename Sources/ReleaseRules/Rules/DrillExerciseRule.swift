import Diagnostics
import ReleaseModel

enum DrillExerciseRule: Rule {
  static let name = "drill-exercise"
  static let severity = Severity.error
  static let summary = "Every drill asks for something that its target can do."
  static let rationale = """
    A drill proves that the way back works, by going it. `call-hooks` calls the webhooks of a target that is reached by \
    webhooks; any other target has none, and a drill that calls nothing passes every week and proves nothing.
    """
  static let failingExample = example("«staging»: call-hooks")
  static let passingExample = example("staging: roll-back")

  private static func example(_ exercise: String) -> RuleExample {
    ExampleSpec.with(
      (
        "promotion:",
        "drills:\n  rehearsal:\n    title: Rollback rehearsal\n    schedule: \"0 9 1 * *\"\n"
          + "    exercise: { \(exercise) }\n    owner: operations\npromotion:"
      ))
  }

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (_, drill) in context.spec.drills.readable {
      guard case .environments(let exercises) = drill.kind else { continue }
      for (name, exercise) in exercises where exercise == .callHooks {
        guard let environment = context.environments[name.value]?.value,
          !context.hasUnreadable(in: environment.deploySpan), !environment.target.operations.undoCallsWebhook
        else { continue }
        report(noHooks(name, environment))
      }
    }
  }
}

extension DrillExerciseRule {
  private static func noHooks(_ name: Located<String>, _ environment: EnvironmentSpec) -> Diagnostic {
    problem(
      "\(name.value) has no webhooks to call", at: name.span, label: "`call-hooks` would call nothing here",
      related: [.init(span: environment.deploySpan, label: "goes back in another way")],
      notes: ["the drill would pass whether or not a rollback works"],
      help: [
        "write `\(name.value): roll-back`, which really goes back and forward again",
        "or `\(name.value): dry-run`, which goes up to the first change",
      ])
  }
}
