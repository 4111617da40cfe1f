import Diagnostics
import ReleaseModel

enum AlreadyBlockingRule: Rule {
  static let name = "already-blocking"
  static let severity = Severity.warning
  static let summary = "A check that the matrix only recommends does not stop the release somewhere else."
  static let rationale = """
    `smoke: { prod: recommended }` tells everybody that a release may go on without it. When staging verifies `smoke` and \
    prod comes after staging, no release ever does: the one or the other is a slip. In the night of an urgent fix somebody \
    relies on the word in the matrix, and finds out at the gate.
    """
  static let failingExample = ExampleSpec.with(("smoke: { prod: required }", "smoke: { prod: «recommended» }"))
  static let passingExample = ExampleSpec.with(
    ("smoke: { prod: required }", "smoke: { prod: recommended }"),
    ("verify: [smoke]", "report: [smoke]\nverify: [ready]"))

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    var reported: Set<Span> = []
    WeakerDownstreamRule.check(context) { reported.insert($0.span) }
    for (criterion, row) in context.spec.promotion.readable {
      guard let check = context.checks[criterion.value] else { continue }
      for (name, cell) in row.cells.readable where isAdvice(cell.value) && !reported.contains(cell.span) {
        // A hotfix takes over the cells of what it goes into.
        guard let environment = context.environments[name.value]?.value, environment.hotfixOf == nil else { continue }
        if let use = environment.before.first(where: { $0.value == criterion.value }) {
          report(blocking(criterion.value, cell, use, in: name.value, of: name.value))
        } else if let after = environment.after, let before = context.environments[after.value],
          let use = stop(check, criterion.value, in: before.value)
        {
          report(blocking(criterion.value, cell, use, in: before.name.value, of: name.value))
        }
      }
    }
  }

  private static func isAdvice(_ cell: PromotionCell) -> Bool {
    switch cell {
    case .recommended, .optional: true
    case .required, .requiredForCandidates, .notApplicable, .soak, .approvals: false
    }
  }

  /// Where the check stops a version for good. What GitHub says of a commit stays said; what it says of the day does not.
  private static func stop(_ check: Check, _ name: String, in environment: EnvironmentSpec) -> Located<String>? {
    let isOfTheVersion =
      switch check.kind {
      case .gitHubChecks, .signedTag: true
      default: false
      }
    let places = environment.verify + (isOfTheVersion ? environment.before : [])
    return places.first { $0.value == name }
  }
}

extension AlreadyBlockingRule {
  private static func blocking(
    _ criterion: String, _ cell: Located<PromotionCell>, _ use: Located<String>, in place: String,
    of environment: String
  ) -> Diagnostic {
    let isHere = place == environment
    return problem(
      "`\(criterion)` is \(cell.value.written) for \(environment), and yet no release gets there without it",
      at: cell.span, label: "reads as if it stopped nothing",
      related: [
        .init(span: use.span, label: isHere ? "\(environment) asks for it before anything" : "\(place) stops for it")
      ],
      notes: [
        isHere
          ? "`before` holds whatever the matrix says"
          : "\(environment) takes only what has been released in \(place), so a version that fails there never comes here"
      ],
      help: [
        "write `\(environment): required`, which is what happens",
        isHere
          ? "or take `\(criterion)` out of `before` of \(place)"
          : "or, if it is to stop nothing, list it under `report` of \(place)",
      ])
  }
}
