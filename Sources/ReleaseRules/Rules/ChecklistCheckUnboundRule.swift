import Diagnostics
import ReleaseModel

enum ChecklistCheckUnboundRule: Rule {
  static let name = "checklist-check-unbound"
  static let severity = Severity.error
  static let summary = "An item that a checklist leaves to a machine is a check that a machine makes for that release."
  static let rationale = """
    The release issue shows such an item without a box, as checked by the machine: nobody is asked to look. If no gate \
    and no step of the release runs the check, nobody does, and the list claims the opposite. A load test has been \
    taken for done for a year that way.
    """
  private static let checklists = (
    "promotion:", "checklists:\n  day: { for: [prod], before: 24h, items: [{ check: «load» }] }\npromotion:"
  )
  static let failingExample = ExampleSpec.with(
    ("ci: { github-checks: [test] }", "ci: { github-checks: [test] }\nload: { run: ops/load.sh }"), checklists)
  static let passingExample = ExampleSpec.with(
    ("ci: { github-checks: [test] }", "ci: { github-checks: [test] }\nload: { run: ops/load.sh }"),
    ("promotion:", "checklists:\n  day: { for: [prod], before: 24h, items: [{ check: load }] }\npromotion:"),
    ("after: staging", "after: staging\nbefore: [load]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (_, checklist) in context.spec.checklists.readable {
      for name in checklist.environments {
        guard let environment = context.plan.environment(name.value), !context.hasUnreadable(in: environment.spec.span)
        else { continue }
        let made = checks(of: environment, context)
        for item in checklist.items {
          guard case .check(let check) = item, context.checks[check.value] != nil, !made.contains(check.value) else {
            continue
          }
          report(unbound(check, environment.name))
        }
      }
    }
  }

  /// What a machine has looked at when the release into the environment is done: its own checks and blocking gates, and
  /// what was verified on the way to it.
  private static func checks(of environment: EnvironmentPlan, _ context: RuleContext) -> Set<String> {
    var names: Set<String> = []
    for gate in environment.gates where gate.requirement == .required || gate.requirement == .requiredForCandidates {
      names.insert(gate.name)
    }
    var next: EnvironmentPlan? = environment
    var seen: Set<String> = []
    while let current = next, seen.insert(current.name).inserted {
      let made =
        current.preconditions + current.candidateChecks + current.verify + (current.stabilisation?.verify ?? [])
      names.formUnion(made.map(\.name) + current.spec.before.map(\.value))
      next = current.upstream.flatMap { context.plan.environment($0) }
    }
    return names
  }
}

extension ChecklistCheckUnboundRule {
  private static func unbound(_ check: Located<String>, _ environment: String) -> Diagnostic {
    problem(
      "no machine checks \(check.value) for a release into \(environment)", at: check.span,
      label: "shown as checked by the machine",
      notes: ["the release issue shows it without a box, so no person looks at it either"],
      help: ["name it in `before` or `verify` of \(environment), or require it in the promotion matrix"])
  }
}
