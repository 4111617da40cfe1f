import Diagnostics
import ReleaseModel

extension PolicyJudge {
  /// The strictest criterion of that name is too weak, or there is none.
  func weakness(of demand: Policy.Criterion, in environment: EnvironmentPlan) -> Shortfall? {
    if isMatrixUnclear || isUnclear(environment) { return nil }
    // What must pass before anything is touched asks as much as a cell that is required.
    if environment.spec.before.contains(where: { demand.name.matches($0.value) }) { return nil }
    let rows = spec.promotion.readable.filter { demand.name.matches($0.name.value) }
    let cells = rows.compactMap { row in
      row.value.cells[environment.name].map { (criterion: row.name.value, cell: $0) }
    }
    if let strictest = cells.max(by: { $0.cell.value.strictness < $1.cell.value.strictness }) {
      if strictest.cell.value.strictness >= demand.atLeast { return nil }
      let word = demand.atLeast.word
      return Shortfall(
        code: PolicyCodes.promotion, span: strictest.cell.span,
        message: {
          "`\(strictest.criterion)` is `\(strictest.cell.value.strictness.word)` for \($0), and at least `\(word)` is asked"
        }, label: "weaker than `\(word)`", help: "write `\(environment.name): \(demand.atLeast.written)`")
    }
    // A row that says nothing about an environment is an empty cell, which a rule has reported.
    let isColumn =
      environment.upstream != nil
      || spec.promotion.readable.contains { $0.value.cells.entry(environment.name) != nil }
    if !rows.isEmpty, isColumn { return nil }
    let asked = demand.name.isName ? "`\(demand.name)`" : "a criterion like `\(demand.name)`"
    return Shortfall(
      code: PolicyCodes.promotion, span: matrix(for: environment),
      message: { "no promotion into \($0) asks for \(asked)" }, label: "no row for \(asked)",
      help: demand.name.isName
        ? "add the row `\(demand.name): { \(environment.name): \(demand.atLeast.written) }`, or the check to `before`"
        : "add such a check with a row in the matrix, `\(environment.name): \(demand.atLeast.written)`, or put it into `before`",
      subject: demand.name.text)
  }

  func soak(_ time: TimeSpan, in environment: EnvironmentPlan) -> [Shortfall] {
    guard let upstream = environment.upstream, !isMatrixUnclear, !isUnclear(environment) else { return [] }
    let row = spec.promotion.entry(soakCriterion)
    guard let cell = row?.value?.cells[environment.name] else {
      // As above: an empty cell has been reported.
      if row != nil { return [] }
      return [
        Shortfall(
          code: PolicyCodes.promotion, span: matrix(for: environment),
          message: { "no time is asked that a version must have been live in `\(upstream)` before \($0)" },
          label: "no row for `\(soakCriterion)`",
          help: "add the row `\(soakCriterion): { \(environment.name): { required: \(time) } }`",
          subject: soakCriterion)
      ]
    }
    if case .soak(let given, isRequired: true) = cell.value, given >= time { return [] }
    let said: String
    switch cell.value {
    case .soak(let given, let isRequired): said = isRequired ? "only \(given)" : "\(given), which stops nothing"
    default: said = "`\(cell.value.strictness.word)`"
    }
    return [
      Shortfall(
        code: PolicyCodes.promotion, span: cell.span,
        message: { "the soak before \($0) is \(said), and at least \(time) is asked" }, label: "less than \(time)",
        help: "write `\(environment.name): { required: \(time) }`")
    ]
  }

  func approvals(_ count: Int, by patterns: [Wildcard], in environment: EnvironmentPlan) -> [Shortfall] {
    if isMatrixUnclear || isUnclear(environment) || isUnclear(spec.roles.span) { return [] }
    let row = spec.promotion.entry(approvalsCriterion)
    let cell = row?.value?.cells[environment.name]
    if row != nil, cell == nil, environment.upstream != nil { return [] }
    let counted = environment.approvals.count { approval in
      patterns.isEmpty
        || !approval.reviewers.isEmpty
          && approval.reviewers.allSatisfy { name in patterns.contains { $0.matches(name) } }
    }
    if counted >= count { return [] }
    let who = patterns.isEmpty ? "" : " by " + spelled(patterns.map(\.text), joining: "or")
    let asked = "\(count) \(count == 1 ? "approval" : "approvals")\(who)"
    let cellHelp =
      environment.isHotfix ? "`approvals` of the hotfix" : "`\(approvalsCriterion)` for `\(environment.name)`"
    return [
      Shortfall(
        code: PolicyCodes.approvals, span: cell?.span ?? row?.name.span ?? matrix(for: environment),
        message: {
          "\(asked) \(count == 1 ? "is" : "are") asked for a release into \($0), and it has \(counted == 0 ? "none" : "\(counted)")"
        },
        label: cell == nil ? "no cell for approvals" : "\(counted) of \(count)",
        help: patterns.isEmpty
          ? "name \(count == 1 ? "a role" : "\(count) roles") in \(cellHelp)"
          : "name roles in \(cellHelp) all of whose reviewers are \(spelled(patterns.map(\.text), joining: "or"))",
        subject: approvalsCriterion)
    ]
  }
}

extension Strictness {
  /// As a cell of the matrix writes it.
  fileprivate var written: String {
    self == .requiredForCandidates ? "{ required-for: candidates, otherwise: optional }" : word
  }
}
