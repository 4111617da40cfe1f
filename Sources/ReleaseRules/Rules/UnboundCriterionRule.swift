import Diagnostics
import ReleaseModel

enum UnboundCriterionRule: Rule {
  static let name = "unbound-criterion"
  static let severity = Severity.error
  static let summary = "Every check is asked where somebody can answer it, before the promotion that needs it."
  static let rationale = """
    A probe or a test program can only be answered by an environment in which the version runs. If no environment \
    before the promotion runs it, there is no record to look at: the gate fails for ever, or worse, somebody takes it \
    for granted. Teams have promoted for months on the strength of an integration suite that was listed in the matrix \
    and run by nobody.
    """
  static let failingExample = ExampleSpec.with(
    ("verify: [smoke]", "verify: []"), ("smoke: { prod: required }", "smoke: { prod: «required» }"))
  static let passingExample = ExampleSpec.with(
    ("verify: [smoke]", "verify: [smoke]"), ("smoke: { prod: required }", "smoke: { prod: required }"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    let spec = context.spec
    var asked: [String: [Asked]] = [:]
    for (criterion, row) in spec.promotion.readable where criterion.value != approvalsCriterion {
      guard let check = context.checks[criterion.value], !context.hasUnreadable(in: check.span) else { continue }
      let cells = row.cells.readable.filter { $0.value.value.strictness > .notApplicable }
      switch check.venue {
      case .gitHub: continue
      case .pullRequest:
        if !cells.isEmpty { report(pullRequestCriterion(criterion, check)) }
      case .environment:
        for cell in cells where cell.value.value.strictness >= .recommended {
          asked[cell.name.value, default: []].append(Asked(criterion: criterion.value, cell: cell.value.span))
        }
      }
    }
    for (name, environment) in spec.environments.readable {
      judge(asked[name.value] ?? [], of: name, environment, context, report: report)
    }
    for (name, environment) in spec.environments.readable {
      for use in context.checkUses(in: environment) {
        guard let check = context.checks[use.value], check.venue == .pullRequest,
          !context.hasUnreadable(in: check.span)
        else { continue }
        report(pullRequestUse(use, check, in: name.value))
      }
    }
    for use in spec.beforeMerge?.require ?? [] {
      guard let check = context.checks[use.value], check.venue == .environment,
        !context.hasUnreadable(in: check.span)
      else { continue }
      report(environmentUse(use, check))
    }
  }

  /// An environment as it stands in the file: one of `environments`, or the way of a hotfix into one of them.
  fileprivate struct Way {
    let name: Located<String>
    /// The environment that the hotfix goes into.
    let base: String?

    /// Where its checks are listed.
    var verify: String {
      base.map { "`verify` of `\($0)` under `hotfix: { environments: … }`" } ?? "`verify` of `\(name.value)`"
    }

    /// What to write where a row does not apply.
    func waiver(of criterion: String) -> String {
      base.map {
        "write `waives: { \(criterion): … }` for `\($0)` under `hotfix: { environments: … }`, with the reason"
      }
        ?? "write `\(name.value): { not-applicable: … }` with the reason"
    }
  }

  /// A criterion that only a running version can answer, and the cell that asks for it.
  fileprivate struct Asked {
    let criterion: String
    let cell: Span
  }

  private static func judge(
    _ asked: [Asked], of name: Located<String>, _ environment: EnvironmentSpec, _ context: RuleContext,
    report: (Diagnostic) -> Void
  ) {
    guard let first = asked.first else { return }
    let way = Way(name: name, base: environment.hotfixOf)
    guard let after = environment.after else {
      // One missing `after` is one cause, however many rows there are.
      if !context.spec.isBroken("after", of: environment.span) { report(nothingBefore(first, asked.dropFirst(), way)) }
      return
    }
    guard after.value != name.value, let upstream = context.environments[after.value] else { return }
    let lists = [("verify", upstream.value.verify), ("report", upstream.value.report)]
    for (field, list) in lists {
      if context.spec.isBroken(field, of: upstream.value.span) { return }
      if context.isIncomplete(list.map(\.span), in: upstream.value.span) { return }
    }
    let run = lists.flatMap(\.1)
    if run.isEmpty {
      report(
        nothingVerified(
          first, asked.dropFirst(), into: way, upstream: Way(name: upstream.name, base: upstream.value.hotfixOf)))
      return
    }
    let answered = Set(run.map(\.value)).union(context.intended(by: run, among: context.spec.checks.names))
    for one in asked where !answered.contains(one.criterion) {
      report(notVerified(one, into: way, upstream: Way(name: upstream.name, base: upstream.value.hotfixOf)))
    }
  }
}

extension UnboundCriterionRule {
  private static func notVerified(
    _ asked: Asked, into environment: Way, upstream: Way
  ) -> Diagnostic {
    problem(
      "`\(asked.criterion)` is asked for \(environment.name.value), but \(upstream.name.value) never runs it",
      at: asked.cell, label: "nothing answers this",
      related: [
        .init(
          span: upstream.name.span,
          label:
            "`\(asked.criterion)` is \(upstream.base == nil ? "in neither its `verify` nor its `report`" : "not in its `verify`")"
        )
      ],
      notes: ["a promotion looks at what the environment before recorded; a check without a record fails"],
      help: [
        "add `\(asked.criterion)` to \(upstream.verify)"
          + (upstream.base == nil ? ", or to `report` if it is to stop nothing there" : ""),
        "or, if it can never run there, \(environment.waiver(of: asked.criterion))",
      ])
  }

  private static func nothingVerified(
    _ first: Asked, _ others: ArraySlice<Asked>, into environment: Way, upstream: Way
  ) -> Diagnostic {
    let names = [first.criterion] + others.map(\.criterion)
    return problem(
      "\(spelled(names)) \(names.count == 1 ? "is" : "are") asked for \(environment.name.value), but "
        + "\(upstream.name.value) runs none",
      at: first.cell, label: "nothing answers this",
      related: others.map { .init(span: $0.cell, label: "nor this") }
        + [.init(span: upstream.name.span, label: "it has no `verify`")],
      notes: ["a promotion looks at what the environment before recorded; a check without a record fails"],
      help: ["add \(spelled(names)) to \(upstream.verify)"])
  }

  private static func nothingBefore(
    _ first: Asked, _ others: ArraySlice<Asked>, _ way: Way
  ) -> Diagnostic {
    let environment = way.name
    let names = [first.criterion] + others.map(\.criterion)
    return problem(
      "\(spelled(names)) \(others.isEmpty ? "needs" : "need") a running version, and nothing comes before "
        + environment.value,
      at: first.cell, label: "nothing answers this",
      related: others.map { .init(span: $0.cell, label: "nor this") }
        + [.init(span: environment.span, label: "it has no `after`")],
      notes: ["an environment that comes first can only be asked what GitHub itself can answer"],
      help: way.base.map { base in
        [
          "let the hotfix go through the environment before `\(base)` as well: name it under `hotfix: { environments: … }`",
          "or \(way.waiver(of: first.criterion))",
        ]
      } ?? [
        "name the environment that proves a version before it, such as `after: staging`",
        "or write `\(environment.value): { not-applicable: … }` with the reason; what must hold before the release "
          + "touches anything belongs into `before`, what must hold after it into `verify`",
      ])
  }

  private static func pullRequestCriterion(_ criterion: Located<String>, _ check: Check) -> Diagnostic {
    problem(
      "`\(criterion.value)` can only be answered on a pull request, and a promotion has none", at: criterion.span,
      label: "no criterion of a promotion",
      related: [.init(span: check.kindSpan, label: "a question to a pull request")],
      notes: ["after the merge nobody can review or tick anything, so the gate could never be passed"],
      help: ["take this row out and list `\(criterion.value)` under `before-merge: { require: […] }`"])
  }

  private static func pullRequestUse(_ use: Located<String>, _ check: Check, in environment: String) -> Diagnostic {
    problem(
      "`\(use.value)` can only be answered on a pull request, and a release into \(environment) has none", at: use.span,
      label: "nothing answers this", related: [.init(span: check.kindSpan, label: "a question to a pull request")],
      notes: ["after the merge nobody can review or tick anything, so the check could never pass"],
      help: ["take it out here and list `\(use.value)` under `before-merge: { require: […] }`"])
  }

  private static func environmentUse(_ use: Located<String>, _ check: Check) -> Diagnostic {
    problem(
      "`\(use.value)` needs a running version, and a pull request has none", at: use.span,
      label: "nothing answers this", related: [.init(span: check.kindSpan, label: "asked of an environment")],
      notes: ["before the merge nothing is deployed, so there is nothing to send requests to or to measure"],
      help: [
        "list `\(use.value)` under `verify` of an environment and make it a row of `promotion`",
        "or run it in a workflow of your own and name that with `github-checks`",
      ])
  }
}
