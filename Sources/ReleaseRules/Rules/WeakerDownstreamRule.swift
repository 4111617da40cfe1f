import Diagnostics
import ReleaseModel

enum WeakerDownstreamRule: Rule {
  static let name = "weaker-downstream"
  static let severity = Severity.error
  static let summary = "No promotion asks less than the one before it."
  static let rationale = """
    Environments come in the order of what a mistake costs. When prod only recommends a scan that staging requires, \
    the strictest gate guards the cheapest environment, and a hurried release simply goes on past the advice. It is \
    hardly ever meant: rows are copied, loosened for a bad week, and left.
    """
  static let failingExample = ExampleSpec.with(
    ("ci: { prod: required }", "ci: { staging: required, prod: «recommended» }"),
    ("smoke: { prod: required }", "smoke: { staging: { not-applicable: nothing runs before it }, prod: required }"),
    ("approvals: { prod: [owner] }", "approvals: { staging: [owner], prod: «[operations]» }"))
  static let passingExample = ExampleSpec.with(
    ("ci: { prod: required }", "ci: { staging: recommended, prod: required }"),
    ("smoke: { prod: required }", "smoke: { staging: { not-applicable: nothing runs before it }, prod: required }"),
    ("approvals: { prod: [owner] }", "approvals: { staging: [owner], prod: [owner, operations] }"))

  /// More approvals than GitHub could ever ask for; beyond it only their number is compared.
  private static let mostApprovals = 64

  static func check(_ context: RuleContext, report: (Diagnostic) -> Void) {
    for (criterion, row) in context.spec.promotion.readable {
      let cells = Dictionary(row.cells.readable.map { ($0.name.value, $0) }) { first, _ in first }
      for cell in row.cells.readable {
        guard let before = cellBefore(cell.name.value, in: cells, context) else { continue }
        if criterion.value == approvalsCriterion, asksNobody(cell.value.value) { continue }
        if cell.value.value.strictness < before.value.value.strictness {
          let base = context.environments[cell.name.value]?.value.hotfixOf
          report(weaker(criterion.value, cell, than: before, hotfixInto: base))
        } else if case .approvals(let asked) = before.value.value, case .approvals(let given) = cell.value.value,
          !context.spec.isBroken("", of: cell.value.span)
        {
          // A role that is not declared has been reported; what it would mean downstream nobody knows.
          let known = asked.filter { $0.roles.contains { context.spec.roles.entry($0) != nil } }
          let missing = missing(known, in: given)
          if !missing.isEmpty { report(fewerApprovals(missing, cell, than: before)) }
        }
      }
    }
  }

  /// A cell of the approvals that names no role is a vacuous gate already.
  private static func asksNobody(_ cell: PromotionCell) -> Bool {
    switch cell {
    case .approvals(let approvals): approvals.isEmpty
    case .notApplicable: false
    case .required, .requiredForCandidates, .recommended, .optional, .soak: true
    }
  }

  private typealias Cell = (name: Located<String>, value: Located<PromotionCell>)

  /// The cell of the nearest environment upstream that has one in this row; none when `after` leads in a circle.
  private static func cellBefore(_ name: String, in cells: [String: Cell], _ context: RuleContext) -> Cell? {
    var found: Cell?
    var seen: Set<String> = [name]
    var current = context.environments[name]?.value.after?.value
    while let upstream = current {
      guard seen.insert(upstream).inserted else { return nil }
      found = found ?? cells[upstream]
      current = context.environments[upstream]?.value.after?.value
    }
    return found
  }

  /// The earlier approvals that no later one stands for. A later approval stands for an earlier one when whoever gives
  /// it has one of the roles that the earlier one asks for; each stands for one only.
  private static func missing(_ asked: [ApprovalRequirement], in given: [ApprovalRequirement]) -> [ApprovalRequirement]
  {
    guard asked.count <= mostApprovals, given.count <= mostApprovals else {
      return Array(asked.dropFirst(given.count))
    }
    let choices = asked.map { earlier in
      let roles = Set(earlier.roles)
      return given.indices.filter { !given[$0].roles.isEmpty && roles.isSuperset(of: given[$0].roles) }
    }
    let matching = Matching(choices: choices, partnerCount: given.count)
    return zip(asked, matching.partners).filter { $0.1 == nil }.map(\.0)
  }
}

extension WeakerDownstreamRule {
  private static func weaker(
    _ criterion: String, _ cell: (name: Located<String>, value: Located<PromotionCell>),
    than before: (name: Located<String>, value: Located<PromotionCell>), hotfixInto base: String?
  ) -> Diagnostic {
    let later = cell.name.value
    let earlier = before.name.value
    return problem(
      "`\(criterion)` is asked less strictly for \(later) than for \(earlier)", at: cell.value.span,
      label: "weaker than for \(earlier)",
      related: [.init(span: before.value.span, label: "\(earlier) asks `\(before.value.value.written)`")],
      notes: [
        "\(later) comes after \(earlier), so a version that could not enter \(earlier) could still enter \(later)"
      ],
      help: [
        base.map {
          "take `\(criterion)` out of what the hotfix leaves out for `\($0)`, or leave it out before that, too"
        }
          ?? "write `\(later): \(before.value.value.written)` or stricter here, or ask less for \(earlier)"
      ])
  }

  private static func fewerApprovals(
    _ missing: [ApprovalRequirement], _ cell: (name: Located<String>, value: Located<PromotionCell>),
    than before: (name: Located<String>, value: Located<PromotionCell>)
  ) -> Diagnostic {
    let later = cell.name.value
    let earlier = before.name.value
    let names = spelled(missing.map(\.written))
    return problem(
      "\(later) can be approved without \(names), which \(earlier) asks for", at: cell.value.span,
      label: "\(names) \(missing.count == 1 ? "is" : "are") not asked",
      related: [.init(span: before.value.span, label: "\(earlier) asks for \(missing.count == 1 ? "it" : "them")")],
      notes: ["\(later) comes after \(earlier): who decides there decides about more, not less"],
      help: ["add \(names) to the approvals for \(later)"])
  }
}
