import Diagnostics

/// One criterion of the matrix: a cell for every environment that is promoted into.
public struct PromotionRow: Sendable {
  public let cells: NamedMap<Located<PromotionCell>>

  public init(cells: NamedMap<Located<PromotionCell>>) { self.cells = cells }
}

public enum PromotionCell: Sendable {
  case required
  /// Required when the ref is a release candidate, otherwise optional.
  case requiredForCandidates
  case recommended
  case optional
  case notApplicable(reason: String)
  /// The version must have been live in the environment before for this long.
  case soak(TimeSpan, isRequired: Bool)
  /// Named approvals, each by another person.
  case approvals([ApprovalRequirement])

  public var isBlocking: Bool { strictness >= .requiredForCandidates }
}

/// One approval, by one person who has one of the roles.
public struct ApprovalRequirement: Sendable {
  public let anyOf: [Located<String>]
  /// How long a run may wait for it before it counts as rejected.
  public var within: Located<TimeSpan>?
  public let span: Span

  public init(anyOf: [Located<String>], within: Located<TimeSpan>? = nil, span: Span) {
    self.anyOf = anyOf
    self.within = within
    self.span = span
  }

  public var roles: [String] { anyOf.map(\.value) }
}

/// The row of the matrix that holds people instead of a check.
public let approvalsCriterion = "approvals"
/// The row that holds times: how long a version must have been live in the environment before.
public let soakCriterion = "soak"
