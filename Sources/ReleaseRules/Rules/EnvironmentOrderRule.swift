import Diagnostics
import ReleaseModel

enum EnvironmentOrderRule: Rule {
  static let name = "environment-order"
  static let severity = Severity.error
  static let summary =
    "Every environment can be reached: something starts it, and `after` never leads back to it."
  static let rationale = """
    Environments that wait for each other are all waiting: each asks whether the other has proved the version first, \
    so no release ever gets into any of them. One without a trigger is never started at all. Both look complete in the \
    file and are noticed on the day when somebody has to ship a fix.
    """
  static let failingExample = ExampleSpec.with(("after: staging", "after: «prod»"))
  static let passingExample = ExampleSpec.with(("after: staging", "after: staging"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (name, environment) in context.spec.environments.readable where isUnreachable(environment, context) {
      report(notStarted(name, environment.trigger))
    }
    // Every environment has one `after` at most, so a walk along them either ends or closes one circle.
    var done: Set<String> = []
    for (start, _) in context.spec.environments.readable {
      var path: [String] = []
      var onPath: Set<String> = []
      var current: String? = start.value
      while let name = current, !done.contains(name), onPath.insert(name).inserted {
        path.append(name)
        current = context.environments[name]?.value.after?.value
      }
      if let name = current, onPath.contains(name), let first = path.firstIndex(of: name) {
        reportCircle(path[first...].compactMap { context.environments[$0] }, report: report)
      }
      done.formUnion(path)
    }
  }

  private static func isUnreachable(_ environment: EnvironmentSpec, _ context: RuleContext) -> Bool {
    let trigger = environment.trigger
    guard trigger.push == nil, trigger.tags.isEmpty, trigger.manual == nil else { return false }
    // In more than `{ }` something was written that the reader has reported already.
    return trigger.span.count <= 4 && !context.hasUnreadable(in: trigger.span)
  }

  private static func reportCircle(
    _ circle: [(name: Located<String>, value: EnvironmentSpec)], report: (Diagnostic) -> Void
  ) {
    let links = circle.compactMap { member in member.value.after.map { (name: member.name.value, after: $0) } }
      .sorted { $0.after.span < $1.after.span }
    guard let first = links.first else { return }
    report(
      links.count == 1
        ? afterItself(first.after) : circular(first, links.dropFirst().map { ($0.name, $0.after) }))
  }
}

extension EnvironmentOrderRule {
  private static func notStarted(_ name: Located<String>, _ trigger: Trigger) -> Diagnostic {
    problem(
      "nothing ever starts a release into \(name.value)", at: trigger.span, label: "no trigger",
      related: [.init(span: name.span, label: "never reached")],
      notes: ["its promotion, checks and rollback would be generated and never run"],
      help: ["write `{ push: { branches: [main] } }`, `{ tag: \"v*\" }` or `{ manual: true }`"])
  }

  private static func afterItself(_ after: Located<String>) -> Diagnostic {
    problem(
      "\(after.value) comes after itself", at: after.span, label: "this is the environment itself",
      notes: ["a version would have to be live in \(after.value) before it may enter \(after.value)"],
      help: ["name the environment that proves a version before, or take `after` out"])
  }

  private static func circular(
    _ first: (name: String, after: Located<String>), _ others: [(name: String, after: Located<String>)]
  ) -> Diagnostic {
    let names = [first.name] + others.map(\.name)
    return problem(
      "\(spelled(names)) wait for each other", at: first.after.span,
      label: "\(first.name) comes after \(first.after.value)",
      related: others.map { .init(span: $0.after.span, label: "and \($0.name) after \($0.after.value)") },
      notes: ["each asks whether another one has proved the version first, so no version ever enters any of them"],
      help: ["take out the `after` of the environment that a version enters first"])
  }
}
